"""Expands a Hunspell dictionary into forms with lemma and part of speech, and forms that may begin a compound.

It reads what the Danish (Stavekontrolden) and Swedish (Den stora svenska ordlistan) dictionaries use: suffix rules, one
level of continuation flags, compound flags, `st:` and `al:` morphology.  It is no spell checker.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from search.analysis.lexicon import ADJECTIVE, NOUN, OTHER, PROPER, VERB


class Form(NamedTuple):
    """`stands_alone`: the form is a word by itself; `begins_compound`: it may begin a compound."""

    form: str
    lemma: str
    pos: str
    stands_alone: bool
    begins_compound: bool


class _Suffix(NamedTuple):
    strip: str
    add: str
    flags: tuple[str, ...]
    condition: re.Pattern[str] | None


class _Flags(NamedTuple):
    """What a dictionary's own flags mean."""

    begins_compound: frozenset[str]
    only_in_compound: str
    needs_affix: str


_FLAGS = {"da": _Flags(frozenset({"32", "33"}), "36", "8"), "sv": _Flags(frozenset("XU"), "Z", "¤")}
# The Danish affix file names the word class in the comment above each rule.
_DANISH_CLASSES = (
    ("Verbalsub", VERB),
    ("Substantiv", NOUN),
    ("Verbum", VERB),
    ("Adjektiv", ADJECTIVE),
    ("Proprium", PROPER),
)


def _swedish_pos(flag: str, lemma: str) -> str:
    """The Swedish affix file says nothing of word classes; they follow from the flag and the lemma's ending."""
    if flag in "KLmMN" or (flag in "BD" and lemma.endswith("a")):
        return VERB
    if flag in "OQRP":
        return VERB if lemma.endswith("a") else ADJECTIVE
    if flag == "T":
        return ADJECTIVE
    return NOUN if flag in "BCDEFGHIJ" else OTHER


class Dictionary:
    """Iterates over the `Form`s of `<prefix>.aff` and `<prefix>.dic`."""

    def __init__(self, prefix: Path, language: str):
        self._language, self._flags_of = language, _FLAGS[language]
        self._words = prefix.with_name(prefix.name + ".dic")
        self._rules: dict[str, list[_Suffix]] = {}
        self._class_names: dict[str, str] = {}
        self._numeric = False
        comment = ""
        for line in prefix.with_name(prefix.name + ".aff").read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                comment = line[1:].strip()
            fields = line.split()
            if fields[:2] == ["FLAG", "num"]:
                self._numeric = True
            elif len(fields) >= 4 and fields[0] == "SFX":
                self._add_rule(fields, comment)

    def _add_rule(self, fields: list[str], comment: str) -> None:
        flag, strip, add = fields[1:4]
        if strip in ("Y", "N") and add.isdigit() and flag not in self._rules:
            self._rules[flag] = []
            self._class_names[flag] = comment
            return
        add, _, more = add.partition("/")
        condition = fields[4] if len(fields) > 4 else "."
        self._rules[flag].append(
            _Suffix(
                "" if strip == "0" else strip,
                "" if add == "0" else add,
                self._split(more),
                re.compile(f"(?:{condition})$") if condition != "." else None,
            )
        )

    def _split(self, flags: str) -> tuple[str, ...]:
        if not flags:
            return ()
        return tuple(flags.split(",")) if self._numeric else tuple(flags)

    def _pos(self, flag: str, lemma: str) -> str:
        if self._language == "sv":
            return _swedish_pos(flag, lemma)
        name = self._class_names.get(flag, "")
        return next((pos for start, pos in _DANISH_CLASSES if name.startswith(start)), OTHER)

    def __iter__(self) -> Iterator[Form]:
        lines = self._words.read_text(encoding="utf-8").splitlines()
        for line in lines[1:]:
            line = line.strip()
            if line and not line.startswith(("#", "/")):
                yield from self._entry(*line.split())

    def _entry(self, head: str, *morphology: str) -> Iterator[Form]:
        word, _, text = head.partition("/")
        flags = self._split(text)
        kinds = [self._pos(flag, word) for flag in flags if flag in self._rules]
        main = next((pos for pos in (NOUN, VERB, ADJECTIVE, PROPER) if pos in kinds), OTHER)
        lemma = next((m[3:] for m in morphology if m.startswith("st:")), word)
        others = [m[3:] for m in morphology if m.startswith("al:")]
        if self._language == "da" and main == OTHER and lemma != word:
            main = VERB if lemma.endswith("e") else NOUN
        if others and main == OTHER:
            main = VERB if any(other.endswith(("ende", "r")) for other in others) else NOUN
        if self._flags_of.needs_affix not in flags:
            for pos in sorted({k for k in kinds if k != OTHER} or {main}):
                yield self._form(word, lemma, pos, flags)
        for other in others:
            yield Form(other, word, main, True, False)
        yield from self._inflect(word, lemma, flags, main, 0)

    def _form(self, form: str, lemma: str, pos: str, flags: Iterable[str]) -> Form:
        meaning = self._flags_of
        flags = set(flags)
        return Form(form, lemma, pos, meaning.only_in_compound not in flags, bool(meaning.begins_compound & flags))

    def _inflect(self, word: str, lemma: str, flags: Iterable[str], main: str, depth: int) -> Iterator[Form]:
        for flag in flags:
            for rule in self._rules.get(flag, ()):
                if (rule.strip and not word.endswith(rule.strip)) or (
                    rule.condition and not rule.condition.search(word)
                ):
                    continue
                form = word.removesuffix(rule.strip) + rule.add
                pos = self._pos(flag, lemma)
                if self._flags_of.needs_affix not in rule.flags:
                    yield self._form(form, lemma, main if pos == OTHER else pos, rule.flags)
                elif depth < 1:
                    yield from self._inflect(form, lemma, rule.flags, main, depth + 1)
