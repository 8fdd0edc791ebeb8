"""When a meeting takes place: local times, time zones and the dates of a series. Pure functions, no database."""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from plugins.meetings import recurrence as rules

#: How far ahead of today a series is spelled out, and in how many dates: the rest follows as time passes.
HORIZON = dt.timedelta(days=3 * 366)
MOST = 400
#: Years in which meetings are: further away no clock's rules are known, and arithmetic ends.
FIRST_YEAR, LAST_YEAR = 1990, 2100


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


def parse_rule(text: str, start: dt.datetime, timezone: str) -> rules.Rule:
    """A recurrence rule such as ``FREQ=MONTHLY;BYDAY=2TU;COUNT=4``. ``start`` is local and naive.

    Raises ValidationError for what is no rule, repeats more often than daily, or never takes place.
    """
    rule = rules.parse(text, timezone)
    first_start(rule, start)
    return rule


def first_start(rule: rules.Rule, start: dt.datetime) -> dt.datetime:
    """The first start of a series by its rule: `start` itself, where that is one. Raises ValidationError for none."""
    first = next(rule.starts(start, _no_later(start + HORIZON)), None)
    if first is None:
        raise ValidationError({"recurrence": _("By this rule the meeting never takes place.")})
    return first


def parse_exceptions(text: str) -> set[dt.date]:
    """The days on which a series does not meet, one ISO date on each line. Raises ValidationError."""
    days = set()
    for line in text.splitlines():
        if line.strip():
            try:
                day = dt.date.fromisoformat(line.strip())
            except ValueError as error:
                message = _("“%(line)s” is no date. Write it like 2027-03-31, one on each line.")
                raise ValidationError(
                    {"exception_dates": ValidationError(message, params={"line": line[:40]})}
                ) from error
            check_year(day, "exception_dates")
            days.add(day)
    return days


def slots(
    start: dt.datetime,
    length: dt.timedelta,
    timezone: str,
    recurrence: str = "",
    exceptions: str = "",
    *,
    now: dt.datetime | None = None,
) -> list[Slot]:
    """Every meeting of a schedule, in order: one, or those of the series. ``start`` is local and naive.

    A series is spelled out as far as ``HORIZON`` from `now` (or its start) and in ``MOST`` dates from then on, with as
    many before: later, more of it is.
    """
    zone = ZoneInfo(timezone)
    starts = [start]
    if recurrence.strip():
        rule, left_out = parse_rule(recurrence, start, timezone), parse_exceptions(exceptions)
        today = now.astimezone(zone).replace(tzinfo=None) if now else start
        found = [s for s in rule.starts(start, _no_later(max(start, today) + HORIZON)) if s.date() not in left_out]
        coming = bisect_left(found, today)
        starts = found[max(0, coming - MOST) : coming + MOST]
    return [_slot(local, length, zone) for local in starts]


def pair(before: Sequence[dt.datetime], after: Sequence[dt.datetime], timezone: str) -> dict[dt.datetime, dt.datetime]:
    """Which date of an edited schedule is which date of the old one: new start -> old start. Both in order.

    What starts when it did is itself; then what is alone on its day. Of the rest each is the next in order, if as many
    are left as there were, as far ahead as there were any, and none has gone as far as to its neighbour: a series that
    meets on Wednesdays instead of Tuesdays. What is left over is new, or no longer in the schedule.
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
    new = [start for start in new if old and start < old[-1] + nearest]
    if len(old) == len(new) and all(abs(a - b) < nearest for a, b in zip(old, new, strict=True)):
        found |= dict(zip(new, old, strict=True))
    return found


def _slot(local: dt.datetime, length: dt.timedelta, zone: ZoneInfo) -> Slot:
    """It ends by the clock on the wall. In a gap the zone's earlier offset counts, as calendar programs do it."""
    begin, end = _utc(local, zone), _utc(local + length, zone)
    return Slot(begin, begin, end if end > begin else begin + length)


def _utc(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return local.replace(tzinfo=zone).astimezone(dt.UTC)


def _no_later(moment: dt.datetime) -> dt.date:
    return min(moment.date(), dt.date(LAST_YEAR, 12, 31))
