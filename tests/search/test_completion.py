"""What is being typed goes on in every spelling of its words, best in the one that was typed."""

import pytest

from search.completion import Fit, beginnings, fit, tokens


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ör", "Örebro"), ("ør", "Örebro"), ("oer", "Örebro"), ("Oerebro", "Örebro stad"), ("aarhu", "Århus"),
        ("århu", "Aarhus"), ("baekb", "Bækbo"), ("Baekbo AB", "Bækbo Abild"), ("aal", "Ålborg"), ("mae", "Mælk"),
        ("sto", "Stockholm"), ("bro a", "Bro A"),
    ],
)  # fmt: skip
def test_one_letter_in_any_of_its_spellings_is_as_typed(typed, text):
    assert fit(beginnings(typed), text) == Fit(plain=False, inside=False)


@pytest.mark.parametrize(
    ("typed", "text"),
    [("orebr", "Örebro"), ("arhu", "Aarhus"), ("rengo", "Rengøring"), ("linan", "Linåns kooperativ"), ("bakb", "Bækbo"),
     ("aabenra", "Åbenrå"), ("bro ala", "Bro Åland")],
)  # fmt: skip
def test_without_diacritics_it_goes_on_with_them_and_comes_later(typed, text):
    assert fit(beginnings(typed), text) == Fit(plain=True, inside=False)


@pytest.mark.parametrize(
    ("typed", "text"),
    [("öre", "Ore"), ("städ", "Stad"), ("a", "Öar"), ("o", "Ø"), ("aa", "Ala"), ("ro", "Örebro"), ("oreb x", "Örebro"),
     ("", "Örebro"), ("ore", ""), ("~", "~")],
)  # fmt: skip
def test_what_does_not_go_on_from_what_was_typed(typed, text):
    assert fit(beginnings(typed), text) is None


@pytest.mark.parametrize(("typed", "text", "plain"), [("hus", "Det røde hus", False), ("rode", "Det røde hus", True)])
def test_a_word_inside_is_known_as_such(typed, text, plain):
    assert fit(beginnings(typed), text) == Fit(plain, inside=True)


def test_a_form_without_diacritics_is_kept_only_where_it_differs():
    assert list(tokens("Café i Århus")) == ["cafe", "i", "århus", "~arhus"]
