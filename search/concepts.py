"""Cross-language search: which codes a query means, and what its words are called in the other languages.

Danish and Swedish share too few words for words alone to cross the border: *rengøring* is *städning*. Codes do, because
CPV codes and categories have labels in all languages; and labels that mean the same teach which words do.

    meaning("rengøring af skoler", "da").codes   # CPV 90/909/9091/90919/909193, category clean/schools
    meaning("frokost", "da").words["sv"]         # lunch

Only a code whose label says nearly all that the query says counts, and whose label says little more; see `_score`.
"""

import functools
import math
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from search import analysis
from search.analysis import LANGUAGES, QueryWord
from search.analysis.analyser import FAMILY_MARK, PLAIN_MARK, analyser
from search.analysis.concept_tables import concept_tables
from search.analysis.tables import rows
from search.analysis.units import Unit, generic, telling_units, word_units

CPV = "cpv"  # the facet whose codes the shipped tables know
MAX_CODES = 3
MAX_UNITS = 8  # a longer query is no name of a thing
MIN_QUERY = 0.85  # share of the query's weight that a label must say
MIN_SCORE = 0.86
STALE_AFTER = 300.0  # seconds after which another process's changes to a vocabulary are read
KEPT = 0.9, 0.8  # weight of a hand-kept translation: the first of its line, the others
LEARNED = 0.8  # times Dice
BY_FAMILY, BY_PLAIN = 0.8, 0.6  # when only the family or the form without diacritics agrees
MAX_TRANSLATIONS = 4  # of a word into a language


_JOINED = re.compile(r"\s+(?:og|och|and|eller|or|&)\s+|,\s+")


class Label(NamedTuple):
    """A text and its language."""

    text: str
    language: str


class Labelled(NamedTuple):
    """A code with what it is called: {language: (name, other words …)}. A language may be missing."""

    code: str
    labels: Mapping[str, Sequence[str]]


class Code(NamedTuple):
    """A code that means the query. weight: above 0, at most 1. label: the one that said so."""

    facet: str
    code: str
    weight: float
    label: Label


class Translation(NamedTuple):
    """What a typed word is called in another language. tokens: (token, weight) to ask the index for."""

    word: str
    weight: float
    source: str
    tokens: tuple[tuple[str, float], ...]


class Concepts(NamedTuple):
    """What a query means. words: {language: translations}. groups: {typed compound: {language: per part, tokens}}."""

    codes: tuple[Code, ...] = ()
    words: Mapping[str, tuple[Translation, ...]] = {}
    groups: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]] = {}

    @property
    def concepts(self) -> tuple[Code, ...]:
        """The codes, by the name that engines have for them."""
        return self.codes

    @property
    def translations(self) -> dict[str, list[tuple[str, str, float]]]:
        """{typed word: [(language, token, weight)]}, weights 0 to 1."""
        found: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        for language, translations in self.words.items():
            for word in translations:
                found[word.source] += [(language, token, weight * word.weight) for token, weight in word.tokens]
        return dict(found)


# Codes


class _Labels(Protocol):
    """Labels that can be asked by token; what both the shipped tables and live records are."""

    def __len__(self) -> int: ...
    def postings(self, language: str, token: str) -> Sequence[int]: ...
    def total(self, language: str, number: int) -> float: ...
    def named(self, language: str, number: int) -> tuple[str, Label]: ...


class _CpvLabels:
    """The shipped CPV labels."""

    def __init__(self) -> None:
        self._tables = concept_tables()
        self.postings, self.total = self._tables.postings, self._tables.total

    def __len__(self) -> int:
        return len(self._tables)

    def named(self, language: str, number: int) -> tuple[str, Label]:
        found = self._tables.label(number)
        return found.path, Label(found.labels[language], language)


class LabelIndex:
    """Labels of an editable vocabulary, indexed in memory; made anew when the vocabulary changes."""

    def __init__(self, records: Iterable[Labelled]):
        self._entries: dict[str, list[tuple[str, str]]] = defaultdict(list)  # language -> [(code, text)]
        self._postings: dict[tuple[str, str], list[int]] = defaultdict(list)
        read: dict[str, list[list[Unit]]] = defaultdict(list)
        for code, labels in records:
            for language, texts in labels.items():
                for text in dict.fromkeys(texts):
                    for name in _names(text):
                        found = telling_units(name, language)
                        for token in {token for unit in found for token in unit.tokens}:
                            self._postings[language, token].append(len(self._entries[language]))
                        self._entries[language].append((code, text))
                        read[language].append(found)
        self._totals = {
            language: [sum(self._weight(language, unit) for unit in label) for label in labels]
            for language, labels in read.items()
        }

    def __len__(self) -> int:
        return max((len(entries) for entries in self._entries.values()), default=0)

    def _weight(self, language: str, unit: Unit) -> float:
        return math.log(1 + len(self) / max(len(self._postings[language, token]) for token in unit.tokens))

    def postings(self, language: str, token: str) -> Sequence[int]:
        """Numbers of the labels in a language that have the token."""
        return self._postings.get((language, token), ())

    def total(self, language: str, number: int) -> float:
        """What a query that says all of a label would score."""
        return self._totals[language][number]

    def named(self, language: str, number: int) -> tuple[str, Label]:
        """(code, label)."""
        code, text = self._entries[language][number]
        return code, Label(text, language)


