"""The demonstration's news."""

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from directory.demo.content import read
from directory.demo.loader import add_page
from directory.demo.pictures import draw
from home.models import StandardPage
from plugins.news.demo.loader import FILE, PICTURES, SIZE, describe, load_news
from plugins.news.models import NewsIndexPage, NewsPage
from tests.factories.directory import EnterprisePageFactory
from torv.languages import LANGUAGES

pytestmark = pytest.mark.django_db


def test_demo_adds_twelve_items_in_three_languages_once(home_page, client) -> None:
    load_news(home_page)
    load_news(home_page)
    assert NewsPage.objects.live().count() == 12
    assert all(page.public_languages == list(LANGUAGES) for page in NewsPage.objects.all())
    assert NewsIndexPage.objects.get().show_in_menus
    assert max(page.date for page in NewsPage.objects.all()) == timezone.localdate()
    assert all(page.topics.exists() for page in NewsPage.objects.all())
    for path in ("/da/nyheder/", "/sv/nyheter/", "/en/news/", NewsPage.objects.first().get_url()):
        assert client.get(path).status_code == 200


def test_demo_keeps_deleted_what_was_deleted(home_page) -> None:
    load_news(home_page)
    NewsPage.objects.first().delete()
    load_news(home_page)
    assert NewsPage.objects.count() == 11


@pytest.mark.parametrize("entry", read(FILE)["news"], ids=lambda entry: entry["key"])
def test_demo_says_everything_in_every_language(entry) -> None:
    for field in ("title", "lead", "body", "slugs"):
        assert set(entry[field]) == set(LANGUAGES)
        assert all(entry[field][language].strip() for language in LANGUAGES)
    assert describe(entry).date <= timezone.localdate()


def test_demo_leads_to_what_is_there(home_page) -> None:
    EnterprisePageFactory()
    add_page(home_page, StandardPage(title_da="Åbne data", slug="aabne-data"), "open-data", None)
    load_news(home_page)
    assert NewsPage.objects.filter(relations__isnull=False).count() == 1


def test_demo_shows_the_newest_with_a_picture_described_in_every_language(home_page, client) -> None:
    load_news(home_page)
    newest = NewsPage.objects.order_by("-date")[:6]
    assert len({page.picture_id for page in newest} - {None}) == 6
    for page in newest:
        assert all(getattr(page, f"picture_alt_{language}") for language in LANGUAGES)
    image = BeautifulSoup(client.get(newest[0].get_url()).content, "html.parser").select_one("main img")
    assert image["alt"] == newest[0].picture_alt_da


@pytest.mark.parametrize("drawn", read(PICTURES).values(), ids=read(PICTURES))
def test_demo_draws_small_pictures(drawn) -> None:
    assert len(draw(drawn["shapes"], SIZE)) < 40_000
    assert set(drawn["alt"]) == set(LANGUAGES)


def test_demo_links_what_comes_later_when_it_comes(home_page) -> None:
    load_news(home_page)
    page = NewsPage.objects.get(slug="leverandoererne-som-aabne-data")
    assert not page.relations.exists()
    added = add_page(home_page, StandardPage(title_da="Åbne data", slug="aabne-data"), "open-data", None)
    load_news(home_page)
    assert [row.related_id for row in page.relations.all()] == [added.pk]
    page.refresh_from_db()
    assert page.live
    assert not page.has_unpublished_changes


def test_demo_does_not_bring_back_a_link_that_an_editor_took_away(home_page) -> None:
    add_page(home_page, StandardPage(title_da="Åbne data", slug="aabne-data"), "open-data", None)
    load_news(home_page)
    page = NewsPage.objects.get(relations__isnull=False)
    page.relations = []
    page.save_revision().publish()
    load_news(home_page)
    assert not page.relations.exists()


def test_demo_leaves_news_alone_that_an_editor_is_at_work_on(home_page) -> None:
    load_news(home_page)
    page = NewsPage.objects.get(slug="leverandoererne-som-aabne-data")
    page.title_da = "Kladde"
    page.save_revision()
    add_page(home_page, StandardPage(title_da="Åbne data", slug="aabne-data"), "open-data", None)
    load_news(home_page)
    assert not page.relations.exists()
    assert NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object().title_da == "Kladde"
