"""Cancelling, postponing, moving and reinstating."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import PageLogEntry

from plugins.meetings.actions import (
    cancel_meeting,
    move_meeting,
    postpone_meeting,
    preview_change,
    reinstate_meeting,
)
from plugins.meetings.models import StatusChange
from tests.factories.meetings import MeetingFactory, RegistrationFactory
from tests.plugins.meetings.people import drain
from torv.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db

REASONS = {"da": "På grund af coronavirus.", "sv": "På grund av coronaviruset.", "en": "Because of the corona virus."}


@pytest.fixture
def meeting(home_page):
    return MeetingFactory()


@pytest.fixture
def series(home_page):
    return MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=3")


def test_cancel_marks_the_date_with_its_reasons(meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    date = meeting.occurrences.get()
    assert (date.status, date.reason_sv, date.sequence) == ("cancelled", REASONS["sv"], 1)


def test_cancel_twice_is_refused(meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    with pytest.raises(ValidationError):
        cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)


def test_cancel_without_permission_is_refused(meeting, django_user_model) -> None:
    with pytest.raises(PermissionDenied):
        cancel_meeting(meeting=meeting, by=django_user_model.objects.create_user("visitor"), reasons=REASONS)
    assert meeting.occurrences.get().status == "scheduled"


def test_cancel_is_audited(meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    change = StatusChange.objects.get()
    assert (change.action, change.by, change.before["status"]) == ("cancel", admin_user, "scheduled")
    assert PageLogEntry.objects.filter(page=meeting.pk, action="meetings.cancel", user=admin_user).exists()


def test_cancel_writes_one_outbox_entry_however_many_are_told(meeting, admin_user) -> None:
    RegistrationFactory.create_batch(5, occurrence=meeting.occurrences.get())
    outcome = cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    assert outcome.audience.total == 5
    assert OutboxEntry.objects.filter(topic="meetings.tell").count() == 1


def test_cancel_with_nobody_to_tell_writes_none(meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    assert not OutboxEntry.objects.filter(topic="meetings.tell").exists()


def test_cancel_series_cancels_every_date_to_come(series, admin_user) -> None:
    cancel_meeting(meeting=series, by=admin_user, reasons=REASONS)
    assert set(series.occurrences.values_list("status", flat=True)) == {"cancelled"}


def test_cancel_one_date_of_a_series_leaves_the_others(series, admin_user) -> None:
    second = series.occurrences.all()[1]
    cancel_meeting(meeting=series, occurrence=second, by=admin_user, reasons=REASONS)
    assert list(series.occurrences.values_list("status", flat=True)) == ["scheduled", "cancelled", "scheduled"]


def test_cancel_a_date_of_another_meeting_is_refused(meeting, series, admin_user) -> None:
    with pytest.raises(ValidationError):
        cancel_meeting(meeting=meeting, occurrence=series.occurrences.first(), by=admin_user, reasons=REASONS)


def test_preview_counts_people_by_language(meeting) -> None:
    date = meeting.occurrences.get()
    RegistrationFactory.create_batch(2, occurrence=date)
    RegistrationFactory(occurrence=date, language="sv", state="waiting")
    RegistrationFactory(occurrence=date, language="en", state="withdrawn")
    audience = preview_change(meeting=meeting)
    assert (audience.by_language, audience.total) == ({"da": 2, "sv": 1}, 3)


def test_postpone_keeps_the_date_to_show_it(meeting, admin_user) -> None:
    start = meeting.occurrences.get().starts_at
    postpone_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    date = meeting.occurrences.get()
    assert (date.status, date.starts_at) == ("postponed", start)


def test_postpone_a_cancelled_meeting_is_refused(meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    with pytest.raises(ValidationError):
        postpone_meeting(meeting=meeting, by=admin_user, reasons=REASONS)


def test_move_keeps_the_old_time_and_the_length(meeting, admin_user) -> None:
    before = meeting.occurrences.get()
    new = before.starts_at + dt.timedelta(days=7)
    move_meeting(meeting=meeting, by=admin_user, reasons=REASONS, starts_at=new)
    date = meeting.occurrences.get()
    assert (date.status, date.starts_at, date.previous_starts_at) == ("moved", new, before.starts_at)
    assert date.ends_at - date.starts_at == dt.timedelta(hours=4)


def test_move_to_another_venue_keeps_the_old(meeting, admin_user) -> None:
    move_meeting(meeting=meeting, by=admin_user, reasons=REASONS, venue={"venue_name": "Rådhuset", "city": "Herning"})
    date = meeting.occurrences.get()
    assert (date.venue, date.previous_venue) == ("Rådhuset, Herning", "Opdigtet Hus, Skjern")


def test_move_to_where_it_is_is_refused(meeting, admin_user) -> None:
    with pytest.raises(ValidationError):
        move_meeting(meeting=meeting, by=admin_user, reasons=REASONS, starts_at=meeting.occurrences.get().starts_at)


def test_move_to_the_past_is_refused(meeting, admin_user) -> None:
    with pytest.raises(ValidationError) as error:
        move_meeting(meeting=meeting, by=admin_user, reasons={}, starts_at=timezone.now() - dt.timedelta(days=1))
    assert "starts_at" in error.value.message_dict


def test_move_to_end_before_the_start_is_refused(meeting, admin_user) -> None:
    start = meeting.occurrences.get().starts_at + dt.timedelta(days=1)
    with pytest.raises(ValidationError) as error:
        move_meeting(meeting=meeting, by=admin_user, reasons={}, starts_at=start, ends_at=start)
    assert "ends_at" in error.value.message_dict


def test_move_a_series_without_a_date_is_refused(series, admin_user) -> None:
    with pytest.raises(ValidationError):
        move_meeting(meeting=series, by=admin_user, reasons={}, venue={"city": "Herning"})


def test_editing_the_text_of_a_moved_meeting_keeps_its_new_time(meeting, admin_user) -> None:
    new = meeting.occurrences.get().starts_at + dt.timedelta(days=7)
    move_meeting(meeting=meeting, by=admin_user, reasons=REASONS, starts_at=new)
    meeting.title_da = "Nyt navn"
    meeting.save_revision().publish()
    assert meeting.occurrences.get().starts_at == new


def test_reinstate_after_cancelling_raises_the_sequence_again(meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    reinstate_meeting(meeting=meeting, by=admin_user)
    date = meeting.occurrences.get()
    assert (date.status, date.sequence, date.reason_da) == ("scheduled", 2, "")


def test_reinstate_after_moving_gives_the_old_time_back(meeting, admin_user) -> None:
    start = meeting.occurrences.get().starts_at
    move_meeting(meeting=meeting, by=admin_user, reasons={}, starts_at=start + dt.timedelta(days=7))
    reinstate_meeting(meeting=meeting, by=admin_user)
    date = meeting.occurrences.get()
    assert (date.status, date.starts_at, date.previous_starts_at) == ("scheduled", start, None)


def test_reinstate_a_cancelled_move_is_the_move(meeting, admin_user) -> None:
    new = meeting.occurrences.get().starts_at + dt.timedelta(days=7)
    move_meeting(meeting=meeting, by=admin_user, reasons={}, starts_at=new)
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    reinstate_meeting(meeting=meeting, by=admin_user)
    date = meeting.occurrences.get()
    assert (date.status, date.starts_at) == ("moved", new)


def test_reinstate_what_takes_place_is_refused(meeting, admin_user) -> None:
    with pytest.raises(ValidationError):
        reinstate_meeting(meeting=meeting, by=admin_user)


def test_cancel_series_of_which_a_date_is_cancelled_cancels_the_others(series, admin_user) -> None:
    cancel_meeting(meeting=series, occurrence=series.occurrences.first(), by=admin_user, reasons=REASONS)
    outcome = cancel_meeting(meeting=series, by=admin_user, reasons=REASONS)
    assert len(outcome.changes) == 2
    assert set(series.occurrences.values_list("status", flat=True)) == {"cancelled"}


def test_reinstate_twice_takes_back_the_change_before(meeting, admin_user) -> None:
    start = meeting.occurrences.get().starts_at
    move_meeting(meeting=meeting, by=admin_user, reasons={}, starts_at=start + dt.timedelta(days=7))
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    reinstate_meeting(meeting=meeting, by=admin_user)
    reinstate_meeting(meeting=meeting, by=admin_user)
    date = meeting.occurrences.get()
    assert (date.status, date.starts_at) == ("scheduled", start)


def _let_time_pass(meeting) -> None:
    ago = timezone.now() - dt.timedelta(days=2)
    meeting.occurrences.update(starts_at=ago, ends_at=ago + dt.timedelta(hours=2))


def test_what_was_postponed_can_be_cancelled_for_good_after_its_old_date(meeting, admin_user) -> None:
    RegistrationFactory(occurrence=meeting.occurrences.get())
    postpone_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    _let_time_pass(meeting)
    assert preview_change(meeting=meeting).total == 1
    outcome = cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    assert (outcome.audience.total, len(drain())) == (1, 1)


def test_what_was_postponed_can_be_given_its_new_date_after_the_old_one(meeting, admin_user) -> None:
    RegistrationFactory(occurrence=meeting.occurrences.get())
    postpone_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    _let_time_pass(meeting)
    new = timezone.now() + dt.timedelta(days=9)
    assert move_meeting(meeting=meeting, by=admin_user, reasons=REASONS, starts_at=new).audience.total == 1


def test_what_was_held_is_told_to_nobody(meeting, admin_user) -> None:
    RegistrationFactory(occurrence=meeting.occurrences.get())
    _let_time_pass(meeting)
    assert cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS).audience.total == 0
