"""The list of news, one piece of news, and what it is about."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.search import index

from directory.panels import fact
from home.blocks import body_blocks
from home.models import KeyedChild, Page
from home.panels import TranslatedInlinePanel
from plugins.news.addresses import is_own
from torv.languages import LANGUAGES, localized
from torv.plugins.streamfield import PluginStreamField
from torv.text import is_blank


class NewsTopic(models.Model):
    """What news can be about. Its code is part of addresses and feeds: it never changes."""

    code = models.SlugField(
        _("code"), max_length=60, unique=True, help_text=_("English, for addresses. Stays as it is.")
    )
    name = models.CharField(_("name"), max_length=100)

    panels = [FieldPanel("code"), *(FieldPanel(localized("name", language)) for language in LANGUAGES)]

    class Meta:
        verbose_name = _("news topic")
        verbose_name_plural = _("news topics")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code

    def clean(self) -> None:
        super().clean()
        if all(is_blank(getattr(self, localized("name", language))) for language in LANGUAGES):
            raise ValidationError(_("Give the topic a name in at least one language."))
        if self.pk and NewsTopic.objects.filter(pk=self.pk).exclude(code=self.code).exists():
            raise ValidationError({"code": _("Feeds and addresses have this code: it cannot change.")})


class NewsIndexPage(Page):
    """All news: newest first, by topic, by year, and as feeds."""

    introduction = models.TextField(_("introduction"), blank=True)

    translated_panels = ["introduction"]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.NewsPage"]
    template = "news/news_index_page.html"

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    @classmethod
    def reserves(cls, slug: str) -> bool:
        return is_own(slug)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        from plugins.news.views import index_route

        return index_route(self, path_components) or super().route(request, path_components)

    def serve(self, request: HttpRequest, view: str = "list", **kwargs: Any) -> HttpResponse:
        from plugins.news.views import serve_index

        return serve_index(request, self, view, **kwargs)


class NewsPage(Page):
    """A piece of news. When it appears and disappears is the editor's to schedule, as for any page."""

    lead = models.TextField(_("lead"), blank=True, max_length=500)
    body = PluginStreamField(body_blocks(), blank=True, verbose_name=_("content"))
    picture = models.ForeignKey(
        get_image_model_string(), verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    picture_alt = models.CharField(
        _("what the picture shows"), max_length=250, blank=True, help_text=_("For those who do not see it.")
    )
    date = models.DateField(_("date"), default=timezone.localdate, help_text=_("News is sorted by it."))
    topics = ParentalManyToManyField(NewsTopic, verbose_name=_("topics"), blank=True, related_name="news")

    translated_panels = ["lead", "body", "picture_alt"]
    shared_panels = [
        MultiFieldPanel(
            [fact("date"), fact("topics", widget=forms.CheckboxSelectMultiple), fact("picture")],
            heading=_("About the news"),
        ),
        TranslatedInlinePanel(
            "relations",
            heading=_("Suppliers, meetings and other pages it is about"),
            label=_("Page"),
            help_text=_("The news is shown there too."),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        *(index.SearchField(localized(name, language)) for name in ("lead", "body") for language in LANGUAGES),
        index.FilterField("date"),
    ]
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "news/news_page.html"

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    def clean(self) -> None:
        super().clean()
        if self.picture_id and all(is_blank(getattr(self, localized("picture_alt", code))) for code in LANGUAGES):
            raise ValidationError({"picture": _("Say what the picture shows, in at least one language.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.news.views import news_context

        return {**super().get_context(request, *args, **kwargs), **news_context(request, self)}


class NewsRelation(KeyedChild):
    """A page that the news is about: a supplier, a meeting, a network."""

    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="relations")
    related = models.ForeignKey("home.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+")

    panels = [fact("related")]

    class Meta(KeyedChild.Meta):
        verbose_name = _("related page")
        verbose_name_plural = _("related pages")
        constraints = [
            models.UniqueConstraint(fields=["page", "key"], name="news_relation_key"),
        ]

    def __str__(self) -> str:
        return str(self.related)
