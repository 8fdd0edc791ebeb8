"""Writing down what must happen, and carrying it out at least once, in order, whatever dies meanwhile."""

from __future__ import annotations

import datetime
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from torv import outbox
from torv.outbox import delivery
from torv.outbox.models import OutboxEntry

State = OutboxEntry.State


@pytest.fixture
def done(monkeypatch):
    """Keys that the topic "test" carried out, in order; no other topic is there."""
    monkeypatch.setattr(delivery, "_handlers", {})
    keys: list[str] = []
    outbox.register("test", lambda entries: keys.extend(entry.key for entry in entries), batch=10)
    return keys


@pytest.mark.django_db
class TestWriting:
    def test_ten_changes_of_one_thing_are_one_entry_with_the_last_payload(self, done):
        for number in range(10):
            outbox.enqueue(topic="test", key="1", payload={"number": number})
        assert OutboxEntry.objects.get().payload == {"number": 9}

    def test_many_keys_take_few_queries_and_keep_what_waits(self, done):
        outbox.enqueue(topic="test", key="5")
        with CaptureQueriesContext(connection) as captured:
            assert outbox.enqueue_many(topic="test", keys=[*range(300), 5, 5]) == 300
        assert len(captured) <= 6
        assert OutboxEntry.objects.count() == 300

    def test_no_keys_write_nothing(self, done):
        assert outbox.enqueue_many(topic="test", keys=[]) == 0
        assert not OutboxEntry.objects.exists()

    def test_what_comes_later_waits_for_its_last_named_moment_and_is_written_once(self, done):
        soon = timezone.now() + datetime.timedelta(hours=1)
        moments = {str(number): soon + datetime.timedelta(hours=number) for number in range(500)}
        outbox.enqueue_later(topic="test", moments=moments)
        with CaptureQueriesContext(connection) as captured:
            outbox.enqueue_later(topic="test", moments=moments)
        assert len(captured) == 2
        outbox.enqueue_later(topic="test", moments={"7": soon})
        rows = dict(OutboxEntry.objects.values_list("key", "available_at"))
        assert rows == {**moments, "7": soon}
        assert OutboxEntry.objects.count() == 500

    def test_what_must_happen_once_is_written_once_even_after_it_was_done(self, done):
        for _ in range(3):
            outbox.enqueue(topic="test", key="mail-7", once=True)
            outbox.drain()
        assert done == ["mail-7"]

    def test_a_change_after_the_last_was_done_is_a_new_entry(self, done):
        outbox.enqueue(topic="test", key="1")
        outbox.drain()
        outbox.enqueue(topic="test", key="1")
        outbox.drain()
        assert done == ["1", "1"]


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_entries_are_carried_out_when_the_transaction_commits(self, done):
        with transaction.atomic():
            outbox.enqueue(topic="test", key="1")
            outbox.enqueue_many(topic="test", keys=["2", "3"])
            assert done == []
        assert done == ["1", "2", "3"]

    def test_entries_of_a_transaction_that_fails_never_were(self, done):
        def fail():
            with transaction.atomic():
                outbox.enqueue(topic="test", key="1")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        outbox.drain()
        assert done == []
        assert not OutboxEntry.objects.exists()

    def test_nothing_is_carried_out_inside_somebodys_transaction(self, done):
        with transaction.atomic():
            outbox.enqueue(topic="test", key="1")
            assert outbox.drain().done == 0
            outbox.catch_up()
            assert done == []

    def test_with_a_worker_the_commit_leaves_entries_to_it(self, done, settings):
        settings.TORV_OUTBOX_WORKER = True
        outbox.enqueue(topic="test", key="1")
        outbox.catch_up()
        assert done == []
        outbox.drain()
        assert done == ["1"]

    def test_a_handler_that_fails_does_not_fail_the_commit(self, done):
        def fail(entries):
            raise RuntimeError("the index is on fire")

        outbox.register("test", fail)
        with transaction.atomic():
            outbox.enqueue(topic="test", key="1")
        entry = OutboxEntry.objects.get()
        assert (entry.state, entry.attempts) == (State.PENDING, 1)
        assert "on fire" in entry.error


