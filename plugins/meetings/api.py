"""Meetings for programs: lists, the month and one meeting as JSON, in the document of Wagtail's API v3."""

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Path, Query, Router, Schema

from home.schemas import Asked, AskedList, ListOut, PageOut, TextOut, html_out, page_of, page_out, text_out
from plugins.meetings import queries, recurrence, schedule
from plugins.meetings.calendars import uid
from plugins.meetings.models import Occurrence, Status
from plugins.meetings.presenting import RegistrationState, local, occurrence_url, registration_state
from plugins.meetings.queries import Filters
from plugins.meetings.views.addresses import feed_url
from plugins.meetings.views.meeting import online_words, reason_of
from torv.languages import LANGUAGES
from torv.problems import INTEGER, LONGEST_NUMBER, InvalidRequest, Problem, check_names, refused
from torv.text import Text, text_of

router = Router()

# Read as text, so that a wrong one is refused in the reader's language; described as what it is.
DAY: dict[str, Any] = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}


class PlaceOut(Schema):
    venue: str
    street: str
    postal_code: str
    city: str
    municipality: str = Field(description="Code, such as DK/1082/0760, or an empty string.")
    online: bool
    online_url: str = Field(description="Empty where only registered people are given the link.")


class RegistrationOut(Schema):
    state: str = Field(description="none, elsewhere, open, waiting, closed or over.")
    url: str
    capacity: int | None
    taken: int | None = Field(description="Places taken; null where this site does not know.")
    deadline: dt.datetime | None


class MeetingOut(Schema):
    """One date of a meeting."""

    id: int
    uid: str = Field(description="The meeting's identity in calendars; all dates of a series share it.")
    recurrence_id: dt.datetime = Field(description="The start that the schedule gave this date.")
    sequence: int
    title: TextOut
    introduction: TextOut
    languages: list[str] = Field(description="Languages in which the meeting's page is public.")
    url: str
    calendar: str = Field(description="Address of the iCalendar file.")
    starts_at: dt.datetime
    ends_at: dt.datetime
    timezone: str
    status: str = Field(description="scheduled, cancelled, postponed or moved.")
    reason: TextOut
    previous_starts_at: dt.datetime | None
    previous_ends_at: dt.datetime | None
    previous_place: str
    place: PlaceOut
    network: PageOut | None
    organiser: str
    languages_spoken: list[str]
    cost: TextOut
    target_group: TextOut
    registration: RegistrationOut
    changed_at: dt.datetime


class MeetingsOut(ListOut):
    items: list[MeetingOut]


class ProgrammeItemOut(Schema):
    starts: dt.time
    title: TextOut
    speakers: str


class ContactOut(Schema):
    name: str
    title: TextOut
    field: TextOut = Field(description="What the person works with.")
    email: str
    phone: str


class DocumentOut(Schema):
    label: TextOut
    url: str
    type: str = Field(description="The file's ending, such as pdf.")


class DateOut(Schema):
    """A date of the same meeting."""

    id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: str
    url: str


class MeetingDetailOut(MeetingOut):
    """One date of a meeting, with everything that its page shows."""

    description: TextOut = Field(description="HTML.")
    programme: list[ProgrammeItemOut]
    contacts: list[ContactOut]
    documents: list[DocumentOut]
    recurrence: str = Field(description="The rule of a series as calendars read it; empty for a single meeting.")
    dates: list[DateOut] = Field(description="All dates of the meeting in order, this one too.")


class WhichDate(Schema):
    id: str = Field(
        description="The id of a date, as in the list.", json_schema_extra={"type": "integer", "minimum": 1}
    )


class DayOut(Schema):
    date: dt.date
    meetings: list[MeetingOut]


class MonthOut(Schema):
    """The days of a month on which there are meetings."""

    month: str = Field(description="Such as 2027-03.")
    previous: str
    next: str
    days: list[DayOut]


class AskedMeetings(AskedList):
    from_: str | None = Field(None, alias="from", description="First day; today.", json_schema_extra=DAY)
    to: str | None = Field(None, description="Last day.", json_schema_extra=DAY)
    network: str | None = Field(None, description="Id of a network's or project's page.", json_schema_extra=INTEGER)
    place: str | None = Field(None, description="A code such as DK/1082, or online.")
    status: str | None = Field(None, description="scheduled, cancelled, postponed or moved.")


class AskedMonth(Asked):
    month: str | None = Field(None, description="Such as 2027-03; this month.")
    network: str | None = Field(None, description="Id of a network's or project's page.", json_schema_extra=INTEGER)
    place: str | None = Field(None, description="A code such as DK/1082, or online.")


