"""A developer's machine, and `make demo`: no server to install, nothing to set."""

import hashlib

from torv.settings.base import *  # noqa: F403
from torv.settings.base import BASE_DIR, INSTALLED_APPS, MIDDLEWARE, TORV_VAR_DIR, env

DEBUG = True
SECRET_KEY = "for development only, never for a site that others reach"  # noqa: S105
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]
# The demo refuses in the site's own words, not with Django's pages for developers.
MIDDLEWARE = [*MIDDLEWARE, "torv.middleware.OwnRefusalsMiddleware"]
# Production compresses static files when it collects them; here nobody does, and a visit should weigh the same.
MIDDLEWARE.insert(MIDDLEWARE.index("whitenoise.middleware.WhiteNoiseMiddleware"), "torv.middleware.FilesMiddleware")
INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS]
TORV_VAR_DIR.mkdir(parents=True, exist_ok=True)  # SQLite makes its file, but not the folder around it
# Into files in var/mail: on the terminal they would push away the names and passwords that `make demo` prints.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = TORV_VAR_DIR / "mail"
if env("TORV_EMAIL_URL", default=""):
    vars().update(env.mail("TORV_EMAIL_URL", default=""))
# Browsers keep cookies by host name, not by port: sites of several checkouts must not log each other out.
CHECKOUT = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:8]
SESSION_COOKIE_NAME = f"torv_session_{CHECKOUT}"
CSRF_COOKIE_NAME = f"torv_csrf_{CHECKOUT}"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
