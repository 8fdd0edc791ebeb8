"""What an editor may not write into a meeting: each is said at its field, and nothing breaks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from plugins.meetings.models import MeetingPage
from tests.factories.meetings import MeetingFactory, in_days
from tests.plugins.meetings.test_admin_views import publish_in_the_editor, soup_of

pytestmark = pytest.mark.django_db

# Of the day on which this is read: midnight may pass before the tests run.
DAY = in_days(30)
AFTERWARDS = dt.datetime.combine(DAY + dt.timedelta(days=2), dt.time(12), ZoneInfo("Europe/Copenhagen"))
WRONG = [
    ({"end_time": dt.time(9)}, "end_time"),
    ({"end_time": dt.time(10)}, "end_time"),
    ({"date": DAY, "end_date": DAY - dt.timedelta(days=1)}, "end_time"),
    ({"date": DAY, "end_date": DAY + dt.timedelta(days=40)}, "end_date"),
    ({"registration_deadline": AFTERWARDS}, "registration_deadline"),
    ({"registration_deadline": dt.datetime(1, 1, 2, tzinfo=dt.UTC)}, "registration_deadline"),
    ({"recurrence": "every tuesday"}, "recurrence"),
    ({"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "recurrence"),
    ({"date": DAY, "recurrence": "FREQ=WEEKLY;COUNT=1", "exception_dates": DAY.isoformat()}, "recurrence"),
    ({"recurrence": "FREQ=WEEKLY;INTERVAL=0"}, "recurrence"),
    ({"recurrence": "FREQ=WEEKLY\r\nATTENDEE:mailto:a@example.org"}, "recurrence"),
    ({"recurrence": "FREQ=WEEKLY;COUNT=2", "exception_dates": "next tuesday"}, "exception_dates"),
    ({"date": dt.date(2027, 3, 28), "start_time": dt.time(2, 30)}, "start_time"),
    ({"date": dt.date(2027, 10, 31), "start_time": dt.time(2, 30)}, "start_time"),
    ({"date": dt.date(2027, 10, 30), "end_date": dt.date(2027, 10, 31), "end_time": dt.time(2, 30)}, "end_time"),
    ({"date": dt.date(1, 1, 1)}, "start_time"),
    ({"date": dt.date(9999, 12, 31), "recurrence": "FREQ=WEEKLY"}, "start_time"),
    ({"venue_name": "", "city": ""}, "venue_name"),
    ({"registration": "elsewhere"}, "registration_url"),
    ({"online_url": "javascript:alert(1)"}, "online_url"),
    ({"capacity": 0}, "capacity"),
]


@pytest.mark.parametrize(("values", "field"), WRONG)
def test_what_makes_no_sense_is_refused_at_its_field(meeting, values, field) -> None:
    for name, value in values.items():
        setattr(meeting, name, value)
    with pytest.raises(ValidationError) as error:
        meeting.full_clean()
    assert field in error.value.message_dict


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"end_time": "09:00"}, "end_time"),
        ({"registration_deadline": f"{in_days(31)} 12:00"}, "registration_deadline"),
        ({"recurrence": "FREQ=NEVER"}, "recurrence"),
        ({"date": "2027-10-31", "start_time": "02:30"}, "start_time"),
        ({"date": "0001-01-01"}, "start_time"),
        ({"date": "9999-12-31", "recurrence": "FREQ=DAILY"}, "start_time"),
    ],
)
def test_the_editor_shows_what_is_wrong_and_publishes_nothing(client, admin_user, meeting, values, field) -> None:
    client.force_login(admin_user)
    before = meeting.occurrences.get()
    response = publish_in_the_editor(client, meeting, **values)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert soup_of(response).select(f"#panel-child-shared-errors, [id$='{field}-errors'], .error-message")
    assert MeetingPage.objects.get(pk=meeting.pk).date == meeting.date
    assert meeting.occurrences.get().starts_at == before.starts_at


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;UNTIL=2027-06-15"])
def test_a_draft_has_no_rule_that_cannot_be_read_either(client, admin_user, meeting, rule) -> None:
    client.force_login(admin_user)
    response = publish_in_the_editor(client, meeting, recurrence=rule, action="draft")
    assert "recurrence" in response.context["form"].errors


def test_line_breaks_in_a_title_break_nothing(client, admin_user, meeting) -> None:
    client.force_login(admin_user)
    response = publish_in_the_editor(client, meeting, title_da="Møde\r\nEND:VEVENT\r\nX-EVIL:1")
    assert response.status_code == 200
    assert client.get(meeting.get_url()).status_code == 200
    lines = client.get("/da/moeder/kalender.ics").content.decode().split("\r\n")
    assert not any(line.startswith("X-EVIL") for line in lines)
    assert lines.count("END:VEVENT") == 1


def test_moving_to_a_year_that_nobody_lives_to_see_is_refused(client, admin_user, meeting) -> None:
    client.force_login(admin_user)
    for day in ("0001-01-01", "9999-12-31"):
        url = reverse("meetings_change", args=[meeting.pk, "move"])
        response = client.post(url, {"new_date": day, "start_time": "00:00", "confirm": "yes"})
        assert response.status_code == 422
        assert "start_time" in response.context["form"].errors


@pytest.mark.parametrize("slug", ["tidligere", "tidigare", "past"])
def test_no_meeting_has_the_address_of_the_past_ones(home_page, slug) -> None:
    with pytest.raises(ValidationError) as error:
        MeetingFactory(slug_en=slug)
    assert "slug_en" in error.value.message_dict
    assert MeetingFactory(title_da=slug, slug="").slug == f"{slug}-2"
