"""The worker: carries out the outbox for as long as it runs, and ends between two batches when it is told to."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import DatabaseError, close_old_connections, connection

from torv.outbox.delivery import drain

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two looks at an empty outbox
LONGEST_PAUSE = 30.0  # seconds between two tries of a database that is away


class Stop(Exception):
    """Ends a drain between two batches: what is claimed has been carried out."""


def work(
    stop: threading.Event, *, topics: Sequence[str] | None = None, report: Callable[[int], None] | None = None
) -> None:
    """Carry out what is due until `stop` is set. A database that is away is waited for."""
    pause = PAUSE

    def between(number: int) -> None:
        if report:
            report(number)
        if stop.is_set():
            raise Stop

    while not stop.is_set():
        try:
            close_old_connections()
            drain(topics=topics, report=between)
            pause = PAUSE
        except Stop:
            return
        except DatabaseError as error:
            log.error("The outbox cannot be read; trying again in %.0f s: %s", pause, error)
            connection.close()
            pause = min(pause * 2, LONGEST_PAUSE)
        stop.wait(pause)


@contextmanager
def stopped_by_signals(stop: threading.Event) -> Any:
    """SIGTERM and SIGINT set `stop`."""

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
