"""People are forgotten in time, and the report proves it."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from plugins.meetings.actions import anonymise_registrations
from plugins.meetings.actions.registrations import with_personal_data
from plugins.meetings.models import AnonymisationReport, Occurrence, Registration
from tests.factories.meetings import RegistrationFactory
from tests.plugins.meetings.people import drain, open_meeting, somebody
from torv.mail.models import Message

pytestmark = pytest.mark.django_db

State = Registration.State


@pytest.fixture
def date(home_page, settings):
    settings.TORV_MEETINGS_KEEP_DAYS, settings.TORV_MEETINGS_KEEP_NEEDS_DAYS = 180, 30
    return open_meeting()


def held(date, days: int, **values) -> None:
    now = timezone.now()
    moments = {"starts_at": now - dt.timedelta(days=days, hours=4), "ends_at": now - dt.timedelta(days=days)}
    Occurrence.objects.filter(pk=date.pk).update(**moments, **values)


def test_people_are_forgotten_after_their_time_and_what_they_did_stays(date) -> None:
    person = somebody(date, organisation="Opdigt ApS", access_needs="teleslynge")
    drain()
    Registration.objects.update(attended=True)
    held(date, 181)
    report = anonymise_registrations()
    row = Registration.objects.get()
    assert (row.name, row.email, row.organisation, row.access_needs, row.consent) == ("", "", "", "", "")
    assert (row.state, row.language, row.attended, row.line) == (State.ANONYMISED, "da", True, 1)
    assert row.key != person.key
    assert report.facts["anonymised"] == 1
    assert set(report.facts["left"].values()) == {0}
    assert report.facts["mails_erased"] == 2
    assert not Message.objects.exclude(to="").exists()


def test_people_are_kept_until_their_time(date) -> None:
    somebody(date)
    held(date, 179)
    assert anonymise_registrations().facts["anonymised"] == 0
    assert Registration.objects.get().name


def test_what_they_need_is_erased_first(date) -> None:
    somebody(date, dietary_needs="ingen nødder")
    held(date, 31)
    assert anonymise_registrations().facts["needs_erased"] == 1
    row = Registration.objects.get()
    assert (row.dietary_needs, row.state) == ("", State.CONFIRMED)
    assert row.name


def test_what_nobody_confirmed_is_deleted_with_its_mail(date) -> None:
    RegistrationFactory(
        occurrence=date, state="unconfirmed", created_at=timezone.now() - dt.timedelta(days=8), line=None
    )
    RegistrationFactory(occurrence=date, state="unconfirmed", line=None)
    assert anonymise_registrations().facts["unconfirmed_deleted"] == 1
    assert Registration.objects.count() == 1


def test_who_withdrew_is_forgotten_sooner(date) -> None:
    RegistrationFactory(occurrence=date, state="withdrawn", withdrawn_at=timezone.now() - dt.timedelta(days=31))
    assert anonymise_registrations().facts["anonymised"] == 1


def test_a_postponed_meeting_is_still_to_come(date) -> None:
    somebody(date)
    held(date, 200, status="postponed", changed_at=timezone.now() - dt.timedelta(days=10))
    assert anonymise_registrations().facts["anonymised"] == 0
    held(date, 400, status="postponed", changed_at=timezone.now() - dt.timedelta(days=200))
    assert anonymise_registrations().facts["anonymised"] == 1


def test_forgetting_twice_changes_nothing(date) -> None:
    somebody(date)
    held(date, 181)
    anonymise_registrations()
    key = Registration.objects.get().key
    assert anonymise_registrations().facts["anonymised"] == 0
    assert Registration.objects.get().key == key


def test_many_are_forgotten_in_few_queries(date, django_assert_max_num_queries) -> None:
    RegistrationFactory.create_batch(200, occurrence=date)
    held(date, 181)
    with django_assert_max_num_queries(30):
        assert anonymise_registrations().facts["anonymised"] == 200
    assert not with_personal_data(*State.values).exists()


def test_two_people_without_a_name_are_not_one(date) -> None:
    RegistrationFactory.create_batch(3, occurrence=date)
    held(date, 181)
    anonymise_registrations()
    assert Registration.objects.filter(email="", state=State.ANONYMISED).count() == 3


def test_the_command_prints_the_proof(date) -> None:
    somebody(date)
    held(date, 181)
    out = StringIO()
    call_command("meetings_anonymise", stdout=out)
    proof = json.loads(out.getvalue())
    assert (proof["anonymised"], proof["keep_days"]) == (1, 180)
    assert AnonymisationReport.objects.count() == 1


def test_the_command_fails_when_somebody_is_left(date, monkeypatch) -> None:
    somebody(date)
    held(date, 181)
    monkeypatch.setattr("plugins.meetings.actions.registrations._forget", lambda registration, now: setattr(
        registration, "state", State.ANONYMISED))  # fmt: skip
    with pytest.raises(CommandError):
        call_command("meetings_anonymise", stdout=StringIO())


def test_mails_to_people_who_are_not_registered_any_more_are_found_and_erased(date, monkeypatch) -> None:
    somebody(date), somebody(date, 1)
    drain()
    gone = Registration.objects.first()
    Registration.objects.filter(pk=gone.pk)._raw_delete("default")  # as if by another program
    monkeypatch.setattr("plugins.meetings.actions.registrations.mail.erase", lambda about: 0)
    assert anonymise_registrations().facts["left"]["mails_without_a_person"] == 1
    monkeypatch.undo()
    report = anonymise_registrations()
    assert (report.facts["mails_erased"], report.facts["left"]["mails_without_a_person"]) == (2, 0)
    assert not Message.objects.filter(about=gone.about).exclude(to="").exists()
    assert Message.objects.exclude(to="").count() == 2


def test_the_command_reminds(date) -> None:
    out = StringIO()
    call_command("meetings_remind", stdout=out)
    assert out.getvalue().startswith("0 ")
