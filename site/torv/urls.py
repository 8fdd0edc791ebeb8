"""Addresses. What visitors read has its language first; machines and editors have none."""

from typing import Any

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from home import sitemaps
from torv import health, views
from torv.api import api
from torv.plugins import plugins
from torv.theming.views import theme_file

urlpatterns = [
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v3/", api.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("theme/<slug:digest>/<str:name>", theme_file, name="theme_file"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_section"),
]
if settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)


def _of_plugins() -> list[Any]:
    """What plugins serve besides pages: `/<language>/go/<plugin's name>/`."""
    found: dict[str, list[Any]] = {}
    for name, pattern in plugins.items("site_urls"):
        found.setdefault(name, []).append(pattern)
    return [path(f"go/{name}/", include((patterns, name))) for name, patterns in found.items()]


urlpatterns += i18n_patterns(
    path("", include("search.urls")),
    path("", include("home.urls")),
    *_of_plugins(),
    # Files that pages give out below their address: calendars, feeds. Wagtail's own pattern knows no dot.
    re_path(r"^((?:[\w\-]+/)*[\w\-]+\.(?:ics|atom))$", wagtail_views.serve, name="page_file"),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)

handler400 = "torv.views.bad_request"
handler403 = "torv.views.permission_denied"
handler404 = "torv.views.not_found"
handler500 = "torv.views.server_error"
