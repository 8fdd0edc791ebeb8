"""Sending documents in bulk: in pieces, with pauses when the server is busy, newer versions left alone."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import elasticsearch
from elasticsearch import Elasticsearch

from search.engines.elasticsearch.schema import to_json
from search.engines.elasticsearch.trouble import contained, refused
from search.errors import IndexMissing, IndexOutdated, ServerUnavailable
from search.sources import Source
from search.types import Change

log = logging.getLogger(__name__)

MAX_BYTES = 5_000_000  # of one request
MAX_ITEMS = 1_000
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
#: Newest first: a document that is in the index with a greater version is left as it is. Equal ones are written
#: again, so
#: that a request whose answer was lost may be repeated.
VERSION_TYPE = "external_gte"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to write: a document in JSON, or (None) that it is gone. `stamp` 0 writes whatever is there."""

    id: str
    body: bytes | None
    stamp: int = 0

    def action(self, target: str) -> bytes:
        what: dict[str, Any] = {"_index": target, "_id": self.id}
        if self.stamp:
            what |= {"version": self.stamp, "version_type": VERSION_TYPE}
        return json.dumps({"delete" if self.body is None else "index": what}).encode("utf-8", "replace")


def lines(source: Source, changes: Iterable[Change]) -> list[Line]:
    """Changes, analysed."""
    return [Line(c.id, to_json(source, c.document) if c.document else None, c.stamp) for c in changes]


def pieces(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """As many at a time as one request should hold."""
    piece: list[Line] = []
    size = 0
    for line in lines:
        piece.append(line)
        size += len(line.body or b"") + 100
        if size >= MAX_BYTES or len(piece) >= MAX_ITEMS:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def write(
    client: Elasticsearch,
    source: Source,
    targets: Sequence[str],
    lines: Iterable[Line],
    *,
    patience: float,
    refresh: bool,
) -> None:
    """Write to every target (an alias; the first must exist, the others may be gone). Raises IndexUnavailable.

    `patience`: seconds to go on trying while the server is busy. `refresh`: visible to searches when this returns.
    """
    deadline = time.monotonic() + patience
    for piece in pieces(lines):
        left = [(target, line) for line in piece for target in targets]
        pause = FIRST_PAUSE
        while left:
            try:
                left = _send(client, source, left, required=targets[0], refresh=refresh)
            except ServerUnavailable as error:
                busy = isinstance(error.__cause__, elasticsearch.ApiError) and error.__cause__.status_code in (429, 503)
                if not busy or "no changes" in str(error) or time.monotonic() + pause > deadline:
                    raise
            if left:
                if time.monotonic() + pause > deadline:
                    raise ServerUnavailable("Elasticsearch is busy.")
                time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads writers, hides nothing
                pause = min(pause * 2, LONGEST_PAUSE)


def _send(
    client: Elasticsearch, source: Source, items: Sequence[tuple[str, Line]], *, required: str, refresh: bool
) -> list[tuple[str, Line]]:
    """Send once; gives back what the server was too busy for."""
    operations: list[Any] = []  # JSON already
    for target, line in items:
        operations.append(line.action(target))
        if line.body is not None:
            operations.append(line.body)
    with contained(source.name):
        answer = client.bulk(
            operations=operations,
            refresh=refresh,
            require_alias=True,
            timeout="5s",  # for a shard that is away
            filter_path=["errors", "items.*.status", "items.*.error"],
        )
    if not answer.get("errors"):
        return []
    again: list[tuple[str, Line]] = []
    for (target, line), item in zip(items, answer["items"], strict=True):
        result = next(iter(item.values()))
        status, error = result["status"], result.get("error")
        if not error or status == 409:  # a newer version is there already
            continue
        problem = refused(status, error, source.name)
        if isinstance(problem, IndexMissing) and target != required:
            continue  # that build is finished or given up
        if status in (429, 503) and error.get("type") != "cluster_block_exception":
            again.append((target, line))
        elif isinstance(problem, ServerUnavailable) and status == 400:
            # This document alone: `search check` names it as missing, and the others are not held up.
            log.error("Elasticsearch does not take %s %s: %s", source.name, line.id, problem)
        elif isinstance(problem, IndexOutdated | IndexMissing | ServerUnavailable):
            raise problem
    return again
