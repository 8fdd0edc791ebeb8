"""The page types of every site: its front page, and pages of running text."""

from django.db import models
from django.urls import resolve
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.search import index

from home.blocks import body_blocks
from home.models.base import Page
from torv.languages import LANGUAGES, localized
from torv.plugins.streamfield import PluginStreamField


def _searched(*names: str) -> list:
    return [index.SearchField(localized(name, language)) for name in names for language in LANGUAGES]


class HomePage(Page):
    """The site's front page: search first, then the categories."""

    introduction = models.TextField(_("introduction"), blank=True)
    often_searched = models.TextField(
        _("often searched"), blank=True, help_text=_("Words that visitors often search for, one on each line.")
    )
    body = PluginStreamField(body_blocks(), blank=True, verbose_name=_("content"))

    translated_panels = ["introduction", "often_searched", "body"]
    search_fields = [*Page.search_fields, *_searched("introduction", "body")]
    max_count_per_parent = 1
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @classmethod
    def reserves(cls, slug: str) -> bool:
        """What the site answers at without a page: the search, the feedback."""
        from wagtail.views import serve

        for language in LANGUAGES:
            with override(language):
                if resolve(f"/{language}/{slug}/").func is not serve:
                    return True
        return False


class StandardPage(Page):
    """Running text with pictures, quotes, facts and lists of suppliers."""

    introduction = models.TextField(_("introduction"), blank=True)
    body = PluginStreamField(body_blocks(), blank=True, verbose_name=_("content"))

    translated_panels = ["introduction", "body"]
    search_fields = [*Page.search_fields, *_searched("introduction", "body")]
    template = "home/standard_page.html"

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")
