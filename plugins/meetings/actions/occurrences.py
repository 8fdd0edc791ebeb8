"""Keeping the meeting dates in step with the schedule that editors publish, and telling people what an edit changes."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from plugins.meetings import schedule
from plugins.meetings.actions.changes import (
    EDIT,
    REINSTATE,
    REMOVE,
    announced,
    audience_of,
    last_change,
    moment,
    note_change,
    record,
    restore,
    snapshot,
    tell,
)
from plugins.meetings.models import MeetingPage, Occurrence, Status, StatusChange
from plugins.meetings.models.occurrences import VENUE, series_goes_on
from plugins.meetings.presenting import local


@transaction.atomic
def synchronise_occurrences(*, page: MeetingPage, by: Any = None) -> list[StatusChange]:
    """Bring a published page's meeting dates in line with its schedule and its place. Returns what people are told.

    Whoever is registered for a date that has another time or place now, or is in the schedule no longer, is told so,
    once. A date that is taken out stays: as cancelled if somebody is registered for it, else withdrawn, so that
    subscribed calendars learn of it. What was cancelled, postponed or moved by an action stays so.
    """
    known = list(page.occurrences.select_for_update().order_by("recurrence_id"))
    for date in known:
        date.page = page
    told: list[StatusChange | None] = []
    kept = set()
    for date, slot in _paired(page, known, page.slots):
        if date is None:
            note_change(_new_date(page, slot))
        else:
            kept.add(date.pk)
            told.append(_keep(date, slot, by))
    told += [_leave_out(date, by) for date in known if date.pk not in kept and date.planned and not date.is_over]
    changes = [change for change in told if change]
    tell(changes)
    if changes:
        people = audience_of(change.occurrence for change in changes if change.told).total
        data = {"dates": len(changes), "told": people}
        log(instance=page, action="meetings.edit", user=by, data=data)
    return changes


@transaction.atomic
def extend_series(*, page: MeetingPage) -> int:
    """Spell a published series out as far as is due by now. Returns how many dates are new.

    Nothing else about it changes: not its other dates, and nothing that calendars have been told.
    """
    known = list(page.occurrences.select_for_update())
    if not known or not page.is_series or not series_goes_on(known):
        return 0
    last, changed_at = (max(getattr(date, name) for date in known) for name in ("recurrence_id", "changed_at"))
    new = [slot for slot in page.slots if slot.recurrence_id > last]
    for slot in new:
        note_change(_new_date(page, slot), at=changed_at)
    return len(new)


# ---- which date is which --------------------------------------------------------------------------------------------
def _paired(
    page: MeetingPage, known: list[Occurrence], slots: list[schedule.Slot]
) -> list[tuple[Occurrence | None, schedule.Slot]]:
    by_identity = {date.recurrence_id: date for date in known}
    if not page.is_series and len(slots) == 1:
        # The one meeting stays itself when its date is corrected; one that was held is not the next one.
        there = [date for date in known if date.planned and not _was_held(date, slots[0])]
        if len(there) == 1:
            return [(there[0], slots[0])]
    excepted = schedule.parse_exceptions(page.exception_dates)
    there = [
        date
        for date in known
        if date.planned and not date.is_over and local(date, date.recurrence_id).date() not in excepted
    ]
    there_before = [date.recurrence_id for date in there]
    elsewhere = by_identity.keys() - set(there_before)
    if known and page.is_series:
        # An edit makes no dates in the past: what was held was held by the schedule of that time.
        now = timezone.now()
        slots = [slot for slot in slots if slot.ends_at > now or slot.recurrence_id in by_identity]
        if not series_goes_on(known):
            last = max(by_identity)
            slots = [slot for slot in slots if slot.recurrence_id <= last]
    starts = [slot.recurrence_id for slot in slots if slot.recurrence_id not in elsewhere]
    old = schedule.pair(there_before, starts, page.timezone)
    return [(by_identity.get(old.get(slot.recurrence_id, slot.recurrence_id)), slot) for slot in slots]


def _new_date(page: MeetingPage, slot: schedule.Slot) -> Occurrence:
    return Occurrence(
        page=page, recurrence_id=slot.recurrence_id, starts_at=slot.starts_at, ends_at=slot.ends_at,
        planned=_plan(page, slot),
    )  # fmt: skip


def _was_held(date: Occurrence, slot: schedule.Slot) -> bool:
    over = date.has_ended and date.takes_place and slot.ends_at > timezone.now()
    return over and date.registrations.exists()  # type: ignore[attr-defined]


# ---- what becomes of a date -----------------------------------------------------------------------------------------
def _keep(date: Occurrence, slot: schedule.Slot, by: Any) -> StatusChange | None:
    """Let a date follow its slot. Returns the change that people are told, if it is one."""
    before = snapshot(date)
    is_over = date.is_over
    _follow(date, slot)
    if not before["planned"] and date.status == Status.CANCELLED:
        last = last_change(date)
        if last and last.action == REMOVE:
            restore(date, last.before)
            return record(date, REINSTATE, before, by=by)
    if not is_over and (action := _meaning(date, before)):
        return record(date, action, before, by=by)
    if not note_change(date) and snapshot(date) != before:
        date.save()
    return None


def _follow(date: Occurrence, slot: schedule.Slot) -> None:
    page: Any = date.page
    # What an action has moved has a time of its own; in a series it keeps that, whatever becomes of the others.
    own_time = bool(date.planned) and (
        date.starts_at != date.recurrence_id or date.ends_at.isoformat() != date.planned["ends_at"]
    )
    renamed = date.recurrence_id != slot.recurrence_id
    if not own_time or (renamed and not page.is_series):
        date.starts_at, date.ends_at = slot.starts_at, slot.ends_at
    if renamed and page.is_series:
        date.invited_as = date.invited_as or date.recurrence_id
    date.recurrence_id = slot.recurrence_id
    date.planned = _plan(page, slot)
    date.withdrawn = False


def _plan(page: Any, slot: schedule.Slot) -> dict[str, str]:
    return {"ends_at": slot.ends_at.isoformat(), **{name: getattr(page, name) for name in VENUE}}


def _meaning(date: Occurrence, before: dict[str, Any]) -> str:
    """What an edit is to those who are registered: EDIT for another time or place, REINSTATE for the old ones again, ""
    for nothing. The date takes on the status that goes with it."""
    was, now = announced(before), announced(snapshot(date))
    if was == now or date.status == Status.CANCELLED or date.has_ended:
        return ""
    if date.status == Status.POSTPONED:
        if was.when == now.when:
            return ""
    elif not audience_of([date]).total:
        return ""  # nobody knows of the old one: a correction
    last = last_change(date)
    if last and last.action == EDIT and announced(last.before) == now:
        restore(date, last.before)
        return REINSTATE
    if was.when != now.when:
        date.previous_starts_at, date.previous_ends_at = (moment(text) for text in was.when)
    if was.where != now.where:
        date.previous_venue = was.where
    if was.when != now.when or was.where != now.where:
        date.status = Status.MOVED
    return EDIT


def _leave_out(date: Occurrence, by: Any) -> StatusChange | None:
    """Take a date out of the schedule."""
    before = snapshot(date)
    date.planned = {}
    if not audience_of([date]).total:
        date.withdrawn = True
    elif date.status != Status.CANCELLED:
        date.status = Status.CANCELLED
        return record(date, REMOVE, before, by=by)
    if not note_change(date):
        date.save()
    return None
