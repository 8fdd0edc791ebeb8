"""Search results in the shape a page shows them: facets as trees with "show more", removable filters, pages, tabs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from search.sources import Source
from search.types import Bucket, FacetResult, Query, Results

SHOWN = 8  # values of one level before "show N more"
AUTO_OPEN = 2  # that few values at the top show what is below them at once
PAGES_AROUND = 2

#: Where another query is answered.
Link = Callable[[Query], str]


@dataclass
class Node:
    """One value of a facet, and those below it that are unfolded."""

    bucket: Bucket
    id: str
    shown: list["Node"] = field(default_factory=list)
    more: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class FacetView:
    """A facet as its own box: one that `folds` opens on request, and by itself when something in it is selected."""

    name: str
    label: str
    shown: list[Node]
    more: list[Node]
    folds: bool
    selected: int


@dataclass(frozen=True)
class Chip:
    """An active filter and the address without it."""

    label: str
    language: str
    url: str


def element_id(*parts: str) -> str:
    """An id that stays the same between two answers, so that focus finds its way back."""
    return re.sub(r"[^\w-]+", "-", "-".join(parts))


def facet_views(results: Results) -> list[FacetView]:
    """The facets that have something to choose, in the source's order."""
    return [view for facet in results.facets.values() if (view := _view(facet)).shown]


def _view(facet: FacetResult) -> FacetView:
    roots = facet.roots
    unfolded = len(roots) <= AUTO_OPEN and facet.display in ("tree", "map")
    shown, more = _level(facet, roots, unfolded=unfolded)
    return FacetView(facet.name, facet.label, shown, more, facet.folded, len(facet.selected))


def _level(facet: FacetResult, buckets: tuple[Bucket, ...], *, unfolded: bool = False) -> tuple[list[Node], list[Node]]:
    shown: list[Node] = []
    more: list[Node] = []
    for bucket in buckets:
        node = Node(bucket, element_id("f", facet.name, bucket.code))
        below = facet.open(bucket.code)
        if bucket.selected or below or unfolded:
            node.shown, node.more = _level(facet, facet.children(bucket.code))
        # What is selected is never hidden behind "show more".
        (shown if len(shown) < SHOWN or bucket.selected or below else more).append(node)
    if len(more) == 1:  # a link that shows one more takes as much room as the one
        shown += more
        more = []
    return shown, more


def chips(results: Results, link: Link, *, fixed: Mapping[str, Any] | None = None) -> list[Chip]:
    """The active filters, each with the address that removes it. `fixed` values belong to the page and stay."""
    query, found = results.query, []
    for name, facet in results.facets.items():
        for bucket in facet.selected:
            if bucket.code not in (fixed or {}).get(name, ()):
                found.append(Chip(bucket.label, bucket.language, link(query.removing(name, bucket.code))))
    return found


def without_filters(query: Query, fixed: Mapping[str, Any] | None = None) -> Query:
    """The same search with nothing selected but what belongs to the page."""
    return query.but(filters={name: tuple(codes) for name, codes in (fixed or {}).items()})


def pages(results: Results) -> list[int | None]:
    """Page numbers to link, None for a gap: first, last and those around the current one."""
    last, here = results.pages, min(results.query.page, results.pages)
    wanted = sorted({1, last, *range(max(1, here - PAGES_AROUND), min(last, here + PAGES_AROUND) + 1)})
    numbers: list[int | None] = []
    for number in wanted:
        if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
            numbers.append(number - 1 if number - numbers[-1] == 2 else None)
        numbers.append(number)
    return numbers


def page_links(results: Results, link: Link) -> dict[str, Any]:
    """What the pager shows: `pages` (number, address; None for a gap), `previous` and `next`, "" at the ends."""
    query = results.query
    return {
        "pages": [(number, link(query.but(page=number)) if number else "") for number in pages(results)],
        "previous": link(query.but(page=query.page - 1)) if query.page > 1 else "",
        "next": link(query.but(page=query.page + 1)) if query.page < results.pages else "",
    }


def sort_links(query: Query, source: Source, link: Link) -> list[dict[str, Any]]:
    """The orders to choose between: relevance only where there is a text to be relevant to."""
    entries = [("relevance", _("Relevance"))] if query.text else []
    entries += [(sort.name, str(sort.label)) for sort in source.sorts]
    current = source.default_sort if query.sort == "relevance" and not query.text else query.sort
    return [
        {"name": name, "label": label, "url": link(query.but(sort=name)), "current": name == current}
        for name, label in entries
    ]
