"""Rebuilds the word tables: `python -m search.analysis.build --help`.  Nothing here runs on the site."""
