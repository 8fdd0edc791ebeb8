"""Rows inside a page stand where whoever made them put them."""

import pytest

from directory.models import EnterprisePage
from home.models import Page
from tests.factories.directory import EnterprisePageFactory, make_link

pytestmark = pytest.mark.django_db


def links(*places: int | None) -> list:
    return [make_link(label_da=name, sort_order=place) for name, place in zip("cab", places, strict=True)]


def stored(page: Page) -> list[tuple[str, int]]:
    return list(page.links.order_by("sort_order", "pk").values_list("label_da", "sort_order"))


def test_rows_made_by_a_program_keep_their_order(home_page: Page) -> None:
    assert stored(EnterprisePageFactory(links=links(None, None, None))) == [("c", 0), ("a", 1), ("b", 2)]


def test_a_row_added_by_a_program_comes_after_those_that_are_there(home_page: Page) -> None:
    page = EnterprisePageFactory(links=links(0, 1, 2))
    page.links.add(make_link(label_da="d"))
    page.save_revision().publish()
    assert stored(page) == [("c", 0), ("a", 1), ("b", 2), ("d", 3)]


def test_positions_that_an_editor_gave_stay(home_page: Page) -> None:
    assert stored(EnterprisePageFactory(links=links(7, 3, 5))) == [("a", 3), ("b", 5), ("c", 7)]


def test_a_draft_remembers_the_order_before_anything_is_published(home_page: Page) -> None:
    page = EnterprisePageFactory()
    page.links = links(None, None, None)
    page.save_revision()
    draft = EnterprisePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [(row.label_da, row.sort_order) for row in draft.links.all()] == [("c", 0), ("a", 1), ("b", 2)]
