"""What `manage.py load_demo` puts on a new site: made-up suppliers, pages that explain, and a user for each role."""
