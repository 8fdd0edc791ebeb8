"""What the content API tells of an enterprise."""

import datetime as dt

import pytest

from tests.factories.directory import (
    CategoryFactory,
    CpvCodeFactory,
    EnterprisePageFactory,
    PlaceFactory,
    make_contact,
    make_offer,
)

pytestmark = pytest.mark.django_db


def detail(client, page, **params: str) -> dict:
    return client.get(f"/api/v3/pages/{page.pk}/", params).json()


def test_facts_are_told_with_the_codes_of_the_facets(home_page, client) -> None:
    place = PlaceFactory()
    page = EnterprisePageFactory(city="Viborg", municipality=place, areas=[place], last_confirmed=dt.date(2026, 9, 3))
    facts = detail(client, page)["facts"]
    assert (facts["city"], facts["municipality"], facts["areas"]) == ("Viborg", place.code, [place.code])
    assert facts["last_confirmed"] == "2026-09-03"


def test_offers_are_told_each_text_with_its_language(home_page, client) -> None:
    offer = make_offer(categories=[CategoryFactory(code="clean")], cpv_codes=[CpvCodeFactory()])
    (told,) = detail(client, EnterprisePageFactory(offers=[offer]), lang="sv")["offers"]
    assert told["name"] == {"text": "Rengøring", "language": "da"}
    assert (told["categories"], told["cpv"]) == (["clean"], ["90919300"])


def test_private_contacts_are_not_told(home_page, client) -> None:
    contacts = [make_contact(), make_contact(name="Hemmelig", email="hemmelig@example.org", is_public=False)]
    page = EnterprisePageFactory(contacts=contacts)
    assert [contact["name"] for contact in detail(client, page)["contacts"]] == ["Mette Opdigtet"]


@pytest.mark.parametrize("count", [1, 6])
def test_detail_takes_the_same_number_of_queries(home_page, client, django_assert_max_num_queries, count) -> None:
    page = EnterprisePageFactory(offers=[make_offer(cpv_codes=[CpvCodeFactory()]) for _number in range(count)])
    detail(client, page)  # what is cached once, such as the site's root, is not counted
    with django_assert_max_num_queries(25):
        detail(client, page)
