"""What a server's process does before its first request, so that no visitor waits for it."""

import gc
import sys

from django.dispatch import Signal

#: Set before the apps are made ready, by what a server imports.
in_server = False

#: Sent once in each process that serves: read what every request needs. Must not ask the database or the index.
starting = Signal()


def serves() -> bool:
    """Whether this process answers readers, and is no command that migrates, checks or lists."""
    return in_server or sys.argv[1:2] == ["runserver"]


def start() -> None:
    """Let the apps read their tables, and tell the collector that these stay: it would walk all of them again and
    again, for tenths of a second in the middle of a request.
    """
    starting.send(sender=None)
    gc.collect()
    gc.freeze()
