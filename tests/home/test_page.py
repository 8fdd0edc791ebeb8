"""The page that carries every language."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from wagtail.actions.copy_page import CopyPageAction

from home.models import Page, StandardPage
from tests.factories.home import PageFactory
from torv.languages import LANGUAGES

pytestmark = pytest.mark.django_db


def url(page: Page, language: str) -> str:
    with override(language):
        return Page.objects.get(pk=page.pk).specific.url


@pytest.fixture
def about(home_page: Page) -> StandardPage:
    return PageFactory(
        title_da="Om os", title_sv="Om oss", title_en="About us", slug="om-os", slug_sv="om-oss", slug_en="about"
    )


def test_url_in_each_language(about: StandardPage) -> None:
    assert [url(about, language) for language in LANGUAGES] == ["/da/om-os/", "/sv/om-oss/", "/en/about/"]


def test_url_below_a_translated_page(about: StandardPage) -> None:
    child = PageFactory(parent=about, title_da="Historie", slug="historie", slug_en="history")
    assert [url(child, language) for language in LANGUAGES] == [
        "/da/om-os/historie/",
        "/sv/om-oss/historie/",
        "/en/about/history/",
    ]


def test_request_finds_page_by_the_slug_of_its_language(about: StandardPage, client) -> None:
    assert client.get("/sv/om-oss/").status_code == 200
    assert client.get("/sv/about/").status_code == 404


def test_request_by_default_slug_when_the_language_has_none(home_page: Page, client) -> None:
    PageFactory(title_da="Kontakt", slug="kontakt")
    assert client.get("/en/kontakt/").status_code == 200


def test_title_in_one_language_only_is_public_there(home_page: Page) -> None:
    page = PageFactory(title_da=None, title_sv="Bara på svenska", slug="bara-svenska")
    assert page.public_languages == ["sv"]


def test_publishing_writes_no_fallback_title(home_page: Page) -> None:
    page = PageFactory(title_da=None, title_sv="Bara på svenska", slug="bara-svenska")
    page.save_revision().publish()
    page.refresh_from_db()
    assert (page.title_da, page.title_sv, page.title_en) == (None, "Bara på svenska", None)


def test_page_without_any_title_is_refused(home_page: Page) -> None:
    with pytest.raises(ValidationError) as error:
        home_page.add_child(instance=StandardPage(slug="tom"))
    assert "title_da" in error.value.message_dict or "title" in error.value.message_dict


def test_shown_language_is_the_one_that_stands_in(home_page: Page) -> None:
    page = PageFactory(title_da="Kun dansk")
    with override("sv"):
        assert page.shown_language == "da"


def test_canonical_url_leads_to_the_language_shown(home_page: Page) -> None:
    page = PageFactory(title_da="Kun dansk", slug="kun-dansk")
    with override("sv"):
        assert page.get_canonical_url() == "http://localhost/da/kun-dansk/"


def test_alternates_list_public_languages_only(home_page: Page) -> None:
    page = PageFactory(title_da="Nyt", title_en="New", slug="nyt", slug_en="new")
    assert page.get_alternates() == [
        {"lang_code": "da", "location": "http://localhost/da/nyt/"},
        {"lang_code": "en", "location": "http://localhost/en/new/"},
    ]


def test_saving_under_another_language_keeps_columns_apart(home_page: Page) -> None:
    page = PageFactory(title_da="Dansk", title_sv="Svenska")
    with override("sv"):
        page.title_da = "Dansk igen"
        page.save()
        page.save_revision().publish()
    page = StandardPage.objects.get(pk=page.pk)
    assert (page.title_da, page.title_sv) == ("Dansk igen", "Svenska")


def test_same_slug_beside_it_is_refused_in_each_language(about: StandardPage, home_page: Page) -> None:
    with pytest.raises(ValidationError) as error:
        PageFactory(title_da="Anden", slug="anden", slug_sv="om-oss")
    assert "slug_sv" in error.value.message_dict


def test_translated_slug_equal_to_the_default_slug_beside_it_is_refused(home_page: Page) -> None:
    PageFactory(title_da="Kontakt", slug="kontakt")
    with pytest.raises(ValidationError):
        PageFactory(title_da="Anden", slug="anden", slug_en="kontakt")


def test_move_gives_new_urls_in_every_language(about: StandardPage) -> None:
    target = PageFactory(title_da="Mål", slug="maal", slug_sv="mal", slug_en="target")
    about.move(target, pos="last-child")
    assert [url(about, language) for language in LANGUAGES] == [
        "/da/maal/om-os/",
        "/sv/mal/om-oss/",
        "/en/target/about/",
    ]


def test_copy_gets_its_own_slug_in_every_language(about: StandardPage) -> None:
    copy = CopyPageAction(about, update_attrs={"slug": "om-os-2", "title_da": "Om os 2"}).execute(
        skip_permission_checks=True
    )
    assert [url(copy, language) for language in LANGUAGES] == ["/da/om-os-2/", "/sv/om-os-2/", "/en/om-os-2/"]


def test_copy_with_children_gives_every_page_an_address(about: StandardPage) -> None:
    PageFactory(parent=about, title_da="Historie", slug="historie", slug_en="history")
    copy = CopyPageAction(about, recursive=True, update_attrs={"slug": "om-os-2", "title_da": "Om os 2"}).execute(
        skip_permission_checks=True
    )
    child = copy.get_children().get()
    assert url(child, "en").startswith("/en/om-os-2/")


def test_preview_is_shown_in_its_language(about: StandardPage, rf) -> None:
    response = about.make_preview_request(preview_mode="sv")
    assert 'lang="sv"' in response.content.decode()


def test_preview_modes_are_the_languages(about: StandardPage) -> None:
    assert [mode for mode, _name in about.preview_modes] == list(LANGUAGES)


def test_alternates_keep_the_port_of_the_request(home_page: Page, rf) -> None:
    page = PageFactory(title_da="Nyt", slug="nyt")
    (alternate,) = page.get_alternates(rf.get("/", headers={"host": "localhost:8123"}))
    assert alternate["location"] == "http://localhost:8123/da/nyt/"


def test_full_url_has_the_port_of_the_request(home_page: Page, client) -> None:
    page = PageFactory(title_da="Nyt", slug="nyt")
    answer = client.get(f"/api/v3/pages/{page.pk}/", headers={"host": "localhost:8123"}).json()
    assert answer["meta"]["html_url"] == "http://localhost:8123/da/nyt/"


def test_editors_see_the_newest_title_in_their_language(about: StandardPage) -> None:
    about.title_sv = "Om alla"
    about.save_revision()
    page = Page.objects.get(pk=about.pk)
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(page.get_admin_display_title())
    assert found == ["Om os", "Om alla", "About us"]
