"""Writing entries, in the transaction of whoever changes content."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from torv.outbox.models import OutboxEntry

CHUNK = 400  # keys in one statement; SQLite allows 999 parameters in its oldest supported build


def enqueue(
    *,
    topic: str,
    key: str,
    payload: dict[str, Any] | None = None,
    once: bool = False,
    not_before: datetime.datetime | None = None,
) -> None:
    """Note that something must happen, now or at a later time. Takes effect with the surrounding transaction.

    A pending entry of the same topic and key is reused and takes the new payload: ten edits are one reindexing.
    With `once`, an entry of that topic and key is written only if there never was one, whatever became of it: a mail
    is sent once, however often the code that asks for it runs.
    """
    later = {"available_at": not_before} if not_before else {}
    if once:
        try:
            with transaction.atomic():
                OutboxEntry.objects.create(
                    topic=topic, key=key, payload=payload or {}, idempotency=f"{topic}:{key}", **later
                )
        except IntegrityError:
            return
    else:
        waiting = OutboxEntry.objects.filter(topic=topic, key=key, state=OutboxEntry.State.PENDING)
        # On PostgreSQL this update also holds the row, so no drain can take it before this transaction is committed.
        if not waiting.update(payload=payload or {}, **later):
            OutboxEntry.objects.create(topic=topic, key=key, payload=payload or {}, **later)
    _drain_on_commit()


def enqueue_many(*, topic: str, keys: Iterable[str]) -> int:
    """`enqueue` for many keys without payload, in a few statements. Returns the number of keys."""
    wanted = list(dict.fromkeys(str(key) for key in keys))
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        waiting = OutboxEntry.objects.filter(topic=topic, key__in=chunk, state=OutboxEntry.State.PENDING)
        if connection.features.has_select_for_update:
            with transaction.atomic():
                held = set(waiting.select_for_update().values_list("key", flat=True))
        else:
            held = set(waiting.values_list("key", flat=True))
        OutboxEntry.objects.bulk_create(OutboxEntry(topic=topic, key=key) for key in chunk if key not in held)
    if wanted:
        _drain_on_commit()
    return len(wanted)


def enqueue_later(*, topic: str, moments: Mapping[str, datetime.datetime]) -> None:
    """`enqueue` without payload for many keys, each not before a moment of its own, in a few statements.

    What waits for the same moment already is left alone, so saying it again costs one look.
    """
    for start in range(0, len(moments), CHUNK):
        chunk = dict(islice(moments.items(), start, start + CHUNK))
        waiting = OutboxEntry.objects.filter(topic=topic, key__in=chunk, state=OutboxEntry.State.PENDING)
        known = {key for key, moment in waiting.values_list("key", "available_at") if moment == chunk[key]}
        if wrong := [key for key in chunk if key not in known]:
            with transaction.atomic():
                waiting.filter(key__in=wrong).delete()
                OutboxEntry.objects.bulk_create(
                    OutboxEntry(topic=topic, key=key, available_at=chunk[key]) for key in wrong
                )


def _drain_on_commit() -> None:
    """In one process the outbox is emptied as soon as the change is committed; with a worker, by the worker.

    What takes long (mail) is left to a thread, so that whoever made the change need not wait for it.
    """
    if getattr(settings, "TORV_OUTBOX_WORKER", False):
        return
    # One drain for a transaction, however many entries it wrote.
    if any(getattr(entry[1], "drains_outbox", False) for entry in connection.run_on_commit):
        return

    def drain_after_commit() -> None:
        from torv.outbox.delivery import drain_quick, wake_thread

        drain_quick(wait=2.0)
        wake_thread()

    drain_after_commit.drains_outbox = True  # type: ignore[attr-defined]
    transaction.on_commit(drain_after_commit, robust=True)
