"""The sitemaps list, for each language, what is public in it."""

import pytest

from home.models import Page
from tests.factories.home import PageFactory

pytestmark = pytest.mark.django_db


def test_index_lists_a_sitemap_for_each_language(home_page: Page, client) -> None:
    body = client.get("/sitemap.xml").content.decode()
    assert [f"sitemap-{language}.xml" in body for language in ("da", "sv", "en")] == [True, True, True]


def test_section_lists_pages_public_in_its_language(home_page: Page, client) -> None:
    PageFactory(title_da="Nyt", title_sv="Nytt", slug="nyt", slug_sv="nytt")
    assert "/sv/nytt/" in client.get("/sitemap-sv.xml").content.decode()


def test_section_leaves_out_pages_shown_by_fallback(home_page: Page, client) -> None:
    PageFactory(title_da="Kun dansk", slug="kun-dansk")
    assert "kun-dansk" not in client.get("/sitemap-sv.xml").content.decode()


def test_section_leaves_out_unpublished_pages(home_page: Page, client) -> None:
    PageFactory(title_da="Kladde", slug="kladde", live=False)
    assert "kladde" not in client.get("/sitemap-da.xml").content.decode()


def test_entry_names_its_other_languages(home_page: Page, client) -> None:
    PageFactory(title_da="Nyt", title_en="New", slug="nyt", slug_en="new")
    body = client.get("/sitemap-da.xml").content.decode()
    assert 'hreflang="en" href="http://testserver/en/new/"' in body


def test_unknown_section_is_not_found(home_page: Page, client) -> None:
    assert client.get("/sitemap-xx.xml").status_code == 404


@pytest.mark.parametrize("count", [2, 8])
def test_section_takes_the_same_number_of_queries(
    home_page: Page, client, django_assert_max_num_queries, count
) -> None:
    for number in range(count):
        PageFactory(title_da=f"Side {number}", slug=f"side-{number}")
    with django_assert_max_num_queries(9):
        client.get("/sitemap-da.xml")
