import html as html_module
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis import query_tokens
from search.highlight import Highlight, Marker, Match

# language, query, text -> text with [marks]
MARKED = [
    ("sv", "städning", "Flyttstädning", "Flytt[städning]"),
    ("sv", "städning", "Flyttstädningen i maj", "Flytt[städningen] i maj"),
    ("sv", "städning", "Flyttsta\u0308dning", "Flytt[sta\u0308dning]"),
    ("da", "rengøring", "Rengøringsservice", "[Rengøring]sservice"),
    ("da", "service", "Rengøringsservice", "Rengørings[service]"),
    ("da", "rengøring service", "Rengøringsservice", "[Rengøring]s[service]"),
    ("sv", "flytt städning", "Flyttstädning", "[Flyttstädning]"),
    ("da", "virksomhed", "Alle virksomhedernes møder", "Alle [virksomhedernes] møder"),
    ("da", "klipning", "Vi klipper hæk", "Vi [klipper] hæk"),
    ("da", "klipning", "Hækklipning", "Hæk[klipning]"),
    ("sv", "tradgard", "Trädgårdsskötsel", "[Trädgård]sskötsel"),
    ("sv", "orebro", "Städning i Örebro", "Städning i [Örebro]"),
    ("da", "Århus", "Aarhus Kommune", "[Aarhus] Kommune"),
    ("da", "århus", "A\u030arhus", "[A\u030arhus]"),
    ("da", "rengøring", "Reng\u00adørings\u00adservice", "[Reng\u00adøring]s\u00adservice"),
    ("da", "cd", "Brugte cd'er", "Brugte [cd'er]"),
    ("da", "skolerengøring", "Rengøring af skoler", "[Rengøring] af [skoler]"),
    ("da", "skolerengøring", "Skolerengøring og rengøring", "[Skolerengøring] og rengøring"),
    ("en", "child", "Children's toys", "[Children's] toys"),
    ("en", "organise", "We are organizing events", "We are [organizing] events"),
    ("da", "rengøring og vask", "Vask og strygning", "[Vask] og strygning"),
    ("da", "og", "Vask og strygning", "Vask [og] strygning"),
    # and what must not be marked
    ("da", "ring", "Rengøring", "Rengøring"),
    ("sv", "stad", "Städning", "Städning"),
    ("sv", "kalv", "Lokalvård", "Lokalvård"),
    ("da", "have", "Vi har åbent", "Vi har åbent"),
    ("da", "rengøring", "", ""),
    ("da", "", "Rengøring", "Rengøring"),
]


def highlight(text: str, query: Any, language: str, *, max_length: int | None = None, **more: Any) -> Highlight:
    return Marker(query, language, **more).mark(text, max_length)


def find(text: str, query: str, language: str) -> tuple[Match, ...]:
    return Marker(query, language).find(text)


def _marks(html: str) -> str:
    return html_module.unescape(html.replace("<mark>", "[").replace("</mark>", "]"))


@pytest.mark.parametrize(("language", "query", "text", "expected"), MARKED)
def test_what_is_marked(language: str, query: str, text: str, expected: str) -> None:
    assert _marks(highlight(text, query, language).html) == expected


@pytest.mark.parametrize(
    ("language", "query", "text", "relation"),
    [
        ("da", "rengøring", "Rengøring", "exact"),
        ("da", "virksomhed", "virksomheder", "inflected"),
        ("sv", "städning", "flyttstädning", "part"),
        ("da", "klippe", "klipning", "family"),
        ("sv", "stadning", "städning", "plain"),
        ("da", "skolerengøring", "rengøring", "part"),
    ],
)
def test_match_tells_how(language: str, query: str, text: str, relation: str) -> None:
    assert [(m.word, m.matched, m.relation) for m in find(text, query, language)] == [(query, text, relation)]


def test_match_tells_part_and_whole_word() -> None:
    (match,) = find("Vår flyttstädning", "städning", "sv")
    assert (match.start, match.end, match.matched) == (9, 17, "flyttstädning")


