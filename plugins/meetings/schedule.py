"""When a meeting takes place: local times, time zones and recurrence (RFC 5545). Pure functions, no database."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from dateutil import rrule
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: How far ahead a series without an end is spelled out, and how many meetings a series may have.
HORIZON = dt.timedelta(days=3 * 366)
MOST = 200
#: Years in which meetings are: further away no clock's rules are known, and arithmetic ends.
FIRST_YEAR, LAST_YEAR = 1990, 2100

FREQUENCIES = {rrule.YEARLY, rrule.MONTHLY, rrule.WEEKLY, rrule.DAILY}


@dataclass(frozen=True)
class Slot:
    """One meeting of a series: its identity (the start that the rule gives it, in UTC), start and end."""

    recurrence_id: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime


def check_year(day: dt.date, field: str) -> None:
    """Raises ValidationError for a day that is no year's of a meeting."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = _("Choose a day between %(first)s and %(last)s.")
        params = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise ValidationError({field: ValidationError(message, params=params)})


def instant(local: dt.datetime, timezone: str, field: str) -> dt.datetime:
    """The moment of a local time. Raises ValidationError for one that does not exist, or exists twice.

    Both happen on the nights when clocks change: nobody could tell when such a meeting starts. So it does for years
    that are no meeting's.
    """
    check_year(local, field)
    zone = ZoneInfo(timezone)
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    back = first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None)
    if back != local:
        raise ValidationError({field: _("Clocks go forward that night: this time does not exist. Choose another.")})
    if first.utcoffset() != second.utcoffset():
        raise ValidationError({field: _("Clocks go back that night: this time comes twice. Choose another.")})
    return first.astimezone(dt.UTC)


def parse_rule(text: str, start: dt.datetime) -> rrule.rrule:
    """A recurrence rule such as ``FREQ=MONTHLY;BYDAY=2TU;COUNT=4``. ``start`` is local and naive.

    Raises ValidationError for what is no rule, repeats more often than daily, or never takes place.
    """
    problem = _("This is no recurrence rule that can be read: %(reason)s.")
    rule_text = text.strip().removeprefix("RRULE:")
    if "\n" in rule_text or "\r" in rule_text:
        raise ValidationError({"recurrence": _("Give one rule, on one line.")})
    try:
        # An UNTIL in UTC belongs to a start in UTC; our start is local, and so is the last day.
        rule = rrule.rrulestr(_local_until(rule_text), dtstart=start)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ValidationError({"recurrence": ValidationError(problem, params={"reason": str(error)[:120]})}) from error
    if not isinstance(rule, rrule.rrule) or rule._freq not in FREQUENCIES:  # type: ignore[attr-defined]
        raise ValidationError({"recurrence": _("A series repeats daily, weekly, monthly or yearly.")})
    if next(iter(_limited(rule)), None) is None:
        raise ValidationError({"recurrence": _("By this rule the meeting never takes place.")})
    return rule


def parse_exceptions(text: str) -> set[dt.date]:
    """The days on which a series does not meet, one ISO date on each line. Raises ValidationError."""
    days = set()
    for line in text.splitlines():
        if line.strip():
            try:
                days.add(dt.date.fromisoformat(line.strip()))
            except ValueError as error:
                message = _("“%(line)s” is no date. Write it like 2027-03-31, one on each line.")
                raise ValidationError(
                    {"exception_dates": ValidationError(message, params={"line": line[:40]})}
                ) from error
    return days


def slots(
    start: dt.datetime, length: dt.timedelta, timezone: str, recurrence: str = "", exceptions: str = ""
) -> list[Slot]:
    """Every meeting of a schedule, in order: one, or those of the series. ``start`` is local and naive."""
    starts = [start]
    if recurrence.strip():
        left_out = parse_exceptions(exceptions)
        starts = [s for s in _limited(parse_rule(recurrence, start)) if s.date() not in left_out]
    zone = ZoneInfo(timezone)
    found = []
    for local in starts:
        # In a gap the zone's earlier offset counts, as RFC 5545 (3.3.5) says for what a rule produces.
        begin = local.replace(tzinfo=zone).astimezone(dt.UTC)
        found.append(Slot(begin, begin, begin + length))
    return found


def pair(before: Sequence[dt.datetime], after: Sequence[dt.datetime], timezone: str) -> dict[dt.datetime, dt.datetime]:
    """Which date of an edited schedule is which date of the old one: new start -> old start. Both in order.

    What starts when it did is itself; then what is alone on its day. Of the rest each is the next in order, if as many
    are left as there were and none has gone as far as to its neighbour: a series that meets on Wednesdays instead of
    Tuesdays. What is left over is new, or no longer in the schedule.
    """
    found = {start: start for start in after if start in set(before)}

    def left() -> tuple[list[dt.datetime], list[dt.datetime]]:
        taken = set(found.values())
        return [start for start in before if start not in taken], [start for start in after if start not in found]

    days: dict[dt.date, tuple[list[dt.datetime], list[dt.datetime]]] = defaultdict(lambda: ([], []))
    zone = ZoneInfo(timezone)
    for side, starts in enumerate(left()):
        for start in starts:
            days[start.astimezone(zone).date()][side].append(start)
    found |= {new[0]: old[0] for old, new in days.values() if len(old) == len(new) == 1}
    old, new = left()
    nearest = min((second - first for first, second in pairwise(before)), default=dt.timedelta(days=7))
    if len(old) == len(new) and all(abs(a - b) < nearest for a, b in zip(old, new, strict=True)):
        found |= dict(zip(new, old, strict=True))
    return found


def _limited(rule: rrule.rrule) -> list[dt.datetime]:
    start = rule._dtstart  # type: ignore[attr-defined]
    found: list[dt.datetime] = []
    for moment in rule.xafter(start, inc=True):
        if moment > start + HORIZON or len(found) == MOST:
            break
        found.append(moment)
    return found


def _local_until(rule: str) -> str:
    parts = []
    for part in rule.split(";"):
        name, _equals, value = part.partition("=")
        if name.strip().upper() == "UNTIL":
            value = value.rstrip("Zz")
            value = f"{value}T235959" if len(value) == 8 else value
        parts.append(f"{name}={value}" if _equals else part)
    return ";".join(parts)
