"""Carrying entries out: claim, hand to the topic's handler, mark. Retries with growing pauses, gives up visibly."""

from __future__ import annotations

import datetime
import functools
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from torv.outbox.models import OutboxEntry

log = logging.getLogger(__name__)

State = OutboxEntry.State
GIVE_UP_AFTER = 12  # attempts, a little over five hours with the pauses below
LONGEST_PAUSE = 3600.0
LEASE = datetime.timedelta(minutes=10)  # after which a claim by an unknown machine counts as abandoned
KEEP_DONE = datetime.timedelta(days=1)  # a rebuild of the index replays what was done while it ran
_PRUNE_EVERY = 600.0

Handle = Callable[[Sequence[OutboxEntry]], None]


class Postpone(Exception):
    """Raised by a handler that cannot work now (a server is down): try again after `seconds`, without counting it."""

    def __init__(self, seconds: float, reason: str = "") -> None:
        super().__init__(reason or f"postponed for {seconds:g} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Handler:
    """Who carries out a topic. `handle` gets up to `batch` entries, and must be able to see the same entry twice.

    A `slow` one (it talks to servers elsewhere) is never carried out while somebody waits for an answer.
    """

    topic: str
    handle: Handle
    batch: int = 1
    slow: bool = False


@dataclass
class Drained:
    """What a drain did: entries carried out, entries that failed (they stay, for later), entries others hold."""

    done: int = 0
    failed: int = 0
    held: int = 0


_handlers: dict[str, Handler] = {}
_draining = threading.local()
_last_pruned = [0.0]


def register(topic: str, handle: Handle, *, batch: int = 1, slow: bool = False) -> None:
    """Name who carries out a topic; call it in `AppConfig.ready`. Registering again replaces."""
    _handlers[topic] = Handler(topic, handle, batch, slow)


def handlers() -> dict[str, Handler]:
    """topic -> Handler, a copy."""
    return dict(_handlers)


@functools.lru_cache(1)
def _host() -> str:
    return socket.gethostname()


def _started(pid: int) -> str:
    """What tells a process from a later one with the same number; "" where the system does not say."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _me() -> str:
    pid = os.getpid()
    return f"{_host()} {pid} {_started(pid)}"


def _abandoned(entry: OutboxEntry, now: datetime.datetime) -> bool:
    """Whether the process that claimed the entry is gone."""
    host, pid, started = [*entry.claimed_by.split(" "), "", "", ""][:3]
    if host == _host() and pid.isdigit():
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        if _started(int(pid)) != started:
            return True
    return entry.claimed_at is None or entry.claimed_at < now - LEASE


def _may_drain() -> bool:
    """Not inside somebody's transaction: what it wrote may still be undone. A test's own wrapping does not count."""
    blocks = connection.atomic_blocks
    return not blocks or all(getattr(block, "_from_testcase", False) for block in blocks)


def catch_up() -> None:
    """Carry out what is due, for the start of a search request: one indexed query when there is nothing."""
    if getattr(settings, "TORV_OUTBOX_WORKER", False) or not _may_drain():
        return
    open_states = Q(state=State.PENDING, available_at__lte=timezone.now()) | Q(state=State.CLAIMED)
    try:
        due = OutboxEntry.objects.filter(open_states, topic__in=_handlers).exists()
    except DatabaseError:  # a read-only or unmigrated database must not take search down
        log.exception("The outbox cannot be read")
        return
    if due:
        drain_quick(wait=2.0)
        wake_thread()


def drain_quick(wait: float = 0.0) -> Drained:
    """Carry out what takes no time: for whoever waits for an answer."""
    return drain(topics=[handler.topic for handler in handlers().values() if not handler.slow], wait=wait)


_thread_lock = threading.Lock()
_threads: list[threading.Thread] = []
_woken = threading.Event()
THREAD_WAITS = 60.0  # seconds for which the thread sleeps when something is due later


def wake_thread() -> None:
    """Without a worker, carry out slow topics in a thread of this process, which ends when nothing is left to do."""
    slow = [handler.topic for handler in handlers().values() if handler.slow]
    if not slow or getattr(settings, "TORV_OUTBOX_WORKER", False) or not getattr(settings, "TORV_OUTBOX_THREAD", True):
        return
    if getattr(_draining, "active", False):
        return  # somebody up the stack is at it, and will see the new entry
    _woken.set()
    with _thread_lock:
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [threading.Thread(target=_work_slowly, name="outbox", daemon=True)]
            _threads[0].start()


def _work_slowly() -> None:
    try:
        while True:
            _woken.clear()
            topics = [handler.topic for handler in handlers().values() if handler.slow]
            drain(topics=topics)
            left = OutboxEntry.objects.filter(topic__in=topics, state__in=(State.PENDING, State.CLAIMED))
            soon = timezone.now() + datetime.timedelta(seconds=LONGEST_PAUSE)
            next_one = left.filter(available_at__lte=soon).order_by("available_at").first()
            if next_one is None:
                with _thread_lock:  # whoever wakes us now either is heard here or starts another thread
                    if _woken.is_set():
                        continue
                    _threads.clear()
                    return
            pause = (next_one.available_at - timezone.now()).total_seconds()
            _woken.wait(min(max(pause, 0.5), THREAD_WAITS))
    except DatabaseError:
        log.exception("The outbox cannot be read; the next change starts again")
    finally:
        connection.close()


def drain(
    *, topics: Sequence[str] | None = None, wait: float = 0.0, report: Callable[[int], None] | None = None
) -> Drained:
    """Carry out every entry that is due. Waits up to `wait` seconds for entries that another process is working on.

    Handlers' exceptions do not leave this function: the entry keeps the error and is tried again later. `report` is
    called with the number of entries after each batch.
    """
    drained = Drained()
    if getattr(_draining, "active", False) or not _may_drain():
        return drained
    _draining.active = True
    deadline = time.monotonic() + wait
    try:
        for handler in [h for h in handlers().values() if topics is None or h.topic in topics]:
            while True:
                entries, held = _claim(handler)
                if entries:
                    _carry_out(handler, entries, drained)
                    if report:
                        report(len(entries))
                elif held and time.monotonic() < deadline:
                    time.sleep(0.02)
                else:
                    drained.held += held
                    break
        _prune()
    finally:
        _draining.active = False
    return drained


def _claim(handler: Handler) -> tuple[list[OutboxEntry], int]:
    """The next entries, now ours; and how many of the topic others hold. Keys that somebody works on are left alone."""
    now = timezone.now()
    claimed = OutboxEntry.objects.filter(topic=handler.topic, state=State.CLAIMED)
    busy = list(claimed)
    gone = [entry.pk for entry in busy if _abandoned(entry, now)]
    if (
        not busy
        and not OutboxEntry.objects.filter(topic=handler.topic, state=State.PENDING, available_at__lte=now).exists()
    ):
        return [], 0  # the usual case takes no write lock
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # Claims of a topic follow each other, so that two drains cannot take two entries of one key at once.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"outbox {handler.topic}"])
        if gone:
            claimed.filter(pk__in=gone).update(state=State.PENDING, claimed_by="", claimed_at=None)
        same_key = OutboxEntry.objects.filter(topic=handler.topic, key=OuterRef("key"), state=State.CLAIMED)
        due = OutboxEntry.objects.filter(
            ~Exists(same_key), topic=handler.topic, state=State.PENDING, available_at__lte=now
        ).order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        entries, keys = [], set()
        for entry in due[: handler.batch]:
            if entry.key not in keys:
                keys.add(entry.key)
                entries.append(entry)
        me = _me()
        OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
            state=State.CLAIMED, claimed_at=now, claimed_by=me
        )
    return entries, len(busy) - len(gone)


def _carry_out(handler: Handler, entries: list[OutboxEntry], drained: Drained) -> None:
    mine = OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    try:
        handler.handle(entries)
    except Postpone as postponed:
        mine.update(
            state=State.PENDING, claimed_by="", claimed_at=None, error=str(postponed),
            available_at=timezone.now() + datetime.timedelta(seconds=postponed.seconds),
        )  # fmt: skip
        drained.failed += len(entries)
    except Exception as error:
        log.exception("Outbox topic %s failed", handler.topic)
        now = timezone.now()
        for entry in entries:
            attempts = entry.attempts + 1
            pause = min(2.0**attempts, LONGEST_PAUSE)
            OutboxEntry.objects.filter(pk=entry.pk).update(
                state=State.DEAD if attempts >= GIVE_UP_AFTER else State.PENDING, attempts=attempts,
                claimed_by="", claimed_at=None, error=f"{type(error).__name__}: {error}"[:2000],
                available_at=now + datetime.timedelta(seconds=pause),
            )  # fmt: skip
        drained.failed += len(entries)
    else:
        mine.update(state=State.DONE, done_at=timezone.now(), error="")
        drained.done += len(entries)


def _prune() -> None:
    """Forget what was done long ago; entries that must happen only once are kept, they are the proof."""
    if time.monotonic() - _last_pruned[0] < _PRUNE_EVERY and _last_pruned[0]:
        return
    _last_pruned[0] = time.monotonic()
    old = OutboxEntry.objects.filter(state=State.DONE, done_at__lt=timezone.now() - KEEP_DONE, idempotency=None)
    if old.exists():
        old.delete()


def retry(*, topic: str | None = None) -> int:
    """Give entries that were given up, and those waiting after a failure, another round. Returns how many."""
    again = OutboxEntry.objects.filter(Q(state=State.DEAD) | Q(state=State.PENDING, attempts__gt=0))
    if topic:
        again = again.filter(topic=topic)
    return again.update(state=State.PENDING, attempts=0, available_at=timezone.now())
