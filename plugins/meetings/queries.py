"""Which meetings readers are shown: every list, feed and answer asks here."""

import calendar as month_tables
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from directory.models import Place
from home.models import Page
from plugins.meetings.models import CalendarPage, MeetingPage, Occurrence, Registration, Status
from torv.problems import LONGEST_NUMBER

#: The place of meetings that are held online, among the codes of places.
ONLINE = "online"


@dataclass(frozen=True)
class Filters:
    """What narrows a list: a network (primary key of its page), a place (code, or ``ONLINE``), a status, times."""

    network: int | None = None
    place: str = ""
    status: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def apply(self, occurrences: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
        if self.network:
            occurrences = occurrences.filter(page__network=self.network)
        if self.place:
            occurrences = occurrences.filter(_at(self.place))
        if self.status:
            occurrences = occurrences.filter(status=self.status)
        if self.since:
            occurrences = occurrences.filter(ends_at__gt=self.since)
        if self.until:
            occurrences = occurrences.filter(starts_at__lt=self.until)
        return occurrences


def _at(place: str) -> Q:
    if place == ONLINE:
        return ~Q(online_url="") | (~Q(page__online_url="") & Q(venue_name="", street="", city=""))
    inside = Q(municipality=place) | Q(municipality__code__startswith=f"{place}/")
    # Without a venue of its own the page's counts.
    pages = Q(page__municipality=place) | Q(page__municipality__code__startswith=f"{place}/")
    return inside | (pages & Q(municipality=None, venue_name="", street="", city="", online_url=""))


def public_meetings(below: Page | None = None) -> QuerySet[MeetingPage]:
    """Published pages that need no password or log-in."""
    found = MeetingPage.objects.live().public()
    return found.descendant_of(below) if below is not None else found


def public_occurrences(below: Page | None = None) -> QuerySet[Occurrence]:
    """Every date of the public meetings that is in a schedule, with its page and whose meeting it is."""
    return (
        Occurrence.objects.filter(page__in=public_meetings(below), withdrawn=False)
        .select_related("page", "page__network", "page__municipality", "municipality")
        .order_by("starts_at", "pk")
    )


def with_places(occurrences: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
    """`taken` on each: how many places are taken. `queued`: how many wait for one."""
    states = Registration.State
    return occurrences.annotate(
        taken=Count("registrations", filter=Q(registrations__state=states.CONFIRMED)),
        queued=Count("registrations", filter=Q(registrations__state=states.WAITING)),
    )


def upcoming(occurrences: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
    """What has not ended, cancelled ones too, and what waits for a new date."""
    return occurrences.filter(Q(ends_at__gte=timezone.now()) | Q(status=Status.POSTPONED))


def past(occurrences: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
    """What has ended, the latest first."""
    ended = occurrences.filter(ends_at__lt=timezone.now()).exclude(status=Status.POSTPONED)
    return ended.order_by("-starts_at", "-pk")


def next_meetings(number: int, below: Page | None = None) -> list[Occurrence]:
    """The next that take place: one of a series, and none that is cancelled or has no date."""
    taking_place = Occurrence.objects.filter(
        ends_at__gte=timezone.now(), status__in=(Status.SCHEDULED, Status.MOVED), withdrawn=False
    )
    first = taking_place.filter(page=OuterRef("page")).order_by("starts_at", "pk").values("pk")[:1]
    return list(with_places(public_occurrences(below)).filter(pk=Subquery(first))[:number])


def month_span(year: int, month: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of the month's table: whole weeks, Monday to Sunday."""
    days = list(month_tables.Calendar().itermonthdates(year, month))
    return days[0], days[-1]


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def in_days(occurrences: QuerySet[Occurrence], first: dt.date, last: dt.date) -> QuerySet[Occurrence]:
    """What takes place, or was to take place before it was moved, on these days."""
    start, end = midnight(first), midnight(last + dt.timedelta(days=1))
    now_there = Q(starts_at__lt=end, ends_at__gt=start)
    return occurrences.filter(now_there | Q(previous_starts_at__lt=end, previous_starts_at__gte=start))


def networks(below: Page | None = None) -> list[Page]:
    """The public pages whose meetings are in the calendar."""
    ids = public_meetings(below).exclude(network=None).values("network")
    return list(Page.objects.live().public().filter(pk__in=ids).order_by("path"))


def network_of(code: str) -> int | None:
    """The primary key of the public page that a parameter names. One without meetings has an empty calendar, not a
    wrong one."""
    if not (code.isascii() and code.isdigit() and len(code) <= LONGEST_NUMBER):
        return None
    return Page.objects.live().public().filter(pk=int(code)).values_list("pk", flat=True).first()


def is_place(code: str) -> bool:
    """Whether a parameter names a place, or what is held online."""
    return code == ONLINE or Place.objects.filter(code=code).exists()


def places(below: Page | None = None) -> list[Place]:
    """Regions in which there is a meeting."""
    pages = public_meetings(below).exclude(municipality=None).values_list("municipality", flat=True)
    own = Occurrence.objects.filter(page__in=public_meetings(below)).exclude(municipality=None)
    codes = {*pages.distinct(), *own.values_list("municipality", flat=True).distinct()}
    return list(Place.objects.filter(code__in={code.rpartition("/")[0] for code in codes}))


def has_online(below: Page | None = None) -> bool:
    return public_meetings(below).exclude(online_url="").exists()


def calendar_page() -> CalendarPage | None:
    return CalendarPage.objects.live().first()


def pages_of(ids: Iterable[Any]) -> QuerySet[MeetingPage]:
    return public_meetings().filter(pk__in=list(ids)).select_related("network", "municipality")
