"""Local times, clock changes and series."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from plugins.meetings.schedule import HORIZON, MOST, instant, pair, parse_exceptions, parse_rule, slots

COPENHAGEN = "Europe/Copenhagen"
TWO_HOURS = dt.timedelta(hours=2)


def local(slot, timezone: str = COPENHAGEN) -> str:
    return slot.starts_at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")


def test_instant_in_summer_and_winter() -> None:
    assert instant(dt.datetime(2020, 3, 31, 10), COPENHAGEN, "f") == dt.datetime(2020, 3, 31, 8, tzinfo=dt.UTC)
    assert instant(dt.datetime(2020, 1, 31, 10), COPENHAGEN, "f") == dt.datetime(2020, 1, 31, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize("night", [dt.datetime(2027, 3, 28, 2, 30), dt.datetime(2027, 10, 31, 2, 30)])
def test_instant_refuses_a_time_on_the_night_of_a_clock_change(night: dt.datetime) -> None:
    with pytest.raises(ValidationError) as error:
        instant(night, COPENHAGEN, "start_time")
    assert "start_time" in error.value.message_dict


def test_slots_of_a_single_meeting() -> None:
    (slot,) = slots(dt.datetime(2027, 3, 31, 10), TWO_HOURS, COPENHAGEN)
    assert (local(slot), slot.ends_at - slot.starts_at) == ("2027-03-31 10:00", TWO_HOURS)


def test_slots_of_a_series_keep_the_local_time_over_a_clock_change() -> None:
    found = slots(dt.datetime(2027, 3, 23, 13), TWO_HOURS, "Europe/Stockholm", "FREQ=WEEKLY;COUNT=2")
    assert [local(slot, "Europe/Stockholm") for slot in found] == ["2027-03-23 13:00", "2027-03-30 13:00"]


def test_slots_leave_out_exceptions() -> None:
    found = slots(dt.datetime(2027, 1, 5, 9), TWO_HOURS, COPENHAGEN, "FREQ=WEEKLY;COUNT=3", "2027-01-12\n")
    assert [local(slot)[:10] for slot in found] == ["2027-01-05", "2027-01-19"]


def test_slots_until_the_last_day_inclusive() -> None:
    found = slots(dt.datetime(2027, 1, 5, 9), TWO_HOURS, COPENHAGEN, "FREQ=WEEKLY;UNTIL=20270119T000000Z")
    assert len(found) == 2
    assert len(slots(dt.datetime(2027, 1, 5, 9), TWO_HOURS, COPENHAGEN, "FREQ=WEEKLY;UNTIL=20270119")) == 3


def test_slots_of_an_endless_series_are_limited() -> None:
    assert len(slots(dt.datetime(2027, 1, 5, 9), TWO_HOURS, COPENHAGEN, "FREQ=DAILY")) == MOST


def test_slots_of_a_long_series_go_on_as_time_passes() -> None:
    start, now = dt.datetime(2027, 1, 5, 9), dt.datetime(2032, 1, 5, 12, tzinfo=dt.UTC)
    found = slots(start, TWO_HOURS, COPENHAGEN, "FREQ=WEEKLY;COUNT=600", now=now)
    assert now < found[-1].starts_at <= now + HORIZON
    assert len([slot for slot in found if slot.starts_at < now]) == 261
    later = slots(start, TWO_HOURS, COPENHAGEN, "FREQ=WEEKLY;COUNT=600", now=now + 5 * HORIZON)
    assert local(later[-1]) == "2038-06-29 09:00"


def test_slots_end_by_the_clock_on_the_wall_over_a_clock_change() -> None:
    (slot,) = slots(dt.datetime(2027, 3, 27, 10), dt.timedelta(hours=28), COPENHAGEN)
    assert f"{slot.ends_at.astimezone(ZoneInfo(COPENHAGEN)):%H:%M}" == "14:00"


def test_slots_in_a_gap_do_not_end_before_they_begin() -> None:
    start, length = dt.datetime(2027, 3, 21, 2, 30), dt.timedelta(minutes=30)
    found = slots(start, length, COPENHAGEN, "FREQ=WEEKLY;COUNT=2")
    assert [(local(slot), slot.ends_at - slot.starts_at) for slot in found] == [
        ("2027-03-21 02:30", length),
        ("2027-03-28 03:30", length),
    ]


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;UNTIL=20200101"])
def test_parse_rule_refuses_what_never_takes_place(rule: str) -> None:
    with pytest.raises(ValidationError) as error:
        parse_rule(rule, dt.datetime(2027, 1, 5, 9), COPENHAGEN)
    assert "recurrence" in error.value.message_dict


def test_parse_exceptions_refuses_what_is_no_date() -> None:
    with pytest.raises(ValidationError):
        parse_exceptions("2027-01-05\nnext tuesday")


def test_parse_exceptions_refuses_years_without_meetings() -> None:
    with pytest.raises(ValidationError) as error:
        parse_exceptions("0001-01-01")
    assert "exception_dates" in error.value.message_dict


# ---- which date of an edited schedule is which ----------------------------------------------------------------------
def days(*texts: str, hour: int = 9) -> list[dt.datetime]:
    return [dt.datetime.fromisoformat(f"2027-{text}").replace(hour=hour, tzinfo=dt.UTC) for text in texts]


TUESDAYS = days("01-05", "01-12", "01-19")


def test_pair_of_the_same_schedule_is_each_with_itself() -> None:
    assert pair(TUESDAYS, TUESDAYS, COPENHAGEN) == {start: start for start in TUESDAYS}


def test_pair_of_another_hour_is_by_the_day() -> None:
    later = days("01-05", "01-12", "01-19", "01-26", hour=15)
    assert pair(TUESDAYS, later, COPENHAGEN) == dict(zip(later, TUESDAYS, strict=False))


def test_pair_of_another_weekday_is_in_order() -> None:
    wednesdays = days("01-06", "01-13", "01-20")
    assert pair(TUESDAYS, wednesdays, COPENHAGEN) == dict(zip(wednesdays, TUESDAYS, strict=True))


def test_pair_makes_no_partners_of_dates_that_are_far_apart() -> None:
    assert pair(TUESDAYS, days("01-12", "01-19", "01-26"), COPENHAGEN) == {start: start for start in TUESDAYS[1:]}


def test_pair_of_fewer_dates_leaves_the_others_out() -> None:
    assert pair(TUESDAYS, TUESDAYS[:2], COPENHAGEN) == {start: start for start in TUESDAYS[:2]}


moments = st.lists(
    st.datetimes(min_value=dt.datetime(2027, 1, 1), max_value=dt.datetime(2027, 3, 1), timezones=st.just(dt.UTC)),
    max_size=6,
    unique=True,
).map(sorted)


@given(moments, moments)
def test_pair_gives_no_date_twice(before, after) -> None:
    found = pair(before, after, COPENHAGEN)
    assert set(found) <= set(after)
    assert set(found.values()) <= set(before)
    assert len(set(found.values())) == len(found)
    assert all(found[start] == start for start in set(before) & set(after))
