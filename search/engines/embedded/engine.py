"""tantivy behind the Engine protocol: every process reads the files itself, and sees a commit at its next search."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tantivy

from search.completion import beginnings
from search.engines.embedded import schema as layout
from search.engines.embedded.asking import Asking
from search.engines.embedded.store import Store
from search.engines.phrases import best_phrases
from search.errors import IndexMissing, IndexOutdated, IndexUnavailable, SearchError
from search.facets import Facet
from search.sources import RELEVANCE, Source
from search.types import MAX_DEPTH, Answer, Change, Document, Found, Plan, Query, Replay, Status

SMALL_HEAP = 15_000_000  # the least tantivy takes, for a handful of changes
LARGE_HEAP = 128_000_000
MANY = 2_000  # changes from which the larger heap pays


@contextlib.contextmanager
def _contained(what: str) -> Iterator[None]:
    """Nothing of tantivy's gets out: not its errors, nor its panics, which are no `Exception`."""
    try:
        yield
    except (SearchError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        raise
    except BaseException as error:
        if isinstance(error, Exception) and not isinstance(error, OSError | ValueError | RuntimeError):
            raise  # a mistake of ours or of a source's, not the index
        raise IndexUnavailable(f"The search index could not be {what}: {type(error).__name__}: {error}") from error


@dataclass
class Reader:
    """An opened build. `state` tells whether something was committed since the searcher was made."""

    name: str
    index: tantivy.Index
    asking: Asking
    state: tuple[int, int, int] = (0, 0, 0)
    searcher: tantivy.Searcher = None  # type: ignore[assignment]
    values: dict[str, int] = field(default_factory=dict)


def _count(found: tantivy.SearchResult) -> int:
    return found.count  # type: ignore[attr-defined]  # the library's own types leave it out


class EmbeddedEngine:
    """See `search.engines.base.Engine`. One for a process; safe to share between its threads."""

    name = "embedded"

    def __init__(self, root: Path | None = None) -> None:
        self._root = root
        self._readers: dict[tuple[str, str], Reader] = {}
        self._opening = threading.Lock()
        self._pid = os.getpid()

    def store(self, source: Source) -> Store:
        return Store(source.name, self._root)

    # -- reading ----------------------------------------------------------------------------------------------------
    def _reader(self, source: Source) -> Reader:
        if self._pid != os.getpid():  # opened before a fork: threads and file watches stayed in the parent
            self._readers, self._opening, self._pid = {}, threading.Lock(), os.getpid()
        store = self.store(source)
        for _attempt in range(3):
            name = store.current
            if not name:
                raise IndexUnavailable(f"There is no search index of {source.name} yet.")
            key = (str(store.folder), name)
            reader = self._readers.get(key)
            try:
                if reader is None:
                    with self._opening:
                        reader = self._readers.get(key) or self._open(source, store, name)
                        self._readers = {k: r for k, r in self._readers.items() if k[0] != key[0]} | {key: reader}
                self._refresh(reader, store.path(name))
                return reader
            except IndexOutdated:
                raise
            except IndexUnavailable:
                self._readers.pop(key, None)
                if store.current == name:  # otherwise it was swapped away while we were opening it
                    raise
        raise IndexUnavailable(f"The search index of {source.name} is replaced faster than it can be opened.")

    def _open(self, source: Source, store: Store, name: str) -> Reader:
        if not name.startswith(f"{source.name}-{layout.version(source)}-"):
            raise IndexOutdated(f"The search index of {source.name} was built for another version.")
        with _contained("opened"):
            index = tantivy.Index.open(str(store.path(name)))
            layout.register_tokenizers(index)
            index.config_reader("manual")
            return Reader(name, index, Asking(source, index.schema))

    def _refresh(self, reader: Reader, path: Path) -> None:
        """A new searcher if anything was committed: the file that names the segments is replaced by each commit."""
        with _contained("read"):
            meta = os.stat(path / "meta.json")
            state = (meta.st_mtime_ns, meta.st_ino, meta.st_size)
            if reader.searcher is None or reader.state != state:
                reader.index.reload()
                reader.searcher, reader.values, reader.state = reader.index.searcher(), {}, state

    def _size(self, reader: Reader, searcher: tantivy.Searcher, field: str) -> int:
        """As many values as the field has: a smaller number would cut counts off without a word."""
        values = reader.values
        if field not in values:
            values[field] = max(1, len(searcher.terms_with_prefix(field, "")))
        return values[field]

    def search(self, source: Source, query: Query, plan: Plan) -> Answer:
        reader = self._reader(source)
        asking, searcher = reader.asking, reader.searcher
        with _contained("searched"):
            text = asking.plan(plan)
            full = asking.filtered(text, query.filters)
            total, hits = self._hits(source, searcher, full, query, plan)
            facets = [f for f in source.facets if query.facets is None or f.name in query.facets]
            counts = self._counts(reader, searcher, full, [f for f in facets if not query.filters.get(f.name)], query)
            for facet in facets:
                if query.filters.get(facet.name):
                    others = asking.filtered(text, query.filters, without=facet.name)
                    counts |= self._counts(reader, searcher, others, [facet], query)
        return Answer(total, hits, counts)

    def _counts(
        self,
        reader: Reader,
        searcher: tantivy.Searcher,
        matching: tantivy.Query,
        facets: Sequence[Facet],
        query: Query,
    ) -> dict[str, Mapping[str, int]]:
        if not facets:
            return {}
        asked = {}
        for facet in facets:
            upper = facet.counts_upper(query)
            field = layout.upper_field(facet.name) if upper else layout.facet_field(facet.name)
            asked[facet.name] = {"terms": {"field": field, "size": self._size(reader, searcher, field)}}
        answer = searcher.aggregate(matching, asked)
        return {f.name: f.asked({b["key"]: b["doc_count"] for b in answer[f.name]["buckets"]}, query) for f in facets}

    def _hits(
        self, source: Source, searcher: tantivy.Searcher, full: tantivy.Query, query: Query, plan: Plan
    ) -> tuple[int, tuple[Found, ...]]:
        last = min(query.offset + query.size, MAX_DEPTH)
        wanted = last - query.offset
        if wanted <= 0:
            return _count(searcher.search(full, 1)), ()
        if query.sort == RELEVANCE and not plan.empty:
            total, ranked = self._ranked(searcher, full, last)
            chosen = ranked[query.offset : last]
        else:
            key = layout.sort_field(source.sort_field(query.sort, query.language))
            found = searcher.search(full, wanted, order_by_field=key, offset=query.offset, order=tantivy.Order.Asc)
            total, chosen = _count(found), [(0.0, address) for _key, address in found.hits]
        hits = []
        for score, address in chosen:
            stored = layout.from_stored(searcher.doc(address))
            hits.append(Found(stored["id"], score, stored["texts"], stored["facets"]))
        return total, tuple(hits)

    def _ranked(
        self, searcher: tantivy.Searcher, full: tantivy.Query, last: int
    ) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
        """The first `last` hits by score. tantivy orders equal scores by where they lie, which changes when segments
        are merged; so all that tie with the last one are fetched and equal ones ordered by their fingerprint."""
        limit = last + 1
        while True:
            found = searcher.search(full, limit)
            hits = found.hits
            if len(hits) < limit or limit >= MAX_DEPTH or hits[-1][0] != hits[last - 1][0]:
                break
            limit = min(limit * 4, MAX_DEPTH)
        marks = searcher.fast_field_values(layout.FINGERPRINT, [address for _score, address in hits]) if hits else []
        order = sorted(zip(hits, marks, strict=True), key=lambda pair: (-pair[0][0], pair[1]))
        return _count(found), [hit for hit, _mark in order]

    def suggest(self, source: Source, prefix: str, language: str, limit: int) -> Sequence[tuple[str, str, str]]:
        typed = beginnings(prefix)
        if not typed or limit < 1:
            return []
        reader = self._reader(source)
        with _contained("searched"):
            found = reader.searcher.search(reader.asking.phrases(typed, language), limit * 4, count=False)
            rows = [layout.from_stored(reader.searcher.doc(address)) for _score, address in found.hits]
        return best_phrases(rows, typed, language)[:limit]

    # -- writing ----------------------------------------------------------------------------------------------------
    def apply(self, source: Source, changes: Sequence[Change]) -> None:
        store = self.store(source)
        made = [(c.id, layout.to_tantivy(source, c.document) if c.document else None) for c in changes]
        with store.lock():
            reader = self._reader(source)
            with _contained("written"):
                self._write(reader.index, made)

    def _write(self, index: tantivy.Index, made: Sequence[tuple[str, tantivy.Document | None]]) -> None:
        writer = index.writer(LARGE_HEAP if len(made) > MANY else SMALL_HEAP, 1)
        for number, document in made:
            writer.delete_documents_by_term(layout.ID, number)
            if document is not None:
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def rebuild(self, source: Source, documents: Iterable[Document], replay: Replay) -> int:
        store = self.store(source)
        with store.lock("rebuild"):
            with store.lock():
                store.prune()
                building = store.new(layout.version(source))
            done = 0
            with _contained("built"):
                index = tantivy.Index(layout.build_schema(source), path=str(building))
                layout.register_tokenizers(index)
                writer = index.writer(LARGE_HEAP, 1)
            for document in documents:
                made = layout.to_tantivy(source, document)
                with _contained("built"):
                    writer.add_document(made)
                done += 1
            with _contained("built"):
                writer.commit()
                writer.wait_merging_threads()
                del writer
            with store.lock():
                late = [(c.id, layout.to_tantivy(source, c.document) if c.document else None) for c in replay()]
                with _contained("built"):
                    if late:
                        self._write(index, late)
                    store.point_to(building)
                store.prune()
        return done

    def rollback(self, source: Source) -> str:
        store = self.store(source)
        with store.lock("rebuild"), store.lock():
            name = store.previous(layout.version(source))
            if not name:
                raise IndexMissing(f"There is no older index of {source.name} that this version can use.")
            store.use(name)
        return name

    def fingerprints(self, source: Source) -> Mapping[str, int]:
        reader = self._reader(source)
        with _contained("read"):
            count = reader.searcher.num_docs
            if not count:
                return {}
            everything = tantivy.Query.all_query()
            found = reader.searcher.search(
                everything, count, count=False, order_by_field=layout.ID, order=tantivy.Order.Asc
            )
            marks = reader.searcher.fast_field_values(layout.FINGERPRINT, [address for _id, address in found.hits])
            return {number: mark for (number, _address), mark in zip(found.hits, marks, strict=True)}

    def status(self, source: Source) -> Status:
        name = ""
        try:
            store = self.store(source)
            name = store.current
            reader = self._reader(source)
            return Status(self.name, source.name, True, reader.searcher.num_docs, name, "", store.size(name))
        except IndexUnavailable as error:
            return Status(self.name, source.name, False, 0, name, str(error))
