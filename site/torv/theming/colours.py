"""Colours as the style sheet mixes them, and how well two of them can be told apart."""

import re
from typing import NamedTuple

HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


class Colour(NamedTuple):
    """Red, green and blue, each 0 to 1, as sRGB writes them."""

    red: float
    green: float
    blue: float

    def __str__(self) -> str:
        return "#" + "".join(f"{round(channel * 255):02x}" for channel in self)


def colour(text: str) -> Colour:
    """
    :param text: "#f6c945" or "#fff".
    :raises ValueError: anything else.
    """
    if not HEX.fullmatch(text):
        raise ValueError(text)
    digits = text[1:] if len(text) == 7 else "".join(digit * 2 for digit in text[1:])
    return Colour(*(int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encoded(channel: float) -> float:
    value = channel * 12.92 if channel <= 0.0031308 else 1.055 * max(channel, 0) ** (1 / 2.4) - 0.055
    return min(max(value, 0.0), 1.0)


def _oklab(of: Colour) -> tuple[float, float, float]:
    r, g, b = map(_linear, of)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def mix(first: Colour, percent: float, second: Colour) -> Colour:
    """What `color-mix(in oklab, first percent%, second)` gives."""
    share = percent / 100
    light, green_red, blue_yellow = (
        share * one + (1 - share) * other for one, other in zip(_oklab(first), _oklab(second), strict=True)
    )
    long = (light + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    middle = (light - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (light - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return Colour(
        _encoded(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _encoded(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _encoded(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def contrast(one: Colour, other: Colour) -> float:
    """The ratio that WCAG 2 asks for: 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(of: Colour) -> float:
    red, green, blue = map(_linear, of)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
