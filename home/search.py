"""What search finds among pages that no other source has, so that a search of everything leaves none of them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import get_page_models

from home.models import Page
from search import registry
from search.sources import Source
from search.types import Card, Document, TextField
from torv.languages import LANGUAGES, localized
from torv.text import Text, text_of


class Pages(Source):
    """The front page, running text, the pages that lists and calendars stand on: live and open to everybody, in the
    languages they are public in. Read are a title, and the fields `introduction` and `body` of those that have them.
    """

    name, label, kind = "pages", _("Pages"), "page"
    model = Page
    texts = (
        TextField("name", 4.0, _("Title")),
        TextField("introduction", 2.0, _("Introduction"), snippet=True),
        TextField("body", 1.0, _("Content"), snippet=True),
    )

    def types(self) -> list[type[Page]]:
        """Page types that are no other source's."""
        others = {source.model for source in registry.sources().values()}
        return [model for model in get_page_models() if model not in others]

    def queryset(self) -> QuerySet:
        return Page.objects.live().public().exact_type(*self.types()).specific()

    def document(self, instance: Page) -> Document:
        texts = {
            language: {
                "name": _own(instance, "title", language),
                "introduction": _own(instance, "introduction", language),
                "body": _words(getattr(instance, localized("body", language), None)),
            }
            for language in LANGUAGES
            if instance.has_translation(language)
        }
        return Document(
            id=str(instance.pk),
            texts=texts,
            names={language: text["name"] for language, text in texts.items()},
            newest=instance.first_published_at,
        )

    def cards(self, ids: Sequence[str], language: str) -> Mapping[str, Card]:
        return {str(page.pk): self._card(page, language) for page in self.queryset().filter(pk__in=ids)}

    def _card(self, page: Page, language: str) -> Card:
        title = text_of(page, "title", language)
        summary = text_of(page, "introduction", language) if hasattr(page, "introduction") else Text("", "")
        return Card(
            title=str(title),
            language=title.language,
            url=page.get_url() or "",
            summary=str(summary),
            summary_language=summary.language,
        )

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        return dict.fromkeys(self.types(), lambda page: [page.pk])


def _own(page: Page, field: str, language: str) -> str:
    return getattr(page, localized(field, language), None) or ""


def _words(stream: Any) -> str:
    """The words of a StreamField value, without markup."""
    return " ".join(stream.stream_block.get_searchable_content(stream)) if stream else ""


PAGES = Pages()
