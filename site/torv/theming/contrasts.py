"""Whether what a theme sets can be read: every pair of colours that the style sheet puts on each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .colours import Colour, colour, contrast, mix
from .reading import Theme

TEXT, SIGN = 4.5, 3.0
"""What WCAG 2.2 AA asks for: of text (1.4.3), and of borders and focus rings (1.4.11)."""

# The states are the same in every theme; the style sheet has them too, and a test holds the two together.
STATES: Mapping[str, tuple[str, str]] = {
    "stop": ("#8c2b1e", "#f2b0a4"),
    "ok": ("#1b6a3c", "#8ed6a8"),
    "warn": ("#7a4d00", "#f0c572"),
    "found": ("#ffe69a", "#5a4811"),
    "visited": ("#5d3a7a", "#c9b0e6"),
}

PAIRS = (
    ("ink", "page", TEXT, "text"),
    ("ink", "tint", TEXT, "text in panels"),
    ("muted", "page", TEXT, "small print"),
    ("muted", "tint", TEXT, "small print in panels"),
    ("action", "page", TEXT, "links"),
    ("action", "tint", TEXT, "links in panels"),
    ("on_action", "action", TEXT, "text on buttons"),
    ("on_brand", "brand", TEXT, "text in the search band"),
    ("ink", "found", TEXT, "words that were found"),
    ("visited", "page", TEXT, "visited links"),
    ("stop", "page", TEXT, "errors"),
    ("ok", "page", TEXT, "what is right"),
    ("warn", "page", TEXT, "warnings"),
    ("edge", "page", SIGN, "borders of fields"),
    ("ink", "brand", SIGN, "the ring around what has the focus"),
    ("ink", "few", TEXT, "places with few suppliers on the map"),
    ("ink", "some", TEXT, "places with some suppliers on the map"),
)


@dataclass(frozen=True)
class Weak:
    """Two colours of a theme that are too like each other. Its text is a sentence."""

    front: str
    back: str
    when: str
    found: float
    wanted: float
    what: str

    def __str__(self) -> str:
        return (
            f"{self.what[0].upper()}{self.what[1:]} cannot be read {self.when}: {self.front} on {self.back} has a "
            f"contrast of {self.found:.2f}, and WCAG 2.2 AA asks for {self.wanted:g}."
        )


def weak(theme: Theme) -> Iterator[Weak]:
    """Every pair of a theme's colours whose contrast is too low, by day and by night."""
    for index, when in enumerate(("by day", "by night")):
        colours = palette(theme, index)
        for front, back, wanted, what in PAIRS:
            ratio = contrast(colours[front], colours[back])
            if ratio < wanted:
                yield Weak(_named(front, colours), _named(back, colours), when, ratio, wanted, what)
    night = palette(theme, 1)
    foot = mix(night["action"], 9, colour("#0b1512"))  # the foot is dark on every page
    for front in ("ink", "action"):
        ratio = contrast(night[front], foot)
        if ratio < TEXT:
            yield Weak(_named(front, night), f"the foot ({foot})", "by night", ratio, TEXT, "text at the foot")


def palette(theme: Theme, index: int) -> dict[str, Colour]:
    """
    :param index: 0 by day, 1 by night.
    :returns: the theme's colours, the states, and what the style sheet mixes of them.
    """
    found = {name: pair[index] for name, pair in theme.colours.items()}
    found |= {name: colour(pair[index]) for name, pair in STATES.items()}
    ink, page = found["ink"], found["page"]
    return found | {
        "muted": mix(ink, 74, page),
        "edge": mix(ink, 60, page),
        "tint": mix(ink, 4, mix(found["brand"], 8, page)),
        "few": mix(found["action"], 14, page),
        "some": mix(found["action"], 28, page),
    }


def _named(name: str, colours: Mapping[str, Colour]) -> str:
    return f"{name} ({colours[name]})"
