"""Pages beside each other have different slugs in every language, whoever makes, copies or moves them."""

import json
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import APIToken
from wagtail.test.utils.form_data import nested_form_data, streamfield

from home.models import Page, StandardPage
from tests.factories.home import PageFactory
from torv.languages import LANGUAGES

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(home_page: Page) -> StandardPage:
    return PageFactory(title_da="Om os", title_sv="Om oss", slug="om-os", slug_sv="om-oss", slug_en="about")


@pytest.fixture
def below(about: StandardPage) -> StandardPage:
    """A page elsewhere with the Swedish slug of `about`."""
    parent = PageFactory(title_da="Andre", slug="andre")
    return PageFactory(parent=parent, title_da="Om dem", slug="om-dem", slug_sv="om-oss")


def form(**values: Any) -> dict:
    data: dict[str, Any] = {"slug": "ny", "slug_sv": "", "slug_en": "", "show_in_menus": False}
    for language in LANGUAGES:
        data |= {f"title_{language}": "", f"introduction_{language}": "", f"body_{language}": streamfield([])}
        data |= {f"seo_title_{language}": "", f"search_description_{language}": ""}
    return nested_form_data({**data, "title_da": "Ny", **values})


def add(client: Any, parent: Page, **values: Any) -> Any:
    url = reverse("wagtailadmin_pages:add", args=["home", "standardpage", parent.pk])
    return client.post(url, form(**values))


# ---- the editor -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("button", [{}, {"action-publish": "1"}])
@pytest.mark.parametrize(
    ("slugs", "field"),
    [
        ({"slug_sv": "om-oss"}, "slug_sv"),
        ({"slug_en": "about"}, "slug_en"),
        ({"slug": "om-oss"}, "slug_sv"),  # it would be the Swedish one too
    ],
)
def test_a_new_page_with_a_slug_that_is_taken_says_so_at_the_slug(
    about: StandardPage, home_page: Page, admin_client, slugs: dict, field: str, button: dict
) -> None:
    response = add(admin_client, home_page, title_sv="Om oss", **slugs, **button)
    assert response.status_code == 200
    (message,) = response.context["form"].errors[field]
    assert "om-oss" in message or "about" in message
    assert 'value="Om oss"' in response.content.decode()  # what was typed is still there
    assert Page.objects.filter(depth=3).count() == 1


def test_a_new_page_with_free_slugs_is_made(about: StandardPage, home_page: Page, admin_client) -> None:
    assert add(admin_client, home_page, slug_sv="nytt", slug_en="new").status_code == 302
    assert Page.objects.filter(slug="ny", slug_sv="nytt", slug_en="new").exists()


def test_the_message_is_in_the_editors_language(about: StandardPage, home_page: Page, admin_client) -> None:
    (message,) = add(admin_client, home_page, slug_sv="om-oss").context["form"].errors["slug_sv"]
    assert message == "Adressenavnet »om-oss« bruges allerede af en side ved siden af denne."


@pytest.mark.parametrize("slug", ["soeg", "search", "feedback"])
def test_no_page_has_the_address_of_what_the_site_answers_itself(home_page: Page, admin_client, slug: str) -> None:
    assert add(admin_client, home_page, slug=slug).context["form"].errors["slug"]
    child = PageFactory(parent=PageFactory(title_da="Andre", slug="andre"), slug=slug)
    assert child.slug == slug  # elsewhere it is free


def copy(client: Any, page: Page, **values: Any) -> Any:
    data = {"new_title": "Kopi", "new_slug": "kopi", "new_parent_page": page.get_parent().pk, **values}
    return client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)


def test_a_copy_takes_no_slug_that_another_page_has_in_some_language(about: StandardPage, admin_client) -> None:
    response = copy(admin_client, about, new_slug="om-oss")
    assert response.status_code == 200
    assert "om-oss" in response.context["form"].errors["new_slug"][0]


