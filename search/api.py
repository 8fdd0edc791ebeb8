"""Search for programs: the same answers as the pages, as JSON, in the document of Wagtail's API v3."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from ninja import Field, Path, Query, Router, Schema

from search.errors import InvalidQuery
from search.queries import SUGGESTIONS, find, parse, suggest
from search.types import LANGUAGES, MAX_SIZE, MAX_TEXT, Hit, Results
from search.types import Query as SearchQuery
from torv.problems import INTEGER, Problem, refused

router = Router()
AGAIN_SECONDS = 30  # after which a program may ask again, when search is not available


class LabelOut(Schema):
    text: str
    language: str = Field(description="The language the text is written in: da, sv or en.")


class ReasonOut(Schema):
    field: str = Field(description="Name of the text or the facet.")
    word: str = Field(description="What was typed.")
    matched: str = Field(description="The word in the text, or the label of the code that means the same.")
    relation: str = Field(description="exact, inflected, part, family, plain, translated or concept.")
    language: str
    code: str = Field(description="The code, for the relation `concept`.")


class ItemOut(Schema):
    id: str
    type: str = Field(description="The source: suppliers, offers.")
    title: LabelOut
    language: str = Field(description="The language in which the item is shown.")
    url: str
    summary: LabelOut
    place: str
    place_language: str = Field(description='The language of the place\'s name, "" without one.')
    snippet: str = Field(description="HTML: escaped text with <mark> around what was found.")
    snippet_language: str = Field(description='The language of the snippet, "" without one.')
    matched: list[ReasonOut]
    badges: list[str]
    badge_languages: list[str] = Field(description="The language of each badge, in their order.")
    score: float


class BucketOut(Schema):
    code: str
    label: str
    language: str = Field(description="The language of the label.")
    count: int
    selected: bool
    parent: str | None


class FacetOut(Schema):
    name: str
    label: str
    buckets: list[BucketOut] = Field(
        description="Every value with a count; one without only when it is selected. Of CPV codes the two upper "
        "levels, and what is right below those selected and those above them; all with unfold=cpv."
    )


class ResultsOut(Schema):
    total: int
    page: int
    size: int
    items: list[ItemOut]
    facets: list[FacetOut]
    suggestion: str | None = Field(description="What may have been meant, when nothing was found.")
    engine: str
    degraded: bool = Field(description="Search is limited at the moment; nothing is counted as absent.")


class SuggestionOut(Schema):
    text: str
    kind: str
    language: str
    url: str
    code: str


class SuggestionsOut(Schema):
    items: list[SuggestionOut]


class Asked(Schema):
    """Parameters of every search. Facets come beside them; a facet may be given several times."""

    q: str | None = Field(None, description=f"Words to find, at most {MAX_TEXT} characters.")
    lang: str | None = Field(None, description="da, sv or en; otherwise Accept-Language chooses.")
    category: list[str] | None = Field(None, description="Codes such as clean/schools.")
    place: list[str] | None = Field(None, description="Codes such as DK/1082/0751.")
    cpv: list[str] | None = Field(None, description="CPV codes, such as 90919300.")
    kind: list[str] | None = Field(None, description="service, product")
    purpose: list[str] | None = None
    certification: list[str] | None = None
    reserved: list[str] | None = Field(None, description="art-20, art-77")
    language: list[str] | None = Field(None, description="Languages of the information.")
    unfold: list[str] | None = Field(None, description="Facets of which to count all values, such as cpv.")
    sort: str | None = Field(None, description="relevance, name or newest.")
    page: str | None = Field(None, description="From 1; a page after the last one is empty.", json_schema_extra=INTEGER)
    size: str | None = Field(None, description=f"Items on a page, 1 to {MAX_SIZE}.", json_schema_extra=INTEGER)


class AskedPrefix(Schema):
    q: str | None = Field(None, description="The beginning of what is being typed, at least 2 letters.")
    lang: str | None = Field(None, description="da, sv or en; otherwise Accept-Language chooses.")
    size: str | None = Field(None, description="At most so many, 1 to 20.", json_schema_extra=INTEGER)


PROBLEMS: dict[int, Any] = {404: Problem, 422: Problem}


def language_of(request: HttpRequest) -> str:
    """`lang`, else what Accept-Language asks for. Raises InvalidQuery for a language that there is none of."""
    given = [text for text in request.GET.getlist("lang") if text]
    if not given:
        asked = (get_language_from_request(request) or "")[:2]
        return asked if asked in LANGUAGES else LANGUAGES[0]
    if given[-1] not in LANGUAGES:
        raise InvalidQuery(
            _("There is no language “%(code)s” here; there is %(known)s.")
            % {"code": given[-1][:20], "known": ", ".join(LANGUAGES)},
            parameter="lang",
        )
    return given[-1]


@router.get(
    "/suggest/",
    response={200: SuggestionsOut, **PROBLEMS},
    summary="Complete what is being typed",
    url_name="search_suggest",
)
def get_suggestions(request: HttpRequest, asked: Query[AskedPrefix]) -> Any:
    """Categories and names that begin as typed; an empty list for less than two letters."""
    try:
        language = language_of(request)
        with override(language):
            query = parse(_only(request.GET, "q", "size"), language, facets=())
            limit = min(query.size, 20) if request.GET.get("size") else SUGGESTIONS
            return {"items": [vars_of(s) for s in suggest(query.text, language, limit=limit)]}
    except InvalidQuery as error:
        return refused(error)


@router.get(
    "/{source}/",
    response={200: ResultsOut, **PROBLEMS, 503: Problem},
    summary="Search suppliers or offers",
    url_name="search_source",
)
def get_results(request: HttpRequest, response: HttpResponse, source: Path[str], asked: Query[Asked]) -> Any:
    """Hits, and for each facet the values that can be chosen with what choosing them would find.

    Values of one facet widen the answer, different facets narrow it. A facet's counts leave its own selection out.
    While search is limited (`degraded`), what is found by names and filters alone, without counts; 503 where not even
    that can be given.
    """
    try:
        language = language_of(request)
        with override(language):
            query = parse(request.GET, language, source=source)
            results = find(query, ways=False)
            if results.answered:
                # Already in the shape of ResultsOut, and a test holds it to that: checking thousands of facet values
                # one by one would take longer than finding them, and so would the standard library's JSON.
                return HttpResponse(orjson.dumps(results_out(request, results)), content_type="application/json")
            response["Retry-After"] = str(AGAIN_SECONDS)
            unavailable = InvalidQuery(_("Search is not available right now."), status=503)
            return refused(unavailable)
    except InvalidQuery as error:
        return refused(error)


def _only(params: QueryDict, *names: str) -> dict[str, list[str]]:
    return {name: params.getlist(name) for name in names}


def vars_of(suggestion: Any) -> dict[str, str]:
    return {name: getattr(suggestion, name) for name in ("text", "kind", "language", "url", "code")}


def results_out(request: HttpRequest, results: Results) -> dict[str, Any]:
    """The shape of ResultsOut."""
    facets = [
        {
            "name": facet.name,
            "label": facet.label,
            "buckets": [
                {
                    "code": b.code,
                    "label": b.label,
                    "language": b.language,
                    "count": b.count,
                    "selected": b.selected,
                    "parent": b.parent,
                }
                for b in facet.buckets
            ],
        }
        for facet in results.facets.values()
    ]  # fmt: skip
    return {
        "total": results.total,
        "page": results.query.page,
        "size": results.query.size,
        "items": [item_out(request, results.query, hit) for hit in results.hits],
        "facets": facets,
        "suggestion": results.suggestion,
        "engine": results.engine,
        "degraded": results.degraded,
    }


def item_out(request: HttpRequest, query: SearchQuery, hit: Hit) -> dict[str, Any]:
    """The shape of ItemOut."""
    card, language = hit.card, query.language
    return {
        "id": hit.id,
        "type": query.source,
        "title": {"text": card.title, "language": card.language},
        "language": hit.language,
        "url": request.build_absolute_uri(card.url) if card.url else "",
        "summary": {"text": card.summary, "language": card.summary_language},
        "place": card.place,
        "place_language": card.place and (card.place_language or language),
        "snippet": hit.snippet,
        "snippet_language": hit.snippet_language,
        "matched": [
            {name: getattr(w, name) for name in ("field", "word", "matched", "relation", "language")} | {"code": w.via}
            for w in hit.why
        ],
        "badges": [badge.label for badge in card.badges],
        "badge_languages": [badge.language or language for badge in card.badges],
        "score": round(hit.score, 4),
    }  # fmt: skip
