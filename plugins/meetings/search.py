"""Meetings in the site's search: one document for each page, with all its dates."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from directory.models import Category, Place
from directory.search.common import own, plain
from directory.search.facets import PlaceFacet, label_of
from home.models import Page
from plugins.meetings.models import (
    MeetingContact,
    MeetingPage,
    Occurrence,
    ProgrammeItem,
    Status,
)
from plugins.meetings.presenting import entry, local, status_badge
from plugins.meetings.queries import ONLINE, public_meetings
from search.facets import ChoiceFacet, DateFacet, Facet, with_ancestors
from search.sources import Source
from search.types import LANGUAGES, Badge, Card, Document, Label, TextField

UPCOMING, PAST = "upcoming", "past"
AFTER = timedelta(seconds=1)  # from the end of a date until it is past


class WhenFacet(DateFacet):
    """ "upcoming", "past", and years with their months."""

    def text_of(self, code: str) -> str:
        if code in (UPCOMING, PAST):
            return str(_("Coming meetings") if code == UPCOMING else _("Past meetings"))
        return super().text_of(code)

    def order(self, codes: Mapping[str, int], labels: Mapping[str, Label], language: str) -> Sequence[str]:
        """What comes before what was, then the years."""
        first = [code for code in (UPCOMING, PAST) if code in codes]
        return [*first, *super().order({c: n for c, n in codes.items() if c not in first}, labels, language)]


class NetworkFacet(Facet):
    """Whose meeting it is, by the primary key of that page."""

    name, label = "network", _("Network or project")

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        numbers = [code for code in codes if code.isascii() and code.isdigit() and len(code) < 13]
        pages = Page.objects.live().public().filter(pk__in=numbers)
        return {str(page.pk): label_of(page, "title", language) for page in pages}


class WhereFacet(PlaceFacet):
    """Countries, regions and municipalities, and what is held online."""

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        found = dict(super().labels([code for code in codes if code != ONLINE], language))
        if ONLINE in codes:
            with override(language):
                found[ONLINE] = Label(str(_("Online")), language)
        return found

    def order(self, codes: Mapping[str, int], labels: Mapping[str, Label], language: str) -> Sequence[str]:
        """Online is no place among places: it comes last."""
        places = super().order({code: number for code, number in codes.items() if code != ONLINE}, labels, language)
        return [*places, *(code for code in codes if code == ONLINE)]


class StatusFacet(ChoiceFacet):
    name, label = "status", _("Status")
    choices = {
        "scheduled": _("As planned"),
        "moved": _("Moved"),
        "postponed": _("Postponed"),
        "cancelled": pgettext_lazy("meeting", "Cancelled"),
    }


class TopicFacet(Facet):
    """Categories of the directory by their path; other topics are their own names."""

    name, label = "topic", _("Topic")

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        named = {row.path: label_of(row, "name", language) for row in Category.objects.filter(path__in=list(codes))}
        return {code: named.get(code) or Label(capfirst(code), language) for code in codes if len(code) <= 60}


def topics_of(page: MeetingPage) -> tuple[str, ...]:
    """The codes of a page's topics: lower case, each once."""
    words = (" ".join(word.split()).lower()[:60] for word in page.topics.split(","))
    return tuple(sorted({word for word in words if word}))


