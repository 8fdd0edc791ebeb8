"""A site that others reach. Everything secret or local comes from the environment; what is missing stops the start.

docs/operations.md has the table of all that can be set.
"""

from torv.settings.base import *  # noqa: F403
from torv.settings.base import DATABASES, STORAGES, TORV_VAR_DIR, env

SECRET_KEY = env("TORV_SECRET_KEY")
# Keys that once were: what was signed with them is still read, nothing is signed with them any more.
SECRET_KEY_FALLBACKS = env.list("TORV_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("TORV_ALLOWED_HOSTS")
WAGTAILADMIN_BASE_URL = env.site("TORV_BASE_URL")
TORV_VAR_DIR.mkdir(parents=True, exist_ok=True)  # SQLite makes its file, but not the folder around it

# ---- transport ------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = env.bool("TORV_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # a load balancer asks inside, without TLS
if env.bool("TORV_BEHIND_PROXY", default=True):
    # True only of a proxy that sets or removes this header itself, whatever the reader sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.number("TORV_HSTS_SECONDS", default=365 * 24 * 3600, least=0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("TORV_HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("TORV_HSTS_PRELOAD", default=True)

# ---- cookies: editors only ------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_AGE = env.number("TORV_SESSION_SECONDS", default=12 * 3600, least=60)

# ---- files, connections, mail ---------------------------------------------------------------------------------------
# Names with a hash of the content, kept by browsers for ever, compressed by gzip and brotli when they are collected.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
if DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
    DATABASES["default"].setdefault("CONN_MAX_AGE", env.number("TORV_DATABASE_CONNECTION_SECONDS", default=60, least=0))
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
vars().update(env.mail("TORV_EMAIL_URL", default="smtp://localhost:25"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("TORV_EMAIL_FROM", default="torv@localhost")
