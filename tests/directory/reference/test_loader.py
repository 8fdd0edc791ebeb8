"""`load_reference_data`: what it puts into the database, and what it leaves alone."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from directory.models import Category, Certification, CpvCode, Place
from directory.reference import loader
from directory.reference.loader import load_all, load_categories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the CPV codes that categories name, with their parents: 9,454 for every test would take a minute."""
    rows = loader.cpv_rows()
    kept = {}
    for _path, _position, entry in loader.category_entries():
        for code in entry["cpv"]:
            while code and code not in kept:
                kept[code] = rows[code]
                code = rows[code]["parent_id"]
    monkeypatch.setattr(loader, "cpv_rows", lambda: kept)


def load() -> dict[str, tuple[int, int]]:
    return {loaded.name: (loaded.added, loaded.changed) for loaded in load_all()}


def test_load_builds_the_trees() -> None:
    load()
    school_cleaning = CpvCode.objects.get(pk="90919300")
    assert school_cleaning.path == "90/909/9091/90919/909193"
    assert school_cleaning.parent_id == "90919000"
    place = Place.objects.get(pk="DK/1082/0760")
    assert place.parent_id == "DK/1082"
    assert (place.tile_row, place.tile_column) == (3, 1)
    region = Place.objects.get(pk="SE/25")
    assert (region.tile_row, region.tile_column) == (1, 4)
    category = Category.objects.get(path="clean/schools")
    assert category.parent.path == "clean"
    assert category.cpv_codes.filter(pk="90919300").exists()


def test_load_speaks_three_languages() -> None:
    load()
    labels = {"da": "Rengøring af skoler", "sv": "Städning av skolor", "en": "School cleaning services"}
    for language, label in labels.items():
        with translation.override(language):
            assert CpvCode.objects.get(pk="90919300").label == label
    assert "\n" in Category.objects.get(path="clean").synonyms_sv


def test_load_twice_changes_nothing() -> None:
    load()
    assert set(load().values()) == {(0, 0)}


def test_load_in_another_language_writes_the_same() -> None:
    with translation.override("sv"):
        load()
    assert CpvCode.objects.filter(label="Rengøring af skoler", pk="90919300").exists()
    assert set(load().values()) == {(0, 0)}


def test_load_again_asks_few_queries(django_assert_max_num_queries) -> None:
    load()
    with django_assert_max_num_queries(20):
        load()


def test_load_brings_a_changed_label_up_to_date() -> None:
    load()
    CpvCode.objects.filter(pk="90919300").update(label_sv="Något annat")
    Place.objects.filter(pk="SE/18/1880").update(tile_row=9)
    assert load() == {
        "CPV codes": (0, 1),
        "Places": (0, 1),
        "Social objectives": (0, 0),
        "Certifications": (0, 0),
        "Categories": (0, 0),
    }
    assert CpvCode.objects.get(pk="90919300").label_sv == "Städning av skolor"


def test_load_keeps_what_editors_wrote() -> None:
    load()
    Category.objects.filter(path="clean").update(name_sv="Städ", synonyms_da="vores eget ord", position=9)
    Certification.objects.filter(code="krav").update(name_da="KRAV-mærket", position=1)
    assert set(load().values()) == {(0, 0)}
    category = Category.objects.get(path="clean")
    assert (category.name_sv, category.synonyms_da, category.position) == ("Städ", "vores eget ord", 9)
    assert Certification.objects.get(code="krav").name_da == "KRAV-mærket"


def test_load_keeps_the_cpv_codes_editors_chose() -> None:
    load()
    Category.objects.get(path="clean").cpv_codes.set(["90911000"])
    load()
    assert list(Category.objects.get(path="clean").cpv_codes.values_list("pk", flat=True)) == ["90911000"]


def test_load_fills_what_is_empty() -> None:
    load()
    category = Category.objects.get(path="clean/windows")
    Category.objects.filter(pk=category.pk).update(name_en="", slug_en="", description_sv=None)
    category.cpv_codes.clear()
    Certification.objects.filter(code="krav").update(name_sv="")
    result = load()
    assert (result["Categories"], result["Certifications"]) == ((0, 1), (0, 1))
    category = Category.objects.get(pk=category.pk)
    assert (category.name_en, category.slug_en) == ("Window cleaning", "window-cleaning")
    assert category.description_sv
    assert category.cpv_codes.filter(pk="90911300").exists()


def test_load_adds_a_category_that_is_missing() -> None:
    load()
    Category.objects.get(path="clean/windows").delete()
    assert load()["Categories"] == (1, 0)


def test_load_finds_a_category_that_editors_moved() -> None:
    load()
    windows = Category.objects.get(path="clean/windows")
    windows.parent = Category.objects.get(path="build")
    windows.save()
    assert load()["Categories"] == (0, 0)
    assert not Category.objects.filter(path="clean/windows").exists()


def test_load_gives_no_slug_that_is_taken() -> None:
    load()
    Category.objects.get(path="clean/windows").delete()
    Category(code="panes", parent=Category.objects.get(path="build"), name_da="Ruder", slug_da="vinduespudsning").save()
    assert load_categories() == (1, 0, 56)
    assert Category.objects.get(path="clean/windows").slug_da == "vinduespudsning-windows"


def test_load_leaves_codes_that_the_list_no_longer_has() -> None:
    CpvCode(code="99999999", path="99/99999999", label_da="Udgået").save()
    load()
    assert CpvCode.objects.filter(pk="99999999").exists()


def test_command_is_silent_at_verbosity_0() -> None:
    out = StringIO()
    call_command("load_reference_data", verbosity=0, stdout=out)
    assert out.getvalue() == ""
