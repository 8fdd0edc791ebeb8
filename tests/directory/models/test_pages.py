"""The directory, its category addresses, and what an enterprise may say."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import RequestFactory
from django.utils.translation import override

from directory.models import EnterprisePage
from directory.queries import live_enterprises
from tests.factories.directory import (
    CategoryFactory,
    EnterprisePageFactory,
    directory_page,
    make_certification,
    make_contact,
    make_eligibility,
    make_offer,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "path"),
    [
        ("da", "/da/leverandoerer/kategori/rengoering/"),
        ("sv", "/sv/leverantorer/kategori/stadning/"),
        ("en", "/en/suppliers/category/rengoering/"),
    ],
)
def test_category_address_in_each_language(codes: SimpleNamespace, language: str, path: str) -> None:
    codes.clean.slug_da, codes.clean.slug_sv, codes.clean.slug_en = "rengoering", "stadning", ""
    assert directory_page().category_url(codes.clean, language) == path


@pytest.mark.parametrize("segment", ["kategori", "category"])
@pytest.mark.parametrize("slug", ["rengoring", "stadning"])
def test_category_is_found_by_its_slug_in_any_language(codes: SimpleNamespace, segment: str, slug: str) -> None:
    codes.clean.slug_da, codes.clean.slug_sv = "rengoring", "stadning"
    codes.clean.save()
    page, _args, kwargs = directory_page().route(RequestFactory().get("/"), [segment, slug])
    assert (page, kwargs) == (directory_page(), {"category": codes.clean})


@pytest.mark.parametrize("path", [["kategori", "nix"], ["kategori"], ["nix"], ["kategori", "a", "b"]])
def test_unknown_address_below_the_directory(codes: SimpleNamespace, path: list[str]) -> None:
    with pytest.raises(Http404):
        directory_page().route(RequestFactory().get("/"), path)


def test_category_of_an_unpublished_directory_is_not_found(codes: SimpleNamespace) -> None:
    page = directory_page()
    page.live = False
    with pytest.raises(Http404):
        page.route(RequestFactory().get("/"), ["kategori", CategoryFactory(slug_da="x").slug_da])


def errors(page: EnterprisePage) -> set[str]:
    try:
        page.clean()
    except ValidationError as error:
        return set(error.error_dict)
    return set()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"company_number": "12345678"}, {"company_number"}),
        ({"employees": 2, "employees_target_group": 3}, {"employees_target_group"}),
        ({"employees_target_group": 1}, {"employees_target_group"}),
        ({"last_confirmed": dt.date(2999, 1, 1)}, {"last_confirmed"}),
        ({"municipality_id": "SE/18/1880"}, {"municipality"}),
        ({"employees": 2, "employees_target_group": 2, "municipality_id": "DK/1082/0791"}, set()),
    ],
)
def test_what_does_not_fit_together(fields: dict, wrong: set[str]) -> None:
    assert errors(EnterprisePage(title_da="X", country="DK", **fields)) == wrong


@pytest.mark.parametrize("spoken", [["xx"], ["da", "da"], "da", {"da": 1}, [1]])
def test_languages_that_are_none(spoken: object) -> None:
    with pytest.raises(ValidationError):
        EnterprisePage._meta.get_field("languages_spoken").run_validators(spoken)


def test_only_public_contacts_are_public(enterprise: EnterprisePage) -> None:
    assert [contact.name for contact in enterprise.public_contacts] == ["Mette Opdigtet"]


def test_documented_eligibility_needs_evidence_and_date() -> None:
    with pytest.raises(ValidationError) as caught:
        make_eligibility(status="documented").clean()
    assert set(caught.value.error_dict) == {"evidence_da", "dated"}
    make_eligibility(status="claimed").clean()


def test_certificate_holds_to_its_last_day(codes: SimpleNamespace) -> None:
    certificate = make_certification(certification=codes.iso, valid_until=dt.date(2026, 6, 30))
    assert certificate.is_valid(dt.date(2026, 6, 30))
    assert not certificate.is_valid(dt.date(2026, 7, 1))
    assert make_certification(certification=codes.iso).is_valid()


def test_contact_in_one_language_is_enough() -> None:
    make_contact(name="", title_sv="Reception").clean()


def test_offer_without_a_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        make_offer(name_da="").clean()


def test_live_enterprises_cost_a_constant_number_of_queries(
    enterprise: EnterprisePage, codes: SimpleNamespace, django_assert_max_num_queries
) -> None:
    def read() -> int:
        with django_assert_max_num_queries(25) as counted:
            for page in live_enterprises():
                [str(place) for place in page.areas.all()]
                page.public_contacts
                [row.certification for row in page.certifications.all()]
                [list(offer.categories.all()) + list(offer.cpv_codes.all()) for offer in page.offers.all()]
        return len(counted)

    before = read()
    for number in range(3):
        EnterprisePageFactory(title_da=f"Flere {number}", offers=[make_offer(cpv_codes=[codes.school])])
    assert read() == before


def test_draft_is_not_among_live_enterprises(codes: SimpleNamespace) -> None:
    EnterprisePageFactory(live=False)
    assert not live_enterprises().exists()


def test_labels_come_in_the_readers_language(codes: SimpleNamespace) -> None:
    with override("sv"):
        assert str(codes.school) == "90919300 Skolstädning"
