"""Networks and projects in the site's search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from directory.search.common import own, plain, written
from directory.search.facets import label_of
from plugins.projects.models import Funder, Partner, ProjectContact, ProjectPage
from plugins.projects.presenting import period, public_projects
from search.facets import ChoiceFacet
from search.sources import Source
from search.types import Badge, Card, Document, TextField
from torv.languages import LANGUAGES


class KindFacet(ChoiceFacet):
    name, label = "kind", _("Kind")
    choices = {"network": _("Network"), "project": _("Project")}


class Projects(Source):
    name, label, kind = "projects", _("Networks and projects"), "project"
    model = ProjectPage
    texts = (
        TextField("title", 4.0, _("Title")),
        TextField("introduction", 2.0, _("Introduction"), snippet=True),
        TextField("purpose", 1.0, _("Purpose and goals"), snippet=True),
        TextField("people", 0.5, _("Partners and contacts")),
    )
    facets = (KindFacet(),)

    def queryset(self) -> QuerySet:
        return public_projects().prefetch_related("partners", "funders", "contacts")

    def document(self, instance: ProjectPage) -> Document:
        languages = [language for language in LANGUAGES if instance.has_translation(language)]
        texts = {language: self._texts(instance, language) for language in languages}
        start = instance.starts_on
        return Document(
            id=str(instance.pk),
            texts=texts,
            facets={"kind": (instance.kind,)},
            names={language: text["title"] for language, text in texts.items()},
            newest=timezone.make_aware(dt.datetime.combine(start, dt.time(12))) if start else None,
        )

    def _texts(self, page: ProjectPage, language: str) -> dict[str, str]:
        organisations = [own(row, "name", language) for row in (*page.partners.all(), *page.funders.all())]
        people = [own(page, "run_by", language), *organisations, *(row.name for row in page.contacts.all())]
        return {
            "title": own(page, "title", language),
            "introduction": own(page, "introduction", language),
            "purpose": plain(f"{own(page, 'purpose', language)} {own(page, 'goals', language)}"),
            "people": ", ".join(filter(None, people)),
        }

    def cards(self, ids: Sequence[str], language: str) -> Mapping[str, Card]:
        with override(language):
            return {str(page.pk): self._card(page, language) for page in public_projects().filter(pk__in=list(ids))}

    def _card(self, page: ProjectPage, language: str) -> Card:
        title, summary = label_of(page, "title", language), label_of(page, "introduction", language)
        badges = [page.get_kind_display(), period(page), str(_("Ended")) if page.has_ended else ""]
        return Card(
            title=title.text,
            language=title.language,
            url=page.get_url() or "",
            summary=summary.text,
            summary_language=summary.language,
            badges=tuple(Badge("offer", badge) for badge in badges if badge),
        )

    def vocabulary(self, language: str) -> Iterator[tuple[str, int]]:
        return written(public_projects(), f"title_{language}", f"introduction_{language}")

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        rows = {model: lambda row: [row.page_id] for model in (Partner, Funder, ProjectContact)}
        return {ProjectPage: lambda page: [page.pk], **rows}


PROJECTS = Projects()
