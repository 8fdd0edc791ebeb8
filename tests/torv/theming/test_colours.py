"""Colours: read, mixed as browsers mix them, and compared as WCAG compares them."""

import re

import pytest

from torv.theming.colours import colour, contrast, mix


@pytest.mark.parametrize("text", ["12", "red", "#ff", "#12345", "#ggg", "#fff; } body {", "rgb(0 0 0)", "#ffffff\n"])
def test_what_is_no_hex_colour_is_refused(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        colour(text)


@pytest.mark.parametrize(("short", "long"), [("#fff", "#ffffff"), ("#1aC", "#11aacc")])
def test_three_digits_mean_six(short, long):
    assert str(colour(short)) == str(colour(long)) == long


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000", "#fff", 21.0), ("#fff", "#fff", 1.0), ("#767676", "#fff", 4.54), ("#fff", "#767676", 4.54)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(colour(one), colour(other)) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("first", "percent", "second", "wanted"),
    [
        ("#000000", 50, "#ffffff", "#636363"),  # the middle of black and white in Oklab, as Chromium paints it
        ("#ff0000", 100, "#0000ff", "#ff0000"),
        ("#ff0000", 0, "#0000ff", "#0000ff"),
        ("#ff0000", 50, "#0000ff", "#8c53a2"),
    ],
)
def test_a_mix_is_that_of_a_browser(first, percent, second, wanted):
    mixed = mix(colour(first), percent, colour(second))
    for channel, expected in zip(mixed, colour(wanted), strict=True):
        assert channel == pytest.approx(expected, abs=1.01 / 255)
