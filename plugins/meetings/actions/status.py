"""Cancelling, postponing, moving and reinstating: actions, not edits, so that everybody who should know is told.

A change of a series without a named date concerns every date that has not ended yet and of which it can be said.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from directory.models import Place
from plugins.meetings.actions.changes import (
    EDIT,
    REINSTATE,
    Audience,
    audience_of,
    last_change,
    record,
    restore,
    snapshot,
    tell,
)
from plugins.meetings.models import MeetingPage, Occurrence, Status, StatusChange
from plugins.meetings.models.occurrences import VENUE
from search.actions import mark_changed
from torv.languages import LANGUAGES
from torv.plugins import plugins
from torv.plugins.hookspecs import Announcement

PERMISSION = "meetings.change_status"

_FIRST = _("The meeting is cancelled. Reinstate it first.")
#: What cannot be done to a date of which status, and what is said then.
REFUSALS: dict[tuple[str, Any], Any] = {
    ("cancel", Status.CANCELLED): _("The meeting is cancelled already."),
    ("postpone", Status.POSTPONED): _("The meeting is postponed already."),
    ("postpone", Status.CANCELLED): _FIRST,
    ("move", Status.CANCELLED): _FIRST,
    ("reinstate", Status.SCHEDULED): _("The meeting takes place as planned."),
}


@dataclass(frozen=True)
class Outcome:
    """What an action did: the dates it changed, how many people are told, and the news items written along."""

    changes: list[StatusChange]
    audience: Audience
    news: list[str]


def preview_change(*, meeting: MeetingPage, occurrence: Occurrence | None = None) -> Audience:
    """Who would be told of a change: "this goes to 43 people in Danish, Swedish, English"."""
    return audience_of(date for date in _concerned(meeting, occurrence) if not date.is_over)


def refusal(action: str, date: Occurrence) -> Any:
    """Why this cannot be done to the date as it is; "" when it can."""
    if words := REFUSALS.get((action, Status(date.status))):
        return words
    if action == REINSTATE and not date.planned:
        return _("It is not in the schedule of the page any more. Put it back there first.")
    if action == REINSTATE and (last := last_change(date)) and last.action == EDIT:
        return _("It was changed in the page. Change it back there, and everybody is told.")
    return ""


def cancel_meeting(
    *,
    meeting: MeetingPage,
    by: Any,
    reasons: dict[str, str],
    occurrence: Occurrence | None = None,
    also_news: bool = False,
) -> Outcome:
    """Say that a meeting does not take place. Registration closes; the page and its entry in calendars stay, marked.

    Raises PermissionDenied, and ValidationError for a meeting that is cancelled already.
    """

    def change(date: Occurrence) -> None:
        date.status = Status.CANCELLED

    return _change("cancel", change, meeting, occurrence, by, reasons, also_news)


def postpone_meeting(
    *,
    meeting: MeetingPage,
    by: Any,
    reasons: dict[str, str],
    occurrence: Occurrence | None = None,
    also_news: bool = False,
) -> Outcome:
    """Say that a meeting takes place later, at a time that is not known yet. Registrations stay.

    Raises PermissionDenied, and ValidationError for one that is postponed or cancelled already.
    """

    def change(date: Occurrence) -> None:
        date.status = Status.POSTPONED

    return _change("postpone", change, meeting, occurrence, by, reasons, also_news)


def move_meeting(
    *,
    meeting: MeetingPage,
    by: Any,
    reasons: dict[str, str],
    occurrence: Occurrence | None = None,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    venue: Mapping[str, Any] | None = None,
    also_news: bool = False,
) -> Outcome:
    """Give one meeting another time (aware datetimes), another place, or both; the old is kept.

    ``venue`` is the whole new place: keys of ``VENUE``, and `municipality` (a Place). Without one the old counts, where
    the town is the same: by it the meeting is found.

    Raises PermissionDenied, and ValidationError for a change that changes nothing, an end before the start, a start
    that has passed, a place that nobody would find, or a series without a named date.
    """
    dates = _concerned(meeting, occurrence)
    if occurrence is None and len(dates) != 1:
        raise ValidationError(_("Choose which date of the series is moved."))
    place = {name: (venue or {}).get(name, "") for name in VENUE}

    def change(date: Occurrence) -> None:
        start = starts_at or date.starts_at
        end = ends_at or start + (date.ends_at - date.starts_at)
        if end <= start:
            raise ValidationError({"ends_at": _("The meeting ends before it begins.")})
        if starts_at and start < timezone.now():
            raise ValidationError({"starts_at": _("This time has passed.")})
        if meeting.expire_at and meeting.expire_at < end:
            raise ValidationError({"starts_at": _("The page would be gone before the meeting is over.")})
        elsewhere = any(place.values()) and any(getattr(date.place, name) != value for name, value in place.items())
        if (start, end) == (date.starts_at, date.ends_at) and not elsewhere and date.status != Status.POSTPONED:
            raise ValidationError(_("This is when and where the meeting is already."))
        if (start, end) != (date.starts_at, date.ends_at) or date.status == Status.POSTPONED:
            date.previous_starts_at, date.previous_ends_at = date.starts_at, date.ends_at
            date.starts_at, date.ends_at = start, end
        if elsewhere:
            municipality = _municipality(date, place, (venue or {}).get("municipality"))
            date.previous_venue = date.venue
            for name, value in place.items():
                setattr(date, name, value)
            date.municipality = municipality
        date.status = Status.MOVED

    return _change("move", change, meeting, occurrence, by, reasons, also_news)


def _municipality(date: Occurrence, place: Mapping[str, str], chosen: Place | None) -> Place | None:
    """Where a date is found once it is at this place. Raises ValidationError where it would be found no more."""
    before: Any = date.place
    if chosen or not any(place[name] for name in ("venue_name", "street", "city")):
        return chosen
    if before.municipality and place["city"].casefold() != before.city.casefold():
        raise ValidationError(
            {"municipality": _("Choose the municipality of the new place: by it the meeting is found.")}
        )
    return before.municipality


def reinstate_meeting(
    *,
    meeting: MeetingPage,
    by: Any,
    reasons: dict[str, str] | None = None,
    occurrence: Occurrence | None = None,
    also_news: bool = False,
) -> Outcome:
    """Undo the last change of status: the meeting is what it was before it, and everybody is told that it is.

    Raises PermissionDenied, and ValidationError for a meeting that takes place as planned or was moved by an edit.
    """

    def change(date: Occurrence) -> None:
        last = last_change(date)
        if last is None:
            raise ValidationError(REFUSALS["reinstate", Status.SCHEDULED])
        restore(date, last.before)

    return _change(REINSTATE, change, meeting, occurrence, by, reasons or {}, also_news)


# ---- how each of them goes -----------------------------------------------------------------------------------------
@transaction.atomic
def _change(
    action: str,
    change: Callable[[Occurrence], None],
    meeting: MeetingPage,
    occurrence: Occurrence | None,
    by: Any,
    reasons: dict[str, str],
    also_news: bool,
) -> Outcome:
    """Do it to each date, with everything that all four have in common."""
    if not may_change_status(by, meeting):
        raise PermissionDenied(_("You may not change whether meetings take place."))
    reasons = {language: (reasons.get(language) or "").strip()[:2000] for language in LANGUAGES}
    dates = _concerned(meeting, occurrence, lock=True)
    if not dates:
        raise ValidationError(_("No date of this meeting is left to change."))
    possible = [date for date in dates if not refusal(action, date)]
    if not possible:
        raise ValidationError(refusal(action, dates[0]))
    changes = []
    for date in possible:
        before = snapshot(date)
        change(date)
        changes.append(record(date, action, before, by=by, reasons=reasons))
    tell(changes)
    log(instance=meeting, action=f"meetings.{action}", user=by, data={"reasons": reasons, "dates": len(changes)})
    mark_changed(source="meetings", ids=[meeting.pk])
    news = _announce(meeting, action, changes, reasons, by) if also_news else []
    return Outcome(changes, audience_of(change.occurrence for change in changes if change.told), news)


def may_change_status(user: Any, meeting: MeetingPage) -> bool:
    """Whoever may publish the page, and everybody with the permission of its own."""
    return bool(user and (user.has_perm(PERMISSION) or meeting.permissions_for_user(user).can_publish()))


def _concerned(meeting: MeetingPage, occurrence: Occurrence | None, lock: bool = False) -> list[Occurrence]:
    dates = Occurrence.objects.filter(page=meeting, withdrawn=False)
    if lock:
        dates = dates.select_for_update(of=("self",))
    if occurrence is not None:
        dates = dates.filter(pk=occurrence.pk)
    elif meeting.is_series:
        dates = dates.filter(ends_at__gte=timezone.now())
    found = list(dates.order_by("starts_at"))
    for date in found:
        date.page = meeting
    return found


def _announce(
    meeting: MeetingPage, action: str, changes: list[StatusChange], reasons: dict[str, str], by: Any
) -> list[str]:
    from plugins.meetings.wording import happened, headline

    titles = {language: headline(meeting, action, language) for language in LANGUAGES}
    # What has happened comes first: a lead is cut where it is too long.
    leads = {language: f"{happened(action, changes, language)} {reasons[language]}".strip() for language in LANGUAGES}
    announcement = Announcement(titles=titles, leads=leads, about=meeting, by=by)
    return plugins.collect("announce", announcement=announcement)
