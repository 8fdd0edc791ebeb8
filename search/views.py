"""The search of everything: what every source has for a text, and all that one source has, to be narrowed."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from search import listing
from search.errors import InvalidQuery
from search.queries import blank, count, find, parse
from search.registry import source, sources
from search.types import DEFAULT_SIZE, LANGUAGES, Query, Results

FIRST = 5  # hits of each source on the page that shows them all


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Without `show` a few hits of each source; with it all of that source, by facets, sorts and pages.

    400 with a sentence for parameters that make no sense, 404 for a page after the last one; both keep the search box.
    """
    only = request.GET.get("show", "")
    context: dict[str, Any] = {"text": "", "only": only, "alternates": [], "base": reverse("search:everything")}
    try:
        found, status = (_one_kind if only else _every_kind)(request, _language())
        context |= found
    except InvalidQuery as error:
        context["message"], status = str(error.message), 400
    response = render(request, "search/everything.html", context, status=status)
    if status == 503:
        response["Retry-After"] = "30"
    return response


def _language() -> str:
    code = (get_language() or "")[:2]
    return code if code in LANGUAGES else LANGUAGES[0]


def _link(query: Query) -> str:
    """The query's page; `show` stands in its address for every source."""
    return f"{reverse('search:everything')}?{urlencode(query.parameters(default_source=''), safe='/')}"


def _names() -> list[str]:
    """What can be narrowed by facets is what people come for; plain pages follow."""
    return sorted(sources(), key=lambda name: not source(name).facets)


# -- every kind ------------------------------------------------------------------------------------------------------
def _every_kind(request: HttpRequest, language: str) -> tuple[dict[str, Any], int]:
    """(context, status) of the page with a part for each source."""
    asked = {"q": request.GET.getlist("q")}
    queries = [parse(asked, language, source=name, facets=()).but(size=FIRST) for name in _names()]
    text = queries[0].text if queries else ""
    results = [find(query) for query in queries] if text else []
    parts = [_part(found) for found in results if found.total]
    context = {
        "text": text,
        "parts": parts,
        "searched": bool(text),
        "total": sum(found.total for found in results),
        "degraded": any(found.degraded for found in results),
        "suggestion": None if parts else _suggestion(results),
        "tabs": _tabs("", text, {found.query.source: found.total for found in results}) if text else [],
    }
    answered = not results or any(found.answered for found in results)
    return context, 200 if answered else 503


def _part(results: Results) -> dict[str, Any]:
    name = results.query.source
    more, url = results.total > len(results.hits), _link(results.query.but(size=DEFAULT_SIZE))
    return {"name": name, "label": source(name).label, "results": results, "url": url, "more": more}


def _suggestion(found: Sequence[Results]) -> dict[str, str] | None:
    for results in found:
        if results.suggestion:
            address = f"{reverse('search:everything')}?{urlencode({'q': results.suggestion})}"
            return {"text": results.suggestion, "url": address}
    return None


# -- one kind --------------------------------------------------------------------------------------------------------
def _one_kind(request: HttpRequest, language: str) -> tuple[dict[str, Any], int]:
    """(context, status) of the page with all of one source."""
    query = parse(request.GET, language)
    results, kind = find(query), source(query.source)
    totals = {name: count(blank(name, language, text=query.text)) for name in _names() if name != kind.name}
    context = {
        "text": query.text,
        "query": query,
        "results": results,
        "searched": True,
        "total": results.total,
        "degraded": results.degraded,
        "suggestion": {"text": results.suggestion, "url": _link(query.but(text=results.suggestion))}
        if results.suggestion
        else None,
        "label": kind.label,
        "tabs": _tabs(kind.name, query.text, {**totals, kind.name: results.total}),
        "facets": listing.facet_views(results),
        "chips": listing.chips(results, _link),
        "cleared": _link(listing.without_filters(query)),
        "sorts": listing.sort_links(query, kind, _link),
        "ways": [(way, _link(way.query)) for way in results.ways],
        "kept": [pair for pair in query.parameters(default_source="") if pair[0] in ("show", "sort", "size")],
        **listing.page_links(results, _link),
    }
    return context, 503 if not results.answered else 404 if results.beyond else 200


def _tabs(current: str, text: str, totals: dict[str, int]) -> list[dict[str, Any]]:
    """Everything, and each kind that has something for the text."""
    tabs: list[dict[str, Any]] = []
    if text:
        tabs.append({"label": _("Everything"), "url": f"{reverse('search:everything')}?{urlencode({'q': text})}"})
    for name in _names():
        if totals[name] or name == current:
            url = _link(blank(name, _language(), text=text))
            tabs.append({"label": source(name).label, "count": totals[name], "url": url, "current": name == current})
    return [{"count": None, "current": not current, **tab} for tab in tabs]
