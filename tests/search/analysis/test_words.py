import unicodedata

import pytest

from search.analysis import normal, plain, spans, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  -- … ", []),
        ("Rengøring & vask", ["rengøring", "vask"]),
        ("IT-support", ["it", "support"]),
        ("24/7 på 3 sprog", ["24", "7", "på", "3", "sprog"]),
        ("cd'er, pc’erne og tv'et", ["cd", "pc", "og", "tv"]),
        ("tv:n, cd:s och kl:10", ["tv", "cd", "och", "kl", "10"]),
        ("City's parks", ["city", "parks"]),
        ("O'Brien", ["o'brien"]),
        ("O’Brien", ["o'brien"]),
        ("reng\u00adørings\u200bservice", ["rengøringsservice"]),
        ("\ufeffHej", ["hej"]),
        ("A\u030arhus", ["århus"]),
        ("snake_case", ["snake", "case"]),
        ("smil 😀 igen", ["smil", "igen"]),
        ("\ud800a\x00b\x07", ["a", "b"]),
        ("العربية", ["العربية"]),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("aarhus", "århus"),
        ("århus", "århus"),
        ("örebro", "ørebro"),
        ("ärlig", "ærlig"),
        ("café", "cafe"),
        ("müller", "myller"),
        ("łódź", "lodz"),
        ("straße", "strasse"),
    ],
)
def test_normal_form(word: str, expected: str) -> None:
    assert normal(word) == expected


@pytest.mark.parametrize(
    "forms",
    [
        ("ørebro", "örebro", "oerebro", "orebro"),
        ("århus", "aarhus", "arhus"),
        ("æble", "äble", "aeble", "able"),
        ("müller", "muller"),
    ],
)
def test_plain_form_is_one_for_all_ways_to_type_a_word(forms: tuple[str, ...]) -> None:
    assert len({plain(form) for form in forms}) == 1


def test_spans_are_places_in_the_text_as_written() -> None:
    text = "Vores cd'er & A\u030arhus"
    assert [text[s.start : s.end] for s in spans(text)] == ["Vores", "cd'er", "A\u030arhus"]
    assert [s.word for s in spans(text)] == ["vores", "cd", unicodedata.normalize("NFC", "a\u030arhus")]
