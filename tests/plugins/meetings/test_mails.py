"""What each mail says, to whom, in which language, and what it carries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from icalendar import Calendar

from plugins.meetings.actions import (
    cancel_meeting,
    move_meeting,
    postpone_meeting,
    reinstate_meeting,
    withdraw_registration,
)
from plugins.meetings.mails.clock import remind, strike
from plugins.meetings.mails.telling import tell_changes
from plugins.meetings.models import AnonymisationReport, Registration, StatusChange
from tests.factories.meetings import MeetingFactory, RegistrationFactory, in_days
from tests.plugins.meetings.people import drain, open_meeting, somebody
from torv.mail.models import Message
from torv.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db

REASONS = {"da": "På grund af storm.", "sv": "På grund av storm.", "en": "Because of a storm."}


@pytest.fixture
def date(home_page):
    return open_meeting()


def calendars(email) -> list:
    parts = [part for part in email.message().walk() if part.get_content_type() == "text/calendar"]
    return [Calendar.from_ical(part.get_payload(decode=True)) for part in parts]


def event(email):
    [event] = calendars(email)[0].walk("VEVENT")
    return event


def html(email) -> str:
    return next(alternative.content for alternative in email.alternatives if alternative.mimetype == "text/html")


# ---- invitations ----------------------------------------------------------------------------------------------------
def test_registered_carries_a_request_for_this_person(date) -> None:
    somebody(date, email="maria@example.org")
    email = next(email for email in drain() if email.attachments)
    [calendar, file] = calendars(email)
    assert str(calendar["METHOD"]) == str(file["METHOD"]) == "REQUEST"
    assert "maria@example.org" in str(event(email)["ATTENDEE"])
    assert str(event(email)["UID"]).startswith(str(date.page.translation_key))


def test_the_link_to_the_online_meeting_is_for_those_with_a_place(home_page) -> None:
    date = open_meeting(online_url="https://video.example.org/room", capacity=1)
    somebody(date, 1), somebody(date, 2)
    bodies = {email.to[0]: email.body for email in drain() if "confirm/" not in email.body}
    assert "video.example.org" in bodies["person1@example.org"]
    assert "video.example.org" not in bodies["person2@example.org"]


def test_who_waits_gets_no_invitation(home_page) -> None:
    date = open_meeting(capacity=1)
    somebody(date, 1), somebody(date, 2)
    assert not any(email.attachments for email in drain() if email.to == ["person2@example.org"])


def test_who_withdraws_gets_it_taken_out_of_their_calendar(date) -> None:
    person = somebody(date)
    drain()
    withdraw_registration(registration=person)
    [email] = drain()
    assert str(calendars(email)[0]["METHOD"]) == "CANCEL"


# ---- changes --------------------------------------------------------------------------------------------------------
def test_a_cancellation_reaches_everybody_in_their_language(date, admin_user) -> None:
    for number, language in enumerate(("da", "sv", "en")):
        somebody(date, number, language=language)
    invited = {email.to[0]: event(email) for email in drain() if email.attachments}
    cancel_meeting(meeting=date.page, by=admin_user, reasons=REASONS)
    emails = {email.to[0]: email for email in drain()}
    assert len(emails) == 3
    for number, language in enumerate(("da", "sv", "en")):
        email = emails[f"person{number}@example.org"]
        assert email.extra_headers["Content-Language"] == language
        assert REASONS[language] in email.body
        assert REASONS[language] in html(email)
        assert f'lang="{language}"' in html(email)
        cancelled, before = event(email), invited[email.to[0]]
        assert str(calendars(email)[0]["METHOD"]) == "CANCEL"
        assert cancelled["UID"] == before["UID"]
        assert cancelled["SEQUENCE"] > before["SEQUENCE"]
        assert str(cancelled["STATUS"]) == "CANCELLED"
    assert len({email.subject for email in emails.values()}) >= 2


def test_a_change_is_told_once_to_each_however_often_it_is_carried_out(date, admin_user) -> None:
    somebody(date)
    drain()
    cancel_meeting(meeting=date.page, by=admin_user, reasons=REASONS)
    change = StatusChange.objects.get()
    assert [tell_changes([change]) for _ in range(3)] == [1, 0, 0]
    assert len(drain()) == 1


def test_who_withdrew_or_never_confirmed_is_not_told(date, admin_user) -> None:
    withdraw_registration(registration=somebody(date, 1))
    RegistrationFactory(occurrence=date, state="unconfirmed", email="never@example.org")
    drain()
    cancel_meeting(meeting=date.page, by=admin_user, reasons=REASONS)
    assert drain() == []


def test_who_waits_is_told_too(home_page, admin_user) -> None:
    date = open_meeting(capacity=1)
    somebody(date, 1), somebody(date, 2)
    drain()
    cancel_meeting(meeting=date.page, by=admin_user, reasons=REASONS)
    assert sorted((email.to[0], bool(email.attachments)) for email in drain()) == [
        ("person1@example.org", True),
        ("person2@example.org", False),
    ]


def test_what_was_overtaken_by_a_newer_change_is_not_told(date, admin_user) -> None:
    somebody(date)
    drain()
    cancel_meeting(meeting=date.page, by=admin_user, reasons=REASONS)
    reinstate_meeting(meeting=date.page, by=admin_user)
    [email] = drain()
    assert str(event(email)["STATUS"]) == "CONFIRMED"


def test_a_move_says_the_new_time_and_the_old_and_raises_the_sequence(date, admin_user) -> None:
    somebody(date, language="en")
    before = next(email for email in drain() if email.attachments)
    move_meeting(meeting=date.page, by=admin_user, reasons=REASONS, starts_at=date.starts_at + dt.timedelta(days=7))
    [email] = drain()
    assert event(email)["SEQUENCE"] > event(before)["SEQUENCE"]
    assert str(calendars(email)[0]["METHOD"]) == "REQUEST"
    assert "Before:" in email.body
    assert "<s>" in html(email)


def test_a_postponed_meeting_is_tentative(date, admin_user) -> None:
    somebody(date)
    drain()
    postpone_meeting(meeting=date.page, by=admin_user, reasons=REASONS)
    [email] = drain()
    assert str(event(email)["STATUS"]) == "TENTATIVE"


def test_one_date_of_a_series_is_told_to_its_people_only(home_page, admin_user) -> None:
    meeting = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=3", registration="here")
    first, second, _third = meeting.occurrences.all()
    somebody(first, 1), somebody(second, 2)
    drain()
    cancel_meeting(meeting=meeting, occurrence=second, by=admin_user, reasons=REASONS)
    [email] = drain()
    assert email.to == ["person2@example.org"]
    assert event(email)["RECURRENCE-ID"].dt == second.recurrence_id


@pytest.fixture
def three_dates(home_page, admin_user):
    """A series with somebody registered for all its dates, and somebody for one."""
    meeting = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=3", registration="here", title_en="Series")
    for date in meeting.occurrences.all():
        somebody(date, 1, language="en")
    somebody(date, 2)
    drain()
    return meeting


def test_a_series_is_told_in_one_mail_to_each_with_all_their_dates(three_dates, admin_user) -> None:
    outcome = cancel_meeting(meeting=three_dates, by=admin_user, reasons=REASONS)
    assert (outcome.audience.by_language, len(outcome.changes)) == ({"en": 1, "da": 1}, 3)
    emails = {email.to[0]: email for email in drain()}
    assert len(emails) == 2
    dates = list(three_dates.occurrences.all())
    email = emails["person1@example.org"]
    [calendar, _file] = calendars(email)
    assert [event["RECURRENCE-ID"].dt for event in calendar.walk("VEVENT")] == [date.recurrence_id for date in dates]
    assert {str(event["STATUS"]) for event in calendar.walk("VEVENT")} == {"CANCELLED"}
    for text in (email.body, html(email)):
        assert text.count("/go/meetings/registration/") == 3
        assert all(f"{timezone.localtime(date.starts_at):%-d %B %Y}" in text for date in dates)
    assert emails["person2@example.org"].body.count("/go/meetings/registration/") == 1


def test_what_is_told_of_a_series_leaves_out_what_was_overtaken_or_given_up(three_dates, admin_user) -> None:
    cancel_meeting(meeting=three_dates, by=admin_user, reasons=REASONS)
    first, second, _third = three_dates.occurrences.all()
    reinstate_meeting(meeting=three_dates, occurrence=first, by=admin_user)
    withdraw_registration(registration=second.registrations.first())
    told = {str(calendars(email)[0]["METHOD"]): email for email in drain() if email.to == ["person1@example.org"]}
    assert [event["RECURRENCE-ID"].dt for event in calendars(told["REQUEST"])[0].walk("VEVENT")] == [
        first.recurrence_id
    ]


def test_a_series_is_told_once_however_often_it_is_carried_out(three_dates, admin_user) -> None:
    outcome = cancel_meeting(meeting=three_dates, by=admin_user, reasons=REASONS)
    assert tell_changes(outcome.changes) == 2
    withdraw_registration(registration=three_dates.occurrences.first().registrations.first())
    assert tell_changes(StatusChange.objects.all()) == 0


def test_an_edit_of_a_whole_series_is_one_mail_too(three_dates) -> None:
    three_dates.refresh_from_db()
    three_dates.city = "Herning"
    three_dates.save_revision().publish()
    emails = drain()
    assert sorted(email.to[0] for email in emails) == ["person1@example.org", "person2@example.org"]
    assert max(email.body.count("Herning") for email in emails) == 3


def test_the_editors_click_writes_a_constant_number_of_rows(date, admin_user, django_assert_max_num_queries) -> None:
    RegistrationFactory.create_batch(30, occurrence=date)
    with django_assert_max_num_queries(40):
        cancel_meeting(meeting=date.page, by=admin_user, reasons=REASONS)
    assert not Message.objects.exists()


def test_line_breaks_in_titles_and_reasons_add_no_header_and_no_calendar_line(home_page, admin_user) -> None:
    nasty = "Møde\r\nBcc: spy@example.org\r\nATTACH:http://spy.example.org"
    date = open_meeting(title_da=nasty)
    somebody(date, name="Maria\r\nATTENDEE:mailto:spy@example.org")
    cancel_meeting(meeting=date.page, by=admin_user, reasons={"da": "Storm\r\nMETHOD:PUBLISH\r\nEND:VEVENT"})
    for email in drain():
        message = email.message()
        assert message["Bcc"] is None
        assert "\n" not in email.subject
        for calendar in calendars(email):
            assert len(calendar.walk("VEVENT")) == 1
            [found] = calendar.walk("VEVENT")
            assert "ATTACH" not in found
            assert isinstance(found["ATTENDEE"], str), "one attendee"


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_every_mail_has_text_and_html_without_holes(home_page, admin_user, language) -> None:
    date = open_meeting(capacity=1)
    person = somebody(date, 1, language=language)
    somebody(date, 2, language=language)
    withdraw_registration(registration=person)
    meeting = date.page
    for change in (cancel_meeting, reinstate_meeting, postpone_meeting):
        change(meeting=meeting, by=admin_user, reasons=REASONS)
        drain()
    move_meeting(meeting=meeting, by=admin_user, reasons=REASONS, starts_at=date.starts_at + dt.timedelta(days=7))
    from django.core import mail as sent

    drain()
    names = {message.template.rpartition("/")[2] for message in Message.objects.all()}
    assert names >= {"confirm", "registered", "waiting", "promoted", "withdrawn", "cancelled", "postponed", "moved"}
    assert not Message.objects.exclude(state="sent").exists()
    for email in sent.outbox:
        for text in (email.subject, email.body, html(email)):
            assert "None" not in text
            assert "{{" not in text
            assert "%(" not in text
        assert f'<html lang="{language}">' in html(email)
        assert "/go/meetings/registration/" in email.body


# ---- reminders ------------------------------------------------------------------------------------------------------
@pytest.fixture
def soon(home_page):
    """A meeting of tomorrow, with somebody who registered long ago."""
    date = open_meeting(date=in_days(1))
    RegistrationFactory(occurrence=date, email="early@example.org", confirmed_at=timezone.now() - dt.timedelta(days=20))
    return date


def test_a_reminder_is_sent_once_with_a_way_to_have_no_more(soon) -> None:
    assert (remind(), remind()) == (1, 0)
    [email] = drain()
    assert "/go/meetings/reminders/" in email.extra_headers["List-Unsubscribe"]
    assert email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("action", [cancel_meeting, postpone_meeting])
def test_no_reminder_of_a_meeting_that_does_not_take_place(soon, admin_user, action) -> None:
    action(meeting=soon.page, by=admin_user, reasons=REASONS)
    assert remind() == 0


@pytest.mark.parametrize("action", [cancel_meeting, postpone_meeting])
def test_a_reminder_that_waits_is_dropped_when_the_meeting_is_cancelled(soon, admin_user, action) -> None:
    remind()
    action(meeting=soon.page, by=admin_user, reasons=REASONS)
    drain()
    assert Message.objects.get(template="meetings/mail/reminder").state == "dropped"


def test_a_moved_meeting_is_reminded_of_at_its_new_time(soon, admin_user) -> None:
    remind()
    drain()
    move_meeting(meeting=soon.page, by=admin_user, reasons={}, starts_at=soon.starts_at + dt.timedelta(hours=1))
    assert remind() == 1


def test_no_reminder_to_who_wants_none_waits_or_registered_just_now(soon) -> None:
    RegistrationFactory(occurrence=soon, reminders=False, confirmed_at=timezone.now() - dt.timedelta(days=20))
    RegistrationFactory(occurrence=soon, state="waiting", confirmed_at=timezone.now() - dt.timedelta(days=20))
    RegistrationFactory(occurrence=soon)
    assert remind() == 1


def test_the_clock_reminds_forgets_and_winds_itself(soon) -> None:
    strike([])
    assert Message.objects.filter(template="meetings/mail/reminder").exists()
    assert AnonymisationReport.objects.count() == 1
    entry = OutboxEntry.objects.get(topic="meetings.clock")
    assert entry.available_at > timezone.now()
    strike([])
    assert AnonymisationReport.objects.count() == 1


def test_the_clock_stops_when_nobody_is_registered(home_page) -> None:
    strike([])
    assert not Registration.objects.exists()
    assert not OutboxEntry.objects.filter(topic="meetings.clock").exists()
