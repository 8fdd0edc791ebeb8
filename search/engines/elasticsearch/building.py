"""Loading a whole index: documents are analysed and sent by several processes while this one reads the database."""

from __future__ import annotations

import ctypes
import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any

from search.engines.elasticsearch.configuration import Configuration
from search.engines.elasticsearch.schema import to_json
from search.engines.elasticsearch.writing import Line, write
from search.errors import ServerUnavailable
from search.sources import Source
from search.types import Document

CHUNK = 500
WORTH_IT = 4_000  # documents from which starting processes pays
MOST_PROCESSES = 8
PR_SET_PDEATHSIG = 1  # of Linux: the signal that a process gets when its parent dies
PATIENCE = 180.0  # seconds of a busy server that a rebuild bears
#: Below every stamp of a change: what was changed while the index is loaded stays as it was changed.
LOAD_STAMP = 1

_inherited: dict[str, Any] = {}


def load(
    configuration: Configuration, source: Source, target: str, documents: Iterable[Document], processes: int = 0
) -> int:
    """Send all documents to an alias; returns their number. `processes`: 0 for as many as the machine has cores."""
    chunks = _chunks(documents)
    first = list(itertools.islice(chunks, WORTH_IT // CHUNK))
    processes = processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    if len(first) < WORTH_IT // CHUNK or processes < 2:
        client = configuration.client().options(request_timeout=60)
        try:
            return sum(_analyse_and_send(client, source, target, chunk) for chunk in itertools.chain(first, chunks))
        finally:
            client.close()
    return _load_by_many(configuration, source, target, itertools.chain(first, chunks), processes)


def _load_by_many(
    configuration: Configuration, source: Source, target: str, chunks: Iterator[list[Document]], processes: int
) -> int:
    # Forked, so that sources need not be found again; the children use neither the database nor this process's
    # connections.
    _inherited.update(configuration=configuration, source=source, target=target, parent=os.getpid())
    context = multiprocessing.get_context("fork")
    done = 0
    waiting: set[Future[int]] = set()
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)
    try:
        for chunk in chunks:
            waiting.add(pool.submit(_work, chunk))
            if len(waiting) >= processes * 2:  # back-pressure: the database is read as fast as the server takes it
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                done += sum(future.result() for future in finished)
        return done + sum(future.result() for future in waiting)
    except BrokenProcessPool as error:
        raise ServerUnavailable("A process that analysed documents was killed.") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _inherited.clear()


def _begin() -> None:
    """In the child: a connection of its own, and an end when the parent is killed: at once where the system does that,
    as what it still sent would reach the next build."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _inherited["client"] = _inherited["configuration"].client().options(request_timeout=60)
    parent = _inherited["parent"]

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work(documents: list[Document]) -> int:
    return _analyse_and_send(_inherited["client"], _inherited["source"], _inherited["target"], documents)


def _analyse_and_send(client: Any, source: Source, target: str, documents: list[Document]) -> int:
    lines = [Line(document.id, to_json(source, document), LOAD_STAMP) for document in documents]
    write(client, source, [target], lines, patience=PATIENCE, refresh=False)
    return len(lines)


def _chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    found = iter(documents)
    while chunk := list(itertools.islice(found, CHUNK)):
        yield chunk
