import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.collation import sort_key

ORDERS = {
    "da": ["1 hånd", "9 liv", "10 hænder", "Alfa", "alle", "Café Ro", "Cafeen", "Den Blå", "Denmark", "Müller", "Myre",
           "O'Brien", "Obrist", "Zebra", "Æble", "Ærlig", "Ödeshög", "Øst", "Aabenraa", "Århus", "Aarslev"],
    "sv": ["Aabenraa", "Aarhus", "Alfa", "Anna", "Wik", "Zebra",
           "Åberg", "Århus", "Æble", "Ärlig", "Öberg", "Örebro", "Øst"],
    "en": ["Aabenraa", "Aarhus", "Ærlig", "Århus", "Bager", "Muller", "Müller", "Øst", "Zebra"],
}  # fmt: skip
TEXT = st.text(max_size=40)


def _in_order(names: list[str], language: str) -> list[str]:
    shuffled = names[:]
    random.Random(1).shuffle(shuffled)
    return sorted(shuffled, key=lambda name: sort_key(name, language).encode())


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_names_sort_in_the_alphabet_of_the_reader(language: str) -> None:
    assert _in_order(ORDERS[language], language) == ORDERS[language]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("da", ["Rum 2", "Rum 010", "Rum 11", "Rum 100"]),
        ("sv", ["Hus", "Hus 1", "Hus A", "Huset"]),
        ("en", ["cafe", "Cafe", "café", "Café", "cafés"]),
        ("da", ['"Alfa"', "Beta", "«Gamma»"]),
        ("sv", ["A & B", "AB", "B-C", "BC"]),
        ("da", ["z", "æ", "ø", "å", "Яблоко"]),
    ],
)
def test_numbers_words_accents_and_punctuation(language: str, names: list[str]) -> None:
    assert _in_order(names, language) == names


@pytest.mark.parametrize("language", ["da", "sv", "en"])
@pytest.mark.parametrize("name", ["ÅSE & Örjan", "Rengøring nr. 12", "Straße"])
def test_case_counts_only_between_names_that_are_otherwise_the_same(language: str, name: str) -> None:
    levels = {tuple(sort_key(form, language).split("\t")[:2]) for form in (name, name.lower(), name.upper())}
    assert len(levels) == 1


@given(TEXT, st.sampled_from(["da", "sv", "en"]))
def test_key_of_any_text_is_one_line_of_utf8(text: str, language: str) -> None:
    key = sort_key(text, language)
    assert key.encode()
    assert key.count("\t") == 2
    assert key == sort_key(unicodedata.normalize("NFD", text), language)


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00\x1f", "9" * 500, "å" * 5000, "😀"])
def test_odd_text_has_a_key(text: str) -> None:
    assert len(sort_key(text, "da").encode()) < 3000
