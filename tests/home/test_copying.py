"""A copy is a page of its own in every language: its title, its slugs, its rows, its draft."""

import json
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import APIToken
from wagtail.users.models import UserProfile

from directory.models import DirectoryPage, EnterprisePage
from home.copying import CopyAtOnce
from home.models import Page, StandardPage
from tests.factories import directory as make
from tests.factories.home import PageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_editor(admin_client: Any) -> Any:
    def copy(page: Page, **values: Any) -> Page:
        data = {"new_title": "Kopi", "new_slug": "kopi", "new_parent_page": page.get_parent().pk, **values}
        response = admin_client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)
        assert response.status_code == 302, response.context["form"].errors
        return Page.objects.get(slug="kopi").specific

    return copy


@pytest.fixture
def by_program(client: Any, admin_user: Any) -> Any:
    _token, key = APIToken.create_token(user=admin_user, name="test")

    def copy(page: Page, language: str = "da", **values: Any) -> Page:
        data = {"title": "Kopi", "slug": "kopi", "recursive": True, **values}
        headers = {"Authorization": f"Bearer {key}"}
        url = f"/api/v3/pages/{page.pk}/actions/copy/?lang={language}"
        response = client.post(url, json.dumps(data), content_type="application/json", headers=headers)
        assert response.status_code == 201, response.content
        return Page.objects.get(slug="kopi").specific

    return copy


def titles(page: Page) -> tuple:
    return (page.title_da, page.title_sv, page.title_en)


@pytest.fixture
def about(home_page: Page) -> StandardPage:
    return PageFactory(title_da="Om os", title_sv="Om oss", slug="om-os", slug_sv="om-oss")


@pytest.mark.parametrize(("language", "expected"), [("da", ("Kopi", "Om oss")), ("sv", ("Om os", "Kopi"))])
def test_the_title_that_was_shown_is_the_one_that_changes(
    about: Page, by_editor: Any, admin_user: Any, language: str, expected: tuple
) -> None:
    UserProfile.objects.create(user=admin_user, preferred_language=language)
    copy = by_editor(about)
    assert titles(copy)[:2] == titles(copy.get_latest_revision_as_object())[:2] == expected


def test_a_page_in_one_language_has_a_copy_in_one_language(home_page: Page, by_editor: Any, by_program: Any) -> None:
    page = PageFactory(title_da=None, title_sv="Bara svenska", slug="bara")
    assert by_editor(page).public_languages == []
    Page.objects.get(slug="kopi").delete()
    copy = by_program(page, language="en")
    assert (copy.public_languages, titles(copy)) == (["sv"], (None, "Kopi", None))


def test_a_program_that_reads_swedish_writes_no_danish_into_it(about: Page, by_program: Any) -> None:
    StandardPage.objects.update(introduction_da="Dansk")
    copy = by_program(about, language="sv")
    assert (titles(copy)[:2], copy.introduction_sv) == (("Om os", "Kopi"), about.introduction_sv)


def test_pages_below_a_programs_copy_keep_their_slugs_too(about: Page, by_program: Any) -> None:
    child = PageFactory(parent=about, title_da="Historie", slug="historie", slug_sv="historia")
    PageFactory(parent=child, title_da="Før", slug="foer", slug_en="before")
    below = by_program(about).get_descendants().order_by("path")
    assert [page.url_path_sv for page in below] == ["/forside/kopi/historia/", "/forside/kopi/historia/foer/"]
    assert [page.slug_en for page in below] == ["", "before"]


@pytest.mark.parametrize("way", ["by_editor", "by_program"])
def test_rows_of_a_copy_have_keys_of_their_own(home_page: Page, way: str, request: pytest.FixtureRequest) -> None:
    page = make.EnterprisePageFactory(title_da="Bækbo", offers=[make.make_offer(name_da="Vask")])
    page.offers.add(make.make_offer(name_da="Kurve", sort_order=1))
    page.save_revision()
    copy = request.getfixturevalue(way)(page)
    draft = EnterprisePage.objects.get(pk=copy.pk).get_latest_revision_as_object()
    keys = {offer.key for offer in page.offers.all()}
    assert [offer.name_da for offer in draft.offers.all()] == ["Vask", "Kurve"]
    assert not keys & {offer.key for offer in draft.offers.all()}
    (row,) = copy.offers.all()
    draft.save_revision().publish()
    assert EnterprisePage.objects.get(pk=copy.pk).offers.get(name_da="Vask").pk == row.pk


def test_rows_of_pages_below_a_copy_too(home_page: Page) -> None:
    page = make.EnterprisePageFactory(offers=[make.make_offer(name_da="Vask")])
    action = CopyAtOnce(DirectoryPage.objects.get(), recursive=True, update_attrs={"title": "Kopi", "slug": "kopi"})
    copy = action.execute(skip_permission_checks=True)
    offer = EnterprisePage.objects.child_of(copy).get().offers.get()
    assert offer.key != page.offers.get().key


def test_a_copy_without_a_place_is_refused(about: Page, admin_client: Any) -> None:
    url = reverse("wagtailadmin_pages:copy", args=[about.pk])
    for place in ({}, {"new_parent_page": "x"}, {"new_parent_page": "0"}):
        response = admin_client.post(url, {"new_title": "Kopi", "new_slug": "kopi", **place})
        assert response.status_code == 400
