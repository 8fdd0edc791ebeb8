"""Plan and filters -> the body of one search request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch.dsl import A
from elasticsearch.dsl import query as q

from search.completion import Beginning
from search.engines.elasticsearch import schema as layout
from search.engines.elasticsearch.schema import facet_field, phrase_field, text_field, upper_field
from search.engines.phrases import ways
from search.engines.scoring import CONCEPT, OWN_LANGUAGE, TIE
from search.sources import RELEVANCE, Source
from search.types import MAX_DEPTH, Clause, Concept, Plan, Query, Word

#: Lucene leaves the constant factor k1 + 1 out of BM25. With it, words weigh against fixed scores as in every engine.
BM25 = 2.2
SELECTED = "selected"  # the aggregation that all selected filters apply to


def anything(queries: Sequence[q.Query]) -> q.Query:
    """Any of these, scored by the best with a little of the rest."""
    return queries[0] if len(queries) == 1 else q.DisMax(queries=list(queries), tie_breaker=TIE)


def every(queries: Sequence[q.Query]) -> q.Query:
    return queries[0] if len(queries) == 1 else q.Bool(must=list(queries))


def either(queries: Sequence[q.Query]) -> q.Query:
    """Any of these; no score. Of none, nothing."""
    if not queries:
        return q.MatchNone()
    return queries[0] if len(queries) == 1 else q.Bool(should=list(queries), minimum_should_match=1)


def constant(query: q.Query, score: float) -> q.Query:
    return q.ConstantScore(filter=query, boost=score)


class Asking:
    """Builds the requests of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.facets = {facet.name: facet for facet in source.facets}

    # -- the text ---------------------------------------------------------------------------------------------------
    def clause(self, clause: Clause) -> list[q.Query]:
        """One token, in every text of its language."""
        return [
            q.Term(
                text_field(text.name, clause.language, clause.tier),
                {"value": clause.token, "boost": text.weight * clause.weight * BM25},
            )
            for text in self.source.texts
        ]

    def clauses(self, clauses: Sequence[Clause]) -> q.Query:
        return anything([query for clause in clauses for query in self.clause(clause)])

    def word(self, word: Word, language: str) -> q.Query:
        """One word: in the reader's language with a head start, or in another."""
        own = [c for c in word.clauses if c.language == language]
        other = [c for c in word.clauses if c.language != language]
        ways = [self.head_start(self.clauses(own))] if own else []
        ways += [self.clauses(other)] if other else []
        for groups in word.together:
            found = every([self.clauses(group) for group in groups])
            ways.append(self.head_start(found) if groups[0][0].language == language else found)
        return anything(ways) if ways else q.MatchNone()

    def head_start(self, query: q.Query) -> q.Query:
        return q.Bool(must=[query], should=[q.MatchAll(boost=OWN_LANGUAGE)])

    def plan(self, plan: Plan) -> q.Query:
        """All words that are required, or any concept."""
        if plan.empty:
            return q.MatchAll()
        ways: list[q.Query] = []
        if plan.words:
            required = [self.word(word, plan.language) for word in plan.words if not word.optional]
            optional = [self.word(word, plan.language) for word in plan.words if word.optional]
            ways.append(q.Bool(must=required, should=optional))
        ways += [self.concept(concept, plan.language) for concept in plan.concepts if concept.facet in self.facets]
        return anything(ways) if ways else q.MatchNone()

    def concept(self, concept: Concept, language: str) -> q.Query:
        """What carries the code; less than any word, and what is in the reader's language before what is not."""
        found = q.Term(facet_field(concept.facet), {"value": concept.code})
        scored = constant(found, CONCEPT * concept.weight)
        if "language" not in self.facets:
            return scored
        own = q.Term(facet_field("language"), {"value": language})
        return q.Bool(must=[scored], should=[constant(own, CONCEPT)])

    # -- the text, when scores are not asked for -----------------------------------------------------------------------
    def matching(self, plan: Plan) -> q.Query:
        """What `plan` finds. Plain alternatives side by side are gone through faster than the best of each."""
        if plan.empty:
            return q.MatchAll()
        found: list[q.Query] = [
            q.Term(facet_field(concept.facet), {"value": concept.code})
            for concept in plan.concepts
            if concept.facet in self.facets
        ]
        required = [word for word in plan.words if not word.optional]
        if len(required) == 1:
            found += self.ways(required[0])
        elif required:
            found.append(q.Bool(filter=[either(self.ways(word)) for word in required]))
        else:
            found += [way for word in plan.words for way in self.ways(word)]
        return either(found)

    def ways(self, word: Word) -> list[q.Query]:
        """Each of what satisfies a word."""
        found = self.terms_of(word.clauses)
        for groups in word.together:
            found.append(q.Bool(filter=[either(self.terms_of(group)) for group in groups]))
        return found

    def terms_of(self, clauses: Sequence[Clause]) -> list[q.Query]:
        fields = {
            (text_field(text.name, clause.language, clause.tier), clause.token): None
            for clause in clauses
            for text in self.source.texts
        }
        return [q.Term(field, {"value": token}) for field, token in fields]

    # -- filters and facets -----------------------------------------------------------------------------------------
    def filters(self, query: Query) -> dict[str, q.Query]:
        """Facet -> any of its selected codes."""
        return {
            name: q.Terms(facet_field(name), list(codes))  # type: ignore[arg-type]
            for name, codes in query.filters.items()
            if codes and name in self.facets
        }

    def search(self, query: Query, plan: Plan, sizes: Mapping[str, int], timeout: float) -> dict[str, Any]:
        """The body of the request: hits, total and every count at once.

        A facet's counts leave out its own filter, so filters of counted facets come after the query (`post_filter`),
        and each aggregation applies those that it needs. Facets without a selection share one that applies them all.
        """
        counted = [f.name for f in self.source.facets if query.facets is None or f.name in query.facets]
        chosen = self.filters(query)
        later = {name: found for name, found in chosen.items() if name in counted}
        first = [found for name, found in chosen.items() if name not in later]
        last = min(query.offset + query.size, MAX_DEPTH)
        wanted = max(0, last - query.offset)
        text = self.plan(plan) if wanted and query.sort == RELEVANCE else self.matching(plan)
        # Made part by part: `Search` would go through the whole again for each, which takes as long as all the rest.
        body: dict[str, Any] = {"query": (q.Bool(must=[text], filter=first) if first else text).to_dict()}
        if later:
            body["post_filter"] = q.Bool(filter=list(later.values())).to_dict()
        free = [name for name in counted if name not in later]
        aggregations: dict[str, Any] = {name: self.terms(name, query, sizes).to_dict() for name in free}
        if later and aggregations:
            shared = A("filter", q.Bool(filter=list(later.values()))).to_dict()
            aggregations = {SELECTED: {**shared, "aggs": aggregations}}
        for name in later:
            terms = self.terms(name, query, sizes).to_dict()
            if others := [found for other, found in later.items() if other != name]:
                terms = {**A("filter", q.Bool(filter=others)).to_dict(), "aggs": {name: terms}}
            aggregations[name] = terms
        if aggregations:
            body["aggs"] = aggregations
        body |= {"size": wanted, "track_total_hits": True, "timeout": f"{max(1, int(timeout * 1000))}ms"}
        if wanted:
            body |= {"from": query.offset, "_source": True, "sort": self.order(query, plan)}
        return body

    def order(self, query: Query, plan: Plan) -> list[Any]:
        """By score, equal ones by their fingerprint: it stays the same when shards and segments change."""
        if query.sort == RELEVANCE and not plan.empty:
            return [{"_score": "desc"}, {layout.FINGERPRINT: "asc"}, {layout.ID: "asc"}]
        return [{layout.sort_field(self.source.sort_field(query.sort, query.language)): "asc"}]

    def terms(self, facet: str, query: Query, sizes: Mapping[str, int]) -> Any:
        field = upper_field(facet) if self.facets[facet].counts_upper(query) else facet_field(facet)
        # By code, as the server keeps them: reading thousands of codes in any other order takes longer than counting.
        return A("terms", field=field, size=sizes[facet], order={"_key": "asc"})

    def counts(self, answer: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """Facet -> its terms aggregation, wherever in the answer it stands."""
        found: dict[str, Mapping[str, Any]] = {}
        for name, aggregation in answer.items():
            if "buckets" in aggregation:
                found[name] = aggregation
            else:
                found |= self.counts({n: a for n, a in aggregation.items() if isinstance(a, dict)})
        return found

    # -- completing -------------------------------------------------------------------------------------------------
    def phrases(self, typed: Sequence[Beginning], language: str, limit: int) -> dict[str, Any]:
        """Documents with phrases that go on from what is typed; those that come first count more."""
        found = []
        for other, weight, words in ways(typed, language):
            prefixes = [self.prefixes(phrase_field(other), word) for word in words]
            found.append(constant(q.Bool(filter=prefixes), weight))
        order = [{"_score": "desc"}, {layout.FINGERPRINT: "asc"}]
        query = anything(found).to_dict()
        return {"query": query, "size": limit, "track_total_hits": False, "sort": order, "_source": True}

    def prefixes(self, field: str, beginnings: Sequence[str]) -> q.Query:
        """A token that begins in one of these ways."""
        found = [q.Prefix(field, {"value": beginning}) for beginning in beginnings]
        return found[0] if len(found) == 1 else q.Bool(should=found, minimum_should_match=1)
