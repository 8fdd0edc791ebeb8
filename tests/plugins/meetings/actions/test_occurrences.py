"""The dates follow the published schedule."""

import datetime as dt
from importlib import import_module

import pytest
from django.utils import timezone

from plugins.meetings.actions import cancel_meeting, extend_series, reinstate_meeting
from plugins.meetings.mails.clock import extend_all, next_day
from plugins.meetings.models import MeetingPage
from tests.factories.meetings import MeetingFactory, in_days
from torv.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db


def publish(page) -> None:
    page.save_revision().publish()


def test_publishing_a_single_meeting_makes_its_date(home_page) -> None:
    page = MeetingFactory()
    (date,) = page.occurrences.all()
    assert (date.ends_at - date.starts_at, date.sequence, date.status) == (dt.timedelta(hours=4), 0, "scheduled")


def test_publishing_a_series_makes_every_date(home_page) -> None:
    assert MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=4").occurrences.count() == 4


def test_publishing_again_changes_nothing(home_page) -> None:
    page = MeetingFactory()
    publish(page)
    (date,) = page.occurrences.all()
    assert date.sequence == 0


def test_another_date_keeps_the_identity_and_raises_the_sequence(home_page) -> None:
    page = MeetingFactory()
    before = page.occurrences.get()
    page.date = in_days(40)
    publish(page)
    after = page.occurrences.get()
    assert (after.pk, after.sequence, after.starts_at - before.starts_at >= dt.timedelta(days=9)) == (
        before.pk,
        1,
        True,
    )


def test_a_long_series_is_spelled_out_further_as_time_passes(home_page, monkeypatch) -> None:
    page = MeetingFactory(recurrence="FREQ=WEEKLY")
    before = list(page.occurrences.values_list("pk", "sequence", "changed_at"))
    assert extend_series(page=page) == 0
    later = timezone.now() + dt.timedelta(days=365)
    monkeypatch.setattr("plugins.meetings.models.pages.clock.now", lambda: later)
    assert 47 <= extend_all() <= 53  # the first date is some weeks ahead
    dates = list(page.occurrences.values_list("pk", "sequence", "changed_at"))
    assert dates[: len(before)] == before
    assert {changed for _pk, _sequence, changed in dates[len(before) :]} == {max(row[2] for row in before)}


def test_a_series_that_was_cancelled_goes_on_no_further(home_page, admin_user, monkeypatch) -> None:
    page = MeetingFactory(recurrence="FREQ=MONTHLY")
    number = page.occurrences.count()
    cancel_meeting(meeting=page, by=admin_user, reasons={})
    later = timezone.now() + dt.timedelta(days=365)
    monkeypatch.setattr("plugins.meetings.models.pages.clock.now", lambda: later)
    publish(MeetingPage.objects.get(pk=page.pk))
    assert (extend_all(), page.occurrences.count()) == (0, number)
    reinstate_meeting(meeting=page, by=admin_user)
    assert extend_all() > 0


def test_as_long_as_there_are_series_the_clock_winds_itself(home_page) -> None:
    MeetingFactory(recurrence="FREQ=MONTHLY")
    assert OutboxEntry.objects.filter(topic="meetings.series").update(state="done") == 1
    next_day([])
    next_day([])
    assert OutboxEntry.objects.filter(topic="meetings.series", state="pending").count() == 1


def test_a_series_with_a_rule_that_cannot_be_read_keeps_no_other_from_going_on(home_page, monkeypatch) -> None:
    bad, good = MeetingFactory.create_batch(2, recurrence="FREQ=MONTHLY;COUNT=2")
    MeetingPage.objects.filter(pk=bad.pk).update(recurrence="FREQ=MONTHLY;INTERVAL=0")
    MeetingPage.objects.filter(pk=good.pk).update(recurrence="FREQ=MONTHLY;COUNT=3")
    assert extend_all() == 1


def test_another_title_raises_the_sequence(home_page) -> None:
    page = MeetingFactory()
    page.title_da = "Nyt navn"
    publish(page)
    assert page.occurrences.get().sequence == 1


def test_exception_withdraws_the_date_and_keeps_it(home_page) -> None:
    page = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=3")
    page.exception_dates = in_days(37).isoformat()
    publish(page)
    assert sorted(page.occurrences.values_list("withdrawn", flat=True)) == [False, False, True]


def test_a_late_draft_does_not_undo_a_cancellation(home_page, admin_user) -> None:
    from plugins.meetings.actions import cancel_meeting

    page = MeetingFactory()
    page.title_da = "Kladde"
    draft = page.save_revision()
    cancel_meeting(meeting=page, by=admin_user, reasons={"da": "Corona"})
    draft.publish()
    assert page.occurrences.get().status == "cancelled"


def test_what_was_published_before_edits_were_told_is_noted_by_the_migration(home_page) -> None:
    from django.apps import apps

    from plugins.meetings.models import Occurrence

    MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=2")
    before = list(Occurrence.objects.values_list("planned", flat=True))
    Occurrence.objects.update(planned={})
    migration = import_module("plugins.meetings.migrations.0003_occurrence_planned")
    migration.note_what_was_published(apps, None)
    assert list(Occurrence.objects.values_list("planned", flat=True)) == before
