"""Plan and filters -> tantivy query."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tantivy import Occur, Query, Schema

from search.completion import Beginning
from search.engines.embedded.schema import facet_field, phrase_field, text_field
from search.engines.phrases import ways
from search.engines.scoring import CONCEPT, OWN_LANGUAGE, TIE
from search.sources import Source
from search.types import Clause, Concept, Plan, Word


def anything(queries: Sequence[Query]) -> Query:
    """Any of these, scored by the best with a little of the rest."""
    if len(queries) == 1:
        return queries[0]
    return Query.disjunction_max_query(queries, TIE)


def every(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries])


class Asking:
    """Builds the queries of one source against one schema."""

    def __init__(self, source: Source, schema: Schema) -> None:
        self.source = source
        self.schema = schema

    def clause(self, clause: Clause) -> list[Query]:
        """One token, in every text of its language."""
        return [
            Query.boost_query(
                Query.term_query(
                    self.schema, text_field(text.name, clause.language, clause.tier), clause.token, index_option="freq"
                ),
                text.weight * clause.weight,
            )
            for text in self.source.texts
        ]

    def clauses(self, clauses: Sequence[Clause]) -> Query:
        return anything([query for clause in clauses for query in self.clause(clause)])

    def word(self, word: Word, language: str) -> Query:
        """One word: in the reader's language with a head start, or in another."""
        own = [c for c in word.clauses if c.language == language]
        other = [c for c in word.clauses if c.language != language]
        ways = [self.head_start(self.clauses(own))] if own else []
        ways += [self.clauses(other)] if other else []
        for groups in word.together:
            found = every([self.clauses(group) for group in groups])
            ways.append(self.head_start(found) if groups[0][0].language == language else found)
        if not ways:
            return Query.empty_query()
        return anything(ways)

    def head_start(self, query: Query) -> Query:
        bonus = Query.const_score_query(Query.all_query(), OWN_LANGUAGE)
        return Query.boolean_query([(Occur.Must, query), (Occur.Should, bonus)])

    def plan(self, plan: Plan) -> Query:
        """All words that are required, or any concept."""
        if plan.empty:
            return Query.all_query()
        ways = []
        if plan.words:
            ways.append(
                Query.boolean_query(
                    [(Occur.Should if w.optional else Occur.Must, self.word(w, plan.language)) for w in plan.words]
                )
            )
        names = {facet.name for facet in self.source.facets}
        for concept in plan.concepts:
            if concept.facet in names:
                ways.append(self.concept(concept, plan.language, names))
        return anything(ways)

    def concept(self, concept: Concept, language: str, facets: set[str]) -> Query:
        """What carries the code; less than any word, and what is in the reader's language before what is not."""
        found = Query.term_query(self.schema, facet_field(concept.facet), concept.code, index_option="basic")
        scored = Query.const_score_query(found, CONCEPT * concept.weight)
        if "language" not in facets:
            return scored
        own = Query.term_query(self.schema, facet_field("language"), language, index_option="basic")
        return Query.boolean_query([(Occur.Must, scored), (Occur.Should, Query.const_score_query(own, CONCEPT))])

    def filter(self, facet: str, codes: Sequence[str]) -> Query:
        """Any of the codes, without a score."""
        found = Query.term_set_query(self.schema, facet_field(facet), list(codes))
        return Query.const_score_query(found, 0.0)

    def filtered(self, text: Query, filters: Mapping[str, Sequence[str]], *, without: str = "") -> Query:
        """The text and every filter but that of the facet `without`."""
        names = {facet.name for facet in self.source.facets}
        chosen = [
            self.filter(name, codes) for name, codes in filters.items() if name != without and codes and name in names
        ]
        return every([text, *chosen])

    def phrases(self, typed: Sequence[Beginning], language: str) -> Query:
        """Documents with phrases that go on from what is typed; those that come first count more."""
        found = []
        for other, weight, words in ways(typed, language):
            prefixes = [self.prefixes(phrase_field(other), word) for word in words]
            found.append(Query.const_score_query(every(prefixes), weight))
        return anything(found)

    def prefixes(self, field: str, beginnings: Sequence[str]) -> Query:
        """A token that begins in one of these ways."""
        pattern = "|".join(re.escape(beginning) for beginning in beginnings)
        return Query.regex_query(self.schema, field, f"({pattern}).*")
