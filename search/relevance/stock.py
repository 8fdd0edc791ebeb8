"""The baseline: what the stock `danish`, `swedish` and `english` analyzers would find.

As those do: words in lower case, function words left out, Snowball's stems, BM25. A document is scored by its best
field in any language (`multi_match`, `best_fields`), with the weights that our fields have, and any word may match.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import Stemmer

from search.analysis.analyser import analyser
from search.sources import Source
from search.types import LANGUAGES, Document

K1, B = 1.2, 0.75
Field = tuple[str, str]
_WORD = re.compile(r"\w+")
_SNOWBALL = {"da": "danish", "sv": "swedish", "en": "english"}


class Stock:
    """An index in memory, made anew for each set of documents."""

    def __init__(self, source: Source, documents: Iterable[Document]) -> None:
        self.weights = {text.name: text.weight for text in source.texts}
        self.stemmers = {language: Stemmer.Stemmer(_SNOWBALL[language]) for language in LANGUAGES}
        #: (text, language) -> stem -> (id, times, length of the text)
        self.found: dict[Field, dict[str, list[tuple[str, int, int]]]] = defaultdict(lambda: defaultdict(list))
        self.lengths: dict[Field, list[int]] = defaultdict(list)
        for document in documents:
            for language, texts in document.texts.items():
                for name, text in texts.items():
                    if stems := self.stems(text, language):
                        self.lengths[name, language].append(len(stems))
                        for stem, times in Counter(stems).items():
                            self.found[name, language][stem].append((document.id, times, len(stems)))

    def stems(self, text: str, language: str) -> list[str]:
        stop = analyser(language).function_words
        words = [word for word in _WORD.findall(text.casefold()) if word not in stop]
        return self.stemmers[language].stemWords(words)

    def search(self, text: str, size: int = 20) -> Sequence[str]:
        """Ids, best first."""
        scores: dict[str, float] = defaultdict(float)
        for (name, language), index in self.found.items():
            lengths = self.lengths[name, language]
            count, average = len(lengths), sum(lengths) / len(lengths)
            field: dict[str, float] = defaultdict(float)
            for stem in dict.fromkeys(self.stems(text, language)):
                holders = index.get(stem, ())
                rarity = math.log(1 + (count - len(holders) + 0.5) / (len(holders) + 0.5))
                for number, times, length in holders:
                    field[number] += rarity * times / (times + K1 * (1 - B + B * length / average))
            for number, score in field.items():
                scores[number] = max(scores[number], score * self.weights[name])
        return sorted(scores, key=lambda number: (-scores[number], number))[:size]
