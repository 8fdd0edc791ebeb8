"""The word tables of one language, memory-mapped: forms, compound modifiers, names, suffix rules, families."""

import functools
import gzip
import json
import struct
from pathlib import Path
from typing import NamedTuple

import marisa_trie

from .tables import REMEDY, TABLES, TablesMissing, table

FORM = struct.Struct("<BHBB")  # letters to strip, number of the ending to add, part of speech, frequency
MODIFIER = struct.Struct("<BHB")  # the same without part of speech
NOUN, VERB, ADJECTIVE, OTHER, PROPER = "N", "V", "A", "O", "P"
PARTS_OF_SPEECH = "NVAOP"
CHANGED_VOWELS = frozenset({("a", "æ"), ("o", "ø"), ("å", "æ"), ("a", "ä"), ("o", "ö"), ("å", "ä")})
ZIPF_SCALE = 30  # a Zipf frequency of 0 to 8.5 in one byte


class Reading(NamedTuple):
    """One way to read a form.  `zipf`: log10 of occurrences in a billion words, as wordfreq counts them."""

    lemma: str
    pos: str
    zipf: float


class Lexicon:
    """Looks words up in the tables of one language; knows nothing of hand-kept lists."""

    def __init__(self, language: str, folder: Path = TABLES):
        self.language = language
        try:
            self._forms = marisa_trie.BytesTrie().mmap(str(table(f"{language}.forms.marisa", folder)))
            self._modifiers = marisa_trie.BytesTrie().mmap(str(table(f"{language}.modifiers.marisa", folder)))
            self.proper = marisa_trie.Trie().mmap(str(table(f"{language}.proper.marisa", folder)))
            with gzip.open(table(f"{language}.rules.json.gz", folder), "rt", encoding="utf-8") as file:
                rules = json.load(file)
        except (OSError, RuntimeError, ValueError) as error:
            raise TablesMissing(f"The search's word tables for {language} are damaged ({error}): {REMEDY}") from error
        self._endings: list[str] = rules["endings"]
        self._suffixes: dict[str, tuple[int, str]] = {
            suffix: (rule[0], rule[1]) for suffix, rule in rules["suffixes"].items()
        }
        self._longest = max(map(len, self._suffixes), default=0)
        self.families: dict[str, str] = rules["families"]

    def readings(self, form: str) -> list[Reading]:
        """Readings of a form, the likeliest first; none when it is unknown."""
        found = self._forms.get(form)
        if not found:
            return []
        readings = [
            Reading(form[: len(form) - strip] + self._endings[ending], PARTS_OF_SPEECH[pos], zipf / ZIPF_SCALE)
            for strip, ending, pos, zipf in FORM.iter_unpack(found[0])
        ]
        # The dictionaries have plurals that change their vowel as words of their own too.
        nouns = [r.lemma for r in readings if r.pos == NOUN]
        plurals = {lemma for lemma in nouns if any(_changes_vowel(other, lemma) for other in nouns)}
        if plurals:
            readings = [r for r in readings if r.pos != NOUN or r.lemma not in plurals]
        return readings

    def modifier(self, form: str) -> tuple[str, float]:
        """(lemma, zipf) of a form that begins a compound, such as `rengørings`, `cykel`, `tjänste`."""
        strip, ending, zipf = MODIFIER.unpack_from(self._modifiers[form][0])
        return form[: len(form) - strip] + self._endings[ending], zipf / ZIPF_SCALE

    def modifiers(self, text: str) -> list[str]:
        """Every compound-beginning form that `text` starts with, short to long."""
        return self._modifiers.prefixes(text)

    def guess(self, form: str) -> str:
        """Lemma of an unknown form by the longest suffix rule learned from the known ones."""
        for length in range(min(self._longest, len(form) - 2), 1, -1):
            rule = self._suffixes.get(form[-length:])
            if rule:
                return form[: len(form) - rule[0]] + rule[1]
        return form


def _changes_vowel(singular: str, plural: str) -> bool:
    """Whether one may be the other's plural by its changed vowel: bok, böcker; verkstad, verkstäder; hånd, hænder."""
    alike = 0
    for one, other in zip(singular, plural, strict=False):
        if one != other and (one, other) not in CHANGED_VOWELS:
            break
        alike += 1
    return singular[:alike] != plural[:alike] and max(len(singular) - 2, 2) <= alike <= len(singular) <= len(plural)


@functools.cache
def lexicon(language: str) -> Lexicon:
    """The shipped lexicon of a language, opened once per process."""
    return Lexicon(language)
