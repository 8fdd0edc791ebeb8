"""Engine's answer -> Results: cards, reasons, highlights, labelled facets, ways out of an empty result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from search import spelling
from search.explain import Reasons
from search.facets import Facet, parent_of
from search.sources import Source
from search.types import Answer, Card, FacetResult, Found, Hit, Plan, Query, Results, Way

SNIPPET = 200  # characters of an excerpt
MAX_WAYS = 6
MAX_WORDS = 6  # of a text, when asking what is found without one of them


def answer_with_cards(source: Source, query: Query, plan: Plan, answer: Answer, engine: str) -> Results:
    """Results with what a page shows. A hit whose thing is gone from the database is left out of `hits` alone."""
    cards = source.cards([found.id for found in answer.hits], query.language) if answer.hits else {}
    reasons = Reasons.of(plan)
    hits = tuple(_hit(source, query, reasons, found, cards[found.id]) for found in answer.hits if found.id in cards)
    return Results(query, answer.total, hits, facet_results(source, query, answer), engine)


def _hit(source: Source, query: Query, reasons: Reasons, found: Found, card: Card) -> Hit:
    if not query.text:
        return Hit(found.id, card.language, found.score, (), escape(card.title), "", "", card)
    why = reasons.why(source, found)
    title = reasons.marked(card.title, card.language).html
    language, text = _excerpt_of(source, query, found, why, card)
    snippet = reasons.marked(text, language, SNIPPET).html if text else ""
    return Hit(found.id, card.language, found.score, why, title, snippet, language if snippet else "", card)


def _excerpt_of(source: Source, query: Query, found: Found, why: Sequence, card: Card) -> tuple[str, str]:
    """(language, text) to show an excerpt of: where a word was found, if that may be shown, else the first there is."""
    shown = {text.name for text in source.texts if text.snippet}
    for reason in why:
        if reason.field in shown and reason.relation != "concept":
            return reason.language, found.texts[reason.language][reason.field]
    for language in (card.language, query.language, *found.texts):
        for name in shown:
            if text := found.texts.get(language, {}).get(name):
                return language, text
    return "", ""


def facet_results(source: Source, query: Query, answer: Answer) -> dict[str, FacetResult]:
    """The facets that were counted, in the source's order, with labels in the reader's language."""
    with override(query.language):
        return {
            facet.name: facet.result(answer.counts[facet.name], query.filters.get(facet.name, ()), query.language)
            for facet in source.facets
            if facet.name in answer.counts
        }


def degraded(source: Source, query: Query, engine: str) -> Results:
    """What can be said without an index: what the database finds by names and filters; no counts, no reasons."""
    selected = Answer(0, (), {name: {} for name in query.filters})
    facets = facet_results(source, query, selected)
    found = source.by_database(query)
    if found is None:
        return Results(query, 0, (), facets, engine, degraded=True, answered=False)
    total, ids = found
    cards = source.cards(ids, query.language) if ids else {}
    hits = tuple(
        Hit(number, cards[number].language, 0.0, (), escape(cards[number].title), "", "", cards[number])
        for number in ids
        if number in cards
    )
    return Results(query, total, hits, facets, engine, degraded=True)


# -- zero hits -------------------------------------------------------------------------------------------------------

Counting = Callable[[Source, Query], int]
Answering = Callable[[Source, Query], Answer]


def suggest_other(source: Source, query: Query, count: Counting) -> str | None:
    """The text as it may have been meant, if that finds something; None when the text itself does, without filters."""
    if not query.text or (query.filters and count(source, replace(query, filters={}))):
        return None
    other = spelling.suggest(query.text, query.language)
    if not other or other.casefold() == query.text.casefold():
        return None
    return (
        other
        if count(source, replace(query, text=other)) or count(source, replace(query, text=other, filters={}))
        else None
    )


def ways_out(source: Source, query: Query, answer: Answering) -> tuple[Way, ...]:
    """Other queries that do find something: a wider value, a place beside, without a filter, with fewer words."""
    with override(query.language):
        return tuple(_ways(source, query, answer))[:MAX_WAYS]


def _ways(source: Source, query: Query, answer: Answering) -> Iterator[Way]:
    without: list[Way] = []
    for facet in source.facets:
        codes = query.filters.get(facet.name)
        if not codes:
            continue
        relaxed = query.removing(facet.name)
        found = answer(source, replace(relaxed, facets=(facet.name,), unfold=(facet.name,), size=0))
        yield from _near(facet, codes, relaxed, found.counts[facet.name])
        if found.total:
            label = _("Without “%(facet)s”") % {"facet": facet.label}
            without.append(Way("unfiltered", label, query.language, found.total, relaxed))
    if len(query.filters) > 1:
        bare = query.but(filters={})
        if total := answer(source, replace(bare, facets=(), size=0)).total:
            without.append(Way("unfiltered", _("Without filters"), query.language, total, bare))
    yield from without
    words = query.text.split()
    if 1 < len(words) <= MAX_WORDS:
        for position in range(len(words)):
            text = " ".join(words[:position] + words[position + 1 :])
            fewer = query.but(text=text)
            if total := answer(source, replace(fewer, facets=(), size=0)).total:
                yield Way("fewer", text, query.language, total, fewer)


def _near(facet: Facet, codes: Sequence[str], relaxed: Query, counts: Mapping[str, int]) -> Iterator[Way]:
    """Wider values and neighbours with a count, at most three of each."""
    wanted: dict[str, str] = {}
    for code in codes:
        above = parent_of(code) if facet.tree else None
        while above and not counts.get(above):
            above = parent_of(above)
        if above:
            wanted.setdefault(above, "parent")
        beside = [c for c in facet.neighbours(code) if counts.get(c) and c not in codes]
        for other in beside[:3]:
            wanted.setdefault(other, "neighbour")
    if not wanted:
        return
    labels = facet.labels(wanted.keys(), relaxed.language)
    for code, kind in wanted.items():
        if code in labels:
            label = labels[code]
            yield Way(kind, label.text, label.language, counts[code], relaxed.adding(facet.name, code))
