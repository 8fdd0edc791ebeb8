"""Elasticsearch behind the Engine protocol. One for a process; safe to share between its threads."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from search.completion import beginnings
from search.engines.elasticsearch import building
from search.engines.elasticsearch import schema as layout
from search.engines.elasticsearch.asking import Asking
from search.engines.elasticsearch.configuration import Configuration
from search.engines.elasticsearch.indexes import Indexes
from search.engines.elasticsearch.inspecting import Inspection, difference
from search.engines.elasticsearch.locking import Lock
from search.engines.elasticsearch.trouble import Breaker, contained
from search.engines.elasticsearch.writing import lines, write
from search.engines.phrases import best_phrases
from search.errors import IndexMissing, IndexOutdated, IndexUnavailable, ServerUnavailable
from search.sources import RELEVANCE, Source
from search.types import Answer, Change, Document, Found, Plan, Query, Replay, Status

FIRST_SIZE = 1_000  # values of a facet asked for before it is known how many there are
PAGE = 10_000  # documents at a time, when all are read
WRITING = 10.0  # seconds a write may take
PATIENCE = 10.0  # seconds to go on writing to a busy server
UPKEEP = 60.0  # seconds that making and swapping indexes may take
BUSY_BUILDING = 120.0  # seconds to wait for another process that builds the same index
CHECK_EVERY = 60.0  # seconds between two looks at the mapping of the index in use


class ElasticsearchEngine:
    """See `search.engines.base.Engine`."""

    name = "elasticsearch"

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.configuration = configuration or Configuration.from_settings()
        self.breaker = Breaker()
        self._made: Elasticsearch | None = None
        self._making = threading.Lock()
        self._pid = os.getpid()
        self._sizes: dict[tuple[str, str], int] = {}
        self._checked: dict[str, float] = {}

    # -- the server -------------------------------------------------------------------------------------------------
    @property
    def client(self) -> Elasticsearch:
        """This process's client: connections do not survive a fork."""
        if self._made is None or self._pid != os.getpid():
            if self._pid != os.getpid():
                self._making, self.breaker, self._pid, self._made = threading.Lock(), Breaker(), os.getpid(), None
            with self._making:
                if self._made is None:
                    if mistakes := self.configuration.mistakes:
                        raise ServerUnavailable(mistakes[0])
                    try:
                        self._made = self.configuration.client()
                    except (ValueError, OSError) as error:
                        raise ServerUnavailable(f"Elasticsearch's settings cannot be used: {error}") from error
        return self._made

    def indexes(self, source: Source) -> Indexes:
        return Indexes(source, self.configuration)

    def _usable(self, source: Source, indexes: Indexes) -> None:
        """Raises IndexMissing or IndexOutdated unless the index in use is as this code makes it. Looks now and then."""
        now = time.monotonic()
        if self._checked.get(indexes.alias, 0.0) > now:
            return
        found = self.client.indices.get_mapping(index=indexes.alias, ignore_unavailable=True).body
        if not found:
            raise self._without(source, indexes)
        for said in found.values():
            if reason := difference(said.get("mappings", {}), indexes.mapping()):
                raise IndexOutdated(f"The search index of {source.name} is not as it was made: {reason}.")
        self._checked[indexes.alias] = now + CHECK_EVERY

    def _without(self, source: Source, indexes: Indexes) -> IndexUnavailable:
        """Why there is no index to use: none at all, or only one of another version."""
        others = [
            name for name, aliases in indexes.known(self.client).aliases.items() if indexes.building not in aliases
        ]
        if not others:
            return IndexMissing(f"There is no search index of {source.name} yet.")
        newer = Inspection(self.client).newer(others)
        if newer:
            return IndexOutdated(
                f"The search index of {source.name} was built by Torv {newer}, which is newer than this process."
            )
        return IndexOutdated(f"The search index of {source.name} was built for another version.")

    # -- reading ----------------------------------------------------------------------------------------------------
    def search(self, source: Source, query: Query, plan: Plan) -> Answer:
        indexes, asking = self.indexes(source), Asking(source)
        names = [facet.name for facet in source.facets]
        while True:
            sizes = {name: self._sizes.get((indexes.root, name), FIRST_SIZE) for name in names}
            body = asking.search(query, plan, sizes, self.configuration.timeout)
            answer = self._ask(source, indexes, body, query.text)
            found = asking.counts(answer.get("aggregations", {}))
            cut = [name for name, terms in found.items() if terms.get("sum_other_doc_count")]
            if not cut:
                break
            for name in cut:  # more values than were asked for: ask for all, from now on
                self._sizes[indexes.root, name] = sizes[name] * 4
        counts = {
            name: asking.facets[name].asked({b["key"]: b["doc_count"] for b in terms["buckets"]}, query)
            for name, terms in found.items()
        }
        scored = query.sort == RELEVANCE and not plan.empty
        hits = tuple(self._found(hit, scored=scored) for hit in answer["hits"]["hits"])
        return Answer(answer["hits"]["total"]["value"], hits, counts)

    def _ask(self, source: Source, indexes: Indexes, body: dict[str, Any], text: str) -> Mapping[str, Any]:
        client = self.client
        with contained(source.name, self.breaker):
            self._usable(source, indexes)
            answer = client.search(
                index=indexes.alias,
                body=body,
                # Part of an answer would be wrong counts that look right.
                allow_partial_search_results=False,
                # The same copy answers each page of a search, so that equal scores stay equal.
                preference=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16],
                # Shards weigh words by what all of them hold.
                search_type="dfs_query_then_fetch" if self.configuration.shards > 1 else None,
            ).body
        if answer.get("timed_out"):
            self.breaker.failed("Elasticsearch does not answer in time.")
            raise ServerUnavailable("Elasticsearch does not answer in time.")
        return answer

    @staticmethod
    def _found(hit: Mapping[str, Any], *, scored: bool) -> Found:
        stored = hit["_source"][layout.STORED]
        return Found(stored["id"], hit["_score"] if scored else 0.0, stored["texts"], stored["facets"])

    def suggest(self, source: Source, prefix: str, language: str, limit: int) -> Sequence[tuple[str, str, str]]:
        typed = beginnings(prefix)
        if not typed or limit < 1:
            return []
        body = Asking(source).phrases(typed, language, limit * 4)
        body["timeout"] = f"{max(1, int(self.configuration.timeout * 1000))}ms"
        answer = self._ask(source, self.indexes(source), body, prefix)
        rows = [hit["_source"][layout.STORED] for hit in answer["hits"]["hits"]]
        return best_phrases(rows, typed, language)[:limit]

    def fingerprints(self, source: Source) -> Mapping[str, int]:
        indexes = self.indexes(source)
        marks: dict[str, int] = {}
        after: list[Any] | None = None
        client = self.client.options(request_timeout=WRITING)
        while True:
            with contained(source.name, self.breaker):
                self._usable(source, indexes)
                page = client.search(
                    index=indexes.alias, size=PAGE, sort=[{layout.ID: "asc"}], search_after=after, source=False,
                    docvalue_fields=[{"field": layout.FINGERPRINT}], track_total_hits=False,
                    allow_partial_search_results=False,
                )["hits"]["hits"]  # fmt: skip
            if not page:
                return marks
            marks.update((hit["sort"][0], hit["fields"][layout.FINGERPRINT][0]) for hit in page)
            after = page[-1]["sort"]

    def status(self, source: Source) -> Status:
        name = ""
        try:
            indexes, client = self.indexes(source), self.client
            with contained(source.name, self.breaker):
                name = indexes.current(indexes.known(client))
                self._checked.pop(indexes.alias, None)
                self._usable(source, indexes)
                health = client.cluster.health(index=name, timeout="1s")
                totals = client.indices.stats(index=name, metric=["docs", "store"])["_all"]["primaries"]
            # Parts that are away are not counted, and when all are there is nothing to count.
            documents = totals.get("docs", {}).get("count", 0)
            size = totals.get("store", {}).get("size_in_bytes", 0)
            if health["status"] == "red":
                problem = f"Parts of the search index of {source.name} are missing from the cluster."
                return Status(self.name, source.name, False, documents, name, problem, size)
            return Status(self.name, source.name, True, documents, name, "", size)
        except IndexUnavailable as error:
            return Status(self.name, source.name, False, 0, name, str(error))

    def problem(self) -> str:
        """Why the server is not to be used, as one sentence; "" when it is. Never raises; for checks."""
        if self.configuration.mistakes:
            return ""  # these have a check of their own
        try:
            client = self.client.options(max_retries=0)
            with contained("everything"):
                return Inspection(client).problem()
        except IndexUnavailable as error:
            return str(error)

    # -- writing ----------------------------------------------------------------------------------------------------
    def apply(self, source: Source, changes: Sequence[Change]) -> None:
        """Writes to the index in use, and to one that is being built: a rebuild misses nothing, however long it
        takes.
        """
        indexes, made = self.indexes(source), lines(source, changes)
        client = self.client.options(request_timeout=WRITING)
        with contained(source.name, self.breaker):
            known = indexes.known(self.client)
            if not indexes.current(known):
                raise self._without(source, indexes)
        targets = [indexes.alias, *([indexes.building] if known.of(indexes.building) else [])]
        self.breaker.enter()
        write(client, source, targets, made, patience=PATIENCE, refresh=True)

    def rebuild(self, source: Source, documents: Iterable[Document], replay: Replay) -> int:
        indexes = self.indexes(source)
        client = self.client.options(request_timeout=UPKEEP)
        with contained(source.name), Lock(client, self.configuration.prefix, source.name).held(BUSY_BUILDING) as lock:
            indexes.prune(client)
            name = indexes.create(client)
            try:
                done = building.load(
                    self.configuration, source, indexes.building, documents,
                    processes=getattr(settings, "TORV_SEARCH_PROCESSES", 0),
                )  # fmt: skip
                indexes.serve(client, name)
                write(
                    client,
                    source,
                    [indexes.building],
                    lines(source, replay()),
                    patience=building.PATIENCE,
                    refresh=True,
                )
                lock.check()
                indexes.swap(client, name, indexes.known(client))
            except BaseException:
                # What readers use is untouched; if the server is gone too, the next rebuild removes this.
                self._drop(client, name)
                raise
            self._checked.pop(indexes.alias, None)
            indexes.prune(client)
        return done

    def rollback(self, source: Source) -> str:
        """Use the index again that was in use before; returns its name. Raises IndexMissing when there is none."""
        indexes = self.indexes(source)
        client = self.client.options(request_timeout=UPKEEP)
        with contained(source.name), Lock(client, self.configuration.prefix, source.name).held(BUSY_BUILDING):
            known = indexes.known(client)
            name = indexes.previous(known)
            if not name:
                raise IndexMissing(f"There is no older index of {source.name} that this version can use.")
            indexes.swap(client, name, known)
            self._checked.pop(indexes.alias, None)
        return name

    @staticmethod
    def _drop(client: Elasticsearch, name: str) -> None:
        import contextlib

        from elasticsearch import ApiError, TransportError

        with contextlib.suppress(ApiError, TransportError):
            client.indices.delete(index=name, ignore_unavailable=True)
