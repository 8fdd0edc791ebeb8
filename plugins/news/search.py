"""News in the site's search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.search.common import own, written
from directory.search.facets import label_of
from plugins.news.models import NewsPage, NewsTopic
from plugins.news.queries import public_news
from search.facets import DateFacet, Facet
from search.sources import Source
from search.types import Card, Document, Label, TextField
from torv.languages import LANGUAGES, localized


class TopicFacet(Facet):
    name, label, model = "topic", _("Topic"), NewsTopic

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        found = NewsTopic.objects.filter(code__in=list(codes))
        return {topic.code: label_of(topic, "name", language) for topic in found}


class News(Source):
    name, label, kind = "news", _("News"), "news"
    model = NewsPage
    texts = (
        TextField("title", 4.0, _("Title")),
        TextField("lead", 2.0, _("Lead"), snippet=True),
        TextField("body", 1.0, _("Content"), snippet=True),
        TextField("topics", 1.0, _("Topic")),
    )
    facets = (TopicFacet(), DateFacet())
    default_sort = "newest"

    def queryset(self) -> QuerySet:
        return public_news().prefetch_related("topics")

    def document(self, instance: NewsPage) -> Document:
        topics = list(instance.topics.all())
        languages = [language for language in LANGUAGES if instance.has_translation(language)]
        texts = {
            language: {
                "title": own(instance, "title", language),
                "lead": own(instance, "lead", language),
                "body": _words(getattr(instance, localized("body", language))),
                "topics": " · ".join(filter(None, (own(topic, "name", language) for topic in topics))),
            }
            for language in languages
        }
        return Document(
            id=str(instance.pk),
            texts=texts,
            facets={
                "topic": tuple(sorted(topic.code for topic in topics)),
                "date": DateFacet.codes_of(instance.date),
            },
            names={language: text["title"] for language, text in texts.items()},
            newest=timezone.make_aware(dt.datetime.combine(instance.date, dt.time(12))),
        )

    def cards(self, ids: Sequence[str], language: str) -> Mapping[str, Card]:
        return {str(page.pk): self._card(page, language) for page in public_news().filter(pk__in=list(ids))}

    def _card(self, page: NewsPage, language: str) -> Card:
        title, summary = label_of(page, "title", language), label_of(page, "lead", language)
        return Card(
            title=title.text,
            language=title.language,
            url=page.get_url() or "",
            summary=summary.text,
            summary_language=summary.language,
            extra={"date": page.date},
        )

    def vocabulary(self, language: str) -> Iterator[tuple[str, int]]:
        return written(public_news(), f"title_{language}", f"lead_{language}")

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        return {
            NewsPage: lambda page: [page.pk],
            NewsTopic: lambda topic: topic.news.values_list("pk", flat=True) if topic.pk else [],
        }


def _words(stream: Any) -> str:
    """The words of a StreamField value, without markup."""
    return " ".join(stream.stream_block.get_searchable_content(stream)) if stream else ""


NEWS = News()
