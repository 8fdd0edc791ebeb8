"""Wagtail's own Elasticsearch backend (`modelsearch`) with the same offers: the peer of benchmarks/elasticsearch.py.

Its documents hold the same texts and facet codes as ours, made by the same code; what it does with them is its own:
`update_index` to fill it, and a request for each `facet()`. It gives a facet's first ten values, and can be made to
give them all, as ours does. In its favour nothing is indexed for autocompletion.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from modelsearch import index
from modelsearch.backends.elasticsearch8 import Elasticsearch8SearchBackend
from modelsearch.management.commands import rebuild_modelsearch_index
from modelsearch.query import MATCH_ALL

from directory.search import OFFERS
from search.types import LANGUAGES, Document

FACETS = ("category", "place", "kind", "cpv", "purpose", "language")
TEXTS = [f"{text.name}_{language}" for language in LANGUAGES for text in OFFERS.texts]
BOOSTS = {text.name: text.weight for text in OFFERS.texts}


class _Rows:
    """Stands for a queryset of offers, read as Torv reads them; only what `update_index` does with it."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def order_by(self, *names: str) -> _Rows:
        return _Rows(self.rows.order_by(*names))

    def __getitem__(self, part: slice) -> _Rows:
        return _Rows(self.rows[part])

    def __iter__(self) -> Any:
        return (Peer.of(OFFERS.document(offer)) for offer in self.rows)


def _columns() -> dict[str, Any]:
    return {**{name: models.TextField() for name in TEXTS}, **{name: models.CharField(max_length=1) for name in FACETS}}


class Peer(index.Indexed, models.Model):
    """An offer as Wagtail indexes it. There is no such table: rows come from ours, and hits are not fetched."""

    locals().update(_columns())

    search_fields = [
        *(index.SearchField(name, boost=BOOSTS[name.rpartition("_")[0]]) for name in TEXTS),
        *(index.FilterField(name) for name in FACETS),
    ]

    class Meta:
        app_label, managed = "search", False

    @classmethod
    def of(cls, document: Document) -> Peer:
        texts = {f"{name}_{lang}": text for lang, found in document.texts.items() for name, text in found.items()}
        made = cls(pk=int(document.id), **texts)
        for name in FACETS:
            setattr(made, name, list(document.facets.get(name, ())))
        return made

    @classmethod
    def get_indexed_objects(cls) -> Any:
        return _Rows(OFFERS.queryset())


class Backend(Elasticsearch8SearchBackend):
    """As Wagtail has it, with analyzers that a server without its module of analyzers has too."""

    settings = {
        "settings": {
            "analysis": {
                "analyzer": {"edgengram_analyzer": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase"]}}
            },
            "index": {"number_of_replicas": 0},
        }
    }


def backend(url: str) -> Backend:
    return Backend({"URLS": [url], "INDEX_PREFIX": "wagtail_", "TIMEOUT": 300})


def update_index(made: Backend) -> None:
    """What `manage.py update_index` does for this model."""
    rebuild_modelsearch_index.get_search_backend = lambda name: made
    rebuild_modelsearch_index.get_indexed_models = lambda: [Peer]
    command = rebuild_modelsearch_index.Command()
    command.verbosity = 0
    command.update_backend("default")


def _asked(made: Backend, text: str, selected: dict[str, Sequence[str]]) -> Any:
    rows = Peer.objects.all()
    for name, codes in selected.items():
        rows = rows.filter(**{f"{name}__in": list(codes)})
    return made.search(text or MATCH_ALL, rows, operator="and")


def total(made: Backend, text: str, selected: dict[str, Sequence[str]]) -> int:
    return _asked(made, text, selected).count()


def counts(made: Backend, text: str, selected: dict[str, Sequence[str]], *, whole: bool = False) -> dict[str, Any]:
    """Facet -> counts that leave its own selection out: one `facet()` call for each. `whole`: of all values."""
    found = {}
    for name in FACETS:
        results = _asked(made, text, {other: codes for other, codes in selected.items() if other != name})
        found[name] = _whole_facet(results, name) if whole else results.facet(name)
    return found


def _whole_facet(results: Any, name: str) -> dict[str, int]:
    """What `results.facet(name)` does, but for its limit."""
    compiler, body = results.query_compiler, results._get_es_body()
    column = compiler.mapping.get_field_column_name(compiler._get_filterable_field(name))
    body["aggregations"] = {name: {"terms": {"field": column, "missing": 0, "size": 20_000}}}
    index = results.backend.get_index_for_model(compiler.queryset.model).name
    answer = results._backend_do_search(body, index=index, size=0)
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"][name]["buckets"]}
