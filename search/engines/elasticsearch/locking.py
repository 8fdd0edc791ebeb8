"""One builder of an index at a time, among all machines: a document says who, and a beat says that they live."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from elasticsearch import ApiError, ConflictError, Elasticsearch, NotFoundError, TransportError

from search.errors import ServerUnavailable

log = logging.getLogger(__name__)

BEAT = 5.0  # seconds between two signs of life
SILENCE = 60.0  # without one for so long, the builder counts as dead


class Lock:
    """The lock of one source. Lost when this process dies: at once for others on this machine, after a minute
    elsewhere.
    """

    def __init__(self, client: Elasticsearch, prefix: str, source: str) -> None:
        self.client, self.index, self.source = client, f"{prefix}.locks", source
        self.token = secrets.token_hex(8)
        self.lost = threading.Event()

    @contextmanager
    def held(self, wait: float) -> Iterator[Lock]:
        """Hold the lock; waits up to `wait` seconds for it, then raises ServerUnavailable."""
        self._get(wait)
        done = threading.Event()
        beating = threading.Thread(target=self._beat, args=(done,), daemon=True, name="torv-search-lock")
        beating.start()
        try:
            yield self
        finally:
            done.set()
            beating.join(BEAT * 2)
            self._free()

    def check(self) -> None:
        """Raises ServerUnavailable when somebody else took over, because no sign of ours came through for a minute."""
        if self.lost.is_set():
            raise ServerUnavailable("Another process took over building the index.")

    def _owner(self) -> dict[str, Any]:
        return {
            "host": socket.gethostname(), "pid": os.getpid(), "started": started(os.getpid()), "token": self.token,
            "beat": secrets.token_hex(4),
        }  # fmt: skip

    def _get(self, wait: float) -> None:
        with suppress(ApiError):  # it is there already
            self.client.indices.create(
                index=self.index, settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                mappings={"dynamic": False},
            )  # fmt: skip
        deadline = time.monotonic() + wait
        seen, since = None, time.monotonic()
        while True:
            try:
                self.client.create(index=self.index, id=self.source, document=self._owner())
                return
            except ConflictError:
                pass
            try:
                holder = self.client.get(index=self.index, id=self.source)
            except NotFoundError:
                continue
            said, place = holder["_source"], (holder["_seq_no"], holder["_primary_term"])
            if place != seen:
                seen, since = place, time.monotonic()
            if self._dead(said) or time.monotonic() - since > SILENCE:
                log.warning("The builder of %s on %s is gone; going on without it.", self.source, said.get("host"))
                with suppress(ConflictError, NotFoundError):
                    self.client.delete(index=self.index, id=self.source, if_seq_no=place[0], if_primary_term=place[1])
                continue
            if time.monotonic() > deadline:
                raise ServerUnavailable(f"The index of {self.source} is being built by another process.")
            time.sleep(0.2)

    @staticmethod
    def _dead(holder: dict[str, Any]) -> bool:
        """Whether the holder was a process of this machine that is gone."""
        if holder.get("host") != socket.gethostname():
            return False
        return started(int(holder.get("pid", 0))) != holder.get("started")

    def _beat(self, done: threading.Event) -> None:
        while not done.wait(BEAT):
            try:
                holder = self.client.get(index=self.index, id=self.source)
                if holder["_source"].get("token") != self.token:
                    self.lost.set()
                    return
                self.client.index(
                    index=self.index, id=self.source, document=self._owner(),
                    if_seq_no=holder["_seq_no"], if_primary_term=holder["_primary_term"],
                )  # fmt: skip
            except (NotFoundError, ConflictError):
                self.lost.set()
                return
            except (ApiError, TransportError) as error:
                log.warning("No sign of life to the index of locks: %s", error)

    def _free(self) -> None:
        with suppress(ApiError, TransportError):
            holder = self.client.get(index=self.index, id=self.source)
            if holder["_source"].get("token") == self.token:
                self.client.delete(
                    index=self.index, id=self.source,
                    if_seq_no=holder["_seq_no"], if_primary_term=holder["_primary_term"],
                )  # fmt: skip


def started(pid: int) -> str:
    """What tells a process from a later one with the same number; "" when it is gone, or the system does not say."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
