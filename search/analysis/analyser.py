"""Word -> tokens, the same rules for documents and queries.

| kind | what | example (da) | field | weight |
| --- | --- | --- | --- | --- |
| lemma | dictionary form | virksomhederne -> virksomhed | word | 1 |
| alt | another reading of the same form | | part | 0.5 |
| part | part of a compound | rengøringsservice -> rengøring, service | part | 0.5 |
| family | a verb and its nouns share one `%` token | klipning, klippe -> %klippe | part | 0.4 |
| plain | `~` and the form without diacritics | rengøring -> ~rengoring | plain | 0.25 |
"""

import functools
import threading
from typing import NamedTuple

import Stemmer

from .compounds import Part, Splitter
from .lexicon import NOUN, OTHER, lexicon
from .tables import rows
from .words import MAX_WORD, normal, plain

LANGUAGES = ("da", "sv", "en")
LEMMA, ALT, PART, FAMILY, PLAIN = "lemma", "alt", "part", "family", "plain"
WEIGHTS = {LEMMA: 1.0, ALT: 0.5, PART: 0.5, FAMILY: 0.4, PLAIN: 0.25}
FAMILY_MARK, PLAIN_MARK = "%", "~"

CACHE_WORDS = 50_000  # per language and cache
# Zipf frequency from which a dictionary word is one word by now, though it was a compound (værktøj, verkstad).
FUSED, FUSED_INSIDE = 4.7, 3.6
LETTERS_TYPED_AS_TWO = {
    "da": (("æ", "ø"), ("ä", "ö")),
    "sv": (("ä", "ö"), ("æ", "ø")),
}  # ae, oe; names cross the border
MAX_DEPTH = 2  # compounds inside compounds


class Token(NamedTuple):
    """A token of a document's word: `start` and `end` are the letters of the word it stands for."""

    text: str
    kind: str
    start: int
    end: int


class Reading(NamedTuple):
    """Lemmas of a form, best first.

    `known`: a table or a list has the form, or it is a compound of words they have.  `composed`: it is known only as a
    compound, which a word typed without diacritics can be by accident (tradgard = trad + gard).
    """

    lemmas: tuple[str, ...]
    known: bool
    composed: bool = False


