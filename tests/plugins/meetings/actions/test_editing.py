"""An editor changes a published meeting by editing its page: who is told, and what becomes of its dates."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageLogEntry

from plugins.meetings.actions import (
    cancel_meeting,
    move_meeting,
    postpone_meeting,
    reinstate_meeting,
)
from plugins.meetings.models import MeetingPage, Occurrence, StatusChange
from tests.factories.meetings import MeetingFactory, RegistrationFactory, in_days
from tests.plugins.meetings.people import drain, open_meeting, somebody
from torv.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db


def publish(page, **values) -> None:
    """As an editor does it: a draft from what is there, and published."""
    page = MeetingPage.objects.get(pk=page.pk)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def event(email):
    [part, *_] = [part for part in email.message().walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    [found] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), found


@pytest.fixture
def date(home_page):
    """A meeting that somebody has registered for, with their mails sent."""
    date = open_meeting()
    somebody(date, 1)
    drain()
    return date


@pytest.fixture
def series(home_page):
    """Three Tuesdays or whatever day it is, with one person for each."""
    page = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=3", registration="here", title_en="Series")
    for number, date in enumerate(page.occurrences.all()):
        somebody(date, number)
    drain()
    return page


# ---- who is told ----------------------------------------------------------------------------------------------------
def test_another_date_is_told_to_everybody_in_their_language_with_the_same_uid(home_page) -> None:
    date = open_meeting(capacity=3)
    for number, language in enumerate(("da", "sv", "en", "da")):
        somebody(date, number, language=language)
    invited = {email.to[0]: event(email)[1] for email in drain() if email.attachments}
    publish(date.page, date=in_days(40))
    emails = {email.to[0]: email for email in drain()}
    assert len(emails) == 4, "who waits is told too"
    for number, language in enumerate(("da", "sv", "en")):
        email, before = emails[f"person{number}@example.org"], invited[f"person{number}@example.org"]
        method, now = event(email)
        assert email.extra_headers["Content-Language"] == language
        assert (method, str(now["STATUS"]), now["UID"]) == ("REQUEST", "CONFIRMED", before["UID"])
        assert now["SEQUENCE"] > before["SEQUENCE"]
        assert timezone.localtime(now["DTSTART"].dt).date() == in_days(40)


@pytest.mark.parametrize(
    "values",
    [
        {"start_time": dt.time(11)},
        {"end_time": dt.time(15)},
        {"venue_name": "Rådhuset"},
        {"city": "Herning"},
        {"online_url": "https://video.example.org/room"},
    ],
)
def test_another_time_or_place_is_told_once(date, values) -> None:
    publish(date.page, **values)
    publish(date.page)
    assert [email.to for email in drain()] == [["person1@example.org"]]
    assert StatusChange.objects.get().told == 1


@pytest.mark.parametrize(
    "values",
    [
        {"title_da": "Nyt navn"},
        {"introduction_da": "Ny tekst"},
        {"capacity": 50},
        {"timezone": "Europe/Stockholm"},
        {"organiser": "Andre"},
    ],
)
def test_of_other_edits_nobody_is_told(date, values) -> None:
    publish(date.page, **values)
    assert drain() == []
    assert not StatusChange.objects.exists()


def test_each_edit_is_told_by_itself(date) -> None:
    publish(date.page, city="Herning")
    assert len(drain()) == 1
    publish(date.page, city="Skive")
    assert len(drain()) == 1


def test_of_two_edits_at_once_the_second_is_told(date) -> None:
    publish(date.page, city="Herning")
    publish(date.page, city="Skive")
    [email] = drain()
    assert "Skive" in email.body


def test_the_mail_says_what_it_was_before(date) -> None:
    publish(date.page, venue_name="Rådhuset", city="Herning")
    [email] = drain()
    assert "Rådhuset, Herning" in email.body
    assert "Opdigtet Hus, Skjern" in email.body


def test_who_never_confirmed_or_withdrew_is_not_told(date) -> None:
    RegistrationFactory(occurrence=date, state="unconfirmed", email="never@example.org")
    RegistrationFactory(occurrence=date, state="withdrawn", email="gone@example.org")
    publish(date.page, city="Herning")
    assert [email.to for email in drain()] == [["person1@example.org"]]


def test_a_draft_tells_nobody(date) -> None:
    page = MeetingPage.objects.get(pk=date.page.pk)
    page.city = "Herning"
    page.save_revision()
    assert drain() == []
    assert date.page.occurrences.get().planned["city"] == "Skjern"


def test_what_cannot_be_told_is_not_published_either(date, monkeypatch) -> None:
    def fail(**kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("plugins.meetings.actions.changes.outbox.enqueue", fail)
    with pytest.raises(RuntimeError):
        publish(date.page, city="Herning")
    assert MeetingPage.objects.get(pk=date.page.pk).city == "Skjern"
    assert not StatusChange.objects.exists()


def test_the_click_writes_one_entry_however_many_are_told(date) -> None:
    RegistrationFactory.create_batch(20, occurrence=date)
    publish(date.page, city="Herning")
    assert OutboxEntry.objects.filter(topic="meetings.tell", state="pending").count() == 1
    assert StatusChange.objects.get().told == 21


# ---- what is noted --------------------------------------------------------------------------------------------------
def test_it_is_audited_with_who_published_it(date, admin_user) -> None:
    page = MeetingPage.objects.get(pk=date.page.pk)
    page.date = in_days(40)
    page.save_revision(user=admin_user).publish(user=admin_user)
    change = StatusChange.objects.get()
    assert (change.action, change.by, change.before["status"], change.after["status"]) == (
        "edit", admin_user, "scheduled", "moved",
    )  # fmt: skip
    assert PageLogEntry.objects.filter(page=page.pk, action="meetings.edit", user=admin_user).exists()


def test_the_old_time_and_place_are_kept(date) -> None:
    publish(date.page, date=in_days(40), city="Herning")
    after = date.page.occurrences.get()
    assert (after.status, after.previous_starts_at, after.previous_venue) == (
        "moved", date.starts_at, "Opdigtet Hus, Skjern",
    )  # fmt: skip


def test_another_link_alone_is_no_move(date) -> None:
    publish(date.page, online_url="https://video.example.org/room")
    after = date.page.occurrences.get()
    assert (after.status, after.previous_venue) == ("scheduled", "")


def test_what_nobody_has_registered_for_is_corrected_in_silence(home_page) -> None:
    page = MeetingFactory()
    publish(page, date=in_days(40))
    after = page.occurrences.get()
    assert (after.status, after.previous_starts_at, after.sequence) == ("scheduled", None, 1)


def test_editing_it_back_takes_the_move_back(date) -> None:
    publish(date.page, date=in_days(40))
    publish(date.page, date=in_days(30))
    after = date.page.occurrences.get()
    assert (after.status, after.previous_starts_at, after.starts_at) == ("scheduled", None, date.starts_at)
    [email] = drain()
    assert str(event(email)[1]["STATUS"]) == "CONFIRMED"


def test_what_was_moved_by_an_edit_is_not_reinstated_by_the_action(date, admin_user) -> None:
    publish(date.page, date=in_days(40))
    with pytest.raises(ValidationError):
        reinstate_meeting(meeting=date.page, by=admin_user)


def test_cancelling_after_an_edit_is_taken_back_to_the_edit(date, admin_user) -> None:
    publish(date.page, date=in_days(40))
    cancel_meeting(meeting=date.page, by=admin_user, reasons={})
    reinstate_meeting(meeting=date.page, by=admin_user)
    after = date.page.occurrences.get()
    assert (after.status, timezone.localtime(after.starts_at).date()) == ("moved", in_days(40))


# ---- after an action ------------------------------------------------------------------------------------------------
def test_an_edit_of_a_cancelled_meeting_tells_nobody(date, admin_user) -> None:
    cancel_meeting(meeting=date.page, by=admin_user, reasons={})
    drain()
    publish(date.page, date=in_days(40))
    assert drain() == []
    assert date.page.occurrences.get().status == "cancelled"


def test_what_is_reinstated_after_an_edit_has_the_time_of_the_edit(date, admin_user) -> None:
    cancel_meeting(meeting=date.page, by=admin_user, reasons={})
    publish(date.page, date=in_days(40), end_time=dt.time(16))
    reinstate_meeting(meeting=date.page, by=admin_user)
    after = date.page.occurrences.get()
    assert (after.status, timezone.localtime(after.starts_at).date()) == ("scheduled", in_days(40))
    assert after.ends_at - after.starts_at == dt.timedelta(hours=6)


def test_a_new_date_for_a_postponed_meeting_is_its_move(date, admin_user) -> None:
    postpone_meeting(meeting=date.page, by=admin_user, reasons={})
    drain()
    publish(date.page, city="Herning")
    assert (drain(), date.page.occurrences.get().status) == ([], "postponed")
    publish(date.page, date=in_days(60))
    assert (len(drain()), date.page.occurrences.get().status) == (1, "moved")


def test_a_time_that_an_action_gave_survives_edits_of_the_place(date, admin_user) -> None:
    new = date.starts_at + dt.timedelta(days=7)
    move_meeting(meeting=date.page, by=admin_user, reasons={}, starts_at=new, ends_at=new + dt.timedelta(hours=1))
    drain()
    publish(date.page, city="Herning")
    after = date.page.occurrences.get()
    assert (after.starts_at, after.ends_at - after.starts_at, len(drain())) == (new, dt.timedelta(hours=1), 1)


def test_an_edit_of_the_date_counts_more_than_an_older_move(date, admin_user) -> None:
    move_meeting(meeting=date.page, by=admin_user, reasons={}, starts_at=date.starts_at + dt.timedelta(days=7))
    publish(date.page, date=in_days(50))
    assert timezone.localtime(date.page.occurrences.get().starts_at).date() == in_days(50)


def test_an_own_place_is_not_touched_by_the_pages(date, admin_user) -> None:
    move_meeting(meeting=date.page, by=admin_user, reasons={}, venue={"venue_name": "Rådhuset", "city": "Herning"})
    drain()
    publish(date.page, city="Skive")
    assert (drain(), date.page.occurrences.get().venue) == ([], "Rådhuset, Herning")


# ---- what has been held ---------------------------------------------------------------------------------------------
def held() -> Occurrence:
    """A meeting of last week, to which somebody came."""
    date = open_meeting(date=in_days(-7))
    RegistrationFactory(occurrence=date)
    return date


def test_a_page_used_again_is_another_meeting_for_those_who_came(home_page) -> None:
    date = held()
    publish(date.page, date=in_days(30))
    old, new = date.page.occurrences.order_by("starts_at")
    assert (old.pk, old.registrations.count(), new.registrations.count(), drain()) == (date.pk, 1, 0, [])
    publish(date.page, date=in_days(31))
    assert date.page.occurrences.count() == 2


def test_the_date_of_what_was_held_can_be_corrected(home_page) -> None:
    date = held()
    publish(date.page, date=in_days(-8))
    assert (date.page.occurrences.get().pk, drain()) == (date.pk, [])


# ---- series ---------------------------------------------------------------------------------------------------------
def test_another_hour_of_a_series_is_told_to_all_and_their_calendars_know_which_date(series) -> None:
    before = {date.pk: date.recurrence_id for date in series.occurrences.all()}
    publish(series, start_time=dt.time(11), end_time=dt.time(15))
    assert {date.pk for date in series.occurrences.all()} == set(before)
    emails = drain()
    assert len(emails) == 3
    named = {event(email)[1]["RECURRENCE-ID"].dt for email in emails}
    assert named == set(before.values()), "by the name under which they were invited"
    assert all(event(email)[1]["DTSTART"].dt.hour == 11 for email in emails)


def test_another_weekday_of_a_series_takes_its_people_along(series) -> None:
    publish(series, date=series.date + dt.timedelta(days=1))
    assert series.occurrences.count() == 3
    assert len(drain()) == 3
    assert not series.occurrences.exclude(status="moved").exists()


def test_the_address_in_an_older_mail_still_leads_to_the_date(series, client) -> None:
    old = f"{series.get_url()}{series.date.isoformat()}/"
    publish(series, date=series.date + dt.timedelta(days=1))
    response = client.get(old)
    assert response.status_code == 200
    assert response.context["occurrence"].pk == series.occurrences.order_by("starts_at").first().pk
    assert response.context["canonical"].endswith(f"/{series.date + dt.timedelta(days=1)}/")


def test_a_date_left_out_that_somebody_is_registered_for_is_cancelled(series) -> None:
    second = series.occurrences.all()[1]
    publish(series, exception_dates=timezone.localtime(second.starts_at).date().isoformat())
    second.refresh_from_db()
    assert (second.status, second.withdrawn) == ("cancelled", False)
    [email] = drain()
    method, cancelled = event(email)
    assert (email.to, method, str(cancelled["STATUS"])) == (["person1@example.org"], "CANCEL", "CANCELLED")
    publish(series, city="Herning")
    assert sorted(email.to[0] for email in drain()) == ["person0@example.org", "person2@example.org"]


def test_a_date_left_out_that_nobody_is_registered_for_is_withdrawn(home_page) -> None:
    page = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=3")
    publish(page, recurrence="FREQ=WEEKLY;COUNT=2")
    assert [date.withdrawn for date in page.occurrences.all()] == [False, False, True]
    assert not StatusChange.objects.exists()


def test_a_date_put_back_takes_place_again(series) -> None:
    second = series.occurrences.all()[1]
    publish(series, exception_dates=timezone.localtime(second.starts_at).date().isoformat())
    drain()
    publish(series, exception_dates="")
    second.refresh_from_db()
    assert second.status == "scheduled"
    [email] = drain()
    assert (event(email)[0], str(event(email)[1]["STATUS"])) == ("REQUEST", "CONFIRMED")


def test_a_date_left_out_is_put_back_in_the_schedule_only(series, admin_user) -> None:
    second = series.occurrences.all()[1]
    publish(series, exception_dates=timezone.localtime(second.starts_at).date().isoformat())
    with pytest.raises(ValidationError):
        reinstate_meeting(meeting=series, occurrence=second, by=admin_user)


def test_a_date_cancelled_by_an_action_stays_cancelled_when_it_is_put_back(series, admin_user) -> None:
    second = series.occurrences.all()[1]
    cancel_meeting(meeting=series, occurrence=second, by=admin_user, reasons={})
    drain()
    day = timezone.localtime(second.starts_at).date().isoformat()
    publish(series, exception_dates=day)
    publish(series, exception_dates="")
    second.refresh_from_db()
    assert (second.status, drain()) == ("cancelled", [])


def test_a_date_that_an_action_moved_keeps_its_time_when_the_series_changes(series, admin_user) -> None:
    second = series.occurrences.all()[1]
    new = second.starts_at + dt.timedelta(days=2)
    move_meeting(meeting=series, occurrence=second, by=admin_user, reasons={}, starts_at=new)
    drain()
    publish(series, start_time=dt.time(11))
    second.refresh_from_db()
    assert second.starts_at == new
    assert sorted(email.to[0] for email in drain()) == ["person0@example.org", "person2@example.org"]
