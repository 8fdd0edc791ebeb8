"""Meetings in the reader's words: days and times in the meeting's own time zone, badges, notes. No queries."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directory.models.languages import SPOKEN_LANGUAGES
from plugins.meetings.models import MeetingPage, Occurrence, Status
from torv.languages import content_language
from torv.text import Text, text_of

DAYS = {"da": r"l \d\e\n j. F", "sv": "l j F", "en": "l j F"}
DAYS_WITH_YEAR = {"da": r"l \d\e\n j. F Y", "sv": "l j F Y", "en": "l j F Y"}
SHORT_DAYS = {"da": "j. F", "sv": "j F", "en": "j F"}
TIMES = {"da": "G.i", "sv": "G.i", "en": "G:i"}
LEAF = 6  # letters of a month's name that stand on a leaf of the calendar


@dataclass(frozen=True)
class Badge:
    """A word about a meeting. `kind`: "stop", "warn", "ok" or "" (the look's), `icon`: a sign of the sprite."""

    kind: str
    icon: str
    label: str


@dataclass(frozen=True)
class Entry:
    """A date of a meeting as lists and tables show it."""

    occurrence: Occurrence
    title: Text
    url: str
    badge: Badge | None
    off: bool  # does not take place at the time that is shown
    day: str
    month: str
    when: str  # "Tuesday 10:00–14:00"
    hours: str
    where: str
    notes: list[str]

    @property
    def whole(self) -> str:
        """ "Tirsdag den 31. marts 2026, kl. 10.00–14.00"."""
        return whole_time(self.occurrence)

    @property
    def iso(self) -> str:
        return local(self.occurrence, self.occurrence.starts_at).isoformat(timespec="minutes")


def local(occurrence: Occurrence, moment: dt.datetime) -> dt.datetime:
    """A moment on the clocks where the meeting is."""
    return moment.astimezone(ZoneInfo(occurrence.page.timezone))  # type: ignore[attr-defined]


def day_words(moment: dt.date, year: bool = True) -> str:
    """ "tirsdag den 31. marts 2026", "tisdag 31 mars 2026", "Tuesday 31 March 2026": as within a sentence."""
    language = content_language()
    return formats.date_format(moment, (DAYS_WITH_YEAR if year else DAYS)[language])


def short_day(moment: dt.date) -> str:
    """ "31. marts", "31 mars", "31 March"."""
    return formats.date_format(moment, SHORT_DAYS[content_language()])


def time_words(moment: dt.datetime | dt.time) -> str:
    """ "9.00" in Danish and Swedish, "9:00" in English."""
    return formats.time_format(moment, TIMES[content_language()])


def month_words(day: dt.date) -> str:
    """ "Marts 2026"."""
    return capfirst(formats.date_format(day, "F Y"))


def leaf_month(day: dt.date) -> str:
    """The month as it stands on a leaf: whole when it is short."""
    name = formats.date_format(day, "F")
    return name if len(name) <= LEAF else formats.date_format(day, "b").rstrip(".")


def hours(occurrence: Occurrence, starts: dt.datetime | None = None, ends: dt.datetime | None = None) -> str:
    """ "10.00–14.00"; with the last day where that is another."""
    start = local(occurrence, starts or occurrence.starts_at)
    end = local(occurrence, ends or occurrence.ends_at)
    if start.date() == end.date():
        return f"{time_words(start)}–{time_words(end)}"
    return _("%(start)s to %(day)s %(end)s") % {
        "start": time_words(start), "day": short_day(end), "end": time_words(end),
    }  # fmt: skip


def whole_time(occurrence: Occurrence, starts: dt.datetime | None = None, ends: dt.datetime | None = None) -> str:
    """ "Tirsdag den 31. marts 2026, kl. 10.00–14.00": by itself, or at the beginning of a sentence."""
    return capfirst(time_within(occurrence, starts, ends))


def time_within(occurrence: Occurrence, starts: dt.datetime | None = None, ends: dt.datetime | None = None) -> str:
    """The same within a sentence: "tirsdag den 31. marts 2026, kl. 10.00–14.00"."""
    start = local(occurrence, starts or occurrence.starts_at)
    return _("%(day)s, %(hours)s") % {"day": day_words(start), "hours": hours(occurrence, starts, ends)}


def spoken_names(codes: list[str]) -> list[str]:
    """The languages spoken, by name in the reader's language."""
    names = dict(SPOKEN_LANGUAGES)
    return [str(names.get(code, code)) for code in codes]


# ---- registration ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RegistrationState:
    """Whether one may register: `state` is "none", "elsewhere", "open", "waiting" (full), "closed" or "over".

    `reason`: why it is closed, "cancelled", "postponed" or "deadline". `free` is None without a limit.
    """

    state: str
    reason: str = ""
    url: str = ""
    capacity: int | None = None
    taken: int = 0
    deadline: dt.datetime | None = None

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def share(self) -> str:
        """The part of the places that is taken, as CSS reads it: "0.775"."""
        return f"{min(1.0, self.taken / self.capacity):.3f}" if self.capacity else "0"

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "waiting")


