"""What an editor's form makes of what no editor's browser sends: a sentence, and nothing is lost."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from directory.models import EnterprisePage
from home.models import HomePage, Page, StandardPage
from tests.factories import directory as make
from tests.factories.home import PageFactory
from tests.filled import filled
from tests.home.test_editor import edit
from tests.home.test_forms import form_of

pytestmark = pytest.mark.django_db

DRAFTED = '{"blocks": [], "entityMap": {}}'


@pytest.fixture
def page(home_page: Page) -> StandardPage:
    body = [{"type": "quote", "value": {"quote": "Sagt", "person": "Mette", "role": ""}}]
    return PageFactory(title_da="Om os", slug="om-os", body_da=json.dumps(body))


def stream(**changes: Any) -> dict[str, Any]:
    """The Swedish body with a text and a list, as the editor's script sends it, and ``changes``."""
    sent = {
        "count": "2",
        "0-deleted": "",
        "0-order": "0",
        "0-type": "text",
        "0-id": "",
        "0-value": DRAFTED,
        "1-deleted": "",
        "1-order": "1",
        "1-type": "facts",
        "1-id": "",
        "1-value-heading": "Tal",
        "1-value-facts-count": "1",
        "1-value-facts-0-deleted": "",
        "1-value-facts-0-order": "0",
        "1-value-facts-0-id": "",
        "1-value-facts-0-value-term": "A",
        "1-value-facts-0-value-text": DRAFTED,
    }
    return {f"body_sv-{name}": value for name, value in {**sent, **changes}.items() if value is not None}


@pytest.mark.parametrize("value", [None, "x", "-1", "99999"])
def test_a_stream_that_cannot_be_read_is_an_error_of_its_field(page: Page, value: str | None) -> None:
    browser = {"title_da": "Om os", "title_sv": "Om oss", "slug": "om-os", "body_da-count": "0", "body_en-count": "0"}
    for part in ("count", "1-value-facts-count", "0-order", "1-deleted", "0-type", "0-value"):
        form = form_of(page, None, {**browser, **stream(**{part: value})})
        assert form.is_valid() or form.errors.keys() == {"body_sv"}, part
        assert form["title_sv"].value() == "Om oss"
        form.as_p()


def test_what_cannot_be_read_is_said_shown_as_it_was_and_not_saved(page: Page, admin_client: Any) -> None:
    response = edit(admin_client, page, title_sv="Om oss nu", **{"body_da-count": "x"})
    assert response.status_code == 200
    (error,) = response.context["form"].errors["body_da"]
    assert error.startswith("Det, der blev sendt for dette felt, kan ikke læses.")
    html = response.content.decode()
    assert "Om oss nu" in html
    assert "Sagt" in html
    assert not page.revisions.exists()


def test_a_page_form_without_any_field_is_an_error_of_the_form(page: Page, admin_client: Any) -> None:
    for url in (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:add", args=["home", "standardpage", page.get_parent().pk]),
    ):
        assert admin_client.post(url, {"action-publish": "1"}).status_code == 200
    page.refresh_from_db()
    assert (page.title_da, len(page.body_da)) == ("Om os", 1)
    assert Page.objects.count() == 3


def test_what_only_the_editors_script_sends_is_refused_when_it_is_forged(page: Page, admin_client: Any) -> None:
    for name, value in (("overwrite_revision_id", "x"), ("workflow-action-extra-data", "{")):
        response = edit(admin_client, page, **{name: value})
        assert response.status_code == 400
        assert "Det, der blev sendt, kan ikke læses." in response.content.decode()


def test_a_rich_text_that_cannot_be_read_is_an_error_of_its_field(home_page: HomePage) -> None:
    page = make.EnterprisePageFactory(description_da="<p>Vask</p>")
    form = form_of(page, None, {"title_da": "Bækbo", "slug": "baekbo", "description_da": "x"})
    assert not form.is_valid()
    assert "description_da" in form.errors
    assert "Vask" in form["description_da"].value()


# ---- rows -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def enterprise(home_page: Page) -> EnterprisePage:
    return make.EnterprisePageFactory(title_da="Bækbo", offers=[make.make_offer(name_da="Vask")])


@pytest.mark.parametrize("count", ["TOTAL_FORMS", "INITIAL_FORMS"])
@pytest.mark.parametrize("value", [None, "x", "-1", "99999", "9" * 30])
def test_forged_counts_of_rows_are_said_and_cost_no_row(
    enterprise: EnterprisePage, admin_user: Any, count: str, value: str | None
) -> None:
    posted = filled(BeautifulSoup(form_of(enterprise, admin_user).as_p(), "html.parser"))
    posted |= {"offers-0-name_sv": "Tvätt", f"offers-{count}": value}
    form = form_of(enterprise, admin_user, {name: sent for name, sent in posted.items() if sent is not None})
    rows = form.formsets["offers"]
    if not form.is_valid():
        assert rows.non_form_errors()
        assert form.errors == {}
    (row,) = rows.forms
    assert row["name_sv"].value() == "Tvätt"
    assert row.instance.key == enterprise.offers.get().key
    assert rows.management_form.is_valid()


def test_a_form_without_its_counts_makes_no_row_anew(enterprise: EnterprisePage, admin_user: Any) -> None:
    posted = filled(BeautifulSoup(form_of(enterprise, admin_user).as_p(), "html.parser"))
    form = form_of(enterprise, admin_user, {name: sent for name, sent in posted.items() if not name.endswith("_FORMS")})
    assert not form.is_valid()
    assert [str(error) for error in form.formsets["offers"].non_form_errors()] == [
        "Ikke alle rækker, der blev meldt, er sendt. Se dem igennem, der er her, og prøv igen."
    ]