PROBLEMS: dict[int, Any] = {422: Problem}


@router.get("/", response={200: MeetingsOut, **PROBLEMS}, summary="Meetings", url_name="meetings", auth=None)
def get_meetings(request: HttpRequest, asked: Query[AskedMeetings]) -> Any:
    """Dates of meetings in order, cancelled ones too. Without `from` and `to` those from today on."""
    try:
        check_names(request, AskedMeetings)
        filters = _filters(asked.network, asked.place, asked.status)
        since, until = _day(asked.from_, "from"), _day(asked.to, "to")
        if since and until and until < since:
            raise InvalidRequest("to", _("The last day comes before the first."))
        numbers, rows = page_of(_between(filters.apply(_occurrences()), since, until), asked)
    except InvalidRequest as error:
        return refused(error)
    return numbers | {"items": _items(rows, request)}


@router.get("/calendar/", response={200: MonthOut, **PROBLEMS}, summary="A month", url_name="meetings_month", auth=None)
def get_month(request: HttpRequest, asked: Query[AskedMonth]) -> Any:
    """The days of one month on which meetings begin, each with its meetings."""
    try:
        check_names(request, AskedMonth)
        filters = _filters(asked.network, asked.place, None)
        first = _month(asked.month)
    except InvalidRequest as error:
        return refused(error)
    after = (first + dt.timedelta(days=32)).replace(day=1)
    found = filters.apply(_occurrences()).filter(
        starts_at__gte=queries.midnight(first), starts_at__lt=queries.midnight(after)
    )
    days: dict[dt.date, list[Any]] = {}
    rows = list(found)
    for row, item in zip(rows, _items(rows, request), strict=True):
        days.setdefault(local(row, row.starts_at).date(), []).append(item)
    return {
        "month": f"{first:%Y-%m}",
        "previous": f"{first - dt.timedelta(days=1):%Y-%m}",
        "next": f"{after:%Y-%m}",
        "days": [{"date": day, "meetings": meetings} for day, meetings in sorted(days.items())],
    }


@router.get(
    "/{id}/",
    response={200: MeetingDetailOut, 404: Problem, 410: Problem, 422: Problem},
    summary="A meeting",
    url_name="meeting",
    auth=None,
)
def get_meeting(request: HttpRequest, which: Path[WhichDate], asked: Query[Asked]) -> Any:
    """One date with everything that its page shows, cancelled ones too; 410 for what was in the calendar once."""
    try:
        check_names(request, Asked)
        date = _find(which.id)
    except InvalidRequest as error:
        return refused(error)
    page: Any = date.page
    dates = Occurrence.objects.filter(page=page, withdrawn=False).order_by("starts_at", "pk")
    return _item(date, request) | {
        "description": html_out(page, "description"),
        "programme": [
            {"starts": item.starts, "title": text_out(text_of(item, "title")), "speakers": item.speakers}
            for item in page.programme.all()
        ],
        "contacts": [_contact(contact) for contact in page.contacts.all()],
        "documents": [_document(row, request) for row in page.documents.select_related("document")],
        "recurrence": _rule(page),
        "dates": [_date(one, page, request) for one in dates],
    }


def _find(id: str) -> Occurrence:
    """The date of this id.

    :raises InvalidRequest: there is none (404), or none any more (410).
    """
    number = int(id) if id.isascii() and id.isdigit() and len(id) <= LONGEST_NUMBER else 0
    if date := _occurrences().filter(pk=number).first():
        return date
    once = Occurrence.objects.filter(pk=number).filter(Q(withdrawn=True) | Q(page__live=False))
    if once.exists():
        raise InvalidRequest("id", _("This meeting is not in the calendar any more."), HTTPStatus.GONE)
    sentence = _("There is nothing here with the id “%(id)s”.") % {"id": id[:40]}
    raise InvalidRequest("id", sentence, HTTPStatus.NOT_FOUND)


def _between(found: Any, since: dt.date | None, until: dt.date | None) -> Any:
    if since is None and until is None:
        since = timezone.localdate()
    if since:
        found = found.filter(ends_at__gte=queries.midnight(since))
    if until:
        found = found.filter(starts_at__lt=queries.midnight(until + dt.timedelta(days=1)))
    return found


# ---- what was asked -------------------------------------------------------------------------------------------------
def _occurrences() -> Any:
    return queries.with_places(queries.public_occurrences())