def test_translation_is_marked_with_the_typed_word() -> None:
    result = highlight("Vi städar kontor", "rengøring", "sv", translations=[("%stæda", "rengøring")])
    assert result.html == "Vi <mark>städar</mark> kontor"
    assert [(m.word, m.relation) for m in result.matches] == [("rengøring", "translated")]


def test_analysed_query_gives_the_same_as_its_text() -> None:
    assert highlight("Flyttstädning", query_tokens("städning", "sv"), "sv") == highlight(
        "Flyttstädning", "städning", "sv"
    )


@pytest.mark.parametrize("query", ["script", "b", "rengøring"])
def test_markup_in_the_text_is_escaped(query: str) -> None:
    html = highlight('<script>alert("x")</script> & <b>rengøring</b>', query, "da").html
    assert re.findall(r"<[^>]*>", html) == ["<mark>", "</mark>"] * (len(re.findall("<mark>", html)))
    assert "&amp;" in html


LONG = "Vi er en lille forening. " * 20 + "Her tilbyder vi rengøring af skoler i byen. " + "Og mere til. " * 20


def test_fragment_shows_the_match_from_the_beginning_of_its_sentence() -> None:
    html = highlight(LONG, "rengøring skole", "da", max_length=80).html
    assert html.startswith("…Her tilbyder vi <mark>rengøring</mark> af <mark>skoler</mark> i byen.")
    assert html.endswith("…")


@pytest.mark.parametrize("length", [1, 20, 80, 200, 10_000])
@pytest.mark.parametrize("query", ["rengøring", "mere", "zebra"])
def test_fragment_is_not_longer_than_asked_for(query: str, length: int) -> None:
    shown = _marks(highlight(LONG, query, "da", max_length=length).html).replace("[", "").replace("]", "")
    assert len(shown.strip("…")) <= length
    assert shown.strip("…") in LONG


def test_fragment_cuts_between_words() -> None:
    shown = _marks(highlight(LONG, "rengøring", "da", max_length=50).html).strip("…").replace("[", "").replace("]", "")
    assert set(shown.split()) <= set(LONG.split())


def test_fragment_prefers_the_place_with_more_of_the_query() -> None:
    text = "Vask. " + "Andet og mere. " * 20 + "Vask og rengøring hver dag. " + "Andet. " * 20
    assert "<mark>rengøring</mark>" in highlight(text, "vask rengøring", "da", max_length=60).html


def test_fragment_of_a_text_without_a_match_is_its_beginning() -> None:
    assert highlight(LONG, "zebra", "da", max_length=30).html == "Vi er en lille forening. Vi er…"


def test_control_characters_and_lone_surrogates_cannot_break_a_page() -> None:
    html = highlight("a\x00b \ud800 rengøring", "rengøring", "da").html
    assert html.encode("utf-8")
    assert "\x00" not in html


LETTERS = "abgnrstøåä <>&'\u00ad\u030a."


@given(
    st.text(LETTERS, max_size=50) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.text(LETTERS, max_size=8),
    st.sampled_from(["da", "sv", "en"]),
)
@settings(max_examples=200, deadline=None)
def test_without_its_marks_the_html_is_the_text(text: str, query: str, language: str) -> None:
    html = highlight(text + " " + query, query, language).html
    assert html_module.unescape(html.replace("<mark>", "").replace("</mark>", "")) == text + " " + query
    for match in find(text, query, language):
        assert 0 <= match.start < match.end <= len(text)
    assert highlight(unicodedata.normalize("NFD", text), query, language).html.count("<mark>") == highlight(
        unicodedata.normalize("NFC", text), query, language
    ).html.count("<mark>")


def test_marker_reads_every_text_anew() -> None:
    marker = Marker("skolerengøring", "da")
    assert [_marks(marker.mark(text).html) for text in ("Skolerengøring her", "Rengøring af skoler", "Intet", "")] == [
        "[Skolerengøring] her", "[Rengøring] af [skoler]", "Intet", "",
    ]  # fmt: skip