class Meetings(Source):
    name, label, kind = "meetings", _("Meetings"), "meeting"
    model = MeetingPage
    texts = (
        TextField("title", 4.0, _("Title")),
        TextField("introduction", 2.0, _("Introduction"), snippet=True),
        TextField("description", 1.0, _("Description"), snippet=True),
        TextField("programme", 1.0, _("Programme")),
        TextField("place", 1.0, _("Place")),
        TextField("people", 0.5, _("Organiser and contacts")),
    )
    facets = (WhenFacet(), NetworkFacet(), WhereFacet(), StatusFacet(), TopicFacet())

    def queryset(self) -> QuerySet:
        dates = Occurrence.objects.filter(withdrawn=False).select_related("municipality").order_by("starts_at")
        return (
            public_meetings()
            .select_related("network", "municipality")
            .prefetch_related("programme", "contacts", Prefetch("occurrences", queryset=dates, to_attr="dates"))
        )

    def document(self, instance: MeetingPage) -> Document:
        page, dates = instance, list(instance.dates)  # type: ignore[attr-defined]
        for occurrence in dates:
            occurrence.page = page
        ends = [occurrence.ends_at for occurrence in dates if not occurrence.has_ended]
        languages = tuple(language for language in LANGUAGES if own(page, "title", language))
        return Document(
            id=str(page.pk),
            texts={language: self._texts(page, dates, language) for language in languages},
            facets={
                "date": with_ancestors(self._date_codes(dates)),
                "network": (str(page.network_id),) if page.network and page.network.live else (),
                "place": with_ancestors(self._place_codes(page, dates)),
                "status": tuple(sorted({occurrence.status for occurrence in dates})),
                "topic": topics_of(page),
            },
            names={language: own(page, "title", language) for language in languages},
            newest=page.first_published_at,
            changes_at=min(ends) + AFTER if ends else None,
        )

    def _texts(self, page: MeetingPage, dates: list[Occurrence], language: str) -> dict[str, str]:
        programme = [(own(item, "title", language), item.speakers) for item in page.programme.all()]
        people = [page.organiser]
        if page.network and page.network.live:
            people.append(own(page.network, "title", language) or own(page.network, "title", "da"))
        for contact in page.contacts.all():
            people += [contact.name, own(contact, "title", language), own(contact, "field", language)]
        venues = dict.fromkeys(occurrence.venue for occurrence in dates)
        return {
            "title": own(page, "title", language),
            "introduction": own(page, "introduction", language),
            "description": plain(own(page, "description", language)),
            "programme": " · ".join(text for pair in programme for text in pair if text),
            "place": " · ".join(venue for venue in venues if venue),
            "people": ", ".join(filter(None, people)),
        }

    @staticmethod
    def _date_codes(dates: list[Occurrence]) -> Iterator[str]:
        for occurrence in dates:
            yield PAST if occurrence.is_over else UPCOMING
            yield f"{local(occurrence, occurrence.starts_at):%Y/%m}"

    @staticmethod
    def _place_codes(page: MeetingPage, dates: list[Occurrence]) -> Iterator[str]:
        places: set[Any] = {occurrence.place for occurrence in dates} or {page}
        for place in places:
            if place.online_url:
                yield ONLINE
            if place.municipality_id:
                yield place.municipality_id

    def cards(self, ids: Sequence[str], language: str) -> Mapping[str, Card]:
        pages = {str(page.pk): page for page in self.queryset().filter(pk__in=list(ids))}
        with override(language):
            return {number: card for number, page in pages.items() if (card := self._card(page, language))}

    def _card(self, page: Any, language: str) -> Card | None:
        now, dates = timezone.now(), list(page.dates)
        if not dates:
            return None
        occurrence = next((found for found in dates if found.ends_at >= now), dates[-1])
        occurrence.page = page
        line, badge = entry(occurrence), status_badge(occurrence) if occurrence.status != Status.SCHEDULED else None
        title, summary = label_of(page, "title", language), label_of(page, "introduction", language)
        day = formats.date_format(local(occurrence, occurrence.starts_at), "j. F Y" if language == "da" else "j F Y")
        badges = (Badge("offer", f"{day}, {line.hours}"),)
        return Card(
            title=title.text,
            language=title.language,
            url=page.get_url() or "",
            icon="event",
            summary=summary.text,
            summary_language=summary.language,
            place=line.where,
            badges=(*badges, Badge(badge.kind or "offer", badge.label, badge.icon)) if badge else badges,
            extra={"starts_at": occurrence.starts_at, "status": occurrence.status},
        )

    def vocabulary(self, language: str) -> Iterator[tuple[str, int]]:
        from directory.search.common import written

        return written(public_meetings(), f"title_{language}", f"introduction_{language}")

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        return {
            MeetingPage: lambda page: [page.pk],
            Occurrence: lambda occurrence: [occurrence.page_id],
            ProgrammeItem: lambda item: [item.page_id],
            MeetingContact: lambda contact: [contact.page_id],
            Place: lambda place: MeetingPage.objects.filter(municipality=place).values_list("pk", flat=True),
        }


MEETINGS = Meetings()