def test_an_alias_beside_its_page_has_an_address_in_every_language(about: StandardPage, admin_client) -> None:
    assert copy(admin_client, about, alias="on").status_code == 302
    alias = Page.objects.get(slug="kopi")
    with override("sv"):
        assert alias.specific.url == "/sv/kopi/"
    about.title_da = "Om os alle"
    about.save_revision().publish()
    alias.refresh_from_db()
    assert (alias.title_da, alias.slug_sv) == ("Om os alle", "")


def test_a_page_is_not_moved_beside_one_with_its_slug(
    about: StandardPage, below: Page, home_page, admin_client
) -> None:
    url = reverse("wagtailadmin_pages:move_confirm", args=[below.pk, home_page.pk])
    response = admin_client.post(url)
    assert response.headers["Location"] == reverse("wagtailadmin_pages:move", args=[below.pk])
    (message,) = map(str, get_messages(response.wsgi_request))
    assert "om-oss" in message
    assert below.get_parent(update=True).slug == "andre"


def test_many_pages_are_not_moved_where_one_has_a_slug_that_is_taken(
    about: StandardPage, below: Page, home_page: Page, admin_client
) -> None:
    other = PageFactory(parent=below.get_parent(), title_da="Fri", slug="fri")
    query = f"?id={below.pk}&id={other.pk}"
    url = reverse("wagtail_bulk_action", args=["home", "page", "move"]) + query
    response = admin_client.post(url, {"chooser": home_page.pk})
    assert any("om-oss" in str(message) for message in get_messages(response.wsgi_request))
    assert {page.get_parent(update=True).slug for page in (below, other)} == {"andre"}


def test_a_translator_who_empties_the_only_title_is_told_so(home_page: Page, client, django_user_model) -> None:
    from tests.home.test_editor import translator

    page = PageFactory(title_da=None, title_sv="Bara svenska", slug="bara-svenska")
    client.force_login(translator("sv", django_user_model))
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(title_sv="", slug_sv=""))
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


# ---- programs -------------------------------------------------------------------------------------------------------
@pytest.fixture
def call(client, admin_user):
    _token, key = APIToken.create_token(user=admin_user, name="test")

    def send(path: str, data: dict) -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        return client.post(f"/api/v3/pages/{path}", json.dumps(data), content_type="application/json", headers=headers)

    return send


def test_the_api_refuses_a_slug_that_is_taken(about: StandardPage, home_page: Page, call) -> None:
    meta = {"type": "home.StandardPage", "parent_id": home_page.pk}
    answer = call("", {"meta": meta, "title": "Ny", "slug": "om-oss"})
    assert answer.status_code == 422
    assert "om-oss" in answer.json()["errors"][0]["msg"]
    assert call("", {"meta": meta, "title": "Ny", "slug": "ny"}).status_code == 201
    assert call("", {"meta": meta, "title": "Om oss"}).json()["meta"]["slug"] == "om-oss-2"


def test_the_api_refuses_to_move_or_copy_beside_a_page_with_the_same_slug(about, below, home_page, call) -> None:
    answer = call(f"{below.pk}/actions/move/", {"destination_id": home_page.pk, "position": "last-child"})
    assert answer.status_code == 422
    assert below.get_parent(update=True).slug == "andre"
    answer = call(f"{below.pk}/actions/copy/", {"destination_id": home_page.pk, "slug": "om-oss"})
    assert answer.status_code == 422


def test_moving_and_adding_in_code_are_refused(about: StandardPage, below: Page, home_page: Page) -> None:
    with pytest.raises(ValidationError):
        below.move(Page.objects.get(pk=home_page.pk), pos="last-child")
    with pytest.raises(ValidationError):
        home_page.add_child(instance=StandardPage(title_da="Ny", slug="ny", slug_sv="om-oss", live=False))


@pytest.mark.parametrize("live", [True, False])
def test_a_slug_made_from_the_title_is_free_in_every_language(about: StandardPage, home_page: Page, live: bool) -> None:
    page = home_page.add_child(instance=StandardPage(title_da="Om oss", live=live))
    assert page.slug == "om-oss-2"
    other = home_page.add_child(instance=StandardPage(title_da="Om oss", slug_sv="om-dem", live=live))
    assert other.slug == "om-oss"  # Swedish readers have another
