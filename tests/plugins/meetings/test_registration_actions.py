"""Registering, confirming, withdrawing, moving up: who has a place, and who is told what."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import PageLogEntry

from plugins.meetings.actions import (
    cancel_meeting,
    confirm_registration,
    move_meeting,
    postpone_meeting,
    promote_waiting,
    register,
    reinstate_meeting,
    withdraw_registration,
)
from plugins.meetings.actions.registrations import RegistrationClosed
from plugins.meetings.models import Registration
from tests.factories.meetings import in_days
from tests.plugins.meetings.people import FACTS, drain, open_meeting, somebody
from torv.mail.models import Message

pytestmark = pytest.mark.django_db

State = Registration.State


@pytest.fixture
def date(home_page):
    return open_meeting()


@pytest.fixture
def small(home_page):
    return open_meeting(capacity=2)


def states(date) -> list[str]:
    return list(date.registrations.order_by("pk").values_list("state", flat=True))


def test_register_takes_no_place_and_asks_by_mail(date) -> None:
    registration = register(occurrence=date, **FACTS)
    assert registration.state == State.UNCONFIRMED
    [email] = drain()
    assert email.to == ["maria@example.org"]
    assert "/da/go/meetings/confirm/" in email.body


def test_register_twice_is_one_registration_with_the_newer_details_and_one_mail(date) -> None:
    register(occurrence=date, **FACTS)
    register(occurrence=date, **{**FACTS, "name": "Maria Anden", "email": " Maria@Example.org "})
    assert [r.name for r in date.registrations.all()] == ["Maria Anden"]
    assert len(drain()) == 1


def test_register_again_later_sends_the_link_again(date) -> None:
    registration = register(occurrence=date, **FACTS)
    Registration.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=10))
    register(occurrence=date, **FACTS)
    assert len(drain()) == 2
    assert Registration.objects.get().pk == registration.pk


def test_register_again_after_confirming_changes_nothing_and_tells_the_owner_only(date) -> None:
    somebody(date, **FACTS)
    Registration.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=10))
    drain()
    register(occurrence=date, **{**FACTS, "name": "En Anden"})
    assert Registration.objects.get().name == "Maria Opdigt"
    assert [email.to for email in drain()] == [["maria@example.org"]]
    assert Message.objects.filter(template="meetings/mail/already").count() == 1


def test_confirm_gives_a_place_once(date) -> None:
    registration = register(occurrence=date, **FACTS)
    first = confirm_registration(registration=registration)
    second = confirm_registration(registration=registration)
    assert (first.state, second.confirmed_at) == (State.CONFIRMED, first.confirmed_at)
    assert Message.objects.filter(template="meetings/mail/registered").count() == 1


def test_who_comes_after_the_last_place_waits_in_order(small) -> None:
    people = [somebody(small, number) for number in range(4)]
    assert [person.state for person in people] == ["confirmed", "confirmed", "waiting", "waiting"]
    assert [person.line for person in people] == [1, 2, 3, 4]


def test_withdraw_gives_the_place_to_the_first_in_line(small) -> None:
    people = [somebody(small, number) for number in range(4)]
    drain()
    withdraw_registration(registration=people[0])
    assert states(small) == ["withdrawn", "confirmed", "confirmed", "waiting"]
    assert {(e.to[0], e.subject.split(":")[0]) for e in drain()} == {
        ("person0@example.org", _subject("withdrawn")),
        ("person2@example.org", _subject("promoted")),
    }


def _subject(name: str) -> str:
    return Message.objects.filter(template=f"meetings/mail/{name}").first().subject.split(":")[0]


def test_withdraw_forgets_what_the_person_needs(date) -> None:
    person = somebody(date, dietary_needs="ingen nødder", access_needs="teleslynge")
    person = withdraw_registration(registration=person)
    assert (person.dietary_needs, person.access_needs, person.state) == ("", "", "withdrawn")


def test_withdraw_twice_changes_nothing(small) -> None:
    people = [somebody(small, number) for number in range(4)]
    withdraw_registration(registration=people[0])
    withdraw_registration(registration=people[0])
    assert states(small).count("confirmed") == 2
    assert Message.objects.filter(template="meetings/mail/withdrawn").count() == 1


def test_register_anew_after_withdrawing_goes_to_the_end_of_the_line(small) -> None:
    people = [somebody(small, number) for number in range(3)]
    withdraw_registration(registration=people[0])
    again = somebody(small, 0)
    assert (again.state, again.line) == (State.WAITING, 4)


def test_withdraw_for_somebody_takes_the_permission(date, django_user_model) -> None:
    person = somebody(date)
    with pytest.raises(PermissionDenied):
        withdraw_registration(registration=person, by=django_user_model.objects.create_user("visitor"))


def test_confirm_what_was_withdrawn_is_refused(date) -> None:
    registration = register(occurrence=date, **FACTS)
    withdraw_registration(registration=registration)
    with pytest.raises(ValidationError):
        confirm_registration(registration=registration)


def test_more_places_let_those_who_wait_move_up_when_the_page_is_published(small) -> None:
    for number in range(5):
        somebody(small, number)
    page = small.page
    page.capacity = 4
    page.save_revision().publish()
    assert states(small) == ["confirmed"] * 4 + ["waiting"]


def test_promote_while_others_wait_leaves_nobody_out(small) -> None:
    for number in range(4):
        somebody(small, number)
    assert promote_waiting(occurrence=small) == []


# ---- closed ---------------------------------------------------------------------------------------------------------
def closed_reason(date) -> tuple[str, str]:
    with pytest.raises(RegistrationClosed) as closed:
        register(occurrence=date, **FACTS)
    assert not date.registrations.exists()
    return closed.value.state.state, closed.value.state.reason


def test_register_for_a_cancelled_meeting_is_refused(date, admin_user) -> None:
    cancel_meeting(meeting=date.page, by=admin_user, reasons={})
    assert closed_reason(date) == ("closed", "cancelled")


def test_register_for_a_postponed_meeting_is_refused(date, admin_user) -> None:
    postpone_meeting(meeting=date.page, by=admin_user, reasons={})
    assert closed_reason(date) == ("closed", "postponed")


def test_register_after_the_deadline_is_refused(home_page) -> None:
    assert closed_reason(open_meeting(registration_deadline=timezone.now() - dt.timedelta(hours=1))) == (
        "closed", "deadline",
    )  # fmt: skip


def test_register_for_a_meeting_that_was_held_is_refused(home_page) -> None:
    assert closed_reason(open_meeting(date=in_days(-3)))[0] == "over"


def test_register_where_there_is_no_registration_is_refused(home_page) -> None:
    assert closed_reason(open_meeting(registration="none"))[0] == "none"


def test_register_on_a_page_that_is_not_public_is_refused(date) -> None:
    date.page.unpublish()
    with pytest.raises(RegistrationClosed):
        register(occurrence=date, **FACTS)


def test_confirm_after_the_meeting_was_cancelled_is_refused(date, admin_user) -> None:
    registration = register(occurrence=date, **FACTS)
    cancel_meeting(meeting=date.page, by=admin_user, reasons={})
    with pytest.raises(RegistrationClosed):
        confirm_registration(registration=registration)


def test_confirm_after_the_deadline_of_who_asked_before_it(home_page) -> None:
    date = open_meeting(registration_deadline=timezone.now() + dt.timedelta(hours=1))
    registration = register(occurrence=date, **FACTS)
    page = date.page
    Registration.objects.update(created_at=timezone.now() - dt.timedelta(hours=2))
    page.registration_deadline = timezone.now() - dt.timedelta(hours=1)
    page.save()
    registration.refresh_from_db()
    assert confirm_registration(registration=registration).state == State.CONFIRMED


def test_nobody_moves_up_while_the_meeting_is_cancelled_and_all_do_afterwards(small, admin_user) -> None:
    people = [somebody(small, number) for number in range(4)]
    cancel_meeting(meeting=small.page, by=admin_user, reasons={})
    withdraw_registration(registration=people[0])
    assert states(small).count("confirmed") == 1
    reinstate_meeting(meeting=small.page, by=admin_user)
    drain()
    assert states(small) == ["withdrawn", "confirmed", "confirmed", "waiting"]


def test_a_moved_meeting_keeps_its_registrations(small, admin_user) -> None:
    somebody(small)
    move_meeting(meeting=small.page, by=admin_user, reasons={}, starts_at=small.starts_at + dt.timedelta(days=7))
    assert states(small) == ["confirmed"]


# ---- audit ----------------------------------------------------------------------------------------------------------
def test_every_step_is_audited_without_naming_anybody(small) -> None:
    people = [somebody(small, number) for number in range(3)]
    withdraw_registration(registration=people[0])
    entries = PageLogEntry.objects.filter(page=small.page.pk, action__startswith="meetings.")
    assert {entry.action.partition(".")[2] for entry in entries} == {
        "register", "confirm_registration", "withdraw_registration", "promote_waiting",
    }  # fmt: skip
    assert not any("person" in str(entry.data).lower().replace("registration", "") for entry in entries)
