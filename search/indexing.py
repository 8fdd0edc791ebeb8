"""Keeping the index true: carrying out changes, building anew, comparing with the database."""

from __future__ import annotations

import datetime
import functools
import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from search import concepts, registry, spelling
from search.engines import engine
from search.errors import IndexUnavailable, ServerUnavailable
from search.facets import Facet
from search.sources import Source
from search.types import Change
from torv import outbox

if TYPE_CHECKING:
    from torv.outbox.models import OutboxEntry

log = logging.getLogger(__name__)

BATCH = 500
SMALL = 2_000  # things that are indexed on the spot, in about two seconds, when a request meets no index
AGAIN = 10  # seconds until changes are tried again on a server that could not take them
LATER = "search.later"  # the outbox topic of documents that change by themselves
MARGIN = datetime.timedelta(minutes=1)  # between this clock and that of other machines


def topic_of(source: Source | str) -> str:
    """The outbox topic of a source's changes."""
    return f"search.{source if isinstance(source, str) else source.name}"


def register_topics() -> None:
    """Tell the outbox who carries out each source's changes; called when all apps are ready."""
    outbox.register(LATER, _read_anew, batch=BATCH)  # first: what it asks for is carried out right after it
    for source in registry.sources().values():
        outbox.register(topic_of(source), _handler(source), batch=BATCH)


def register_meanings() -> None:
    """Let the values of facets that say what they are called stand for queries, and the sources' words be offered as
    corrections; called when all apps are ready."""
    for name, facet in registry.facets().items():
        if facet.concepts and type(facet).meanings is not Facet.meanings:
            concepts.provide(name, functools.partial(_meanings, facet))
            spelling.provide(name, functools.partial(_names, facet))
    for source in registry.sources().values():
        spelling.provide(source.name, source.vocabulary)


def _meanings(facet: Facet) -> Iterable[concepts.Labelled]:
    return facet.meanings() or ()


def _names(facet: Facet, language: str) -> Iterator[tuple[str, int]]:
    for _code, labels in _meanings(facet):
        yield from ((label, 1) for label in labels.get(language, ()))


def _handler(source: Source) -> Callable[[Sequence[OutboxEntry]], None]:
    def handle(entries: Sequence[OutboxEntry]) -> None:
        try:
            engine().apply(source, changes(source, [entry.key for entry in entries]))
            spelling.forget()
        except ServerUnavailable as error:
            raise outbox.Postpone(AGAIN, str(error)) from error
        except IndexUnavailable as error:
            if engine().status(source).ready:  # it can be read but not written, or was built by another just now
                raise outbox.Postpone(AGAIN, str(error)) from error
            # Without an index there is nothing to change: building it finds these changes too.
            if not build_if_small(source):
                raise outbox.Postpone(60, str(error)) from error

    return handle


def _read_anew(entries: Sequence[OutboxEntry]) -> None:
    """The moment has come that `Document.changes_at` named: the things are read as if they had been changed."""
    wanted: dict[str, list[str]] = {}
    for entry in entries:
        name, _slash, number = entry.key.partition("/")
        wanted.setdefault(name, []).append(number)
    for name in wanted.keys() & registry.sources().keys():
        outbox.enqueue_many(topic=topic_of(name), keys=wanted[name])


def _note_moments(source: Source, moments: Mapping[str, datetime.datetime]) -> None:
    outbox.enqueue_later(topic=LATER, moments={f"{source.name}/{number}": when for number, when in moments.items()})


def changes(source: Source, ids: Iterable[str]) -> list[Change]:
    """What the database says now about these ids: their documents, or that they are gone."""
    stamp = outbox.stamp()  # before reading: what is read is at least as new
    wanted = list(dict.fromkeys(ids))
    found = {}
    for start in range(0, len(wanted), BATCH):
        chunk = wanted[start : start + BATCH]
        found.update({document.id: document for document in source.documents(_valid(source, chunk))})
    _note_moments(source, {number: document.changes_at for number, document in found.items() if document.changes_at})
    return [Change(number, found.get(number), stamp) for number in wanted]


def _valid(source: Source, ids: Iterable[str]) -> list[str]:
    """Only what can be a primary key: a stray key must not stop the batch it is in."""
    field = source.model._meta.pk
    kept = []
    for number in ids:
        try:
            field.to_python(number)
        except Exception:
            log.warning("%r is no key of %s", number, source.name)
        else:
            kept.append(number)
    return kept


def rebuild(source: Source, report: Callable[[int], None] | None = None) -> int:
    """Build the source's index anew beside the old one and swap. Returns the number of documents.

    What is changed meanwhile reaches the old index, and is replayed on the new one before the swap: everything that was
    carried out since the start, and everything that still waits.
    """
    from torv.outbox.models import OutboxEntry

    start = timezone.now() - MARGIN
    moments: dict[str, datetime.datetime] = {}

    def documents() -> Iterator:
        for document in source.documents():
            yield document
            if document.changes_at:
                moments[document.id] = document.changes_at
            if report:
                report(1)

    def replay() -> list[Change]:
        _note_moments(source, moments)
        late = OutboxEntry.objects.filter(topic=topic_of(source)).filter(
            Q(done_at__gte=start) | Q(done_at=None) | ~Q(state=OutboxEntry.State.DONE)
        )
        return changes(source, late.order_by("pk").values_list("key", flat=True))

    with _seldom_collecting():
        done = engine().rebuild(source, documents(), replay)
    spelling.forget()
    return done


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Reading makes a hundred objects for a document, which live until the next chunk: looking for garbage as often as
    usual would take two fifths of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def build_if_small(source: Source) -> bool:
    """Build a missing or outdated index here and now if that takes a moment only. Returns whether it was built."""
    try:
        status = engine().status(source)
        if status.ready:
            return True
        if source.queryset()[: SMALL + 1].count() > SMALL:
            return False
        log.warning("%s It is built now.", status.problem)
        rebuild(source)
    except (IndexUnavailable, DatabaseError):
        log.exception("The search index of %s could not be built", source.name)
        return False
    return True


@dataclass(frozen=True)
class Drift:
    """Where the index and the database differ: ids of each kind."""

    missing: tuple[str, ...] = ()
    ghosts: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.missing, *self.ghosts, *self.stale)

    def __bool__(self) -> bool:
        return bool(self.ids)


def compare(source: Source, report: Callable[[int], None] | None = None) -> Drift:
    """Compare every document with the index; carries out waiting changes first."""
    outbox.drain(topics=[topic_of(source)], wait=30)
    indexed = dict(engine().fingerprints(source))
    missing, stale = [], []
    for document in source.documents():
        mark = indexed.pop(document.id, None)
        if mark is None:
            missing.append(document.id)
        elif mark != document.fingerprint:
            stale.append(document.id)
        if report:
            report(1)
    return Drift(tuple(missing), tuple(indexed), tuple(stale))


def mend(source: Source, drift: Drift) -> None:
    """Make the index say what the database says about everything that differs."""
    for start in range(0, len(drift.ids), BATCH):
        engine().apply(source, changes(source, drift.ids[start : start + BATCH]))
