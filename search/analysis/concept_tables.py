"""The shipped concept tables, read where they lie: CPV labels by their units, and word pairs learned from them."""

import functools
import gzip
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import marisa_trie

from search.analysis.analyser import LANGUAGES
from search.analysis.tables import CONCEPTS, REMEDY, TABLES, TablesMissing, table

LABELS, TOTALS = "concepts.labels.tsv.gz", "concepts.totals.bin"
POSTINGS, PAIRS = "concepts.postings.marisa", "concepts.pairs.marisa"
PRECISION = 100  # totals are stored in hundredths


def posting_key(language: str, token: str) -> str:
    """Key of the labels in a language that have a token."""
    return f"{language} {token}"


def pair_key(language: str, other: str, word: str) -> str:
    """Key of a word's translations into another language."""
    return f"{language} {other} {word}"


class CpvLabel(NamedTuple):
    """A code of eight digits, its ancestor path, and its labels."""

    code: str
    path: str
    labels: dict[str, str]


class ConceptTables:
    """Opens the concept tables of a folder; raises `TablesMissing` when one is missing or damaged."""

    def __init__(self, folder: Path = TABLES):
        try:
            self._postings = marisa_trie.BytesTrie().mmap(str(table(POSTINGS, folder, CONCEPTS)))
            self._pairs = marisa_trie.BytesTrie().mmap(str(table(PAIRS, folder, CONCEPTS)))
            # Kept packed: 9,454 labels in three languages are 2 MB of text and would be five times that as objects.
            self._lines = gzip.decompress(table(LABELS, folder, CONCEPTS).read_bytes()).split(b"\n")
            totals = table(TOTALS, folder, CONCEPTS).read_bytes()
            self._totals = struct.unpack(f"<{len(totals) // 2}H", totals)
        except (OSError, RuntimeError, ValueError, struct.error) as error:
            raise TablesMissing(f"The search's concept tables are damaged ({error}): {REMEDY}") from error

    def __len__(self) -> int:
        return len(self._lines)

    def postings(self, language: str, token: str) -> Sequence[int]:
        """Numbers of the labels in a language that have the token."""
        found = self._postings.get(posting_key(language, token))
        return struct.unpack(f"<{len(found[0]) // 2}H", found[0]) if found else ()

    def total(self, language: str, number: int) -> float:
        """What a query that says all of a label would score."""
        return self._totals[LANGUAGES.index(language) * len(self._lines) + number] / PRECISION

    def label(self, number: int) -> CpvLabel:
        """One code with its labels."""
        code, path, *labels = self._lines[number].decode().split("\t")
        return CpvLabel(code, path, dict(zip(LANGUAGES, labels, strict=True)))

    def translations(self, word: str, language: str, other: str) -> list[tuple[str, float]]:
        """[(word of the other language, Dice 0 to 1)] of a dictionary form, best first."""
        found = self._pairs.get(pair_key(language, other, word))
        pairs = (entry.rpartition(":") for entry in found[0].decode().split("|")) if found else ()
        return [(translation, int(dice) / 100) for translation, _, dice in pairs]


@functools.cache
def concept_tables() -> ConceptTables:
    """The shipped tables, opened once per process."""
    return ConceptTables()
