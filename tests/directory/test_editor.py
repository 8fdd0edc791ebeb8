"""The editor's form of an enterprise, filled in as a browser does."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from directory.actions import ensure_roles, make_owner
from directory.models import EnterprisePage
from directory.permissions import EDITORS, translators
from tests.filled import filled

pytestmark = pytest.mark.django_db


def client_of(*groups: str) -> Client:
    user = get_user_model().objects.create_user("-".join(groups))
    user.groups.set(Group.objects.filter(name__in=groups))
    return login(user)


def login(user: Any) -> Client:
    UserProfile.objects.create(user=user, preferred_language="en")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(enterprise: EnterprisePage) -> Client:
    ensure_roles()
    return client_of(EDITORS)


def filled_form(html: bytes) -> dict[str, Any]:
    """What a browser would post of the page's form when nothing was touched."""
    form = BeautifulSoup(html, "html.parser").select_one("form#page-edit-form, form[data-edit-form]")
    assert form is not None
    return filled(form)


def edit(client: Client, page: EnterprisePage, publish: bool = True, **changes: Any) -> Any:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = filled_form(client.get(url).content) | changes
    if publish:
        data["action-publish"] = "action-publish"
    return client.post(url, data)


def fresh() -> EnterprisePage:
    return EnterprisePage.objects.get(key="baekbo")


def draft() -> EnterprisePage:
    return fresh().get_latest_revision_as_object()


def codes_of(page: EnterprisePage) -> list[list[str]]:
    return [[code.pk for code in offer.cpv_codes.all()] for offer in page.offers.all()]


def test_untouched_form_changes_nothing(editor: Client, enterprise: EnterprisePage) -> None:
    before = fresh().serializable_data()
    assert edit(editor, enterprise).status_code == 302
    after = fresh().serializable_data()
    changed = {
        name
        for name in before
        if (before[name] or "") != (after[name] or "")
        and name
        not in {"latest_revision", "latest_revision_created_at", "live_revision", "last_published_at", "updated_in"}
    }
    # The rich text editor gives its blocks keys, and an empty field is stored as empty text.
    assert changed <= {"description_da", "description", "offers", "contacts", "eligibilities", "links"}
    assert "<b>31</b>" in after["description_da"]
    assert codes_of(fresh()) == [["90919300", "98311200"], []]


def test_editor_changes_codes_of_an_offer(editor: Client, enterprise: EnterprisePage) -> None:
    response = edit(
        editor, enterprise, **{"offers-0-cpv_codes": "98311200-1", "offers-1-cpv_codes": "90919300, 98311200"}
    )
    assert response.status_code == 302, response.context["form"].errors
    assert codes_of(fresh()) == [["98311200"], ["90919300", "98311200"]]


def test_editor_saves_codes_as_a_draft(editor: Client, enterprise: EnterprisePage) -> None:
    edit(editor, enterprise, publish=False, **{"offers-0-cpv_codes": ""})
    assert codes_of(fresh())[0] == ["90919300", "98311200"]
    assert codes_of(draft())[0] == []


def test_editor_adds_an_offer(editor: Client, enterprise: EnterprisePage, codes: SimpleNamespace) -> None:
    row = {
        "kind": "service",
        "name_da": "Vinduer",
        "categories": "clean/schools",
        "cpv_codes": "90919300",
        "areas": "Viborg",
    }
    row |= {"id": "", "ORDER": "3", "picture": "", "name_sv": "", "name_en": ""}
    changes = {f"offers-2-{name}": value for name, value in row.items()} | {"offers-TOTAL_FORMS": "3"}
    response = edit(editor, enterprise, **changes)
    assert response.status_code == 302, response.context["form"].errors
    offer = fresh().offers.get(name_da="Vinduer")
    assert [place.pk for place in offer.areas.all()] == ["DK/1082/0791"]
    assert [category.path for category in offer.categories.all()] == ["clean/schools"]


