"""Old addresses lead to the page, in every language."""

import pytest
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from home.models import Page
from tests.factories.home import PageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home_page: Page) -> Page:
    return PageFactory(
        title_da="Om os", title_sv="Om oss", title_en="About", slug="om-os", slug_sv="om-oss", slug_en="about"
    )


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("slug", "/da/om-os/", "/da/om-torv/"),
        ("slug_sv", "/sv/om-oss/", "/sv/om-torv/"),
        ("slug_en", "/en/about/", "/en/om-torv/"),
    ],
)
def test_changed_slug_redirects(page: Page, client, field: str, old: str, new: str) -> None:
    setattr(page, field, "om-torv")
    page.save()
    response = client.get(old)
    assert (response.status_code, response.headers["Location"]) == (301, new)


def test_changed_slug_redirects_the_pages_below(page: Page, client) -> None:
    PageFactory(parent=page, title_da="Historie", slug="historie")
    page.slug_sv = "om-torget"
    page.save()
    assert client.get("/sv/om-oss/historie/").headers["Location"] == "/sv/om-torget/historie/"


def test_move_redirects(page: Page, client) -> None:
    target = PageFactory(title_da="Mål", slug="maal", slug_en="target")
    page.move(target, pos="last-child")
    assert client.get("/en/about/").headers["Location"] == "/en/target/about/"


def test_slug_changed_back_redirects_no_longer(page: Page, client) -> None:
    for slug in ("om-torget", "om-oss"):
        page.slug_sv = slug
        page.save()
    assert client.get("/sv/om-oss/").status_code == 200
    assert client.get("/sv/om-torget/").headers["Location"] == "/sv/om-oss/"


def test_address_taken_by_another_page_is_that_page(page: Page, client) -> None:
    page.slug_sv = "om-torget"
    page.save()
    PageFactory(title_da="Ny", title_sv="Ny", slug="ny", slug_sv="om-oss")
    assert client.get("/sv/om-oss/").status_code == 200


def test_move_by_an_editor_redirects(page: Page, client, admin_user) -> None:
    target = PageFactory(title_da="Mål", slug="maal", slug_en="target")
    client.force_login(admin_user)
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk]))
    assert client.get("/en/about/").headers["Location"] == "/en/target/about/"
    assert client.get("/da/om-os/").headers["Location"] == "/da/maal/om-os/"


def test_what_was_asked_is_kept(page: Page, client) -> None:
    page.slug_sv = "om-torget"
    page.save()
    response = client.get("/sv/om-oss/?q=st%C3%A4dning&category=clean&category=food")
    assert response.headers["Location"] == "/sv/om-torget/?q=st%C3%A4dning&category=clean&category=food"


def test_an_editors_own_redirect_is_all_that_it_says(home_page: Page, client) -> None:
    Redirect.add_redirect("/da/gammel", "https://example.org/ny?a=1")
    assert client.get("/da/gammel/?q=x").headers["Location"] == "https://example.org/ny?a=1"


def test_what_is_nowhere_below_a_moved_page_is_not_found(page: Page, client) -> None:
    page.slug = "om-torv"
    page.save()
    assert client.get("/da/om-os/findes-ikke/").status_code == 404


def test_a_page_made_later_below_a_moved_one_is_found_by_the_old_address(page: Page, client) -> None:
    page.slug_sv = "om-torget"
    page.save()
    PageFactory(parent=page, title_da="Historie", slug="historie")
    response = client.get("/sv/om-oss/historie/?a=1")
    assert (response.status_code, response.headers["Location"]) == (301, "/sv/om-torget/historie/?a=1")


def test_what_is_nowhere_costs_a_constant_number_of_queries(home_page: Page, client, django_assert_max_num_queries):
    for number in range(5):
        moved = PageFactory(title_da=f"Side {number}", slug=f"side-{number}")
        moved.slug = f"flyttet-{number}"
        moved.save()
    client.get("/da/x/")
    with django_assert_max_num_queries(20) as few:
        client.get("/da/x/")
    with django_assert_max_num_queries(len(few) + 1):
        client.get("/da/a/b/c/d/e/f/g/")
