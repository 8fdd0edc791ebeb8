"""Finding codes by code or by word, in any language."""

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from directory.pickers import PICKERS
from directory.widgets import CodePicker, split_codes
from tests.factories.directory import CpvCodeFactory, PlaceFactory

pytestmark = pytest.mark.django_db


def found(kind: str, query: str) -> list[str]:
    return [choice.code for choice in PICKERS[kind].search(query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("909193", "90919300"),
        ("90919300-2", "90919300"),
        ("9091 9300", "90919300"),
        ("skolstädning", "90919300"),
        ("SKOLSTÄDNING", "90919300"),
        ("school", "90919300"),
        ("rengøring skoler", "90919300"),
        ("tvätteri", "98311200"),
    ],
)
def test_cpv_code_is_found(codes: SimpleNamespace, query: str, first: str) -> None:
    assert found("cpv", query)[0] == first


@pytest.mark.parametrize("query", ["", "   ", "zzz", "\x00", "%", "90919300 skole", "x" * 5000])
def test_what_finds_nothing(codes: SimpleNamespace, query: str) -> None:
    assert found("cpv", query) == []


def test_broader_codes_come_first(codes: SimpleNamespace) -> None:
    assert found("cpv", "90") == ["90000000", "90900000", "90910000", "90919000", "90919300"]


def test_label_that_is_the_word_comes_before_one_that_holds_it(codes: SimpleNamespace) -> None:
    CpvCodeFactory(code="99000000", label_da="Vask")
    CpvCodeFactory(code="11000000", label_da="Bilvask")
    assert found("cpv", "vask")[0] == "99000000"


def test_choice_shows_its_parents_in_the_readers_language(codes: SimpleNamespace) -> None:
    with override("sv"):
        [choice] = PICKERS["cpv"].search("90919300")
    assert choice.parents == ("Kod 90000000", "Kod 90900000", "Kod 90910000", "Kod 90919000")
    assert (choice.label, choice.language) == ("Skolstädning", "sv")


def test_choice_says_where_the_word_was_found(codes: SimpleNamespace) -> None:
    with override("da"):
        [choice] = PICKERS["cpv"].search("skolstädning")
    assert (choice.label, choice.matched, choice.matched_language) == ("Rengøring af skoler", "Skolstädning", "sv")


def test_place_by_name_and_by_code(codes: SimpleNamespace) -> None:
    assert found("place", "vibo") == ["DK/1082/0791"]
    assert found("place", "DK/1082") == ["DK/1082", "DK/1082/0791"]
    assert found("place", "sweden") == ["SE"]


def test_category_by_synonym(codes: SimpleNamespace) -> None:
    assert found("category", "børnehave") == ["clean/schools"]


@pytest.mark.parametrize("kind", PICKERS)
def test_searching_costs_two_queries_at_most(codes: SimpleNamespace, kind: str, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        PICKERS[kind].search("90" if kind == "cpv" else "o")


def test_name_that_two_places_share_is_not_resolved(codes: SimpleNamespace) -> None:
    PlaceFactory(code="SE/14/1234", name_da="Viborg")
    resolved = PICKERS["place"].resolve(["Viborg", "viborg ", "DK/1082/0791", "Örebro", "Ingensteds"])
    assert resolved == {
        "Viborg": None, "viborg ": None, "DK/1082/0791": "DK/1082/0791", "Örebro": "SE/18/1880", "Ingensteds": None,
    }  # fmt: skip


# ---- the widget -----------------------------------------------------------------------------------------------------
def test_codes_are_split_at_every_separator() -> None:
    assert split_codes(" a, b;c|d\ne,,a ") == ["a", "b", "c", "d", "e"]


def test_widget_reads_codes_names_and_what_is_wrong(codes: SimpleNamespace) -> None:
    widget = CodePicker("category")
    value = widget.value_from_datadict({"x": "clean/schools, Rengøring, nix"}, {}, "x")
    assert value == [codes.schools.pk, codes.clean.pk, "nix"]


def test_widget_for_one_value(codes: SimpleNamespace) -> None:
    widget = CodePicker("place", multiple=False)
    assert widget.value_from_datadict({"x": "Viborg"}, {}, "x") == "DK/1082/0791"
    assert widget.value_from_datadict({"x": ""}, {}, "x") == ""


def test_widget_shows_codes_with_labels_and_keeps_what_is_wrong(codes: SimpleNamespace) -> None:
    html = CodePicker("cpv").render("x", ["90919300", "nix"], {"id": "id_x"})
    assert 'value="90919300, nix"' in html
    assert "Rengøring af skoler" in html


def test_widget_escapes_what_was_typed(codes: SimpleNamespace) -> None:
    assert "<script" not in CodePicker("category").render("x", ["<script>alert(1)</script>"], {"id": "id_x"})


def test_widget_of_categories_shows_paths(codes: SimpleNamespace) -> None:
    assert 'value="clean/schools"' in CodePicker("category").render("x", [codes.schools.pk], {"id": "id_x"})
