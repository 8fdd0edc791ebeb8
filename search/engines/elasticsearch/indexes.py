"""The indexes of one source: their names, which one is in use, making, swapping and removing them.

    torv.offers.1a2b3c4d-9f8e7d6c5b.20260101t120000000001     an index: prefix, source, version of the definition, time
    torv.offers.1a2b3c4d-9f8e7d6c5b                           alias of the one in use by code of that version
    torv.offers.building                                      alias of the one that is being built
    torv.locks                                                who builds what

The version is part of the alias: while a new version of the code is rolled out, the old one goes on with its own
index, and finds it again when it is rolled back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.dsl import Index

from search.engines.elasticsearch import schema as layout
from search.engines.elasticsearch.configuration import Configuration
from search.engines.elasticsearch.trouble import WRONG_SERVER, ServerUnavailable
from search.sources import Source

OLD_INDEXES = 1  # kept beside the one in use, for `search rollback`
#: While everything is written: no refreshes, no copies, and the log reaches the disk in its own time.
LOADING = {"refresh_interval": "-1", "translog.durability": "async"}
#: Every write refreshes what it wrote, so the interval only keeps shards from falling asleep.
SERVING = {"refresh_interval": "5s", "translog.durability": "request"}
FORGET_DELETED = "30m"  # how long a delete's version is remembered: longer than a late write may come


@dataclass(frozen=True)
class Known:
    """The indexes of a source there are now: index -> its aliases."""

    aliases: Mapping[str, frozenset[str]]

    def of(self, alias: str) -> list[str]:
        return sorted(name for name, aliases in self.aliases.items() if alias in aliases)


class Indexes:
    """Names and life of the indexes of one source."""

    def __init__(self, source: Source, configuration: Configuration) -> None:
        self.source = source
        self.configuration = configuration
        self.root = f"{configuration.prefix}.{source.name}"
        self.version = layout.version(source)
        self.alias = f"{self.root}.{self.version}"
        self.building = f"{self.root}.building"

    def known(self, client: Elasticsearch) -> Known:
        try:
            found = client.indices.get_alias(index=f"{self.root}.*", expand_wildcards="all").body
        except NotFoundError as error:
            if error.error == "index_not_found_exception":
                return Known({})
            raise
        if not all("aliases" in said for said in found.values()):  # something that only says it is Elasticsearch
            raise ServerUnavailable(WRONG_SERVER)
        return Known({name: frozenset(said["aliases"]) for name, said in found.items()})

    def current(self, known: Known) -> str:
        """The index in use by this version of the code, "" when there is none."""
        return next(iter(known.of(self.alias)), "")

    def previous(self, known: Known) -> str:
        """The newest index of this version that was in use before, "" when there is none."""
        current = self.current(known)
        old = [
            name
            for name, aliases in known.aliases.items()
            if name.startswith(f"{self.alias}.") and name != current and self.building not in aliases
        ]
        return max(old, default="")

    def settings(self) -> dict[str, Any]:
        """What does not change while an index lives, and what it is born with."""
        return {
            "number_of_shards": self.configuration.shards,
            "number_of_replicas": 0,
            "gc_deletes": FORGET_DELETED,
            "mapping.total_fields.limit": 1_000,
            **LOADING,
        }

    def replicas(self) -> dict[str, Any]:
        """How many copies an index in use has."""
        wanted = self.configuration.replicas
        if wanted.isdigit():
            return {"auto_expand_replicas": "false", "number_of_replicas": int(wanted)}
        return {"auto_expand_replicas": wanted}

    def mapping(self) -> dict[str, Any]:
        return layout.build_mapping(self.source).to_dict()

    def create(self, client: Elasticsearch) -> str:
        """A new empty index with the alias of what is being built. The template holds for whatever is made under our
        names, so that nothing can come into being there with a guessed mapping."""
        index = Index(f"{self.root}.*")
        index.settings(index=self.settings())
        index.mapping(layout.build_mapping(self.source))
        # (`as_composable_template` would lose that the mapping is strict: it copies fields, and nothing else.)
        client.indices.put_index_template(
            name=self.root, index_patterns=[f"{self.root}.*"], template=index.to_dict(), priority=500
        )
        stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dt%H%M%S%f")
        name = f"{self.alias}.{stamp}"
        client.indices.create(index=name, aliases={self.building: {}}, wait_for_active_shards=1)
        return name

    def serve(self, client: Elasticsearch, name: str) -> None:
        """Make a loaded index ready for readers: everything visible, on disk, with its copies."""
        client.indices.refresh(index=name)
        client.indices.put_settings(index=name, settings={**SERVING, **self.replicas()})

    def swap(self, client: Elasticsearch, name: str, known: Known) -> None:
        """Make an index the one in use, in one step: readers see the old one or the new one, never neither."""
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": self.alias}}]
        actions += [{"remove": {"index": old, "alias": self.alias}} for old in known.of(self.alias) if old != name]
        if name in known.of(self.building):
            actions.append({"remove": {"index": name, "alias": self.building}})
        client.indices.update_aliases(actions=actions)

    def prune(self, client: Elasticsearch) -> list[str]:
        """Remove what killed rebuilds left, and all but the newest of those no longer in use. Returns what was removed.
        Call it while holding the lock."""
        known = self.known(client)
        abandoned = known.of(self.building)
        in_use = {name for name, aliases in known.aliases.items() if any(a.startswith(self.root) for a in aliases)}
        finished = sorted((n for n in known.aliases if n not in in_use), key=lambda name: name.rpartition(".")[2])
        # What other versions of the code use counts as old too: only the newest is kept beside ours.
        others = sorted(
            (n for n in in_use if n not in abandoned and n not in known.of(self.alias)),
            key=lambda n: n.rpartition(".")[2],
        )
        old = sorted([*finished, *others], key=lambda name: name.rpartition(".")[2])
        gone = [*abandoned, *old[: max(0, len(old) - OLD_INDEXES)]]
        for name in gone:
            client.indices.delete(index=name, ignore_unavailable=True)
        return gone
