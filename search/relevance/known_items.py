"""Known-item queries across languages: the label of a CPV code in one language must find what has it in another only.

The things to find are one for each code, with its label in the other language as the name, and with the codes above
it. Its own code is left out: a buyer's words and a supplier's code seldom agree to the last digit, and with it the
test would ask a table for what the table was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from search.analysis.concept_tables import CpvLabel, concept_tables
from search.engines.base import Engine
from search.facets import ChoiceFacet, Facet, parent_of, with_ancestors
from search.plan import make_plan
from search.sources import Source
from search.types import Card, Document, Query, TextField

PAIRS = (("da", "sv"), ("sv", "da"))


class KnownItems(Source):
    """A source without a database: labels of one language."""

    name, label = "known", "Known items"
    texts = (TextField("name"),)
    sorts = ()
    facets = (Facet(name="cpv", tree=True, concepts=True), ChoiceFacet(name="language"))

    def __init__(self, language: str) -> None:
        self.language = language
        self.name = f"known-{language}"

    def cards(self, ids: Sequence[str], language: str) -> Mapping[str, Card]:
        return {}

    def documents(self, ids: Any = None) -> Iterator[Document]:
        for label in labels():
            above = parent_of(label.path)
            yield Document(
                id=label.code,
                texts={self.language: {"name": label.labels[self.language]}},
                facets={"cpv": with_ancestors([above] if above else []), "language": (self.language,)},
                names={self.language: label.labels[self.language]},
            )


def labels() -> Iterator[CpvLabel]:
    tables = concept_tables()
    return (tables.label(number) for number in range(len(tables)))


def found(engine: Engine, source: KnownItems, asked: str, label: CpvLabel, *, concepts: bool, depth: int = 10) -> bool:
    """Whether the label in the language `asked` finds the thing that has it in the source's language."""
    query = Query(source.name, asked, text=label.labels[asked], size=depth, facets=())
    for by_parts in (False, True):
        plan = make_plan(query.text, asked, by_parts=by_parts, concepts=concepts)
        # A code of the table says which label it is: only what is above it may be used.
        plan = replace(plan, concepts=tuple(c for c in plan.concepts if c.code != label.path))
        answer = engine.search(source, query, plan)
        if answer.total:
            return label.code in {hit.id for hit in answer.hits}
    return False
