"""The units of meaning in a text: content words, compounds taken apart, so that a phrase and a compound are one.

*Skolerengøring* and *rengøring af skoler* have the same units.
"""

import functools
from typing import NamedTuple

from search.analysis.analyser import FAMILY_MARK, PLAIN_MARK, analyser
from search.analysis.tables import rows
from search.analysis.words import MAX_WORD, normal, plain, words


class Unit(NamedTuple):
    """`word`: its dictionary form. `tokens`: that of the word, of its family, its plain form."""

    word: str
    tokens: tuple[str, ...]


def units(text: str, language: str) -> list[Unit]:
    """The units of a text in order; function words, numbers and single letters have none."""
    return [unit for word in words(text) for unit in word_units(word, language)]


def telling_units(text: str, language: str) -> list[Unit]:
    """Without those that say nothing of what is meant, such as *service* in *rengøringsservice*."""
    return [unit for unit in units(text, language) if unit.word not in generic(language)]


@functools.cache
def generic(language: str) -> frozenset[str]:
    """Dictionary forms that say nothing of what is offered (`lists/generic.txt`)."""
    return frozenset(word for first, *rest in rows("generic.txt") if first == language for word in rest)


@functools.lru_cache(20_000)
def word_units(word: str, language: str) -> tuple[Unit, ...]:
    """The units of one word: its smallest parts, or itself."""
    tool = analyser(language)
    if len(word) < 2 or len(word) > MAX_WORD or not any(c.isalpha() for c in word) or word in tool.function_words:
        return ()
    lemma, *_ = tool.reading(word).lemmas
    return tuple(_unit(part, language) for part in tool.leaves(lemma) or (lemma,))


def _unit(lemma: str, language: str) -> Unit:
    family, token, bare = analyser(language).family(lemma), normal(lemma), plain(lemma)
    tokens = [token]
    if family:
        tokens.append(FAMILY_MARK + normal(family))
    if bare != token:
        tokens.append(PLAIN_MARK + bare)
    return Unit(lemma, tuple(tokens))
