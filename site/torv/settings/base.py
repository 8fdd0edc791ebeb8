"""What every installation shares. Each value an operator may set is read from the environment here, and documented."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from torv import __version__
from torv.plugins.discovery import discover
from torv.settings.environment import Environment

PACKAGE = Path(__file__).resolve().parents[1]
#: A checkout has everything in its place; an installed package carries the project's files with it.
IN_CHECKOUT = (PACKAGE.parents[1] / "pyproject.toml").is_file()
BASE_DIR = PACKAGE.parents[1] if IN_CHECKOUT else Path.cwd()
SITE_DIR = BASE_DIR / "site" if IN_CHECKOUT else PACKAGE / "project"
PROJECT_DIR = BASE_DIR if IN_CHECKOUT else PACKAGE / "project"

ENV = env = Environment()

DEBUG = False
SECRET_KEY = env("TORV_SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("TORV_ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("TORV_TRUSTED_ORIGINS", default=[])

# What a running site writes: database, search index, uploads. Every checkout has its own.
TORV_VAR = env.path("TORV_VAR", default=str(BASE_DIR / "var"))
TORV_VAR_DIR = Path(str(TORV_VAR))

# ---- applications ---------------------------------------------------------------------------------------------------
CORE_APPS = ["torv", "torv.outbox", "torv.mail", "modeltranslation", "home", "directory", "search"]
TORV_PLUGINS_DISABLED = env.list("TORV_PLUGINS_DISABLED", default=[])
TORV_PLUGINS = discover(
    core_version=__version__,
    disabled=TORV_PLUGINS_DISABLED,
    bundled=PROJECT_DIR / "pyproject.toml",
    reserved=[app.rpartition(".")[2] for app in CORE_APPS],
    strict=env.bool("TORV_PLUGINS_STRICT", default=False),
)

INSTALLED_APPS = [
    *CORE_APPS,
    *TORV_PLUGINS.apps,
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.admin",
    "wagtail.search",
    "wagtail",
    "wagtail.api.v3",
    "ninja",  # brings the files of the API's documentation, which would otherwise come from elsewhere
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "torv.middleware.NoNullMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "torv.security.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "torv.security.VisitorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "torv.middleware.LanguageMiddleware",
    "torv.middleware.ReadableMiddleware",
    "torv.middleware.ApiLanguageMiddleware",
    "torv.middleware.ApiMethodsMiddleware",
    "torv.middleware.ApiParkedMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "torv.protection.ProtectionMiddleware",
    "home.middleware.RedirectMiddleware",
]

AUTHENTICATION_BACKENDS = ["directory.demo.refusal.Backend"]
ROOT_URLCONF = "torv.urls"
CSRF_FAILURE_VIEW = "torv.views.form_refused"
WSGI_APPLICATION = "torv.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "torv.context.site",
            ],
        },
    }
]

# An editor's form of a page with many offers, contacts and translated fields has more than Django's 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# ---- data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("TORV_DATABASE_URL", default=f"sqlite:///{TORV_VAR_DIR / 'torv.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that will write asks for the lock at its start instead of failing half-way.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    )

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = env("TORV_STATIC_ROOT", default=str(TORV_VAR_DIR / "static"))
STATICFILES_DIRS = [SITE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = TORV_VAR_DIR / "media"

# ---- languages ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("sv", _("Swedish")), ("en", _("English"))]
# The first that has a message is heard: the site's own catalogue, then what Wagtail lacks, then the applications' own.
LOCALE_PATHS = [PROJECT_DIR / "locale", PROJECT_DIR / "locale" / "wagtail"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"

MODELTRANSLATION_DEFAULT_LANGUAGE = "da"
MODELTRANSLATION_LANGUAGES = ("da", "sv", "en")
# Every chain holds every language: a text in any of them is better than an empty page.
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("da", "en", "sv"), "sv": ("da", "en"), "en": ("da", "sv")}
# Modeltranslation compares class names: a subclass of StreamField is named too.
MODELTRANSLATION_CUSTOM_FIELDS = ("StreamField", "PluginStreamField")

# ---- Wagtail --------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = env("TORV_SITE_NAME", default="Torv")
WAGTAIL_PAGE_MODEL = "home.Page"
# Languages are columns of one page (see docs/decisions), not trees.
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_BASE_URL = env.site("TORV_BASE_URL", default="http://localhost:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 10
WAGTAILREDIRECTS_AUTO_CREATE = False  # home.redirects does it, for every language
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILEMBEDS_FINDERS: list[dict] = []
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAIL_ALLOW_UNICODE_SLUGS = True
TAGGIT_CASE_INSENSITIVE = True

# ---- Torv -----------------------------------------------------------------------------------------------------------
TORV_SEARCH_ENGINE = env("TORV_SEARCH_ENGINE", default="embedded")
TORV_SEARCH_PATH = TORV_VAR_DIR / "search"
# Processes that analyse documents in a rebuild; 0 for one per core, at most 8.
TORV_SEARCH_PROCESSES = env.number("TORV_SEARCH_PROCESSES", default=0, least=0)
# With the engine `elasticsearch`: where it is, how to log in, whom to trust, how long to wait (seconds), how to spread.
TORV_ELASTICSEARCH_URL = env.list("TORV_ELASTICSEARCH_URL", default=["http://localhost:9200"])
TORV_ELASTICSEARCH_PREFIX = env("TORV_ELASTICSEARCH_PREFIX", default="torv")
TORV_ELASTICSEARCH_API_KEY = env("TORV_ELASTICSEARCH_API_KEY", default="")
TORV_ELASTICSEARCH_USER = env("TORV_ELASTICSEARCH_USER", default="")
TORV_ELASTICSEARCH_PASSWORD = env("TORV_ELASTICSEARCH_PASSWORD", default="")
TORV_ELASTICSEARCH_CA = env("TORV_ELASTICSEARCH_CA", default="")
TORV_ELASTICSEARCH_FINGERPRINT = env("TORV_ELASTICSEARCH_FINGERPRINT", default="")
TORV_ELASTICSEARCH_TIMEOUT = env.number("TORV_ELASTICSEARCH_TIMEOUT", default=2.0, least=0.1, cast=float)
TORV_ELASTICSEARCH_RETRIES = env.number("TORV_ELASTICSEARCH_RETRIES", default=2, least=0)
TORV_ELASTICSEARCH_SHARDS = env.number("TORV_ELASTICSEARCH_SHARDS", default=1, least=1)
TORV_ELASTICSEARCH_REPLICAS = env("TORV_ELASTICSEARCH_REPLICAS", default="0-1")
TASKS = {"default": {"BACKEND": "torv.tasks.OnCommitBackend"}}
# Whether `manage.py outbox work` runs beside the site; without it every process carries out its own changes on commit.
TORV_OUTBOX_WORKER = env.bool("TORV_OUTBOX_WORKER", default=False)
# Without a worker, whether a thread of each process sends mail; otherwise `manage.py outbox drain` does.
TORV_OUTBOX_THREAD = env.bool("TORV_OUTBOX_THREAD", default=True)
# Days after which what a mail said, and to whom, is erased; that it was sent stays known.
TORV_MAIL_KEEP_DAYS = env.number("TORV_MAIL_KEEP_DAYS", default=30, least=1)
EMAIL_TIMEOUT = env.number("TORV_EMAIL_TIMEOUT", default=20, least=1)
# A region's own look: the name of a bundled theme, or the path of a .toml file; see docs/theming.md.
TORV_THEME = env("TORV_THEME", default="")

# ---- bundled plugins ------------------------------------------------------------------------------------------------
# Days after a meeting when people who registered are anonymised, and what they need (food, access) is erased.
TORV_MEETINGS_KEEP_DAYS = env.number("TORV_MEETINGS_KEEP_DAYS", default=180, least=0)
TORV_MEETINGS_KEEP_NEEDS_DAYS = env.number("TORV_MEETINGS_KEEP_NEEDS_DAYS", default=30, least=0)
# Hours before a meeting when people are reminded of it.
TORV_MEETINGS_REMIND_HOURS = env.number("TORV_MEETINGS_REMIND_HOURS", default=48, least=0)
# Registrations that one network address may send in an hour: an office shares one.
TORV_MEETINGS_REGISTRATIONS_PER_HOUR = env.number("TORV_MEETINGS_REGISTRATIONS_PER_HOUR", default=60, least=1)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env("TORV_LOG_LEVEL", default="WARNING")},
}