def _names(text: str) -> list[str]:
    """A short label and the names it joins: *Städning och lokalvård* is both."""
    joined = _JOINED.split(text)
    if len(joined) == 1 or len(joined) > 3 or any(name.endswith("-") or not name for name in joined):
        return [text]
    return [text, *joined]


def _score(labels: _Labels, asked: Sequence[tuple[str, ...]], language: str) -> Iterator[tuple[float, str, Label]]:
    """(score, code, label) of labels that say what is asked: `asked` has the tokens of each unit of the query.

    A unit weighs by its rarity among the labels. The score is the share of the query's weight that the label says,
    times the root of the share of the label's weight that the query says: 1 when both say the same.
    """
    rarest = math.log(1 + len(labels))
    said: dict[int, float] = defaultdict(float)
    total = 0.0
    for tokens in asked:
        found = {number for token in tokens for number in labels.postings(language, token)}
        weight = math.log(1 + len(labels) / len(found)) if found else rarest
        total += weight
        for number in found:
            said[number] += weight
    for number, weight in said.items():
        share = weight / total
        if share >= MIN_QUERY:
            score = share * math.sqrt(min(1.0, weight / max(labels.total(language, number), 0.01)))
            if score >= MIN_SCORE:
                yield (score, *labels.named(language, number))


def best_codes(facet: str, labels: _Labels, text: str, language: str) -> tuple[Code, ...]:
    """The codes that a text means, best first, at most three; through its own language, else through the others."""
    if not len(labels):
        return ()
    for other in (language, *(lang for lang in LANGUAGES if lang != language)):
        asked = _asked(text, other)
        best: dict[str, Code] = {}
        for score, code, label in _score(labels, asked, other) if asked else ():
            if code not in best or score > best[code].weight:
                best[code] = Code(facet, code, score, label)
        kept: list[Code] = []
        for found in sorted(best.values(), key=lambda c: (-round(c.weight, 3), c.code.count("/"), c.code)):
            if not any(_below(found.code, wider.code) for wider in kept):
                kept.append(found)
        if kept:
            return tuple(kept[:MAX_CODES])
    return ()


def _asked(text: str, language: str) -> list[tuple[str, ...]]:
    """The tokens of each unit of a query; a plain form only for words that are not known."""
    asked: list[tuple[str, ...]] = []
    for word in analysis.query_tokens(text, language):
        for unit in word_units(word.text, language):
            if unit.word in generic(language):
                continue
            asked.append(tuple(t for t in unit.tokens if t[0] != PLAIN_MARK) + word.plain)
    return asked if len(asked) <= MAX_UNITS else []


def _below(code: str, other: str) -> bool:
    return code == other or code.startswith(other + "/")


# Words


class Dictionary:
    """The hand-kept word translations, by token."""

    def __init__(self, lines: Iterable[Sequence[Sequence[str]]]):
        """`lines`: words that mean the same, one sequence per language in the order of `LANGUAGES`."""
        self._found: dict[tuple[str, str], list[tuple[str, str, float]]] = defaultdict(list)
        for line in lines:
            sides = dict(zip(LANGUAGES, line, strict=True))
            for language, names in sides.items():
                for name in names:
                    for token, factor in _keys(name, language):
                        for other, translations in sides.items():
                            if other != language:
                                self._found[language, token] += [
                                    (other, word, KEPT[i > 0] * factor) for i, word in enumerate(translations)
                                ]

    def of(self, word: QueryWord, language: str) -> dict[str, dict[str, float]]:
        """{language: {word: weight}}: by the word itself, else by its family, else by its form without diacritics."""
        for kind in ("", FAMILY_MARK, PLAIN_MARK):
            tokens = [t for t, _ in word.tokens if (t[0] if t[0] in (FAMILY_MARK, PLAIN_MARK) else "") == kind]
            found: dict[str, dict[str, float]] = defaultdict(dict)
            for token in tokens:
                for other, name, weight in self._found.get((language, token), ()):
                    found[other][name] = max(found[other].get(name, 0), weight)
            if found:
                return found
        return {}


def _keys(word: str, language: str) -> list[tuple[str, float]]:
    """(token, factor) by which a hand-kept word is found."""
    lemma = analyser(language).reading(word).lemmas[0]
    keys = [(analysis.normal(lemma), 1.0)]
    family = analyser(language).family(lemma)
    if family:
        keys.append((FAMILY_MARK + analysis.normal(family), BY_FAMILY))
    keys.append((PLAIN_MARK + analysis.plain(lemma), BY_PLAIN))
    return keys


