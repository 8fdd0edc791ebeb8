"""What is being typed, as beginnings of words: in which spellings the words may go on, and what goes on so.

*Ør*, *ör* and *oer* are one beginning. What is typed without diacritics may go on with them, and comes after what is
spelled as typed: *orebr* goes on as *Örebro*.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from search import analysis

PLAIN = "~"  # before a form without diacritics
TWO_FOR_ONE = (("ae", "æ"), ("oe", "ø"))  # aa is å to `analysis.normal` already
LEAST_PLAIN = 2  # letters of a form without diacritics, which begins more words than one with them


class Beginning(NamedTuple):
    """One typed word. spellings: normal forms that a word may begin with. plain: its form without diacritics; "" where
    some were typed, for then those that are missing are not meant.
    """

    spellings: tuple[str, ...]
    plain: str


class Fit(NamedTuple):
    """How a text goes on from what was typed; of two, the smaller is the better one.

    plain: only without diacritics. inside: the first typed word begins another word than the first.
    """

    plain: bool
    inside: bool


def beginnings(typed: str) -> list[Beginning]:
    """The words of what is being typed."""
    return [_beginning(word) for word in analysis.words(typed)]


def _beginning(word: str) -> Beginning:
    other = word
    for two, one in TWO_FOR_ONE:
        other = other.replace(two, one)
    bare = analysis.plain(word) if word.isascii() else ""
    spellings = dict.fromkeys((analysis.normal(word), analysis.normal(other)))
    return Beginning(tuple(spellings), bare if len(bare) >= LEAST_PLAIN else "")


def tokens(text: str) -> Iterator[str]:
    """What an index must hold of a text, so that a typed word can begin each of its words."""
    for word in analysis.words(text):
        yield from _tokens(word)


@functools.lru_cache(20_000)
def _tokens(word: str) -> tuple[str, ...]:
    spelled, bare = analysis.normal(word), analysis.plain(word)
    return (spelled,) if bare == spelled else (spelled, PLAIN + bare)


def fit(typed: Sequence[Beginning], text: str) -> Fit | None:
    """Whether each typed word begins a word of the text, and how; None when one does not."""
    found = analysis.words(text)
    spelled = [analysis.normal(word) for word in found]
    if not typed or not spelled:
        return None
    plain, inside = False, not spelled[0].startswith(typed[0].spellings)
    bare: list[str] = []
    for word in typed:
        if any(other.startswith(word.spellings) for other in spelled):
            continue
        bare = bare or [analysis.plain(other) for other in found]
        if not word.plain or not any(other.startswith(word.plain) for other in bare):
            return None
        plain = True
        inside = inside and not (word is typed[0] and bare[0].startswith(word.plain))
    return Fit(plain, inside)