def deadline_of(occurrence: Occurrence) -> dt.datetime | None:
    """Until when one may register: as long before this date as the page says for its first."""
    page: Any = occurrence.page
    if page.registration_deadline is None:
        return None
    first = timezone.make_aware(page.local_start, ZoneInfo(page.timezone))
    return occurrence.starts_at - (first - page.registration_deadline)


def registration_state(occurrence: Occurrence, now: dt.datetime | None = None) -> RegistrationState:
    """Whether one may register for this date. Reads `occurrence.taken` (see `queries.with_places`)."""
    page: Any = occurrence.page
    now = now or timezone.now()
    mode, modes = page.registration, MeetingPage.RegistrationMode
    if mode == modes.NONE:
        return RegistrationState("none")
    facts: dict[str, Any] = {"deadline": deadline_of(occurrence)}
    if mode == modes.HERE:
        facts |= {"capacity": page.capacity, "taken": getattr(occurrence, "taken", 0)}
    else:
        facts["url"] = page.registration_url
    if occurrence.starts_at <= now and occurrence.status != Status.POSTPONED:
        return RegistrationState("over", **facts)
    if not occurrence.takes_place:
        reason = "postponed" if occurrence.status == Status.POSTPONED else "cancelled"
        return RegistrationState("closed", reason, **facts)
    if facts["deadline"] and facts["deadline"] < now:
        return RegistrationState("closed", "deadline", **facts)
    if mode == modes.ELSEWHERE:
        return RegistrationState("elsewhere", **facts)
    # Whoever waits has come before whoever comes now.
    full = page.capacity is not None and (facts["taken"] >= page.capacity or getattr(occurrence, "queued", 0) > 0)
    return RegistrationState("waiting" if full else "open", **facts)


# ---- lists ----------------------------------------------------------------------------------------------------------
def status_badge(occurrence: Occurrence, registration: RegistrationState | None = None) -> Badge | None:
    """What a reader must know first: that it does not take place, has moved, or whether one may register."""
    if occurrence.withdrawn or occurrence.status == Status.CANCELLED:
        return Badge("stop", "x", pgettext("meeting", "Cancelled"))
    if occurrence.status == Status.POSTPONED:
        return Badge("warn", "clock", _("Postponed"))
    if occurrence.status == Status.MOVED:
        if occurrence.previous_starts_at:
            day = short_day(local(occurrence, occurrence.previous_starts_at))
            return Badge("warn", "clock", _("Moved from %(day)s") % {"day": day})
        return Badge("warn", "pin", _("Moved to another place"))
    state = (registration or registration_state(occurrence)).state
    if state in ("open", "elsewhere"):
        return Badge("ok", "check", _("Open for registration"))
    if state == "waiting":
        return Badge("warn", "clock", _("Waiting list"))
    if state == "closed":
        return Badge("", "x", _("Registration closed"))
    return None


def where_words(occurrence: Occurrence) -> str:
    """ "Örebro and online": the town, short enough for a list."""
    place: Any = occurrence.place
    town = place.city or place.venue_name
    if place.online_url:
        return _("%(town)s and online") % {"town": town} if town else _("online")
    return town


def entry(occurrence: Occurrence, request: HttpRequest | None = None) -> Entry:
    """One line of a list, or a slot of the month's table."""
    page: Any = occurrence.page
    start = local(occurrence, occurrence.starts_at)
    title = text_of(page, "title")
    notes = []
    if occurrence.status == Status.POSTPONED:
        notes.append(_("new date to come"))
    if page.languages_spoken and content_language() not in page.languages_spoken:
        names = ", ".join(spoken_names(page.languages_spoken))
        notes.append(_("in %(language)s") % {"language": names})
    return Entry(
        occurrence=occurrence,
        title=title,
        url=occurrence_url(occurrence, request),
        badge=status_badge(occurrence),
        off=not occurrence.takes_place,
        day=str(start.day),
        month=leaf_month(start),
        when=f"{capfirst(formats.date_format(start, 'l'))} {hours(occurrence)}",
        hours=hours(occurrence),
        where=where_words(occurrence),
        notes=notes,
    )


def occurrence_url(occurrence: Occurrence, request: HttpRequest | None = None) -> str:
    """The page's address; of one date of a series the date's own below it."""
    page: Any = occurrence.page
    url = page.get_url(request) or "/"
    return f"{url}{date_slug(occurrence)}/" if page.is_series else url


def date_slug(occurrence: Occurrence) -> str:
    """What names one date of a series in addresses: the day the schedule gave it, wherever it was moved."""
    return local(occurrence, occurrence.recurrence_id).date().isoformat()
