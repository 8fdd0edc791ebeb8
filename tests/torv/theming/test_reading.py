"""A theme's file: what it may say, and one clear sentence about what it may not."""

import re

import pytest

from tests.torv.plugins.packages import ROOT
from torv.theming import ThemeError, bundled, read, theme
from torv.theming.contrasts import STATES, weak
from torv.theming.reading import COLOURS

CSS = (ROOT / "site" / "static" / "torv" / "torv.css").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "nord.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def in_style_sheet(name):
    pair = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\);", CSS)
    return tuple("#" + "".join(d * 2 for d in c[1:]) if len(c) == 4 else c for c in pair.groups())


@pytest.mark.parametrize("name", COLOURS)
def test_own_theme_says_what_the_style_sheet_says(name):
    assert tuple(map(str, read("").colours[name])) == in_style_sheet(name.replace("_", "-"))


@pytest.mark.parametrize("name", STATES)
def test_states_are_those_of_the_style_sheet(name):
    assert STATES[name] == in_style_sheet(name)


@pytest.mark.parametrize(("name", "percent"), [("muted", 74), ("edge", 60)])
def test_mixes_are_those_of_the_style_sheet(name, percent):
    assert f"--{name}: color-mix(in oklab, var(--ink) {percent}%, var(--page));" in CSS


def test_other_mixes_are_those_of_the_style_sheet():
    assert "--tint: color-mix(in oklab, var(--ink) 4%, color-mix(in oklab, var(--brand) 8%, var(--page)));" in CSS
    assert ".tile--1 { --n: 14%; } .tile--2 { --n: 28%; }" in CSS
    assert ".foot { color-scheme: dark;" in CSS
    assert "color-mix(in oklab, var(--action) 9%, #0b1512)" in CSS


def test_two_themes_are_bundled():
    assert bundled() == ["fjord", "torv"]


@pytest.mark.parametrize("name", ["fjord", "torv"])
def test_bundled_themes_can_be_read_by_everybody(name):
    assert list(weak(read(name))) == []


def test_what_a_file_leaves_out_is_torvs_own(write):
    nord = read(write('action = ["#004488", "#88bbff"]'))
    assert nord.name == "nord"
    assert not nord.is_own
    assert [str(c) for c in nord.colours["action"]] == ["#004488", "#88bbff"]
    assert nord.colours["ink"] == read("").colours["ink"]
    assert "--font" not in nord.css


def test_css_holds_both_schemes_and_one_for_old_browsers():
    css = read("fjord").css
    assert "--brand: light-dark(#cfe4ef, #14303f);" in css
    assert css.count("--on-action: ") == 2
    assert "@supports not (color: light-dark(#000, #fff))" in css
    assert '--font: system-ui, "Segoe UI", "Roboto"' in css
    assert css.count("{") == css.count("}")


def test_font_and_logo_lie_beside_the_file(write, tmp_path):
    (tmp_path / "n.woff2").write_bytes(b"font")
    (tmp_path / "n.svg").write_text("<svg/>")
    nord = read(write('font = ["Nord Sans", "sans-serif"]\nfont_file = "n.woff2"\nlogo = "n.svg"'))
    assert sorted(nord.files) == ["font.woff2", "logo.svg", "theme.css"]
    assert '@font-face { font-family: "Nord Sans"; src: url("font.woff2")' in nord.css


def test_address_changes_with_the_logo(write, tmp_path):
    digests = set()
    for content in ("<svg/>", "<svg></svg>"):
        (tmp_path / "n.svg").write_text(content)
        digests.add(read(write('logo = "n.svg"')).digest)
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour = 1", "Known are brand"),
        ('brnad = ["#fff", "#000"]', "Is “brand” meant?"),
        ('brand = "#fff"', "two colours, by day and by night"),
        ('brand = ["#fff"]', "two colours"),
        ("brand = [1, 2]", "two colours"),
        ('brand = ["#fff", "red; } body { display: none"]', "two colours"),
        ('radius = "8px; } * { color: red"', "radius is a length"),
        ("radius = 8", "radius is a length"),
        ('font = "Arial"', "font is a list"),
        ("font = ['a\"; } body { color: red; }']", "font is a list"),
        ('font = ["url(https://example.org/f)"]', "font is a list"),
        ('font_file = "../secret.woff2"', "beside the theme's"),
        ('logo = "/etc/passwd"', "beside the theme's"),
        ('logo = "logo.html"', ".svg or .png or .webp"),
        ('logo = "missing.svg"', "cannot be read"),
        ("brand = [", "is not TOML"),
    ],
)
def test_what_a_theme_may_not_say_is_one_sentence(write, text, sentence):
    with pytest.raises(ThemeError, match=re.escape(sentence)):
        read(write(text))


def test_font_file_needs_the_name_of_its_family(write, tmp_path):
    (tmp_path / "n.woff2").write_bytes(b"font")
    with pytest.raises(ThemeError, match="family first"):
        read(write('font_file = "n.woff2"'))


def test_a_logo_as_large_as_a_photograph_is_refused(write, tmp_path):
    (tmp_path / "n.png").write_bytes(b"0" * 300_000)
    with pytest.raises(ThemeError, match="at most 200,000"):
        read(write('logo = "n.png"'))


@pytest.mark.parametrize("wanted", ["nowhere", "../torv", "torv/theme-fjord.css", "/nowhere/nord.toml"])
def test_a_theme_that_is_not_there_is_named(wanted):
    with pytest.raises(ThemeError, match=re.escape(wanted)):
        read(wanted)


def test_a_faulty_theme_is_logged_and_torvs_own_is_worn(settings, caplog, write):
    settings.TORV_THEME = write('brand = ["#fff"]')
    assert theme().is_own
    assert "brand is two colours" in caplog.text
