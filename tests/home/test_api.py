"""The content API says in which language each text is."""

import pytest

from home.models import Page
from tests.factories.home import PageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home_page: Page) -> Page:
    return PageFactory(title_da="Nyt", title_sv="Nytt", slug="nyt", slug_sv="nytt", introduction_da="Kun på dansk")


def detail(client, page: Page, **params: str) -> dict:
    return client.get(f"/api/v3/pages/{page.pk}/", params).json()


def test_page_lists_its_languages(page: Page, client) -> None:
    assert detail(client, page)["languages"] == ["da", "sv"]


def test_text_in_the_language_asked_for(page: Page, client) -> None:
    assert detail(client, page, lang="sv")["texts"]["title"] == {"text": "Nytt", "language": "sv"}


def test_text_that_stands_in_says_its_own_language(page: Page, client) -> None:
    assert detail(client, page, lang="sv")["texts"]["introduction"] == {"text": "Kun på dansk", "language": "da"}


def test_text_absent_in_every_language_is_left_out(page: Page, client) -> None:
    assert "body" not in detail(client, page)["texts"]


def test_accept_language_chooses_without_lang(page: Page, client) -> None:
    body = client.get(f"/api/v3/pages/{page.pk}/", headers={"accept-language": "sv"}).json()
    assert body["title"] == "Nytt"


def test_answer_varies_by_accept_language(page: Page, client) -> None:
    assert "Accept-Language" in client.get("/api/v3/pages/").headers["Vary"]


def test_unknown_language_is_refused(page: Page, client) -> None:
    response = client.get("/api/v3/pages/", {"lang": "xx"})
    assert (response.status_code, response.json()["parameter"]) == (422, "lang")


def test_draft_is_not_found(home_page: Page, client) -> None:
    page = PageFactory(title_da="Kladde", live=False)
    assert client.get(f"/api/v3/pages/{page.pk}/").status_code == 404
