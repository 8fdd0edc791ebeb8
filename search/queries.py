"""One path for page, API, embed and command: `find(parse(params, language))`."""

from __future__ import annotations

import functools
import logging
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from search import analysis, registry
from search.answers import answer_with_cards, degraded, facet_results, suggest_other, ways_out
from search.engines import engine
from search.errors import IndexUnavailable, InvalidQuery, ServerUnavailable
from search.facets import Facet
from search.indexing import build_if_small
from search.plan import make_plan
from search.sources import RELEVANCE, Source
from search.types import (
    DEFAULT_SIZE,
    LANGUAGES,
    MAX_SIZE,
    MAX_TEXT,
    Answer,
    Concept,
    FacetResult,
    Label,
    Plan,
    Query,
    Results,
    Suggestion,
)
from torv import outbox

log = logging.getLogger(__name__)

T = TypeVar("T")

DEFAULT_SOURCE = "suppliers"
MAX_CODES = 100  # selected values of one facet
SUGGESTIONS = 8
_CODE = re.compile(r"\d{8}(-\d)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


# -- the edge --------------------------------------------------------------------------------------------------------


def parse(
    params: Any,
    language: str,
    *,
    source: str | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    facets: tuple[str, ...] | None = None,
) -> Query:
    """A validated Query from URL parameters (a QueryDict, or a mapping to strings or lists of strings).

    Read: `q`, the names of the source's facets (repeatable), `unfold` (names of facets, repeatable), `sort`, `page`,
    `size`, and `show` (the source, unless `source` is given). `filters` are added to what was asked. Unknown parameters
    are ignored, and so is what unfolds a facet of another source; empty ones count as absent, and of a parameter that
    takes one value the last counts.

    Tidied without a word: control characters (become blanks), runs of blanks, decomposed letters (become NFC), a text
    without a letter or digit (becomes none), a code in another known spelling, a code given twice.
    Raises InvalidQuery: text longer than 200 characters; a facet code that does not exist; more than 100 codes in a
    facet; an unknown sort, or facet to unfold; a page or size that is no number from 1, or a size above 100; an unknown
    source (404); a language that is none of the site's.
    A page after the last one is valid and empty: see `Results.beyond`.
    """
    if language not in LANGUAGES:
        raise InvalidQuery(
            _("There is no language “%(code)s” here; there is %(known)s.")
            % {"code": str(language)[:20], "known": ", ".join(LANGUAGES)},
            parameter="lang",
        )
    found = registry.source(source or _one(params, "show") or DEFAULT_SOURCE)
    chosen: dict[str, tuple[str, ...]] = {}
    for facet in found.facets:
        typed = [*(filters or {}).get(facet.name, ()), *_many(params, facet.name)]
        if codes := _codes(facet, typed):
            chosen[facet.name] = codes
    sort = _one(params, "sort") or RELEVANCE
    if sort not in found.sort_names:
        raise InvalidQuery(
            _("Results cannot be sorted by “%(sort)s”; choose one of %(known)s.")
            % {"sort": sort[:40], "known": ", ".join(found.sort_names)},
            parameter="sort",
        )
    unfold = tuple(dict.fromkeys(_many(params, "unfold")))
    for name in unfold:
        if name not in registry.facets():
            raise InvalidQuery(
                _("There is no facet “%(name)s” to unfold; there is %(known)s.")
                % {"name": name[:40], "known": ", ".join(facet.name for facet in found.facets)},
                parameter="unfold",
            )
    return Query(
        source=found.name,
        language=language,
        text=_text(_one(params, "q")),
        filters=chosen,
        sort=sort,
        page=_positive(params, "page", 1),
        size=_positive(params, "size", DEFAULT_SIZE, MAX_SIZE),
        facets=facets,
        unfold=tuple(name for name in unfold if found.facet(name)),
    )


def blank(source: str, language: str, **attributes: Any) -> Query:
    """A query for everything, e.g. `blank("suppliers", "sv", size=0, facets=("category",))` for counts alone."""
    return Query(source=source, language=language, **attributes)


def clean_text(text: str) -> str:
    """NFC, without control and other invisible characters, blanks in single file."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Co") else c for c in composed).split())


def _many(params: Any, name: str) -> list[str]:
    if hasattr(params, "getlist"):
        values = params.getlist(name)
    else:
        value = params.get(name) or []
        values = [value] if isinstance(value, str) else list(value)
    return [text for value in values if (text := clean_text(str(value)))]


def _one(params: Any, name: str) -> str:
    return (_many(params, name) or [""])[-1]


def _text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise InvalidQuery(
            ngettext(
                "The search text is too long: at most %(most)d character.",
                "The search text is too long: at most %(most)d characters.",
                MAX_TEXT,
            )
            % {"most": MAX_TEXT},
            parameter="q",
        )
    return text if analysis.words(text) else ""


def _codes(facet: Any, typed: Sequence[str]) -> tuple[str, ...]:
    wanted = list(dict.fromkeys(typed))
    if not wanted:
        return ()
    if len(wanted) > MAX_CODES:
        raise InvalidQuery(
            _("Too many values of “%(facet)s”: at most %(most)d.") % {"facet": facet.label, "most": MAX_CODES},
            parameter=facet.name,
        )
    known = facet.canonical(wanted) if all(len(code) <= MAX_TEXT for code in wanted) else {}
    for code in wanted:
        if code not in known:
            raise InvalidQuery(
                _("“%(facet)s” has no value “%(code)s”.") % {"facet": facet.label, "code": code[:60]},
                parameter=facet.name,
            )
    return tuple(dict.fromkeys(known[code] for code in wanted))


def _positive(params: Any, name: str, default: int, most: int | None = None) -> int:
    text = _one(params, name)
    if not text:
        return default
    number = int(text) if _NUMBER.fullmatch(text) else 0
    if number < 1 or (most and number > most):
        message = (
            _("“%(name)s” must be a whole number from 1 to %(most)d.")
            if most
            else _("“%(name)s” must be a whole number from 1.")
        )
        raise InvalidQuery(message % {"name": name, "most": most}, parameter=name)
    return number


# -- asking ----------------------------------------------------------------------------------------------------------


def find(query: Query, *, ways: bool = True) -> Results:
    """The answer to a query, with everything committed before it. `degraded` says that it is limited; never raises.

    A constant number of SQL queries: one for what waits in the outbox, one for each facet with labels to look up, and
    the source's cards.
    """
    source = registry.source(query.source)
    outbox.catch_up()  # in no transaction of a source's own
    with registry.blaming(source):
        return _find(source, query, ways=ways)
    return Results(query, 0, (), {}, engine().name, degraded=True, answered=False)


def _find(source: Source, query: Query, *, ways: bool) -> Results:
    try:
        plan, answer = _ask(source, query)
    except IndexUnavailable as error:
        log.error("Search is limited: %s", error)
        return degraded(source, query, engine().name)
    results = answer_with_cards(source, query, plan, answer, engine().name)
    if answer.total == 0 and (query.text or query.filters):
        try:
            suggestion = suggest_other(source, query, _count)
            return replace(results, suggestion=suggestion, ways=ways_out(source, query, _answer) if ways else ())
        except IndexUnavailable as error:
            log.error("No help with an empty result: %s", error)
    return results


def count(query: Query) -> int:
    """How much a query finds, for the tabs of a page; 0 when search is limited."""
    source = registry.source(query.source)
    known = {facet.name for facet in source.facets}
    asked = replace(query, filters={n: c for n, c in query.filters.items() if n in known}, sort=RELEVANCE)
    with registry.blaming(source):
        try:
            return _indexed(source, lambda: _count(source, asked))
        except IndexUnavailable:
            return 0
    return 0


def counts(query: Query) -> Mapping[str, FacetResult]:
    """The facets of a query without its hits: counts beside pictograms and on a map. Empty when search is limited."""
    source = registry.source(query.source)
    outbox.catch_up()
    asked = replace(query, size=0, page=1)
    try:
        _plan, answer = _ask(source, asked)
    except IndexUnavailable:
        return {}
    return facet_results(source, asked, answer)


def _ask(source: Source, query: Query) -> tuple[Plan, Answer]:
    return _indexed(source, lambda: _ask_once(source, query))


def _indexed(source: Source, ask: Callable[[], T]) -> T:
    """What `ask` gives; an index that is missing or outdated is built first where that is a matter of moments."""
    try:
        return ask()
    except IndexUnavailable as error:
        if isinstance(error, ServerUnavailable) or not build_if_small(source):
            raise
        return ask()


def _ask_once(source: Source, query: Query) -> tuple[Plan, Answer]:
    """The answer; words that find nothing are tried by the parts of their compounds."""
    plan = _with_code(source, query, make_plan(query.text, query.language))
    answer = engine().search(source, query, plan)
    if answer.total or plan.empty:
        return plan, answer
    wider = make_plan(query.text, query.language, by_parts=True)
    if wider == plan:
        return plan, answer
    # Whether the words are split must not hang on the filters, or selecting a value would change what the words mean.
    bare = replace(query, filters={}, facets=(), page=1, size=0)
    if query.filters and engine().search(source, bare, plan).total:
        return plan, answer
    return wider, engine().search(source, query, wider)


def _with_code(source: Source, query: Query, plan: Plan) -> Plan:
    """A text that is a code, and nothing else, means that code."""
    if not _CODE.fullmatch(query.text):
        return plan
    codes = []
    for facet in source.facets:
        if facet.concepts and (code := facet.canonical([query.text]).get(query.text)):
            label = facet.labels([code], query.language).get(code, Label(query.text, query.language))
            codes.append(Concept(facet.name, code, 1.0, label))
    return replace(plan, concepts=tuple(codes)) if codes else plan


def _answer(source: Source, query: Query) -> Answer:
    return _ask_once(source, query)[1]


def _count(source: Source, query: Query) -> int:
    return _answer(source, replace(query, facets=(), page=1, size=0)).total


# -- completing ------------------------------------------------------------------------------------------------------


def suggest(
    text: str, language: str, *, limit: int = SUGGESTIONS, sources: Sequence[str] | None = None
) -> list[Suggestion]:
    """Completions of what is being typed: categories first, then names of what can be found, each once.

    The reader's language first. Too short (under 2 letters) or too long gives none; never raises for any text.
    """
    typed = clean_text(text)
    if not 2 <= len(typed) <= MAX_TEXT or language not in LANGUAGES or limit < 1:
        return []
    outbox.catch_up()
    asked = [found for name, found in registry.sources().items() if sources is None or name in sources]
    facets: dict[str, Facet] = {}
    for facet in (facet for found in asked for facet in found.facets if facet.completes):
        facets.setdefault(facet.name, facet)
    made: list[Suggestion] = []
    for facet in facets.values():
        for code, label in facet.complete(typed, language)[: max(1, limit // 3)]:
            made.append(Suggestion(label.text, facet.name, label.language, code=code))
    for found in asked:
        with registry.blaming(found):
            try:
                phrases = _indexed(found, functools.partial(engine().suggest, found, typed, language, limit))
            except IndexUnavailable as error:
                log.error("No completions: %s", error)
                break
            cards = found.cards([number for _phrase, number, _language in phrases], language) if phrases else {}
            for phrase, number, written in phrases:
                if number in cards:
                    made.append(Suggestion(phrase, found.kind or found.name, written, url=cards[number].url))
    return _spread(made, limit)


def _spread(made: Sequence[Suggestion], limit: int) -> list[Suggestion]:
    """The first `limit`, each text once, with room for every kind: what one kind leaves free goes to the others."""
    once = list({(s.text.casefold(), s.kind): s for s in reversed(made)}.values())[::-1]
    kinds = list(dict.fromkeys(s.kind for s in once))
    share = max(1, limit // len(kinds)) if kinds else 0
    kept = [s for kind in kinds for s in [x for x in once if x.kind == kind][:share]]
    kept += [s for s in once if s not in kept]
    return sorted(kept[:limit], key=lambda s: kinds.index(s.kind))