def test_editor_chooses_places_and_languages(editor: Client, enterprise: EnterprisePage) -> None:
    changes = {"municipality": "Viborg", "areas": "DK, SE/18", "languages_spoken": ["da", "so"], "social_purposes": []}
    response = edit(editor, enterprise, **changes)
    assert response.status_code == 302, response.context["form"].errors
    assert [place.pk for place in fresh().areas.all()] == ["DK", "SE/18"]
    assert fresh().languages_spoken == ["da", "so"]
    assert not fresh().social_purposes.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"areas": "Atlantis"}, "areas"),
        ({"municipality": "DK/1082"}, "municipality"),
        ({"municipality": "Viborg, Örebro"}, "municipality"),
        ({"languages_spoken": ["xx"]}, "languages_spoken"),
        ({"company_number": "12345678"}, "company_number"),
        ({"country": "SE", "municipality": "", "company_number": "850101-1234"}, "company_number"),
        ({"employees": "-1"}, "employees"),
    ],
)
def test_wrong_value_is_an_error_of_its_field(
    editor: Client, enterprise: EnterprisePage, changes: dict, field: str
) -> None:
    response = edit(editor, enterprise, **changes)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}


def test_wrong_code_of_an_offer_is_shown_again(editor: Client, enterprise: EnterprisePage) -> None:
    response = edit(editor, enterprise, **{"offers-0-cpv_codes": "90919300, 11111111"})
    assert response.status_code == 200
    assert response.context["form"].formsets["offers"].errors[0].keys() == {"cpv_codes"}
    assert 'value="90919300, 11111111"' in response.content.decode()


def test_translator_writes_texts_of_one_language_and_no_codes(editor: Client, enterprise: EnterprisePage) -> None:
    client = client_of(translators("sv"))
    changes = {
        "summary_sv": "Städning av skolor", "summary_da": "KAPRET", "city": "KAPRET", "offers-0-name_sv": "Skolstäd",
        "offers-0-name_da": "KAPRET", "offers-0-cpv_codes": "98311200", "offers-1-DELETE": "on",
    }  # fmt: skip
    response = edit(client, enterprise, publish=False, **changes)
    assert response.status_code == 302, response.context["form"].errors
    page = draft()
    assert (page.summary_sv, page.summary_da, page.city) == ("Städning av skolor", "Rengøring af skoler", "Viborg")
    assert [(offer.name_sv, offer.name_da) for offer in page.offers.all()] == [
        ("Skolstäd", "Skolerengøring"),
        (None, "Startkasse"),
    ]
    assert codes_of(page)[0] == ["90919300", "98311200"]


def test_owner_saves_a_draft_and_cannot_publish(editor: Client, enterprise: EnterprisePage) -> None:
    user = get_user_model().objects.create_user("owner")
    make_owner(user=user, enterprise=enterprise)
    edit(login(user), enterprise, street="Ny Vej 1")
    assert fresh().street == "Opdigtet Allé 7"
    assert draft().street == "Ny Vej 1"


def test_offer_keeps_its_key_and_row_through_the_editor(editor: Client, enterprise: EnterprisePage) -> None:
    before = list(fresh().offers.values_list("pk", "key"))
    edit(editor, enterprise, **{"offers-0-capacity_da": "10.000 m²"})
    assert list(fresh().offers.values_list("pk", "key")) == before


def test_api_tells_no_private_contact(enterprise: EnterprisePage, client: Client) -> None:
    response = client.get(f"/api/v3/pages/{enterprise.pk}/")
    assert response.status_code == 200
    assert "Hemmelig" not in response.content.decode()


def test_editor_says_when_the_source_of_a_row_became_another(editor: Client, enterprise: EnterprisePage) -> None:
    edit(editor, enterprise, **{"offers-0-name_sv": "Skolstäd", "links-0-label_sv": "Om"})
    edit(editor, enterprise, publish=False, **{"offers-0-name_da": "Rengøring af skoler"})
    url = reverse("wagtailadmin_pages:edit", args=[enterprise.pk])
    assert editor.get(url).content.decode().count("after this translation was written") == 1
