"""Recurrence rules (RFC 5545, 3.3.10), read strictly: what is accepted here, every calendar program reads alike.

Series are of days: a meeting's hours stand in its own fields. The days are walked through one period after the other up
to a last day, so that no rule, whatever it says, takes longer than the years between.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
#: The largest number of times, and of periods between two, that anybody means.
MOST_COUNT, MOST_INTERVAL = 9999, 999
#: Lists of numbers: the largest of each, and whether it may count from the end (-1 is the last).
NUMBERS = {
    "BYMONTH": (12, False),
    "BYMONTHDAY": (31, True),
    "BYYEARDAY": (366, True),
    "BYWEEKNO": (53, True),
    "BYSETPOS": (366, True),
}
#: Parts that say nothing with some frequencies, or for which calendar programs disagree.
ONLY_WITH = {
    "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
    "BYYEARDAY": ("YEARLY",),
    "BYWEEKNO": ("YEARLY",),
}
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER, _SIGNED = (re.compile(sign + r"\d{1,4}", re.ASCII) for sign in ("", "[+-]?"))


@dataclass(frozen=True)
class Rule:
    """A rule that can be followed. ``until`` is local and naive, and itself still in the series."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: dt.datetime | None = None
    week_start: int = 0
    weekdays: Sequence[tuple[int, int]] = ()
    """(0, 1): Tuesdays. (-1, 4): the last Friday."""
    numbers: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """By the names of ``NUMBERS``, those that the rule has."""

    def text(self, timezone: str) -> str:
        """The rule as calendars want it: the end of one that starts in a time zone is given in UTC."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.count:
            parts.append(f"COUNT={self.count}")
        if self.until:
            parts.append(f"UNTIL={self.until.replace(tzinfo=ZoneInfo(timezone)).astimezone(dt.UTC):%Y%m%dT%H%M%SZ}")
        parts += [f"{name}={','.join(map(str, values))}" for name, values in self.numbers.items()]
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in self.weekdays))
        if self.week_start:
            parts.append(f"WKST={WEEKDAYS[self.week_start]}")
        return ";".join(parts)

    def starts(self, start: dt.datetime, last: dt.date) -> Iterator[dt.datetime]:
        """The starts of a series that begins at `start` (local, naive), in order, none after the day `last`."""
        fits = self._fits(start.date())
        left = self.count
        for first, days in self._periods(start.date()):
            if first > last or left == 0:
                return
            found = [day for day in range(days) if fits(first + day * DAY)]
            for number in self._chosen(found):
                moment = dt.datetime.combine(first + number * DAY, start.time())
                if moment < start:
                    continue
                if moment.date() > last or left == 0 or (self.until and moment > self.until):
                    return
                yield moment
                left = left and left - 1

    def _chosen(self, found: list[int]) -> list[int]:
        if not (positions := self.numbers.get("BYSETPOS")):
            return found
        size = len(found)
        places = {position - 1 if position > 0 else size + position for position in positions}
        return [found[place] for place in sorted(places) if 0 <= place < size]

    def _periods(self, start: dt.date) -> Iterator[tuple[dt.date, int]]:
        """(first day, number of days) of each period in which the series may meet."""
        if self.frequency == "DAILY":
            first, step, days = start, self.interval * DAY, 1
        elif self.frequency == "WEEKLY":
            first, step, days = self._week_of(start), self.interval * WEEK, 7
        else:
            yield from self._months(start)
            return
        while True:
            yield first, days
            first += step

    def _months(self, start: dt.date) -> Iterator[tuple[dt.date, int]]:
        length = 12 if self.frequency == "YEARLY" else 1
        month = start.year * 12 + (start.month - 1 if length == 1 else 0)
        while True:
            first, after = (dt.date(number // 12, number % 12 + 1, 1) for number in (month, month + length))
            yield first, (after - first).days
            month += length * self.interval

    def _week_of(self, day: dt.date) -> dt.date:
        return day - (day.weekday() - self.week_start) % 7 * DAY

    # ---- which days -------------------------------------------------------------------------------------------------
    def _fits(self, start: dt.date) -> Callable[[dt.date], bool]:
        """Whether a day is one of the series. What the rule does not say, the first day says."""
        weekdays, numbers = self.weekdays, dict(self.numbers)
        if not weekdays and not numbers.keys() & {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}:
            if self.frequency == "WEEKLY":
                weekdays = ((0, start.weekday()),)
            elif self.frequency in ("MONTHLY", "YEARLY"):
                numbers["BYMONTHDAY"] = (start.day,)
                if self.frequency == "YEARLY":
                    numbers.setdefault("BYMONTH", (start.month,))
        elif not weekdays and "BYWEEKNO" in numbers and not numbers.keys() & {"BYMONTHDAY", "BYYEARDAY"}:
            weekdays = ((0, start.weekday()),)
        tests: list[Callable[[dt.date], bool]] = []
        if months := numbers.get("BYMONTH"):
            tests.append(lambda day: day.month in months)
        if monthdays := numbers.get("BYMONTHDAY"):
            tests.append(lambda day: _is_among(monthdays, *_in_month(day)))
        if yeardays := numbers.get("BYYEARDAY"):
            tests.append(lambda day: _is_among(yeardays, *_in_year(day)))
        if weeks := numbers.get("BYWEEKNO"):
            tests.append(lambda day: _is_among(weeks, *self._week_in_year(day)))
        if weekdays:
            whole = _in_year if self.frequency == "YEARLY" and not months else _in_month
            tests.append(lambda day: _is_weekday(weekdays, day, whole))
        return lambda day: all(test(day) for test in tests)

    def _week_in_year(self, day: dt.date) -> tuple[int, int]:
        """The number of a day's week, and of its year's last: week 1 is the first with four days or more."""
        middle = self._week_of(day) + 3 * DAY
        number = (_in_year(middle)[0] - 1) // 7 + 1
        last = middle + (dt.date(middle.year, 12, 31) - middle).days // 7 * WEEK
        return number, (_in_year(last)[0] - 1) // 7 + 1


def _in_month(day: dt.date) -> tuple[int, int]:
    """Which day of how many."""
    following = (day.replace(day=28) + 4 * DAY).replace(day=1)
    return day.day, (following - DAY).day


def _in_year(day: dt.date) -> tuple[int, int]:
    return day.timetuple().tm_yday, dt.date(day.year, 12, 31).timetuple().tm_yday


def _is_among(numbers: Sequence[int], number: int, last: int) -> bool:
    return number in numbers or number - last - 1 in numbers


def _is_weekday(weekdays: Sequence[tuple[int, int]], day: dt.date, whole: Callable[[dt.date], tuple[int, int]]) -> bool:
    if (0, day.weekday()) in weekdays:
        return True
    number, last = whole(day)
    return ((number - 1) // 7 + 1, day.weekday()) in weekdays or (
        -((last - number) // 7 + 1), day.weekday()
    ) in weekdays  # fmt: skip


# ---- reading --------------------------------------------------------------------------------------------------------
def parse(text: str, timezone: str) -> Rule:
    """A rule such as ``FREQ=MONTHLY;BYDAY=2TU;COUNT=4``. ``timezone``: where its meetings are.

    Raises ValidationError, with `recurrence` as its field, for what is no rule or none of a series of meetings.
    """
    parts = _parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        raise _refused(_("A series repeats daily, weekly, monthly or yearly: begin with FREQ=WEEKLY, for example."))
    if "COUNT" in parts and "UNTIL" in parts:
        raise _refused(_("Give COUNT or UNTIL, not both: a series ends in one way."))
    facts: dict[str, Any] = {"frequency": frequency, "numbers": {}}
    for name, value in parts.items():
        if frequency not in ONLY_WITH.get(name, FREQUENCIES):
            raise _refused(_("%(part)s does not go with FREQ=%(frequency)s."), part=name, frequency=frequency)
        if name == "INTERVAL":
            facts["interval"] = _whole(name, value, MOST_INTERVAL)
        elif name == "COUNT":
            facts["count"] = _whole(name, value, MOST_COUNT)
        elif name == "UNTIL":
            facts["until"] = _until(value, timezone)
        elif name == "WKST":
            facts["week_start"] = WEEKDAYS.index(value) if value in WEEKDAYS else _no_value(name, value)
        elif name == "BYDAY":
            facts["weekdays"] = _weekdays(value, _most_weekdays(frequency, parts))
        elif name in NUMBERS:
            largest, from_the_end = NUMBERS[name]
            facts["numbers"][name] = tuple(_whole(name, one, largest, from_the_end) for one in value.split(","))
        else:
            raise _refused(_("“%(part)s” cannot stand in the rule of a series."), part=name[:40])
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise _refused(_("BYSETPOS chooses among days: say among which, by BYDAY for example."))
    return Rule(**facts)


def _parts(text: str) -> dict[str, str]:
    """Name -> value, in capital letters, in the order of the text."""
    if len(text.strip().splitlines()) > 1:
        raise _refused(_("Give one rule, on one line."))
    found: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, equals, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if not (name and equals and value):
            raise _refused(
                _("“%(part)s” is no part of a rule: write it like FREQ=WEEKLY;COUNT=4."), part=part.strip()[:40]
            )
        if name in found:
            raise _refused(_("%(part)s stands there twice."), part=name[:40])
        found[name] = value
    return found


def _whole(name: str, value: str, largest: int, from_the_end: bool = False) -> int:
    number = int(value) if (_SIGNED if from_the_end else _NUMBER).fullmatch(value) else 0
    if not 1 <= (abs(number) if from_the_end else number) <= largest:
        _no_value(name, value)
    return number


def _most_weekdays(frequency: str, parts: Mapping[str, str]) -> int:
    """How many Tuesdays there are at the most in what a numbered one is counted in; 0 where none is counted."""
    if frequency == "YEARLY" and "BYWEEKNO" not in parts:
        return 5 if "BYMONTH" in parts else 53
    return 5 if frequency == "MONTHLY" else 0


def _weekdays(value: str, most: int) -> tuple[tuple[int, int], ...]:
    found = []
    for one in value.split(","):
        match = _WEEKDAY.fullmatch(one)
        if not match or (match[1] and not 1 <= abs(int(match[1])) <= most):
            _no_value("BYDAY", one)
        else:
            found.append((int(match[1] or 0), WEEKDAYS.index(match[2])))
    if len({nth == 0 for nth, _day in found}) > 1:
        raise _refused(_("Give all weekdays in BYDAY with a number, or none."))
    return tuple(found)


def _until(value: str, timezone: str) -> dt.datetime:
    """The last moment, on the clocks of the meeting: of the whole day where only that is given."""
    match = _UNTIL.fullmatch(value)
    try:
        moment = dt.datetime.strptime(f"{match[1]}{match[2] or '235959'}", "%Y%m%d%H%M%S") if match else None
        if moment and match and match[3]:
            moment = moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        moment = None
    return moment or _no_value("UNTIL", value)


def _no_value(name: str, value: str) -> Any:
    raise _refused(_("“%(value)s” is no value for %(part)s."), part=name, value=value[:40])


def _refused(message: Any, **params: str) -> ValidationError:
    return ValidationError({"recurrence": ValidationError(message, params=params)})
