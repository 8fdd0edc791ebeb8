"""The build of the tables: reading dictionaries, learning rules and pairs, and the concept tables byte for byte."""

import json
from pathlib import Path

import pytest

from search.analysis.build import concepts, sources
from search.analysis.build.hunspell import Dictionary, Form
from search.analysis.build.words import Endings, _learn_suffixes, rule_of
from search.analysis.tables import CONCEPTS, TABLES, manifest
from search.analysis.units import units

CPV = Path(__file__).resolve().parents[3] / "directory" / "reference" / "cpv.tsv"

DANISH_AFF = """SET UTF-8
FLAG num
# Substantiv, fælleskøn
SFX 1 Y 2
SFX 1 0 en/36 [^e]
SFX 1 0 er .
# Substantiv, fuge
SFX 2 Y 1
SFX 2 0 s/32,36 .
"""
SWEDISH_AFF = """SET UTF-8
SFX E Y 1
SFX E a or a
SFX D Y 1
SFX D 0 r a
"""


@pytest.fixture
def dictionary(tmp_path: Path) -> Path:
    (tmp_path / "da_DK.aff").write_text(DANISH_AFF, encoding="utf-8")
    (tmp_path / "da_DK.dic").write_text("3\nbænk/1,2\nkørte st:køre\n/ comment\n", encoding="utf-8")
    (tmp_path / "sv_SE.aff").write_text(SWEDISH_AFF, encoding="utf-8")
    (tmp_path / "sv_SE.dic").write_text("2\nlåda/E\nstäda/D\n", encoding="utf-8")
    return tmp_path


def test_danish_dictionary_is_expanded_with_compound_forms(dictionary: Path) -> None:
    assert list(Dictionary(dictionary / "da_DK", "da")) == [
        Form("bænk", "bænk", "N", True, False),
        Form("bænken", "bænk", "N", False, False),
        Form("bænker", "bænk", "N", True, False),
        Form("bænks", "bænk", "N", False, True),
        Form("kørte", "køre", "V", True, False),
    ]


def test_swedish_word_class_follows_from_flag_and_ending(dictionary: Path) -> None:
    assert [f[:3] for f in Dictionary(dictionary / "sv_SE", "sv")] == [
        ("låda", "låda", "N"),
        ("lådor", "låda", "N"),
        ("städa", "städa", "V"),
        ("städar", "städa", "V"),
    ]


def test_sources_that_are_not_the_pinned_ones_are_named(dictionary: Path) -> None:
    with pytest.raises(sources.SourceError, match=r"da_DK\.aff is [0-9a-f]{64}, not"):
        sources.check(dictionary)
    with pytest.raises(sources.SourceError, match="is missing, not"):
        sources.check(dictionary / "nowhere")


@pytest.mark.parametrize(
    ("form", "lemma", "rule"),
    [("cyklen", "cykel", (3, "el")), ("hus", "hus", (0, "")), ("bøger", "bog", (4, "og")), ("", "a", (0, "a"))],
)
def test_rule_leads_from_form_to_lemma(form: str, lemma: str, rule: tuple[int, str]) -> None:
    assert rule_of(form, lemma) == rule
    assert form[: len(form) - rule[0]] + rule[1] == lemma


def test_endings_are_numbered_in_the_order_they_are_met() -> None:
    endings = Endings()
    assert [endings.code("huset", "hus"), endings.code("cyklen", "cykel"), endings.code("huset", "hus")] == [
        (2, 0),
        (3, 1),
        (2, 0),
    ]


def test_suffix_rule_is_learned_where_known_forms_agree() -> None:
    pairs = {f"ord{chr(97 + i)}heder": f"ord{chr(97 + i)}hed" for i in range(26)}
    assert _learn_suffixes(pairs)["er"] == (2, "")
    assert _learn_suffixes(dict(list(pairs.items())[:5])) == {}


def test_translation_that_another_word_explains_better_is_not_learned() -> None:
    danish = ["reparation", "reparation og vedligeholdelse", "vedligeholdelse", "reparation og vedligeholdelse"]
    swedish = ["reparation", "reparation och underhåll", "underhåll", "reparation och underhåll"]
    learned = concepts.learn([units(t, "da") for t in danish], [units(t, "sv") for t in swedish])
    assert learned["vedligeholdelse"] == [("underhåll", 1.0)]
    assert [word for word, _ in learned["reparation"]] == ["reparation"]


def test_path_of_a_code_has_its_ancestors_that_exist() -> None:
    codes = ["90000000", "90900000", "90919000", "90919300"]
    assert concepts._paths(codes)["90919300"] == "90/909/90919/909193"


def test_shipped_concept_tables_are_what_the_labels_make(tmp_path: Path) -> None:
    concepts.build(CPV, tmp_path)
    shipped = manifest(TABLES, CONCEPTS)["files"]
    assert {path.name for path in tmp_path.iterdir()} == set(shipped)
    for name in shipped:
        assert (tmp_path / name).read_bytes() == (TABLES / name).read_bytes()


def test_manifests_name_every_table_there_is() -> None:
    listed = {name for file in ("manifest.json", CONCEPTS) for name in json.loads((TABLES / file).read_text())["files"]}
    assert listed == {p.name for p in TABLES.iterdir() if p.suffix in (".marisa", ".gz", ".bin")}
