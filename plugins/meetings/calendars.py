"""Meetings for calendar programs (RFC 5545, 5546, 7986): files, feeds to subscribe to, and what mails carry.

A meeting's UID never changes, wherever the site is; the dates of a series are told apart by RECURRENCE-ID. What is
cancelled, or taken out of the schedule, stays in the feed as cancelled: what merely vanished would stay in people's
calendars.
"""

import datetime as dt
import hashlib
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event, Timezone, vCalAddress, vDDDTypes, vRecur, vText

from home.models import Page
from plugins.meetings import queries, schedule
from plugins.meetings.models import CalendarPage, MeetingPage, Occurrence, Status
from plugins.meetings.models.occurrences import series_goes_on
from plugins.meetings.presenting import local
from torv.languages import content_language
from torv.text import Text, text_of

logger = logging.getLogger(__name__)

PRODUCT = "-//Torv//Meetings//EN"
#: Raise it when the files say something else for the same data: readers' copies are then out of date.
VERSION = 2
REFRESH = "PT1H"
KEPT = 3600  # seconds that a finished feed is remembered; its key changes with the data

STATES = {
    Status.SCHEDULED: "CONFIRMED",
    Status.MOVED: "CONFIRMED",
    Status.POSTPONED: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
}
# Both countries keep the union's summer time, by the rule that has held since 1996.
EUROPEAN = """BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


# ---- answers to requests --------------------------------------------------------------------------------------------
def serve_feed(request: HttpRequest, page: CalendarPage, filters: queries.Filters) -> HttpResponse:
    """Every public meeting, in the reader's language. 304 for a reader whose copy is still right."""
    occurrences = filters.apply(Occurrence.objects.filter(page__in=queries.public_meetings(page)))
    name = [str(text_of(page, "title")), settings.WAGTAIL_SITE_NAME]
    network = Page.objects.live().filter(pk=filters.network).first() if filters.network else None
    if network:
        name.insert(1, str(text_of(network, "title")))
    return _answer(request, page, occurrences, " – ".join(name), [filters.network, filters.place])


def serve_meeting_file(request: HttpRequest, page: MeetingPage) -> HttpResponse:
    """One meeting with all its dates."""
    return _answer(request, page, Occurrence.objects.filter(page=page), str(text_of(page, "title")), [])


def _answer(request: HttpRequest, page: Page, occurrences: QuerySet, name: str, chosen: list[Any]) -> HttpResponse:
    occurrences = occurrences.order_by()
    state = occurrences.aggregate(
        dates=Count("pk"),
        changed=Max("changed_at"),
        sequences=Sum("sequence"),
        published=Max("page__last_published_at"),
    )
    language, host = content_language(), request.build_absolute_uri("/")
    told = [VERSION, language, host, name, page.pk, page.get_url(request), *chosen, *map(str, state.values())]
    digest = hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()[:32]
    etag = f'"{digest}"'
    moments = [moment for moment in (state["changed"], state["published"]) if moment]
    modified = int(max(moments).timestamp()) if moments else None
    # By the tag alone: a meeting that was unpublished makes the feed another, and no date later.
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        body = cache.get(f"meetings.feed.{digest}")
        if body is None:
            body = calendar_of(_rows(occurrences), language, name=name, request=request).to_ical()
            cache.set(f"meetings.feed.{digest}", body, KEPT)
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="{page.slug or "meetings"}.ics"'
    response["ETag"] = etag
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    response["Cache-Control"] = "public, max-age=300"
    return response


def _rows(occurrences: QuerySet) -> Iterable[Occurrence]:
    return occurrences.select_related("page").prefetch_related("page__contacts").order_by("recurrence_id", "pk")


# ---- calendars ------------------------------------------------------------------------------------------------------
def calendar_of(
    occurrences: Iterable[Occurrence], language: str, *, name: str = "", request: HttpRequest | None = None
) -> Calendar:
    """A published calendar of these dates, in `language` or what stands in for it."""
    calendar = _empty("PUBLISH")
    if name:
        calendar.add("name", line(name))
        calendar.add("x-wr-calname", line(name))
        calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", REFRESH)
    by_page: dict[int, list[Occurrence]] = defaultdict(list)
    for occurrence in occurrences:
        by_page[occurrence.page_id].append(occurrence)
    events: list[Event] = []
    zones: set[str] = set()
    with override(language):
        for dates in by_page.values():
            page: Any = dates[0].page
            try:
                events += _events(dates, request)
            except Exception:
                # One meeting that cannot be told must not keep everybody from all the others.
                logger.exception("Meeting %s is left out of a calendar: it cannot be told.", page.pk)
            else:
                zones.add(page.timezone)
    for zone in sorted(zones):
        calendar.add_component(_timezone(zone))
    for event in events:
        calendar.add_component(event)
    return calendar


