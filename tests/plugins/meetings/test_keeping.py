"""What people wait for is neither deleted nor unpublished, however it is tried."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import APIToken

from plugins.meetings.actions import cancel_meeting, move_meeting, postpone_meeting
from plugins.meetings.models import CalendarPage, MeetingPage, Occurrence, Registration
from tests.factories.meetings import MeetingFactory, RegistrationFactory, calendar, in_days
from tests.plugins.meetings.people import drain, open_meeting, somebody
from torv.mail.models import Message
from torv.protection import Protected

pytestmark = pytest.mark.django_db

FEED = "/da/moeder/kalender.ics"


@pytest.fixture
def date(home_page) -> Occurrence:
    """A date that somebody is coming to."""
    date = open_meeting()
    somebody(date)
    return date


@pytest.fixture
def editor(client, admin_user):
    client.force_login(admin_user)
    return client


@pytest.fixture
def program(client, admin_user):
    _token, key = APIToken.create_token(user=admin_user, name="test")
    return lambda method, path: getattr(client, method)(
        f"/api/v3/pages/{path}", headers={"Authorization": f"Bearer {key}"}, content_type="application/json"
    )


def bulk(action: str, *pages: Any) -> str:
    query = "&".join(f"id={page.pk}" for page in pages)
    return reverse("wagtail_bulk_action", args=["home", "page", action]) + f"?{query}"


def said(response: Any) -> str:
    return " ".join(map(str, get_messages(response.wsgi_request)))


# ---- how it is tried ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("view", "action"), [("delete", "delete"), ("unpublish", "unpublish")])
def test_an_editor_is_told_who_would_never_hear_of_it_and_what_to_do(date, editor, view, action) -> None:
    page = MeetingPage.objects.get()
    for address in (reverse(f"wagtailadmin_pages:{view}", args=[page.pk]), bulk(action, page)):
        response = editor.post(address)
        assert response.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
        assert "1 person er tilmeldt »Sociale indkøb" in said(response)
        assert reverse("meetings_status", args=[page.pk]) in said(response)
        editor.get("/cms/")  # which shows the message and forgets it
    assert MeetingPage.objects.get().live
    assert Registration.objects.get().state == "confirmed"


def test_it_is_said_before_the_editor_is_asked_to_confirm_a_deletion(date, editor) -> None:
    response = editor.get(reverse("wagtailadmin_pages:delete", args=[date.page.pk]))
    assert (response.status_code, "1 person" in said(response)) == (302, True)


@pytest.mark.parametrize("above", [CalendarPage, None])
def test_what_stands_above_it_stays_too(date, editor, home_page, above) -> None:
    page = calendar() if above else home_page
    assert "1 person" in said(editor.post(reverse("wagtailadmin_pages:delete", args=[page.pk])))
    editor.get("/cms/")
    address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    assert "1 person" in said(editor.post(address, {"include_descendants": "on"}))
    page.refresh_from_db()
    assert (page.live, MeetingPage.objects.get().live) == (True, True)


def test_the_calendar_with_the_feeds_stays_public(date) -> None:
    with pytest.raises(Protected):
        CalendarPage.objects.get().unpublish()
    assert CalendarPage.objects.get().live


def test_a_program_is_told_in_the_same_words(date, program) -> None:
    pk = date.page.pk
    for method, path in (("delete", f"{pk}/"), ("post", f"{pk}/actions/unpublish/")):
        answer = program(method, path)
        assert answer.status_code == 422
        assert "Sociale indkøb" in answer.json()["errors"][0]["msg"]
    assert MeetingPage.objects.get().live


def test_code_is_told_too(date) -> None:
    for attempt in (date.page.delete, date.page.unpublish, calendar().delete):
        with pytest.raises(Protected):
            attempt()
    with pytest.raises(CommandError, match="Sociale indkøb"):
        call_command("plugin_remove", "meetings", yes=True, verbosity=0)
    assert Registration.objects.count() == 1


# ---- what is waited for ---------------------------------------------------------------------------------------------
def test_those_on_the_waiting_list_and_those_who_wait_for_a_new_date_wait_too(home_page, admin_user) -> None:
    full = MeetingFactory()
    RegistrationFactory(occurrence=full.occurrences.get(), state="waiting")
    postponed = MeetingFactory()
    RegistrationFactory(occurrence=postponed.occurrences.get())
    postpone_meeting(meeting=postponed, by=admin_user, reasons={})
    past = {"starts_at": timezone.now() - dt.timedelta(days=9), "ends_at": timezone.now() - dt.timedelta(days=9)}
    postponed.occurrences.update(**past)
    for meeting in (full, postponed):
        with pytest.raises(Protected):
            meeting.delete()


def test_a_cancelled_meeting_stays_until_its_day_is_over(date, admin_user, editor, client) -> None:
    cancel_meeting(meeting=date.page, by=admin_user, reasons={})
    response = editor.post(reverse("wagtailadmin_pages:unpublish", args=[date.page.pk]))
    assert "er aflyst" in said(response)
    assert reverse("meetings_status", args=[date.page.pk]) not in said(response)
    assert b"STATUS:CANCELLED" in client.get(FEED).content
    now = timezone.now()
    Occurrence.objects.update(starts_at=now - dt.timedelta(hours=3), ends_at=now - dt.timedelta(minutes=1))
    date.page.refresh_from_db()
    date.page.unpublish()
    assert not MeetingPage.objects.get().live


def test_a_meeting_that_nobody_waits_for_goes(home_page) -> None:
    unknown, held = MeetingFactory(), MeetingFactory(date=in_days(-3))
    RegistrationFactory(occurrence=held.occurrences.get())
    RegistrationFactory(occurrence=unknown.occurrences.get(), state="withdrawn")
    for meeting in (unknown, held):
        meeting.unpublish()
        MeetingPage.objects.get(pk=meeting.pk).delete()
    assert not MeetingPage.objects.exists()


def test_who_goes_with_it_is_forgotten_in_the_mails_too(date) -> None:
    drain()
    assert Message.objects.exclude(to="").exists()
    now = timezone.now()
    Occurrence.objects.update(starts_at=now - dt.timedelta(hours=3), ends_at=now - dt.timedelta(minutes=1))
    date.page.delete()
    assert not Registration.objects.exists()
    assert not Message.objects.exclude(to="").exists()


# ---- by its schedule ------------------------------------------------------------------------------------------------
def test_a_page_is_not_to_expire_before_its_meeting(home_page) -> None:
    meeting = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=3")
    meeting.expire_at = timezone.now() + dt.timedelta(days=40)
    with pytest.raises(ValidationError) as error:
        meeting.full_clean()
    assert "expire_at" in error.value.message_dict
    meeting.expire_at = timezone.now() + dt.timedelta(days=60)
    meeting.full_clean()


def test_a_meeting_is_not_moved_to_after_its_page_expires(home_page, admin_user) -> None:
    meeting = MeetingFactory(expire_at=timezone.now() + dt.timedelta(days=40))
    with pytest.raises(ValidationError):
        move_meeting(meeting=meeting, by=admin_user, reasons={}, starts_at=timezone.now() + dt.timedelta(days=50))


def test_a_page_that_expires_goes_without_an_error(date) -> None:
    MeetingPage.objects.update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    assert (MeetingPage.objects.get().live, MeetingPage.objects.get().expired) == (False, True)
