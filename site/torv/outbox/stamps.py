"""Numbers that only grow, for everybody who uses this database: which of two readings was the later one."""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from torv.outbox.models import OutboxStamp


def stamp() -> int:
    """A number greater than any given before, by any process. Take it before reading what it shall stand for.

    A receiver that keeps the greatest stamp it has seen of a thing can refuse what was read earlier and comes later.
    The numbers follow the clock in microseconds, so that they go on growing when a database is restored from an older
    copy, and do not go back when the clock does."""
    now = time.time_ns() // 1000
    with transaction.atomic():
        if not OutboxStamp.objects.filter(pk=1).update(value=Greatest(F("value") + 1, now)):
            OutboxStamp.objects.get_or_create(pk=1, defaults={"value": now})
            OutboxStamp.objects.filter(pk=1).update(value=Greatest(F("value") + 1, now))
        return OutboxStamp.objects.get(pk=1).value
