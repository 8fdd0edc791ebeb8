"""Texts that say their language, dates and numbers as the reader writes them, rich text that does no harm."""

import datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

from torv.templatetags.torv import breakable, day, domain, lang, number, rich, sanitized, spoken, tel
from torv.text import Text

DAY = datetime.date(2026, 3, 3)


@pytest.mark.parametrize(("language", "text"), [("da", "3. marts 2026"), ("sv", "3 mars 2026"), ("en", "3 March 2026")])
def test_a_day_is_written_as_the_language_does(language, text):
    with override(language):
        assert day(DAY) == f'<time datetime="2026-03-03">{text}</time>'


def test_a_late_moment_is_the_day_it_is_in_copenhagen():
    moment = datetime.datetime(2026, 3, 2, 23, 30, tzinfo=datetime.UTC)
    assert 'datetime="2026-03-03"' in day(moment)


@pytest.mark.parametrize(("language", "text"), [("da", "12.345"), ("sv", "12\xa0345"), ("en", "12,345")])
def test_thousands_are_grouped_as_the_language_does(language, text):
    with override(language):
        assert number(12345) == text


@pytest.mark.parametrize("empty", [None])
def test_nothing_stays_nothing(empty):
    assert day(empty) == ""
    assert number(empty) == ""


def test_a_foreign_text_says_its_language():
    with override("sv"):
        assert spoken(Text("Rødgrød & fløde", "da")) == '<span lang="da">Rødgrød &amp; fløde</span>'
        assert spoken(Text("Köksträdgård", "sv")) == "Köksträdgård"
        assert lang("da") == ' lang="da"'
        assert lang("sv") == lang("") == ""


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<p style="color:red" onclick="x()">x</p>',
        '<iframe src="https://example.org"></iframe>',
    ],
)
def test_rich_text_loses_what_could_do_harm(harm):
    html = rich(f"<p>Før</p>{harm}<p>Efter</p>")
    assert html.startswith("<p>Før</p>")
    assert html.endswith("<p>Efter</p>")
    for word in ("script", "onerror", "javascript:", "style", "onclick", "iframe", "<img"):
        assert word not in html


def test_rich_text_keeps_what_the_editor_offers():
    html = '<h2>A</h2><p><b>b</b> <i>c</i> <a href="https://example.org/">d</a></p><ul><li>e</li></ul>'
    assert sanitized(html) == html


@pytest.mark.parametrize(
    ("written", "address"), [("+45 00 12 34 56", "tel:+4500123456"), ("00-12 (34)", "tel:001234"), ("", "tel:")]
)
def test_telephone_numbers_can_be_called(written, address):
    assert tel(written) == address


def test_a_web_address_is_shown_as_people_say_it():
    assert domain("https://www.example.org/") == "example.org"


def test_icons_come_from_the_sprite_and_are_hidden_from_screen_readers():
    html = Template('{% load torv %}{% icon "search" %}{% pictogram "clean" %}').render(Context())
    assert html.count('aria-hidden="true"') == 2
    assert "torv/sprite.svg#i-search" in html
    assert "torv/sprite.svg#p-clean" in html


def test_an_address_breaks_after_its_at_sign():
    assert breakable("olle@barfot.example.org") == "olle@<wbr>barfot.example.org"
    assert breakable("<b>@x") == "&lt;b&gt;@<wbr>x"
