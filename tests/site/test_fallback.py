"""A text that stands in for the reader's language says so, on every type of page, wherever it stands."""

from importlib import import_module
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.urls import reverse
from django.utils.translation import override
from modeltranslation.manager import get_translatable_fields_for_model

from home.models import Page
from home.models.base import keyed_children
from search import registry
from tests.factories import directory as make
from tests.factories.home import PageFactory
from tests.marked import MARK, fill, unmarked

pytestmark = pytest.mark.django_db


#: Of each bundled plugin, what makes one of its pages; a plugin that is switched off has none.
FACTORIES = {"news": "NewsFactory", "meetings": "MeetingFactory", "projects": "ProjectFactory"}


def _pages_of_plugins() -> None:
    for plugin, factory in FACTORIES.items():
        if apps.is_installed(f"plugins.{plugin}"):
            getattr(import_module(f"tests.factories.{plugin}"), factory)()


@pytest.fixture
def pages(home_page: Page) -> list[Any]:
    """One of every type, with rows and a category; all of it is said in Danish only."""
    category = make.CategoryFactory(code="clean")
    fill(category, "da", ["name", "description", "synonyms"])
    category.save()
    PageFactory(title_da="Om", slug="om", show_in_menus=True)
    offer = make.make_offer(categories=[category], areas=[make.PlaceFactory(name_da="Viborg")])
    make.EnterprisePageFactory(
        offers=[offer], contacts=[make.make_contact()], links=[make.make_link()],
        certifications=[make.make_certification()], eligibilities=[make.make_eligibility()],
    )  # fmt: skip
    _pages_of_plugins()
    found = list(Page.objects.filter(depth__gt=1).specific())
    for page in found:
        fill(page, "da", page.translated_fields())
        for accessor in keyed_children(type(page)):
            for row in getattr(page, accessor).get_object_list():
                fill(row, "da", get_translatable_fields_for_model(type(row)) or ())
        _publish(page)
    return found


def _publish(page: Any) -> None:
    page.save()
    page.save_revision().publish()


def _in_swedish(client: Any, page: Any) -> bytes:
    with override("sv"):
        url = Page.objects.get(pk=page.pk).specific.url
    response = client.get(url)
    assert response.status_code == 200
    return response.content


def _notice(html: bytes) -> str:
    notice = BeautifulSoup(html, "html.parser").select_one('a[hreflang="da"]:not(.langs a)')
    return notice.find_parent(class_="notice").get_text(" ", strip=True) if notice else ""


def test_every_text_that_stands_in_is_marked_and_a_notice_leads_to_its_language(client: Any, pages: list[Any]) -> None:
    types = {model for model in apps.get_models() if issubclass(model, Page) and model is not Page}
    assert {type(page) for page in pages} == types  # a new type of page is held to it too
    for page in pages:
        html = _in_swedish(client, page)
        assert html.decode().count(MARK) >= len(registry.sources())
        assert unmarked(html) == [], type(page)
        if type(page).__name__ != "DirectoryPage":  # whose heading is the site's own
            assert _notice(html).startswith("Texten finns inte på svenska än; den visas på danska."), type(page)


def test_a_page_with_its_title_in_the_readers_language_says_what_stands_in(client: Any, pages: list[Any]) -> None:
    for page in pages:
        page.title_sv = f"{MARK}sv"
        _publish(page)
    for page in pages:
        html = _in_swedish(client, page)
        assert unmarked(html) == [], type(page)
        title = BeautifulSoup(html, "html.parser").title.get_text()
        assert f"{MARK}da" not in title  # another language's title for search engines
        if type(page).__name__ in ("StandardPage", "EnterprisePage", "HomePage", "NewsPage"):
            assert "Delar av sidan" in _notice(html), type(page)


def test_hits_of_a_search_are_marked(client: Any, pages: list[Any]) -> None:
    with override("sv"):
        html = client.get(reverse("search:everything"), {"q": MARK.strip("-")}).content
    assert html.decode().count(MARK) >= len(registry.sources())
    assert unmarked(html) == []
