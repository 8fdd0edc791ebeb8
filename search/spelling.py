"""Did you mean: a query whose words are in the vocabulary, for one whose words are not.

The vocabulary is what the index holds, so a suggestion is a word that can be found. Words are compared without
diacritics, because that is how they are typed on other keyboards; a difference in diacritics alone costs half an edit.
A word that the dictionaries know is never "corrected": it is spelled right, there is just nothing about it. Whether to
ask at all is for the caller to decide, who knows whether the query found anything.
"""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search import concepts
from search.analysis import normal, plain, query_tokens, spans, words

MIN_LENGTH = 4  # shorter words are too near to each other
TWO_EDITS = 8  # letters from which two edits are one slip too many, but believable
MAX_LENGTH = 40
MAX_CORRECTED = 3  # words of one query
FIRST_LETTER = 0.5  # edits that another first letter costs more: people seldom mistype it
DIACRITICS = 0.5
FREQUENCY = 0.15  # edits that ten times the frequency is worth
STALE_AFTER = 3600.0  # seconds after which a provided vocabulary is read anew

Vocabulary = Iterable[tuple[str, int]]


class Correction(NamedTuple):
    """A word of the vocabulary and what it costs to come from the typed word to it, in edits."""

    word: str
    cost: float


class Speller:
    """Corrects queries in one language by a vocabulary of (word, frequency) pairs, forms as they are written."""

    def __init__(self, vocabulary: Vocabulary, language: str):
        self.language = language
        self._frequency: Counter[str] = Counter()
        for text, frequency in vocabulary:
            for word in words(text):
                self._frequency[word] += frequency
        self._known = {normal(word) for word in self._frequency}
        self._by_plain: dict[str, list[str]] = defaultdict(list)
        for word in self._frequency:
            if MIN_LENGTH - 1 <= len(word) <= MAX_LENGTH and word.isalpha():
                self._by_plain[plain(word)].append(word)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for form in self._by_plain:
            self._by_length[len(form)].append(form)

    def __len__(self) -> int:
        return len(self._frequency)

    def suggest(self, text: str) -> str | None:
        """The text with its unknown words corrected; None when there is nothing to correct or nothing to offer."""
        corrected, at, changes = [], 0, 0
        for span in spans(text):
            if self.knows(span.word):
                continue
            best = self.closest(span.word)
            changes += 1
            if not best or changes > MAX_CORRECTED:
                return None  # half a correction finds nothing either
            corrected += [text[at : span.start], best[0].word]
            at = span.end
        return "".join(corrected) + text[at:] if changes else None

    def knows(self, word: str) -> bool:
        """Whether a word is in the vocabulary, in the dictionaries, or too short or odd to be judged."""
        if len(word) < MIN_LENGTH or len(word) > MAX_LENGTH or not word.isalpha() or normal(word) in self._known:
            return True
        asked = query_tokens(word, self.language)
        return all(w.known and not w.plain and not w.parts for w in asked)

    def closest(self, word: str, limit: int = 5) -> list[Correction]:
        """Words of the vocabulary within one edit (two from eight letters), the likeliest first."""
        form, edits = plain(word), 2 if len(word) >= TWO_EDITS else 1
        found: list[Correction] = []
        for length in range(len(form) - edits, len(form) + edits + 1):
            near = process.extract(
                form, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=edits, limit=None
            )
            for other, distance, _ in near:
                found += [
                    self._correction(word, form, other, candidate, distance) for candidate in self._by_plain[other]
                ]
        return sorted((c for c in found if c.word != word), key=lambda c: (c.cost, c.word))[:limit]

    def _correction(self, word: str, form: str, other: str, candidate: str, distance: float) -> Correction:
        cost = distance - FREQUENCY * math.log10(1 + self._frequency[candidate])
        if form[:1] != other[:1]:
            cost += FIRST_LETTER
        if not distance and normal(word) != normal(candidate):
            cost += DIACRITICS
        return Correction(candidate, cost)


# The vocabulary of the site

_providers: dict[str, Callable[[str], Vocabulary]] = {}
_spellers: dict[str, tuple[float, Speller]] = {}  # language -> when it was read, speller


def provide(name: str, vocabulary: Callable[[str], Vocabulary]) -> None:
    """Add a vocabulary: `vocabulary(language)` gives (text, frequency) pairs when asked, now and then."""
    _providers[name] = vocabulary
    forget()


def forget() -> None:
    """Read the vocabularies anew at the next suggestion: the index has changed."""
    _spellers.clear()


def suggest(text: str, language: str) -> str | None:
    """What may have been meant, by the provided vocabularies; without one, by the labels of the codes."""
    read, speller = _spellers.get(language, (0.0, None))
    now = time.monotonic()
    if speller is None or now - read > STALE_AFTER:
        pairs: list[tuple[str, int]] = [pair for give in _providers.values() for pair in give(language)]
        speller = Speller(pairs or [(label, 1) for label in concepts.labels(language)], language)
        _spellers[language] = now, speller
    return speller.suggest(text)
