"""A sitemap for each language, listing the pages that are public in it, with their other languages as alternates."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from home.models import Page
from torv.languages import LANGUAGES, localized


class LanguageSitemap(Sitemap):
    """The live, unrestricted pages of a site in one language. ``limit`` pages are in one file."""

    limit = 5000

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.request = request
        self.language = language

    def items(self) -> Any:
        site = Site.find_for_request(self.request)
        root = site.root_page if site else Page.get_first_root_node()
        title = localized("title", self.language)
        pages = Page.objects.descendant_of(root, inclusive=True).live().public()
        return pages.exclude(**{title: None}).exclude(**{title: ""}).order_by("path").specific()

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict]:
        found = []
        for item in self.paginator.page(page).object_list:
            for entry in item.get_sitemap_urls(self.request):
                languages = {a["location"]: a["lang_code"] for a in entry["alternates"]}
                if languages.get(entry["location"]) == self.language:
                    found.append({**entry, "item": item, "changefreq": None, "priority": ""})
        return found


def sections(request: HttpRequest) -> dict[str, LanguageSitemap]:
    return {language: LanguageSitemap(request, language) for language in LANGUAGES}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """``/sitemap.xml``: the index of the languages' sitemaps."""
    return sitemap_views.index(request, sitemaps=sections(request), sitemap_url_name="sitemap_section")


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """``/sitemap-sv.xml``: the pages of one language."""
    return sitemap_views.sitemap(request, sitemaps=sections(request), section=section)
