"""The directory's pages: the search page with its categories, and one page for each enterprise."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import override

from directory.enterprise import enterprise_context
from directory.models import Category, DirectoryPage, EnterprisePage
from directory.tilemap import supplier_maps
from home import navigation
from search import listing
from search.errors import InvalidQuery
from search.queries import blank, count, find, parse
from search.registry import source
from search.sources import RELEVANCE
from search.types import DEFAULT_SIZE, Query, Results
from torv.languages import LANGUAGES, content_language
from torv.text import text_of

SUPPLIERS, OFFERS = "suppliers", "offers"


def serve_directory(request: HttpRequest, page: DirectoryPage, category: Category | None = None) -> HttpResponse:
    """The search page; on a category's own address that category is chosen and stays.

    400 with a sentence for parameters that make no sense, 404 for a page after the last one; both keep the search box.
    A request by htmx gets what changes only: results with facets, the language links, the announcement.
    """
    language = content_language()
    fixed = {"category": [category.path]} if category else {}
    message, status = "", 200
    try:
        query = parse(request.GET, language, filters=fixed)
        if query.source not in (SUPPLIERS, OFFERS):  # other kinds of things have pages of their own
            raise InvalidQuery(_("There is no search for “%(name)s”.") % {"name": query.source}, parameter="show")
    except InvalidQuery as error:
        message, status = str(error.message), 400
        query = blank(SUPPLIERS, language).but(filters={name: tuple(codes) for name, codes in fixed.items()})
    results = find(query)
    if results.beyond:
        status = 404
    context = {"page": page, "category": category, "message": message, **_results(results, page, category, request)}
    partial = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    template = "directory/_answer.html" if partial else page.get_template(request)
    response = render(request, template, context, status=status)
    if partial:
        response["HX-Push-Url"] = context["here"]
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _results(results: Results, page: DirectoryPage, category: Category | None, request: HttpRequest) -> dict[str, Any]:
    query, language = results.query, results.query.language
    base = page.get_url(request) or "/"
    fixed: dict[str, tuple[str, ...]] = {"category": (category.path,)} if category else {}
    places = results.facets.get("place")
    counts = {bucket.code: bucket.count for bucket in places.buckets} if places else {}
    selected = {bucket.code for bucket in places.selected} if places else set()

    def link(other: Query) -> str:
        return base + other.querystring

    def toggled(code: str) -> str:
        return link(query.removing("place", code) if query.has("place", code) else query.adding("place", code))

    addresses = _addresses(page, category, request)
    plain = query == listing.without_filters(query, fixed).but(text="", sort=RELEVANCE, size=DEFAULT_SIZE)
    context = {
        "results": results,
        "query": query,
        "size": query.size if query.size != DEFAULT_SIZE else None,
        "base": base,
        "here": addresses[language] if category and plain and query.source == SUPPLIERS else base + query.querystring,
        "facets": listing.facet_views(results),
        "chips": listing.chips(results, link, fixed=fixed),
        "cleared": link(listing.without_filters(query, fixed)),
        "tabs": _tabs(results, base),
        "sorts": listing.sort_links(query, source(query.source), link),
        "maps": supplier_maps(counts, selected, toggled) if query.source == SUPPLIERS and places else [],
        **listing.page_links(results, link),
        "ways": [(way, link(way.query)) for way in results.ways],
        "meant": link(query.but(text=results.suggestion)) if results.suggestion else "",
        "unfiltered": not query.text and not query.filters and query.page == 1,
        "alternates": [
            {"lang_code": code, "location": request.build_absolute_uri(url)} for code, url in addresses.items()
        ],
        "canonical": request.build_absolute_uri(addresses[language]),
        "crumbs": _crumbs(page, category, request),
    }
    names = {"suppliers": _("Suppliers"), "offers": _("Services and products")}
    context["tab_name"] = names.get(query.source, str(source(query.source).label))
    context["language_urls"] = {
        code: url + ("" if plain and query.source == SUPPLIERS else _without(query, fixed).querystring)
        for code, url in addresses.items()
    }
    return context


def _without(query: Query, fixed: dict[str, tuple[str, ...]]) -> Query:
    """The query as parameters of a page that has `fixed` in its address already."""
    left = {name: tuple(c for c in codes if c not in fixed.get(name, ())) for name, codes in query.filters.items()}
    return query.but(filters={name: codes for name, codes in left.items() if codes}, page=query.page)


def _addresses(page: DirectoryPage, category: Category | None, request: HttpRequest) -> dict[str, str]:
    """The address of this page in every language, without parameters."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            if category is not None:
                found[language] = page.category_url(category, language, request)
            else:
                found[language] = page.get_url(request) or "/"
    return found


def _tabs(results: Results, base: str) -> list[dict[str, Any]]:
    query = results.query
    tabs = []
    for name, label in ((SUPPLIERS, _("Suppliers")), (OFFERS, _("Services and products"))):
        here = query.source == name
        # Filters and sorts that the other source does not have are dropped on its tab.
        known = source(name)
        other = query.but(
            source=name,
            filters={facet: codes for facet, codes in query.filters.items() if known.facet(facet)},
            sort=query.sort if query.sort in known.sort_names else "relevance",
        )
        total = results.total if here else count(other)
        tabs.append({"label": label, "count": total, "url": base + other.querystring, "current": here})
    return tabs


def _crumbs(page: DirectoryPage, category: Category | None, request: HttpRequest) -> list[dict[str, str]]:
    if category is None:
        return []
    language = content_language()
    crumbs = navigation.crumbs(page, request)
    above: list[Category] = []
    step: Category | None = category
    while step is not None:
        above.insert(0, step)
        step = step.parent
    for step in above:
        name = text_of(step, "name")
        url = page.category_url(step, language, request)
        crumbs.append({"label": str(name), "language": name.language, "url": url})
    return crumbs


def serve_enterprise(request: HttpRequest, page: EnterprisePage) -> HttpResponse:
    """One enterprise: what it sells, whom to write to, and what a buyer must know."""
    context = {"page": page, **enterprise_context(page, request)}
    return render(request, page.get_template(request), context)
