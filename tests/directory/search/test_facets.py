"""Labels and order of the directory's facets."""

import pytest

from directory.models import Certification, CpvCode, Place
from directory.search.facets import CertificationFacet, CpvFacet, PlaceFacet
from tests.factories.directory import CpvCodeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    Place.objects.create(code="DK", level="country", name_da="Danmark", name_sv="Danmark", name_en="Denmark")
    for code, da, en in (("DK/1", "Århus", "Aarhus"), ("DK/2", "Bov", "Bov"), ("DK/3", "Aabenraa", "")):
        Place.objects.create(code=code, level="region", parent_id="DK", name_da=da, name_sv="", name_en=en)
    for code, sv in (("DK/4", "Åstorp"), ("DK/5", "Ängelholm"), ("DK/6", "Örebro"), ("DK/7", "Zinkgruvan")):
        Place.objects.create(code=code, level="region", parent_id="DK", name_da="", name_sv=sv, name_en="")


def codes(facet, counts, language):
    return [bucket.code for bucket in facet.result(counts, (), language).buckets]


def test_places_of_one_count_are_ordered_by_the_reader_s_label_and_alphabet(places):
    counts = {"DK": 3, "DK/1": 1, "DK/2": 1, "DK/3": 1}
    assert codes(PlaceFacet(), counts, "da") == ["DK", "DK/2", "DK/3", "DK/1"]
    assert codes(PlaceFacet(), counts, "en") == ["DK", "DK/3", "DK/1", "DK/2"]


@pytest.mark.parametrize(("language", "order"), [("sv", "7 4 5 6"), ("da", "7 5 6 4"), ("en", "5 4 6 7")])
def test_each_language_has_its_letters_in_their_own_places(places, language, order):
    counts = {f"DK/{number}": 1 for number in (4, 5, 6, 7)}
    found = codes(PlaceFacet(), counts, language)
    assert found == [f"DK/{number}" for number in order.split()]


@pytest.mark.parametrize(("language", "order"), [("sv", "bcd a"), ("da", "cdb a")])
def test_values_that_are_rows_have_the_order_of_the_alphabet_too(db, language, order):
    for code, name in (("a", "Allt"), ("b", "Åker"), ("c", "Äng"), ("d", "Ödla")):
        Certification.objects.create(code=code, name_da=name, name_sv=name, name_en=name)
    assert codes(CertificationFacet(), {"a": 1, "b": 2, "c": 2, "d": 2}, language) == list(order.replace(" ", ""))


def test_cpv_codes_of_one_count_follow_each_other_by_number(db):
    for code in ("90920000", "90910000", "90930000"):
        CpvCodeFactory(code=code)
    paths = dict(CpvCode.objects.values_list("code", "path"))
    wanted = [paths[code] for code in ("90910000", "90920000", "90930000")]
    assert codes(CpvFacet(), dict.fromkeys(paths.values(), 1), "da") == wanted


def test_labels_that_are_known_take_no_query(places, django_assert_num_queries):
    facet = PlaceFacet()
    with django_assert_num_queries(1):
        assert facet.labels(["DK/1"], "da") == {"DK/1": ("Århus", "da")}
    with django_assert_num_queries(0):
        assert facet.labels(["DK", "DK/3"], "en") == {"DK": ("Denmark", "en"), "DK/3": ("Aabenraa", "da")}


def test_a_code_that_was_loaded_later_is_found(places):
    facet = PlaceFacet()
    assert "DK/8" not in facet.labels(["DK/8"], "da")
    Place.objects.create(code="DK/8", level="region", parent_id="DK", name_da="Ny", name_sv="", name_en="")
    assert facet.labels(["DK/8"], "da") == {"DK/8": ("Ny", "da")}


def test_other_labels_are_read_after_a_while(places, monkeypatch):
    facet = PlaceFacet()
    facet.labels(["DK/1"], "da")
    Place.objects.filter(code="DK/1").update(name_da="Aarhus")
    assert facet.labels(["DK/1"], "da")["DK/1"].text == "Århus"
    monkeypatch.setattr(PlaceFacet, "STALE_AFTER", -1.0)
    assert facet.labels(["DK/1"], "da")["DK/1"].text == "Aarhus"


def test_a_selected_value_without_a_count_brings_no_ancestors_without_one(places):
    Place.objects.create(code="DK/1/1", level="municipality", parent_id="DK/1", name_da="Odder", name_sv="", name_en="")
    shown = PlaceFacet().result({"DK": 2, "DK/2": 2}, ["DK/1/1"], "da").buckets
    assert [(b.code, b.count, b.depth, b.parent) for b in shown] == [
        ("DK", 2, 0, None),
        ("DK/2", 2, 1, "DK"),
        ("DK/1/1", 0, 1, "DK"),
    ]
    (alone,) = PlaceFacet().result({}, ["DK/1/1"], "da").buckets
    assert (alone.code, alone.count, alone.selected, alone.depth, alone.parent) == ("DK/1/1", 0, True, 0, None)
