"""Recurrence rules, read strictly, and their days: the same as another library's."""

import contextlib
import datetime as dt
from itertools import islice

import pytest
from dateutil import rrule
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.meetings.recurrence import WEEKDAYS, parse

COPENHAGEN = "Europe/Copenhagen"
START = dt.datetime(2027, 1, 5, 9)
LAST = dt.date(2100, 12, 31)

REFUSED = [
    "",
    ";",
    "every tuesday",
    "COUNT=4",
    "FREQ=",
    "FREQ=NEVER",
    "FREQ=HOURLY;COUNT=3",
    "FREQ=WEEKLY;",
    "FREQ=WEEKLY;FREQ=DAILY",
    "FREQ=WEEKLY\nDTSTART:20200101T000000",
    "FREQ=WEEKLY;INTERVAL=0",
    "FREQ=WEEKLY;INTERVAL=-1",
    "FREQ=WEEKLY;INTERVAL=1000",
    "FREQ=WEEKLY;INTERVAL=٣",
    "FREQ=WEEKLY;COUNT=0",
    "FREQ=WEEKLY;COUNT=-3",
    "FREQ=WEEKLY;COUNT=1_0",
    "FREQ=WEEKLY;COUNT=99999999999",
    "FREQ=WEEKLY;COUNT=4;UNTIL=20270601",
    "FREQ=WEEKLY;UNTIL=2027-06-15",
    "FREQ=WEEKLY;UNTIL=20270615T",
    "FREQ=WEEKLY;UNTIL=20270615T10",
    "FREQ=WEEKLY;UNTIL=20270615T1000",
    "FREQ=WEEKLY;UNTIL=20271315",
    "FREQ=WEEKLY;UNTIL=20270615T250000Z",
    "FREQ=WEEKLY;UNTIL=20270615T100000+0200",
    "FREQ=WEEKLY;UNTIL=june",
    "FREQ=WEEKLY;UNTIL=99991231T235959Z",
    "FREQ=WEEKLY;BYDAY=",
    "FREQ=WEEKLY;BYDAY=TI",
    "FREQ=WEEKLY;BYDAY=TU(+1)",
    "FREQ=WEEKLY;BYDAY=1TU",
    "FREQ=MONTHLY;BYDAY=0TU",
    "FREQ=MONTHLY;BYDAY=6TU",
    "FREQ=MONTHLY;BYDAY=TU,2WE",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=20MO",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
    "FREQ=MONTHLY;BYMONTHDAY=0",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=WEEKLY;BYMONTHDAY=1",
    "FREQ=YEARLY;BYMONTH=-1",
    "FREQ=YEARLY;BYMONTH=13",
    "FREQ=MONTHLY;BYWEEKNO=3",
    "FREQ=MONTHLY;BYYEARDAY=3",
    "FREQ=MONTHLY;BYSETPOS=1",
    "FREQ=YEARLY;BYEASTER=0",
    "FREQ=DAILY;BYHOUR=9,15",
    "FREQ=DAILY;BYSECOND=0",
    "FREQ=WEEKLY;WKST=XX",
    "FREQ=WEEKLY;X-OWN=1",
]


@pytest.mark.parametrize("text", REFUSED)
def test_parse_refuses_at_the_field(text: str) -> None:
    with pytest.raises(ValidationError) as error:
        parse(text, COPENHAGEN)
    assert list(error.value.message_dict) == ["recurrence"]


@given(st.text(max_size=60))
def test_parse_of_any_text_answers_or_refuses(text: str) -> None:
    with contextlib.suppress(ValidationError):
        parse(f"FREQ=WEEKLY;{text}", COPENHAGEN)


def days(text: str, start: dt.datetime = START, number: int = 6) -> list[str]:
    found = parse(text, COPENHAGEN).starts(start, LAST)
    return [f"{moment:%Y-%m-%d}" for moment in islice(found, number)]


@pytest.mark.parametrize(
    ("until", "number"),
    [
        ("20270119", 3),
        ("20270119T090000", 3),
        ("20270119T085959", 2),
        ("20270119T080000Z", 3),  # nine o'clock in Copenhagen
        ("20270119T075959Z", 2),
        ("20270104", 0),
    ],
)
def test_until_is_still_in_the_series(until: str, number: int) -> None:
    assert len(days(f"FREQ=WEEKLY;UNTIL={until}")) == number


