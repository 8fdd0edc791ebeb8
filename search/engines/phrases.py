"""Choosing what autocomplete offers from the candidates an engine found; the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from search.completion import PLAIN, Beginning, fit, tokens
from search.types import LANGUAGES, Document


def offered_phrases(document: Document, language: str) -> list[str]:
    """What autocomplete may offer from this document, its name first."""
    own = [document.names[language]] if document.names.get(language) else []
    return [*own, *document.phrases.get(language, ())]


def phrase_tokens(texts: Iterable[str]) -> str:
    """The words that a completion may begin with, in one text."""
    return " ".join(sorted({token for text in texts for token in tokens(text)}))


def ways(typed: Sequence[Beginning], language: str) -> Iterator[tuple[str, float, list[tuple[str, ...]]]]:
    """(language of the phrases, weight, for each typed word the beginnings of tokens of which one must be there): the
    reader's language first, then what is spelled as typed. Everything that `best_phrases` may choose from.
    """
    for other in LANGUAGES:
        weight = 3.0 if other == language else 1.0
        yield other, weight + 1.0, [word.spellings for word in typed]
        if any(word.plain for word in typed):
            loose = [(*word.spellings, PLAIN + word.plain) if word.plain else word.spellings for word in typed]
            yield other, weight, loose


def best_phrases(
    rows: Sequence[Mapping[str, Any]], typed: Sequence[Beginning], language: str
) -> list[tuple[str, str, str]]:
    """(phrase, id, language), best first, from rows of {"id", "phrases": {language: [phrase, …]}}.

    A phrase fits when each typed word begins one of its words. The reader's language comes first, then what is spelled
    as typed, then phrases that begin so, then names before other phrases. Each text is given once, and each row in one
    language.
    """
    offered = []
    for rank, row in enumerate(rows):
        for other, phrases in row["phrases"].items():
            for place, phrase in enumerate(phrases):
                if found := fit(typed, phrase):
                    offered.append(((other != language, found, place > 0, rank), phrase, row["id"], other))
    texts: set[str] = set()
    languages: dict[str, str] = {}
    best = []
    for _order, phrase, number, other in sorted(offered):
        if phrase.casefold() not in texts and languages.setdefault(number, other) == other:
            texts.add(phrase.casefold())
            best.append((phrase, number, other))
    return best
