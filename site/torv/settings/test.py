"""What the tests run under: like development, but without its conveniences."""

import tempfile
from pathlib import Path

from torv.settings.base import *  # noqa: F403
from torv.settings.base import env

SECRET_KEY = "for tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TORV_OUTBOX_THREAD = False  # a thread would not see the test's transaction
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
DATABASES = {
    "default": env.db("TORV_TEST_DATABASE_URL", default="")
    if env("TORV_TEST_DATABASE_URL", default="")
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {"timeout": 20}}
}
# One folder for each test process; tests/conftest.py empties what a test wrote.
TEST_VAR = Path(tempfile.mkdtemp(prefix="torv-test-"))
MEDIA_ROOT = TEST_VAR / "media"
TORV_SEARCH_PATH = TEST_VAR / "search"
STATIC_ROOT = TEST_VAR / "static"