@functools.cache
def dictionary() -> Dictionary:
    """The shipped hand-kept translations (`search/analysis/lists/translations.txt`)."""
    return Dictionary(_lines())


def _lines() -> Iterator[list[list[str]]]:
    for fields in rows("translations.txt"):
        sides = " ".join(fields).split(";")
        if len(sides) != len(LANGUAGES):
            raise ValueError(f"translations.txt: three languages expected in {' '.join(fields)!r}")
        yield [[word.strip() for word in side.split(",") if word.strip()] for side in sides]


def translate(word: QueryWord, language: str) -> dict[str, list[tuple[str, float]]]:
    """{other language: [(word, weight)]} of one typed word: what is kept by hand, else what the CPV labels teach."""
    kept = dictionary().of(word, language)
    found: dict[str, list[tuple[str, float]]] = {}
    lemma = analyser(language).reading(word.text).lemmas[0]
    for other in LANGUAGES:
        if other == language:
            continue
        pairs = list(kept.get(other, {}).items())
        if not pairs:
            pairs = [(w, dice * LEARNED) for w, dice in concept_tables().translations(lemma, language, other)]
        if pairs:
            found[other] = sorted(pairs, key=lambda pair: -pair[1])[:MAX_TRANSLATIONS]
    return found


def _tokens(word: str, language: str) -> tuple[tuple[str, float], ...]:
    return tuple(
        (token, weight)
        for part in analysis.query_tokens(word, language)
        for token, weight in part.tokens
        if token[0] != PLAIN_MARK
    )


# Meaning

Records = Callable[[], Iterable[Labelled]]
_providers: dict[str, Records] = {}
_indexes: dict[str, tuple[float, LabelIndex]] = {}  # facet -> when it was read, index


def provide(facet: str, records: Records) -> None:
    """Let the codes of a facet mean queries. `records` is called when first needed, and again when it may have changed:
    after `forget(facet)`, and every five minutes because another process may have changed it."""
    _providers[facet] = records
    forget(facet)


def forget(facet: str) -> None:
    """Read the labels of a facet anew at the next query: they have changed."""
    _indexes.pop(facet, None)


def _index(facet: str) -> LabelIndex:
    read, index = _indexes.get(facet, (0.0, None))
    now = time.monotonic()
    if index is None or now - read > STALE_AFTER:
        index = LabelIndex(_providers[facet]())
        _indexes[facet] = now, index
    return index


def labels(language: str) -> Iterator[str]:
    """Everything that codes are called in a language, with repetitions: CPV and the provided facets."""
    for number in range(len(concept_tables())):
        yield concept_tables().label(number).labels[language]
    for records in list(_providers.values()):
        for _code, names in records():
            yield from names.get(language, ())


@functools.cache
def _cpv() -> _CpvLabels:
    return _CpvLabels()


def load() -> None:
    """Read now what the first question would read: the labels of the codes and the translations."""
    _cpv()
    dictionary()


def meaning(text: str, language: str) -> Concepts:
    """What a text means: CPV codes, codes of the provided facets, and its words in the other languages."""
    words, groups = _translated(text, language)
    codes = best_codes(CPV, _cpv(), text, language)
    for facet in list(_providers):
        codes += best_codes(facet, _index(facet), text, language)
    return Concepts(codes, words, groups)


@functools.lru_cache(2_000)
def _translated(
    text: str, language: str
) -> tuple[Mapping[str, tuple[Translation, ...]], Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]]:
    """The words of a text in the other languages, and per part those of compounds that have no translation whole."""
    words: dict[str, list[Translation]] = defaultdict(list)
    groups: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {}
    for word in analysis.query_tokens(text, language)[:MAX_UNITS]:
        if word.weak:
            continue
        found = translate(word, language)
        for other, pairs in found.items():
            words[other] += [Translation(w, weight, word.text, _tokens(w, other)) for w, weight in pairs]
        if word.parts:
            whole = _by_parts(word, language, set(found))
            if whole:
                groups[word.text] = whole
    return {other: tuple(translations) for other, translations in words.items()}, groups


def _by_parts(word: QueryWord, language: str, done: set[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """{language: per part of a compound the tokens of its translations}, where every part has one."""
    parts = [unit.word for unit in word_units(word.text, language)]
    found = {}
    for other in LANGUAGES:
        if other == language or other in done:
            continue
        group = []
        for part in parts:
            translations = [
                t for w in analysis.query_tokens(part, language) for t in translate(w, language).get(other, ())
            ]
            group.append(tuple(dict.fromkeys(token for name, _ in translations for token, _ in _tokens(name, other))))
        if group and all(group):
            found[other] = tuple(group)
    return found