def test_what_the_rule_does_not_say_the_first_day_says() -> None:
    assert days("FREQ=WEEKLY", number=2) == ["2027-01-05", "2027-01-12"]
    assert days("FREQ=MONTHLY", START.replace(day=31), 2) == ["2027-01-31", "2027-03-31"]
    assert days("FREQ=YEARLY", number=2) == ["2027-01-05", "2028-01-05"]
    assert days("FREQ=YEARLY;BYWEEKNO=20", number=1) == ["2027-05-18"]


def test_a_leap_day_comes_in_leap_years() -> None:
    assert days("FREQ=YEARLY", dt.datetime(2028, 2, 29, 9), 2) == ["2028-02-29", "2032-02-29"]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=999;BYYEARDAY=366",
        "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2",
    ],
)
def test_a_rule_that_never_takes_place_comes_to_an_end(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("rrule:freq=weekly; count = 4", "FREQ=WEEKLY;COUNT=4"),
        ("FREQ=WEEKLY;UNTIL=20270615", "FREQ=WEEKLY;UNTIL=20270615T215959Z"),
        ("FREQ=WEEKLY;UNTIL=20270115T100000", "FREQ=WEEKLY;UNTIL=20270115T090000Z"),
        ("FREQ=WEEKLY;UNTIL=20270115T100000Z", "FREQ=WEEKLY;UNTIL=20270115T100000Z"),
        ("BYDAY=+2TU,-1FR;INTERVAL=1;FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=2TU,-1FR"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;WKST=SU", "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU;WKST=SU"),
    ],
)
def test_text_is_as_calendars_want_it(written: str, told: str) -> None:
    assert parse(written, COPENHAGEN).text(COPENHAGEN) == told


# ---- the other library's days ---------------------------------------------------------------------------------------
def numbers(largest: int, smallest: int = 1):
    found = st.lists(st.integers(smallest, largest).filter(bool), min_size=1, max_size=3, unique=True)
    return found.map(lambda values: ",".join(map(str, values)))


@st.composite
def rules(draw) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    found = {"FREQ": frequency, "INTERVAL": draw(st.integers(1, 3))}
    chosen = draw(st.sets(st.sampled_from(["BYMONTH", "BYMONTHDAY", "BYDAY", "BYWEEKNO", "BYYEARDAY", "BYSETPOS"])))
    if frequency != "YEARLY":
        chosen -= {"BYWEEKNO", "BYYEARDAY"}
    if frequency == "WEEKLY":
        chosen.discard("BYMONTHDAY")
    if "BYWEEKNO" in chosen:
        chosen.add("BYDAY")
    # Of the days before the first in its week the other library knows nothing.
    if frequency in ("DAILY", "WEEKLY") or chosen == {"BYSETPOS"}:
        chosen.discard("BYSETPOS")
    most = {"MONTHLY": 5, "YEARLY": 5 if "BYMONTH" in chosen else 53}.get(frequency, 0)
    nth = st.integers(-most, most).filter(bool) if most and "BYWEEKNO" not in chosen and draw(st.booleans()) else None
    values = {
        "BYMONTH": numbers(12),
        "BYMONTHDAY": numbers(31, -31),
        "BYYEARDAY": numbers(366, -366),
        "BYWEEKNO": numbers(53, -53),
        "BYSETPOS": numbers(5, -5),
        "BYDAY": st.lists(
            st.tuples(st.just("") if nth is None else nth, st.sampled_from(WEEKDAYS)), min_size=1, max_size=3
        ).map(lambda pairs: ",".join(f"{number}{day}" for number, day in pairs)),
    }
    found |= {name: draw(values[name]) for name in sorted(chosen)}
    found["WKST"] = draw(st.sampled_from(WEEKDAYS))
    return ";".join(f"{name}={value}" for name, value in found.items())


@settings(max_examples=100, deadline=None)
@given(rules(), st.dates(dt.date(2020, 1, 1), dt.date(2029, 12, 31)))
def test_starts_are_those_of_another_library(text: str, day: dt.date) -> None:
    start = dt.datetime.combine(day, dt.time(9))
    ours = list(parse(text, COPENHAGEN).starts(start, day + dt.timedelta(days=1500)))
    # No further: what never takes place again, the other library looks for until the year 9999.
    assert ours == list(islice(rrule.rrulestr(text, dtstart=start), len(ours)))