def _filters(network: str | None, place: str | None, status: str | None) -> Filters:
    number = queries.network_of(network) if network else None
    if network and number is None:
        raise InvalidRequest(
            "network", _("There is no network “%(code)s” with meetings here.") % {"code": network[:40]}
        )
    if place and not queries.is_place(place):
        raise InvalidRequest("place", _("There is no place “%(code)s” here.") % {"code": place[:40]})
    if status and status not in Status.values:
        known = ", ".join(Status.values)
        message = _("There is no status “%(code)s”; there is %(known)s.") % {"code": status[:40], "known": known}
        raise InvalidRequest("status", message)
    return Filters(network=number, place=place or "", status=status or "")


def _day(text: str | None, parameter: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not schedule.FIRST_YEAR <= day.year <= schedule.LAST_YEAR:
        raise InvalidRequest(parameter, _("“%(text)s” is no day: write it like 2027-03-31.") % {"text": text[:40]})
    return day


def _month(text: str | None) -> dt.date:
    if not text:
        return timezone.localdate().replace(day=1)
    try:
        first = dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        first = dt.date.min
    if not schedule.FIRST_YEAR <= first.year <= schedule.LAST_YEAR:
        raise InvalidRequest("month", _("“%(text)s” is no month: write it like 2027-03.") % {"text": text[:40]})
    return first


# ---- what is answered -----------------------------------------------------------------------------------------------
def _items(occurrences: Any, request: HttpRequest) -> list[dict[str, Any]]:
    return [_item(occurrence, request) for occurrence in occurrences]


def _item(occurrence: Occurrence, request: HttpRequest) -> dict[str, Any]:
    page: Any = occurrence.page
    place: Any = occurrence.place
    return {
        "id": occurrence.pk,
        "uid": uid(page),
        "recurrence_id": occurrence.recurrence_id,
        "sequence": occurrence.sequence,
        **{name: text_out(text_of(page, name)) for name in ("title", "introduction", "cost", "target_group")},
        "languages": [language for language in LANGUAGES if page.has_translation(language)],
        "url": request.build_absolute_uri(occurrence_url(occurrence, request)),
        "calendar": request.build_absolute_uri(feed_url(page, request)),
        "starts_at": local(occurrence, occurrence.starts_at),
        "ends_at": local(occurrence, occurrence.ends_at),
        "timezone": page.timezone,
        "status": occurrence.status,
        "reason": text_out(reason_of(occurrence)),
        "previous_starts_at": occurrence.previous_starts_at and local(occurrence, occurrence.previous_starts_at),
        "previous_ends_at": occurrence.previous_ends_at and local(occurrence, occurrence.previous_ends_at),
        "previous_place": occurrence.previous_venue,
        "place": {
            "venue": place.venue_name,
            "street": place.street,
            "postal_code": place.postal_code,
            "city": place.city,
            "municipality": place.municipality_id or "",
            "online": bool(place.online_url),
            "online_url": online_words(occurrence).get("url", ""),
        },
        "network": _network(page.network, request),
        "organiser": page.organiser,
        "languages_spoken": page.languages_spoken,
        "registration": _registration(registration_state(occurrence)),
        "changed_at": occurrence.changed_at,
    }


def _contact(contact: Any) -> dict[str, Any]:
    texts = {name: text_out(text_of(contact, name)) for name in ("title", "field")}
    return {"name": contact.name, **texts, "email": contact.email, "phone": contact.phone}


def _document(row: Any, request: HttpRequest) -> dict[str, Any]:
    label = text_of(row, "label") or Text(row.document.title, "")
    url = request.build_absolute_uri(row.document.url)
    return {"label": text_out(label), "url": url, "type": row.document.file_extension}


def _date(date: Occurrence, page: Any, request: HttpRequest) -> dict[str, Any]:
    date.page = page
    times = {name: local(date, getattr(date, name)) for name in ("starts_at", "ends_at")}
    url = request.build_absolute_uri(occurrence_url(date, request))
    return {"id": date.pk, **times, "status": date.status, "url": url}


def _rule(page: Any) -> str:
    """Empty too for one that is accepted no longer: its dates are all there is to say."""
    try:
        return recurrence.parse(page.recurrence, page.timezone).text(page.timezone) if page.is_series else ""
    except ValidationError:
        return ""


def _network(page: Any, request: HttpRequest) -> dict[str, Any] | None:
    return page_out(page, request) if page is not None and page.live else None


def _registration(state: RegistrationState) -> dict[str, Any]:
    here = state.state not in ("none", "elsewhere")
    return {
        "state": state.state,
        "url": state.url,
        "capacity": state.capacity,
        "taken": state.taken if here else None,
        "deadline": state.deadline,
    }
