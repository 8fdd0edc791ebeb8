"""Whom the browser logs in as."""

import os

# A site that runs already (TORV_TEST_SITE) is a demo as it was loaded; one of our own refuses the demo's passwords.
PASSWORD = "torv-editor" if os.environ.get("TORV_TEST_SITE") else "known to these tests alone"
EDITOR = {"name": "editor", "password": PASSWORD}
NEW_PASSWORD = """
from django.contrib.auth import get_user_model
user = get_user_model().objects.get(username={name!r})
user.set_password({password!r})
user.save()
"""
