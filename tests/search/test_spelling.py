import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import concepts, spelling
from search.spelling import Speller, suggest


@pytest.fixture(autouse=True)
def _only_the_shipped_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site's own vocabularies live in its database and index; here there are none unless a test provides one."""
    monkeypatch.setattr(concepts, "_providers", {})
    monkeypatch.setattr(spelling, "_providers", {})
    monkeypatch.setattr(spelling, "_spellers", {})


VOCABULARY = {
    "da": ["rengøring", "rengøringsservice", "havearbejde", "frokost", "frokostordning", "vinduespudsning",
           "snerydning", "flytning", "møbler", "møde", "vask", "vaskeri", "cykelværksted", "Aarhus", "København",
           "grøntsager"],
    "sv": ["städning", "städtjänster", "trädgårdsskötsel", "fönsterputs", "snöröjning", "flytt", "flyttning", "möbler",
           "tvätteri", "cykelverkstad", "Örebro", "Göteborg", "återbruk", "grönsaker"],
    "en": ["cleaning", "gardening", "catering", "furniture", "bicycle", "repair", "laundry", "vegetables"],
}  # fmt: skip

CORRECTED = [
    ("da", "rengørnig", "rengøring"),
    ("da", "rengøing", "rengøring"),
    ("da", "rengørring", "rengøring"),
    ("da", "regnøring", "rengøring"),
    ("da", "rengoerign", "rengøring"),
    ("da", "rengorign", "rengøring"),
    ("da", "havearbjede", "havearbejde"),
    ("da", "frokosst", "frokost"),
    ("da", "vsak", "vask"),
    ("da", "snerydnign i Aarhus", "snerydning i Aarhus"),
    ("da", "vinduespusning", "vinduespudsning"),
    ("da", "moebbler", "møbler"),
    ("da", "Kobenhvn", "københavn"),
    ("da", "rengørnig, frokosst", "rengøring, frokost"),
    ("sv", "stadnign", "städning"),
    ("sv", "städnng", "städning"),
    ("sv", "tradgardsskotsel", "trädgårdsskötsel"),
    ("sv", "fönsterputts", "fönsterputs"),
    ("sv", "snörjöning", "snöröjning"),
    ("sv", "gröönsaker", "grönsaker"),
    ("en", "cleanign", "cleaning"),
    ("en", "gardning", "gardening"),
    ("en", "furnitrue repiar", "furniture repair"),
]
LEFT_ALONE = [
    ("da", "rengøring"),
    ("da", "RENGØRING"),
    ("da", "århus"),
    ("da", "banan"),  # spelled right, only not in the index
    ("da", "xyz"),
    ("da", "qwertyuiop"),
    ("da", "90919300"),
    ("da", "rengørnig qwertyuiop"),
    ("da", ""),
    ("da", "\ud800 😀 \x00"),
    ("da", "a" * 5000),
    ("sv", "städning"),
    ("en", "the"),
]


@pytest.fixture(scope="module")
def spellers() -> dict[str, Speller]:
    return {lang: Speller(((w, 3) for w in vocabulary), lang) for lang, vocabulary in VOCABULARY.items()}


@pytest.mark.parametrize(("language", "typed", "meant"), CORRECTED)
def test_slip_is_corrected(spellers: dict[str, Speller], language: str, typed: str, meant: str) -> None:
    assert spellers[language].suggest(typed) == meant


@pytest.mark.parametrize(("language", "typed"), LEFT_ALONE)
def test_what_is_right_or_hopeless_is_left_alone(spellers: dict[str, Speller], language: str, typed: str) -> None:
    assert spellers[language].suggest(typed) is None


def test_of_two_words_as_near_the_commoner_is_meant() -> None:
    assert Speller([("vaskere", 1), ("vaskeri", 500)], "da").closest("vaskerx")[0].word == "vaskeri"


def test_first_letter_is_seldom_mistyped() -> None:
    assert Speller([("gleaning", 5), ("cleaning", 5)], "en").closest("cleanimg")[0].word == "cleaning"


def test_short_words_are_allowed_one_edit_only() -> None:
    assert Speller([("vaskeri", 1)], "da").closest("vsakri") == []
    assert Speller([("frokost", 1)], "da").closest("frkosst") == []


def test_empty_vocabulary_suggests_nothing() -> None:
    assert Speller([], "da").suggest("rengørnig") is None


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [("da", "rengørnig", "rengøring"), ("sv", "städnng", "städning"), ("en", "furnitrue", "furniture")],
)
def test_without_an_index_the_labels_of_codes_are_the_vocabulary(language: str, typed: str, meant: str) -> None:
    assert suggest(typed, language) == meant


def test_labels_of_provided_facets_are_vocabulary_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        concepts, "_providers", {"creature": lambda: [concepts.Labelled("a", {"da": ("Enhjørninger",)})]}
    )
    assert suggest("enhjørnigner", "da") == "enhjørninger"


def test_provided_vocabulary_is_used_and_read_again_when_it_has_changed() -> None:
    pairs = [("enhjørninger", 1)]
    spelling.provide("index", lambda language: pairs)
    assert suggest("enhjørnigner", "da") == "enhjørninger"
    pairs[0] = ("kentaurer", 1)
    spelling.forget()
    assert suggest("enhjørnigner", "da") is None


@given(st.text(st.characters(), max_size=40) | st.text("rengøirdstäåæ '-", max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    speller = Speller([("rengøring", 3), ("städning", 2)], "da")
    suggestion = speller.suggest(text)
    assert suggestion is None or suggestion != text


def test_a_hundred_thousand_words_are_fast_enough() -> None:
    syllables = ["ren", "gø", "ring", "vask", "mø", "bel", "kan", "ti", "ne", "skov", "by", "lys", "tøj", "sne", "ve"]
    made = ("".join(parts) for parts in itertools.product(syllables, repeat=5))
    speller = Speller(((word, 1) for word in itertools.islice(made, 0, None, 8)), "da")
    assert len(speller) > 90_000
    started = time.perf_counter()
    assert speller.closest("renvemømøneq")
    assert time.perf_counter() - started < 0.5
