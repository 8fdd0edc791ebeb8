"""Facets as trees with "show more", pages with gaps: the shapes between search and page."""

from typing import Any

import pytest

from search import listing
from search.types import Bucket, FacetResult, Query, Results


def facet(*codes: str, selected: tuple[str, ...] = (), name: str = "category", **shown: Any) -> FacetResult:
    buckets = [
        Bucket(code, code, "da", 1, code in selected, code.rpartition("/")[0] or None, code.count("/"))
        for code in codes
    ]
    return FacetResult(name, name, shown.pop("display", "tree"), tuple(buckets), **shown)


def results(*facets: FacetResult, total: int = 0, page: int = 1, **filters: tuple[str, ...]) -> Results:
    query = Query("suppliers", "da", filters=filters, page=page)
    return Results(query, total, (), {facet.name: facet for facet in facets}, "test")


def codes(nodes: list[listing.Node]) -> list[str]:
    return [node.bucket.code for node in nodes]


def test_many_values_are_folded_behind_show_more():
    (view,) = listing.facet_views(results(facet(*"abcdefghijkl")))
    assert codes(view.shown) == list("abcdefgh")
    assert codes(view.more) == list("ijkl")


def test_one_value_too_many_is_shown():
    (view,) = listing.facet_views(results(facet(*"abcdefghi")))
    assert (len(view.shown), view.more) == (9, [])


def test_a_selected_value_is_never_folded_away():
    (view,) = listing.facet_views(results(facet(*"abcdefghijkl", selected=("k",))))
    assert "k" in codes(view.shown)


def test_a_branch_unfolds_when_something_in_it_is_selected():
    tree = ("a", "a/x", "a/y", "b", "b/z", "c")
    (view,) = listing.facet_views(results(facet(*tree, selected=("a/x",))))
    assert codes(view.shown) == ["a", "b", "c"]
    assert codes(view.shown[0].shown) == ["a/x", "a/y"]
    assert view.shown[1].shown == []


def test_two_countries_show_their_regions_at_once():
    (view,) = listing.facet_views(results(facet("DK", "DK/1", "DK/1/2", "SE", "SE/3", name="place", display="map")))
    assert codes(view.shown[0].shown) == ["DK/1"]
    assert view.shown[0].shown[0].shown == []


def test_a_facet_without_values_has_no_box():
    assert listing.facet_views(results(facet())) == []


def test_a_facet_that_says_so_folds_and_counts_what_is_selected():
    (view,) = listing.facet_views(results(facet("x", "y", selected=("x",), folded=True)))
    assert (view.folds, view.selected) == (True, 1)
    (view,) = listing.facet_views(results(facet("x")))
    assert (view.folds, view.selected) == (False, 0)


def test_facets_come_in_the_order_of_their_source():
    names = [view.name for view in listing.facet_views(results(facet("x", name="status"), facet("x", name="category")))]
    assert names == ["status", "category"]


def test_page_links_end_at_both_ends():
    links = listing.page_links(results(total=45, page=1), lambda query: f"?page={query.page}")
    assert links["pages"] == [(1, "?page=1"), (2, "?page=2"), (3, "?page=3")]
    assert (links["previous"], links["next"]) == ("", "?page=2")
    assert listing.page_links(results(total=45, page=3), lambda query: "")["next"] == ""


def test_ids_are_the_same_in_every_answer():
    assert listing.element_id("f", "place", "DK/1082/0791") == "f-place-DK-1082-0791"


@pytest.mark.parametrize(
    ("page", "total", "numbers"),
    [
        (1, 10, [1]),
        (1, 100, [1, 2, 3, 4, 5]),
        (1, 400, [1, 2, 3, None, 20]),
        (10, 400, [1, None, 8, 9, 10, 11, 12, None, 20]),
        (20, 400, [1, None, 18, 19, 20]),
        (99, 60, [1, 2, 3]),
    ],
)
def test_pages_around_the_current_one_are_linked(page, total, numbers):
    assert listing.pages(results(total=total, page=page)) == numbers


def test_what_belongs_to_the_page_is_no_chip():
    found = results(facet("a", "b", selected=("a", "b")), category=("a", "b"))
    chips = listing.chips(found, lambda query: "/x/" + query.querystring, fixed={"category": ("a",)})
    assert [(chip.label, chip.url) for chip in chips] == [("b", "/x/?category=a")]