def _empty(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", method)
    calendar.add("calscale", "GREGORIAN")
    return calendar


@lru_cache
def _timezone(zone: str) -> Timezone:
    return Timezone.from_ical(EUROPEAN.format(zone=zone).replace("\n", "\r\n"))  # type: ignore[return-value]


def _events(dates: Sequence[Occurrence], request: HttpRequest | None) -> list[Event]:
    """The entries of one meeting: itself; or the series with its rule, and each date that differs from it."""
    page: Any = dates[0].page
    if not page.is_series:
        # A date that is left over from when the meeting was a series, or was held before, is an exception of its own.
        alone = [date for date in dates if date.planned and not date.withdrawn][-1:]
        return [
            event_of(date, identity=None if date in alone else date.recurrence_id, request=request) for date in dates
        ]
    try:
        series, by_rule = _series_event(page, dates, request)
    except ValidationError:
        # A rule that is accepted no longer: its dates are told one by one.
        series, by_rule = None, set()
    exceptions = [
        event_of(date, identity=date.recurrence_id, request=request)
        for date in dates
        if date.recurrence_id not in by_rule or _differs(date)
    ]
    return [series, *exceptions] if series else exceptions


def _differs(date: Occurrence) -> bool:
    """Whether a date is another than the entry of its series says of all of them."""
    page: Any = date.page
    as_planned = date.status == Status.SCHEDULED and not (date.withdrawn or date.has_own_venue or _reasons(date))
    start, end = (local(date, moment).replace(tzinfo=None) for moment in (date.starts_at, date.ends_at))
    # By the clock on the wall: calendar programs, for which a series has one length, err on nights when clocks change.
    on_time = date.starts_at == date.recurrence_id and start.time() == page.start_time
    lasts = date.ends_at - date.starts_at == end - start == page.local_end - page.local_start
    return not (as_planned and on_time and lasts)


def _reasons(date: Occurrence) -> bool:
    return bool(date.reason_da or date.reason_sv or date.reason_en)


def _series_event(
    page: Any, dates: Sequence[Occurrence], request: HttpRequest | None
) -> tuple[Event, set[dt.datetime]]:
    """The whole series, and the starts of its dates by its rule. Raises ValidationError where that cannot be read."""
    rule = schedule.parse_rule(page.recurrence, page.local_start, page.timezone)
    zone = ZoneInfo(page.timezone)
    # By the standard the first start is a meeting too: that of the page need be none by its rule.
    start = schedule.first_start(rule, page.local_start)
    end = start + (page.local_end - page.local_start)
    latest = max(dates, key=lambda date: date.changed_at)
    plain = Occurrence(
        page=page, recurrence_id=start.replace(tzinfo=zone), starts_at=start.replace(tzinfo=zone),
        ends_at=end.replace(tzinfo=zone), sequence=max(date.sequence for date in dates),
        changed_at=latest.changed_at,
    )  # fmt: skip
    event = event_of(plain, identity=None, request=request)
    last_start = max(local(date, date.recurrence_id) for date in dates).replace(tzinfo=None)
    if not series_goes_on(dates):
        rule = replace(rule, count=None, until=last_start)
    event.add("rrule", vRecur.from_ical(rule.text(page.timezone)))
    # The rule says more than there is: days without a meeting, and those before it was what it is now.
    exceptions = schedule.parse_exceptions(page.exception_dates)
    last = last_start.date()
    by_rule = {
        moment.astimezone(dt.UTC): moment
        for each in rule.starts(page.local_start, max([last, *exceptions]))
        if (moment := each.replace(tzinfo=zone))
    }
    known = {date.recurrence_id for date in dates}
    left_out = [
        moment
        for instant, moment in by_rule.items()
        if instant not in known and (moment.date() <= last or moment.date() in exceptions)
    ]
    if left_out:
        event.add("exdate", left_out)
    return event, set(by_rule)


def event_of(occurrence: Occurrence, *, identity: dt.datetime | None, request: HttpRequest | None = None) -> Event:
    """One date as an entry, in the active language. `identity`: the RECURRENCE-ID of one of a series."""
    page: Any = occurrence.page
    title = text_of(page, "title")
    cancelled = occurrence.withdrawn or occurrence.status == Status.CANCELLED
    event = Event()
    event.add("uid", uid(page))
    event.add("dtstamp", occurrence.changed_at.astimezone(dt.UTC))
    event.add("last-modified", occurrence.changed_at.astimezone(dt.UTC))
    event.add("sequence", occurrence.sequence)
    if identity:
        event.add("recurrence-id", _by_rule(occurrence, identity))
    event.add("dtstart", local(occurrence, occurrence.starts_at))
    event.add("dtend", local(occurrence, occurrence.ends_at))
    event.add("status", "CANCELLED" if cancelled else STATES[Status(occurrence.status)])
    event.add("transp", "OPAQUE" if occurrence.takes_place else "TRANSPARENT")
    event.add("summary", _text(_summary(occurrence, str(title)), title.language))
    url = _address(page, request)
    description = _description(occurrence, url)
    event.add("description", _text(description.text, description.language))
    place: Any = occurrence.place
    if where := line(occurrence.venue):
        event.add("location", vText(where))
    link = line(place.online_url)
    if link and page.registration != MeetingPage.RegistrationMode.HERE:
        event.add("conference", link, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
        if not where:
            event.add("location", vText(link))
    event.add("url", url)
    event.add("organizer", _organizer(page))
    return event


def _by_rule(occurrence: Occurrence, identity: dt.datetime) -> dt.datetime:
    """A start as the rule writes it, which may be a time that does not exist on the night when clocks go forward."""
    page: Any = occurrence.page
    there = local(occurrence, identity)
    written = dt.datetime.combine(there.date(), page.start_time, ZoneInfo(page.timezone))
    return written if written.astimezone(dt.UTC) == identity else there


def _summary(occurrence: Occurrence, title: str) -> str:
    """Many calendars show no status: the word stands before the title."""
    title = line(title)
    if occurrence.withdrawn or occurrence.status == Status.CANCELLED:
        return _("CANCELLED: %(title)s") % {"title": title}
    if occurrence.status == Status.POSTPONED:
        return _("POSTPONED: %(title)s") % {"title": title}
    return title


def _description(occurrence: Occurrence, url: str) -> Text:
    from plugins.meetings.views.meeting import reason_of

    page: Any = occurrence.page
    introduction, reason = text_of(page, "introduction"), reason_of(occurrence)
    notes = []
    if occurrence.status == Status.POSTPONED:
        notes.append(_("The meeting is postponed; this was its old date. A new one is to come."))
    paragraphs = [*notes, str(reason), str(introduction), url]
    language = introduction.language or reason.language or content_language()
    return Text("\n\n".join(block(part) for part in paragraphs if part.strip()), language)


def _organizer(page: Any) -> vCalAddress:
    contact = next((c for c in page.contacts.all() if c.email), None)
    address = line(contact.email if contact else settings.DEFAULT_FROM_EMAIL).split("<")[-1].strip("<> ")
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = _parameter(page.organiser or settings.WAGTAIL_SITE_NAME)
    return organizer


# ---- what mails carry -----------------------------------------------------------------------------------------------
def method_cancel(dates: Sequence[Occurrence], language: str, *, email: str, name: str = "") -> str:
    """An iTIP cancellation for one person, of dates of one meeting: their calendar takes them out, or marks them."""
    return _message("CANCEL", dates, language, email, name)


def method_request(dates: Sequence[Occurrence], language: str, *, email: str, name: str = "") -> str:
    """An iTIP request for one person who has registered: dates of one meeting as they are now, with the link of an
    online one."""
    return _message("REQUEST", dates, language, email, name)


def _message(method: str, dates: Sequence[Occurrence], language: str, email: str, name: str) -> str:
    page: Any = dates[0].page
    calendar = _empty(method)
    calendar.add_component(_timezone(page.timezone))
    attendee = vCalAddress(f"mailto:{line(email)}")
    attendee.params["CN"] = _parameter(name or email)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    if method == "REQUEST":
        attendee.params["PARTSTAT"] = "ACCEPTED"
        attendee.params["RSVP"] = "FALSE"
    with override(language):
        for date in dates:
            event = _invited(date, method)
            event.add("attendee", attendee)
            calendar.add_component(event)
    return calendar.to_ical().decode()


def _invited(date: Occurrence, method: str) -> Event:
    """A date as the calendar of somebody who has registered knows it."""
    page: Any = date.page
    # In the calendars of people who were invited, a date keeps the name by which they got it.
    event = event_of(date, identity=(date.invited_as or date.recurrence_id) if page.is_series else None)
    # Of two messages about one state, to register and to withdraw, the younger counts.
    event["dtstamp"] = vDDDTypes(timezone.now())
    if method == "CANCEL":
        event["status"] = vText("CANCELLED")
        return event
    link = line(date.place.online_url)  # type: ignore[attr-defined]
    if link and "conference" not in event:
        event.add("conference", link, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
        if "location" not in event:
            event.add("location", vText(link))
    return event


# ---- safe values ----------------------------------------------------------------------------------------------------
def uid(page: MeetingPage) -> str:
    """The meeting's identity in every calendar, for ever."""
    return str(page.translation_key)


def line(text: Any) -> str:
    """A text on one line, without control characters: nothing in it can begin a line of its own in a calendar."""
    return " ".join(_CONTROL.sub(" ", str(text)).split(" ")).strip()


def block(text: str) -> str:
    """A text of several lines; the library writes their ends as it must."""
    return "\n".join(line(part) for part in text.splitlines())


def _parameter(text: str) -> str:
    """A property's parameter may hold no quotation mark."""
    return line(text).replace('"', "'")


def _text(text: str, language: str) -> vText:
    found = vText(text)
    if language:
        found.params["LANGUAGE"] = language
    return found


def _address(page: Any, request: HttpRequest | None) -> str:
    url = page.get_url(request) or ""
    if request is not None:
        return request.build_absolute_uri(url)
    return url if url.startswith("http") else settings.WAGTAILADMIN_BASE_URL.rstrip("/") + url