class Analyser:
    """Analyses words of one language.  Safe to share between threads; every cache is bounded."""

    def __init__(self, language: str):
        if language not in LANGUAGES:
            raise ValueError(f"No word analysis for language {language!r}; there is {', '.join(LANGUAGES)}")
        self.language = language
        self.lexicon = lexicon(language)
        self.splitter = Splitter(self.lexicon)
        self._stemmer = Stemmer.Stemmer("english") if language == "en" else None
        self._stemming = threading.Lock()  # a Stemmer keeps state
        self._lemmas = {form: tuple(lemmas) for form, *lemmas in rows(f"lemmas_{language}.txt")}
        self._families = dict(self.lexicon.families)
        self._apart: set[str] = set()
        for first, *rest in rows(f"families_{language}.txt"):
            if first == "-":
                self._apart.update(rest)
                for lemma in rest:
                    self._families.pop(lemma, None)
            else:
                self._families.update(dict.fromkeys((first, *rest), first))
        self.function_words = frozenset(word for row in rows(f"function_{language}.txt") for word in row)
        # Method caches live as long as the analyser, and that is as long as the process.
        self.tokens = functools.lru_cache(CACHE_WORDS)(self._tokens)
        self.reading = functools.lru_cache(CACHE_WORDS)(self._reading)
        self.parts = functools.lru_cache(CACHE_WORDS)(self._parts)

    # Lemmas

    def _reading(self, word: str) -> Reading:
        """The lemmas of a word as written (lower case, NFC)."""
        fixed = self._lemmas.get(word)
        if fixed:
            return Reading(fixed, True)
        if len(word) > MAX_WORD or not word.isalpha():
            return Reading((word,), True)
        found = self._look_up(word)
        if found:
            return Reading(found, True)
        name = self._name(word)
        if name:
            return Reading((name,), True)
        typed = self._with_letters(word)
        if typed:
            return typed
        for form in self._without_genitive(word):
            parts = self.splitter.split(form, known=False)
            if parts:
                return Reading((form[: parts[-1].start] + parts[-1].lemma,), True, True)
        return Reading((self.lexicon.guess(word) if len(word) > 5 else word,), False)

    def _name(self, word: str) -> str:
        return next((name for name in self._without_genitive(word) if name in self.lexicon.proper), "")

    def _with_letters(self, word: str) -> Reading | None:
        """Oerebro, moebler: a known word typed with two letters for one."""
        if word.isascii() and ("oe" in word or "ae" in word):
            for ae, oe in LETTERS_TYPED_AS_TWO.get(self.language, ()):
                meant = word.replace("ae", ae).replace("oe", oe)
                name = self._name(meant)
                found = (name,) if name else self._look_up(meant)
                if found:
                    return Reading(found, True)
        return None

    def _without_genitive(self, word: str) -> tuple[str, ...]:
        if self.language == "en" or len(word) <= 4 or not word.endswith("s"):
            return (word,)
        return (word, word[:-1])

    def _look_up(self, word: str) -> tuple[str, ...]:
        """Up to three lemmas the tables know for a form, best first."""
        readings = self.lexicon.readings(word)
        if not readings and self.language == "da" and "aa" in word:
            readings = self.lexicon.readings(word.replace("aa", "å"))
        if not readings and word not in self.lexicon.proper and word != self._without_genitive(word)[-1]:
            readings = self.lexicon.readings(word[:-1])
        if not readings:
            return ()
        top = readings[0].zipf
        likely = readings[:1] + [r for r in readings[1:] if r.pos != OTHER and r.zipf >= top - 2.0]
        # A form that is a lemma itself is that lemma first, unless that is much the rarer word.
        likely.sort(key=lambda r: not (r.lemma == word and r.zipf >= top - (2.0 if r.pos == NOUN else 0.7)))
        return tuple(dict.fromkeys(r.lemma for r in likely))[:3]

    # Parts and families

    def _parts(self, lemma: str) -> tuple[Part, ...]:
        """Compound parts of a lemma and their own parts, outer before inner; none when it is no compound."""
        return tuple(dict.fromkeys(self._parts_within(lemma, 0)))

    def _parts_within(self, lemma: str, depth: int) -> list[Part]:
        if depth > MAX_DEPTH or len(lemma) > MAX_WORD or not lemma.isalpha() or lemma in self.lexicon.proper:
            return []
        fixed = lemma in self.splitter.fixed
        zipf = max((r.zipf for r in self.lexicon.readings(lemma) if r.lemma == lemma), default=None)
        if zipf is not None and zipf >= (FUSED_INSIDE if depth else FUSED) and not fixed:
            return []
        parts = self.splitter.split(lemma, known=zipf is not None)
        families = self.lexicon.families
        verb = families.get(lemma, lemma)
        if parts and not fixed and verb != lemma and not verb.endswith(families.get(parts[-1].lemma, "-")):
            return []  # levering is levere, not leve + ring
        found: list[Part] = []
        for part in parts:
            found.append(part)
            if part.lemma != lemma:
                for inner in self._parts_within(part.lemma, depth + 1):
                    start = part.start + inner.start
                    end = part.end if inner.end == len(part.lemma) else min(part.start + inner.end, part.end)
                    if start < end and all(inner.lemma != other.lemma for other in found):
                        found.append(Part(inner.lemma, start, end))
        return found

    def leaves(self, lemma: str) -> tuple[str, ...]:
        """The smallest parts of a compound in order, none when it is no compound."""
        parts = self.parts(lemma)
        return tuple(
            p.lemma for p in parts if not any(p is not q and p.start <= q.start and q.end <= p.end for q in parts)
        )

    def family(self, lemma: str) -> str:
        """What a verb and the nouns made from it have in common; empty when the lemma has no family."""
        if lemma in self._families or self._stemmer is None:
            return self._families.get(lemma, "")
        if lemma in self._apart or len(lemma) > MAX_WORD:
            return ""
        if len(lemma) > 6:
            lemma = lemma.replace("isation", "ization").replace("ise", "ize")
        with self._stemming:
            return self._stemmer.stemWord(lemma)

    # Tokens

    def _tokens(self, word: str) -> tuple[Token, ...]:
        """The tokens of one word of a document, the lemma first."""
        lemmas, known, _ = self.reading(word)
        whole = (0, len(word))
        found: dict[str, Token] = {}

        def add(text: str, kind: str, start: int, end: int) -> None:
            found.setdefault(text, Token(text, kind, start, end))

        add(normal(lemmas[0]), LEMMA, *whole)
        for lemma in lemmas[1:]:
            add(normal(lemma), ALT, *whole)
        meanings = [(lemma, *whole) for lemma in lemmas]
        for lemma in lemmas[:2]:
            for part in self.parts(lemma):
                start, end = _in_form(part, lemma, word)
                add(normal(part.lemma), PART, start, end)
                meanings.append((part.lemma, start, end))
        for lemma, start, end in meanings:
            family = self.family(lemma)
            if family:
                add(FAMILY_MARK + normal(family), FAMILY, start, end)
        for form, start, end in ((word, *whole), *meanings):
            bare = plain(form)
            if bare != normal(form) or (not known and form in (word, lemmas[0])):
                add(PLAIN_MARK + bare, PLAIN, start, end)
        return tuple(found.values())

    def query_tokens(self, word: str) -> tuple[tuple[str, str], ...]:
        """(token, kind) of one word of a query: any of them may match."""
        lemmas, known, composed = self.reading(word)
        found = {normal(lemmas[0]): LEMMA}
        if lemmas[0] != word:
            for lemma in lemmas[1:]:
                found.setdefault(normal(lemma), ALT)
        for lemma in lemmas:
            family = self.family(lemma)
            if family:
                found.setdefault(FAMILY_MARK + normal(family), FAMILY)
        if not known or (composed and word.isascii()):
            for form in (word, lemmas[0]):
                found.setdefault(PLAIN_MARK + plain(form), PLAIN)
        return tuple(found.items())

    def part_groups(self, word: str) -> tuple[tuple[str, ...], ...]:
        """For each smallest part of a compound query word, the tokens of which one must be there."""
        groups = []
        for lemma in self.leaves(self.reading(word).lemmas[0]):
            family = self.family(lemma)
            groups.append((normal(lemma), FAMILY_MARK + normal(family)) if family else (normal(lemma),))
        return tuple(groups)


def _in_form(part: Part, lemma: str, word: str) -> tuple[int, int]:
    """Where a part of the lemma stands in the inflected word; the whole word when the two begin differently."""
    if not word.startswith(lemma[: part.start]) or part.start >= len(word):
        return 0, len(word)
    end = len(word) if part.end >= len(lemma) else min(part.end, len(word))
    return part.start, end


@functools.cache
def analyser(language: str) -> Analyser:
    """The analyser of a language, made once per process."""
    return Analyser(language)
