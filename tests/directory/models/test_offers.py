"""An offer's codes live in the page's drafts, revisions and copies."""

from types import SimpleNamespace

import pytest

from directory.models import EnterprisePage, Offer
from tests.factories.directory import make_offer

pytestmark = pytest.mark.django_db


def fresh(page: EnterprisePage) -> EnterprisePage:
    return EnterprisePage.objects.get(pk=page.pk)


def codes_of(page: EnterprisePage) -> list[tuple[str, list[str], list[str], list[str]]]:
    return [
        (
            offer.name_da,
            sorted(category.path for category in offer.categories.all()),
            sorted(code.pk for code in offer.cpv_codes.all()),
            sorted(place.pk for place in offer.areas.all()),
        )
        for offer in page.offers.all()
    ]


SCHOOLS = ("Skolerengøring", ["clean", "clean/schools"], ["90919300", "98311200"], ["DK/1082/0791"])
BOX = ("Startkasse", ["clean"], [], [])


def test_codes_reach_the_live_rows_on_publishing(enterprise: EnterprisePage) -> None:
    assert codes_of(fresh(enterprise)) == [SCHOOLS, BOX]


def test_codes_stand_in_the_revision(enterprise: EnterprisePage, codes: SimpleNamespace) -> None:
    offer = enterprise.latest_revision.content["offers"][0]
    assert sorted(offer["cpv_codes"]) == ["90919300", "98311200"]
    assert sorted(offer["categories"]) == sorted([codes.clean.pk, codes.schools.pk])


def test_draft_changes_no_live_code(enterprise: EnterprisePage, codes: SimpleNamespace) -> None:
    draft = enterprise.get_latest_revision_as_object()
    offer = draft.offers.all()[1]
    offer.cpv_codes = [codes.laundry]
    offer.categories = []
    draft.offers.add(offer)
    draft.save_revision()
    assert codes_of(fresh(enterprise)) == [SCHOOLS, BOX]
    assert codes_of(fresh(enterprise).get_latest_revision_as_object())[1] == ("Startkasse", [], ["98311200"], [])


def test_publishing_a_draft_replaces_codes(enterprise: EnterprisePage, codes: SimpleNamespace) -> None:
    draft = enterprise.get_latest_revision_as_object()
    offer = draft.offers.all()[0]
    offer.cpv_codes = [codes.laundry]
    draft.offers.add(offer)
    draft.save_revision().publish()
    assert codes_of(fresh(enterprise))[0][2] == ["98311200"]


def test_publishing_keeps_keys_and_primary_keys(enterprise: EnterprisePage) -> None:
    before = list(enterprise.offers.values_list("pk", "key"))
    enterprise.get_latest_revision_as_object().save_revision().publish()
    assert list(fresh(enterprise).offers.values_list("pk", "key")) == before


def test_offer_added_in_a_draft_keeps_its_key_through_publishing(enterprise: EnterprisePage) -> None:
    draft = enterprise.get_latest_revision_as_object()
    offer = make_offer(name_da="Vinduespolering")
    draft.offers.add(offer)
    draft.save_revision()
    fresh(enterprise).get_latest_revision_as_object().save_revision().publish()
    fresh(enterprise).get_latest_revision_as_object().save_revision().publish()
    assert list(Offer.objects.filter(name_da="Vinduespolering").values_list("key", flat=True)) == [offer.key]


def test_reverting_brings_codes_back(enterprise: EnterprisePage) -> None:
    first = enterprise.latest_revision
    draft = enterprise.get_latest_revision_as_object()
    draft.offers = [make_offer(name_da="Andet")]
    draft.save_revision().publish()
    first.as_object().save_revision(previous_revision=first).publish()
    assert codes_of(fresh(enterprise)) == [SCHOOLS, BOX]


def test_copy_carries_codes_in_rows_and_in_revisions(enterprise: EnterprisePage) -> None:
    copy = enterprise.copy(update_attrs={"slug": "kopi", "title": "Kopi"}, keep_live=True)
    assert codes_of(fresh(copy)) == [SCHOOLS, BOX]
    assert codes_of(fresh(copy).get_latest_revision_as_object()) == [SCHOOLS, BOX]
    assert codes_of(fresh(enterprise)) == [SCHOOLS, BOX]


def test_copy_has_a_key_of_its_own(enterprise: EnterprisePage) -> None:
    copy = enterprise.copy(update_attrs={"slug": "kopi", "title": "Kopi"})
    assert copy.key != enterprise.key
    copy.get_latest_revision_as_object().save_revision().publish()
    assert fresh(copy).key == copy.key


def test_deleting_a_category_that_a_draft_names_leaves_the_draft_readable(
    enterprise: EnterprisePage, codes: SimpleNamespace
) -> None:
    codes.schools.delete()
    draft = fresh(enterprise).get_latest_revision_as_object()
    assert codes_of(draft)[0][1] == ["clean"]
    draft.save_revision().publish()
    assert codes_of(fresh(enterprise))[0][1] == ["clean"]


def test_reading_codes_of_many_offers_costs_a_constant_number_of_queries(
    enterprise: EnterprisePage, django_assert_num_queries
) -> None:
    with django_assert_num_queries(4):
        offers = Offer.objects.prefetch_related("categories", "cpv_codes", "areas")
        assert sum(
            len(offer.categories.all()) + len(offer.cpv_codes.all()) + len(offer.areas.all()) for offer in offers
        )