@pytest.mark.django_db
class TestCarryingOut:
    def test_entries_come_in_batches_in_the_order_they_were_written(self, done):
        sizes = []
        outbox.register(
            "test", lambda entries: (sizes.append(len(entries)), done.extend(e.key for e in entries)), batch=4
        )
        outbox.enqueue_many(topic="test", keys=[str(n) for n in range(10)])
        assert outbox.drain().done == 10
        assert done == [str(n) for n in range(10)]
        assert sizes == [4, 4, 2]

    def test_catching_up_asks_one_question_when_nothing_waits(self, done):
        with CaptureQueriesContext(connection) as captured:
            outbox.catch_up()
        assert len(captured) == 1

    def test_a_failure_waits_longer_each_time_and_is_given_up_in_the_end(self, done):
        def fail(entries):
            raise ValueError("no")

        outbox.register("test", fail)
        outbox.enqueue(topic="test", key="1")
        pauses = []
        for _ in range(delivery.GIVE_UP_AFTER):
            OutboxEntry.objects.update(available_at=timezone.now())
            before = timezone.now()
            assert outbox.drain().failed == 1
            pauses.append((OutboxEntry.objects.get().available_at - before).total_seconds())
        assert pauses[0] >= 2
        assert pauses[3] > pauses[2] > pauses[1]
        assert max(pauses) <= delivery.LONGEST_PAUSE + 5
        entry = OutboxEntry.objects.get()
        assert (entry.state, entry.error) == (State.DEAD, "ValueError: no")
        assert outbox.drain().failed == 0

    def test_what_is_not_due_yet_waits(self, done):
        outbox.enqueue(topic="test", key="1")
        OutboxEntry.objects.update(available_at=timezone.now() + datetime.timedelta(minutes=1))
        assert outbox.drain().done == 0
        outbox.catch_up()
        assert done == []

    def test_a_handler_that_postpones_is_not_counted_against(self, done):
        def postpone(entries):
            raise outbox.Postpone(60, "the server is down")

        outbox.register("test", postpone)
        outbox.enqueue(topic="test", key="1")
        outbox.drain()
        entry = OutboxEntry.objects.get()
        assert (entry.state, entry.attempts, entry.error) == (State.PENDING, 0, "the server is down")
        assert entry.available_at > timezone.now() + datetime.timedelta(seconds=50)

    def test_giving_another_try_makes_dead_entries_due(self, done):
        outbox.enqueue(topic="test", key="1")
        OutboxEntry.objects.update(state=State.DEAD, attempts=12)
        assert outbox.retry() == 1
        outbox.drain()
        assert done == ["1"]

    def test_a_topic_that_nobody_carries_out_is_left_alone(self, done):
        outbox.enqueue(topic="of an absent plugin", key="1")
        outbox.catch_up()
        outbox.drain()
        assert OutboxEntry.objects.get().state == State.PENDING

    def test_entries_done_long_ago_are_forgotten_but_not_those_that_happen_once(self, done, monkeypatch):
        monkeypatch.setattr(delivery, "_last_pruned", [0.0])
        outbox.enqueue(topic="test", key="old")
        outbox.enqueue(topic="test", key="once", once=True)
        outbox.enqueue(topic="test", key="recent")
        outbox.drain()
        OutboxEntry.objects.exclude(key="recent").update(done_at=timezone.now() - datetime.timedelta(days=3))
        monkeypatch.setattr(delivery, "_last_pruned", [0.0])
        outbox.drain()
        assert set(OutboxEntry.objects.values_list("key", flat=True)) == {"once", "recent"}


@pytest.mark.django_db
class TestOthers:
    def claimed(self, by: str, minutes: float = 0) -> OutboxEntry:
        outbox.enqueue(topic="test", key="1")
        OutboxEntry.objects.update(
            state=State.CLAIMED, claimed_by=by, claimed_at=timezone.now() - datetime.timedelta(minutes=minutes)
        )
        return OutboxEntry.objects.get()

    def test_what_a_dead_process_had_claimed_is_taken_over(self, done):
        process = subprocess.Popen([sys.executable, "-c", ""])
        started = delivery._started(process.pid)
        process.wait()
        self.claimed(f"{delivery._host()} {process.pid} {started}")
        outbox.catch_up()
        assert done == ["1"]

    def test_what_a_process_of_the_same_number_had_claimed_is_taken_over(self, done):
        self.claimed(f"{delivery._host()} 1 0")
        assert outbox.drain().done == 1

    def test_what_a_living_process_works_on_is_left_to_it_for_as_long_as_the_wait(self, done):
        self.claimed(delivery._me())
        drained = outbox.drain(wait=0.05)
        assert (drained.done, drained.held) == (0, 1)
        assert done == []

    def test_another_machines_claim_holds_until_its_lease_ends(self, done):
        self.claimed("elsewhere 17 99", minutes=1)
        assert outbox.drain().done == 0
        OutboxEntry.objects.update(claimed_at=timezone.now() - delivery.LEASE * 2)
        assert outbox.drain().done == 1

    def test_a_newer_change_waits_until_the_older_of_the_same_thing_is_done(self, done):
        held = self.claimed(delivery._me())
        outbox.enqueue(topic="test", key="1")
        outbox.enqueue(topic="test", key="2")
        outbox.drain()
        assert done == ["2"]
        OutboxEntry.objects.filter(pk=held.pk).update(state=State.DONE, done_at=timezone.now())
        outbox.drain()
        assert done == ["2", "1"]


@pytest.mark.django_db
class TestCommand:
    def run(self, *args) -> str:
        out = StringIO()
        call_command("outbox", *args, stdout=out)
        return out.getvalue()

    def test_status_of_an_empty_outbox(self, done):
        assert "empty" in self.run("status")

    def test_status_counts_by_topic_and_shows_errors(self, done):
        outbox.enqueue_many(topic="test", keys=["1", "2"])
        OutboxEntry.objects.filter(key="2").update(error="ValueError: broken\nmore")
        text = self.run("status")
        assert "test" in text
        assert "ValueError: broken" in text

    def test_drain_carries_out_what_waits(self, done):
        outbox.enqueue(topic="test", key="1")
        assert "1 carried out" in self.run("drain")
        assert done == ["1"]

    def test_drain_ends_with_an_error_when_something_failed(self, done):
        outbox.register("test", lambda entries: 1 / 0)
        outbox.enqueue(topic="test", key="1")
        with pytest.raises(CommandError):
            self.run("drain")

    def test_retry_gives_what_was_given_up_another_try(self, done):
        outbox.enqueue(topic="test", key="1")
        OutboxEntry.objects.update(state=State.DEAD, attempts=12)
        assert "1 entries" in self.run("retry")
        assert done == ["1"]

    def test_an_unknown_topic_is_refused(self, done):
        with pytest.raises(CommandError, match="test"):
            self.run("status", "--topic", "nonsense")
