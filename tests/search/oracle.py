"""What search must answer, worked out the slow way: every document looked at in turn. No index, no scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search import analysis
from search.facets import Facet
from search.sources import Source
from search.types import Clause, Document, Plan, Query, Word

TIERS = ("word", "part", "plain")


@dataclass(frozen=True)
class Tokens:
    """The tokens of one document: (language, tier) -> those that stand in any of its texts."""

    document: Document
    found: dict[tuple[str, str], set[str]]
    sets: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> Tokens:
        found: dict[tuple[str, str], set[str]] = {}
        for language, texts in document.texts.items():
            for text in texts.values():
                for tier, tokens in zip(TIERS, analysis.index_tokens(text, language), strict=True):
                    found.setdefault((language, tier), set()).update(tokens.split())
        return cls(document, found)

    def has(self, clause: Clause) -> bool:
        return clause.token in self.found.get((clause.language, clause.tier), ())

    def meets(self, word: Word) -> bool:
        return any(self.has(clause) for clause in word.clauses) or any(
            all(any(self.has(clause) for clause in group) for group in way) for way in word.together
        )

    def matches(self, plan: Plan) -> bool:
        if plan.empty:
            return True
        required = [word for word in plan.words if not word.optional]
        if required and all(self.meets(word) for word in required):
            return True
        return any(concept.code in self.document.facets.get(concept.facet, ()) for concept in plan.concepts)

    def codes(self, facet: str) -> frozenset[str]:
        if facet not in self.sets:
            self.sets[facet] = frozenset(self.document.facets.get(facet, ()))
        return self.sets[facet]

    def passes(self, query: Query, without: str = "") -> bool:
        return all(
            not self.codes(facet).isdisjoint(codes)
            for facet, codes in query.filters.items()
            if facet != without and codes
        )


class Oracle:
    """Answers for a fixed set of documents."""

    def __init__(self, source: Source, documents: Iterable[Document]) -> None:
        self.source = source
        self.documents = [Tokens.of(document) for document in documents]
        self._last: tuple[Plan, list[Tokens]] | None = None

    def matching(self, plan: Plan) -> list[Tokens]:
        """Looked at once for all that is asked about one plan."""
        if self._last is None or self._last[0] != plan:
            self._last = plan, [tokens for tokens in self.documents if tokens.matches(plan)]
        return self._last[1]

    def ids(self, query: Query, plan: Plan) -> set[str]:
        return {tokens.document.id for tokens in self.matching(plan) if tokens.passes(query)}

    def ordered(self, query: Query, plan: Plan) -> list[str]:
        """All ids in the order of a sort that is not relevance."""
        field = self.source.sort_field(query.sort, query.language)
        chosen = [tokens.document for tokens in self.matching(plan) if tokens.passes(query)]
        return [d.id for d in sorted(chosen, key=lambda d: self.source.sort_keys(d)[field].encode())]

    def counts(self, query: Query, plan: Plan) -> dict[str, dict[str, int]]:
        matching = self.matching(plan)
        counted: dict[str, dict[str, int]] = {}
        for facet in self.source.facets:
            counts = counted.setdefault(facet.name, {})
            for tokens in matching:
                if tokens.passes(query, without=facet.name):
                    for code in tokens.codes(facet.name):
                        if shown(facet, code, query):
                            counts[code] = counts.get(code, 0) + 1
        return counted


def shown(facet: Facet, code: str, query: Query) -> bool:
    """Whether a value is among those that are counted: a deep tree shows its upper levels, and what is one step below a
    selected value or below something above one.
    """
    steps = code.split("/")
    if not facet.levels or facet.name in query.unfold or len(steps) <= facet.levels:
        return True
    return any(chosen.split("/")[: len(steps) - 1] == steps[:-1] for chosen in query.filters.get(facet.name, ()))


def all_pages(engine: object, query: Query, plan: Plan, source: Source, size: int) -> Sequence[str]:
    """Every id an engine gives when it is paged through."""
    from dataclasses import replace

    found: list[str] = []
    for page in range(1, 1000):
        answer = engine.search(source, replace(query, page=page, size=size, facets=()), plan)  # type: ignore[attr-defined]
        found += [hit.id for hit in answer.hits]
        if not answer.hits:
            break
    return found
