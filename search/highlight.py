"""Marks in a text what a query found in it, and tells how: our own, because it must know what the analysis knows.

It works on the text as written, by the very tokens that the engines match, so that it marks inflected forms, the part
of a compound that was asked for (Flytt<mark>städning</mark>), members of a word family, and translations.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search import analysis
from search.analysis import ALT, FAMILY, LEMMA, MAX_WORD, PART, PLAIN, QueryWord, Span, words
from search.analysis.analyser import analyser

MAX_SCANNED = 50_000  # characters of a text that are searched for matches
EXACT, INFLECTED, TRANSLATED = "exact", "inflected", "translated"
RANKS = {EXACT: 0, INFLECTED: 1, PART: 2, FAMILY: 3, PLAIN: 4, TRANSLATED: 5}
_ELLIPSIS = "…"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?:;]\s+|\n+")


class Match(NamedTuple):
    """`text[start:end]` matched the typed `word`.

    matched: the whole word of the text that it is part of. relation: exact | inflected | part | family | plain |
    translated.
    """

    start: int
    end: int
    word: str
    matched: str
    relation: str


class Highlight(NamedTuple):
    """`html`: escaped text with <mark> around what matched. `matches`: in the order of the text, also those cut off."""

    html: SafeString
    matches: tuple[Match, ...]


class _Wanted(NamedTuple):
    word: str
    relation: str  # what a match is whatever the token says, or ""


class _Spot(NamedTuple):
    """Letters `start:end` of an analysed word, which a word of the query stands in."""

    word: str
    start: int
    end: int
    relation: str


class _Spotter:
    """Where some tokens stand in a word. What has been read is kept: texts repeat their words."""

    def __init__(self, wanted: Mapping[str, Sequence[_Wanted]], language: str) -> None:
        self._wanted, self._tokens = wanted, analyser(language).tokens
        self._read: dict[str, tuple[_Spot, ...]] = {}

    def matches(self, text: str, places: Iterable[Span]) -> Iterator[Match]:
        read = self._read
        for place in places:
            spots = read.get(place.word)
            if spots is None:
                spots = read[place.word] = self._spots(place.word)
            for spot in spots:
                written = _written(text, place, spot.start, spot.end)
                yield Match(*written, spot.word, text[place.start : place.end], spot.relation)

    def _spots(self, written: str) -> tuple[_Spot, ...]:
        best: dict[tuple[str, int, int], str] = {}
        for token in self._tokens(written):
            for word, fixed in self._wanted.get(token.text, ()):
                relation = fixed or _relation(token.kind, written, word)
                spot = (word, token.start, token.end)
                if spot not in best or RANKS[relation] < RANKS[best[spot]]:
                    best[spot] = relation
        found = sorted(best.items(), key=lambda item: item[0][1:])
        return tuple(_Spot(*spot, relation) for spot, relation in found if not _inside_larger(spot, best))


class Marker:
    """Marks what one query finds, in any number of texts written in one language.

    `translations`: (token, typed word) pairs that stand for a typed word in the language of the texts. Function words
    match only when the query has no others.
    """

    def __init__(
        self, query: str | Sequence[QueryWord], language: str, translations: Iterable[tuple[str, str]] = ()
    ) -> None:
        asked = analysis.query_tokens(query, language) if isinstance(query, str) else list(query)
        self._content = [word for word in asked if not word.weak] or asked
        self._language = language
        wanted: dict[str, list[_Wanted]] = {}
        for word in self._content:
            for token, _weight in word.tokens:
                wanted.setdefault(token, []).append(_Wanted(word.text, ""))
        for token, typed in translations:
            wanted.setdefault(token, []).append(_Wanted(typed, TRANSLATED))
        self._whole = _Spotter(wanted, language) if wanted else None
        self._parts: dict[tuple[str, ...], _Spotter | None] = {}

    def mark(self, text: str, max_length: int | None = None) -> Highlight:
        """With `max_length` the html holds the most telling fragment of at most that many characters, cut between
        words, `…` where text is left out.
        """
        matches = self.find(text)
        start, end = (0, len(text)) if max_length is None else _fragment(text, matches, max_length)
        return Highlight(_render(text, matches, start, end), matches)

    def find(self, text: str) -> tuple[Match, ...]:
        """The matches, in order."""
        if self._whole is None:
            return ()
        places = list(analysis.spans(text[:MAX_SCANNED]))
        matches = list(self._whole.matches(text, places))
        found = {match.word for match in matches}
        if parts := self._parts_of(tuple(word.text for word in self._content if word.text not in found)):
            matches = sorted([*matches, *parts.matches(text, places)])
        return tuple(matches)

    def _parts_of(self, missing: tuple[str, ...]) -> _Spotter | None:
        """For compounds that are nowhere themselves: what finds their parts."""
        if missing not in self._parts:
            parts: dict[str, list[_Wanted]] = {}
            for word in self._content:
                if word.text in missing:
                    for token in (token for group in word.part_groups for token in group):
                        parts.setdefault(token, []).append(_Wanted(word.text, PART))
            self._parts[missing] = _Spotter(parts, self._language) if parts else None
        return self._parts[missing]


def _relation(kind: str, written: str, typed: str) -> str:
    if written == typed:
        return EXACT
    return INFLECTED if kind in (LEMMA, ALT) else kind


def _inside_larger(spot: tuple[str, int, int], spots: Iterable[tuple[str, int, int]]) -> bool:
    """Whether a larger spot of the same word of the query covers this one."""
    return any(o != spot and o[0] == spot[0] and o[1] <= spot[1] and spot[2] <= o[2] for o in spots)


def _written(text: str, place: Span, start: int, end: int) -> tuple[int, int]:
    """Where letters `start:end` of the analysed word stand in the text, which may be decomposed or hyphenated."""
    if start == 0 and end == len(place.word):
        return place.start, place.end
    written = text[place.start : place.end]
    if len(written) > 2 * MAX_WORD:
        return place.start, place.end
    if not written.lower().startswith(place.word):
        # index of the first character after which so many letters have been read
        read = [len("".join(words(written[:i]))) for i in range(len(written) + 1)]
        try:
            last = read.index(end)
            first = len(read) - 1 - read[::-1].index(start) if start else 0
        except ValueError:
            return place.start, place.end
        start, end = first, max(last, first + 1)
        while end < len(written) and read[end + 1 : end + 2] == [read[end]]:
            end += 1  # marks that belong to the last letter
    elif end == len(place.word):
        end = len(written)
    return place.start + start, place.start + end


# Fragments


def _fragment(text: str, matches: Sequence[Match], max_length: int) -> tuple[int, int]:
    """The window that shows most of the query: different words first, then the better relations, then the earlier."""
    if len(text) <= max_length:
        return 0, len(text)
    best, best_score = (0, 0), -1.0
    for match in matches or [Match(0, 0, "", "", EXACT)]:
        start = _window_start(text, match.start, max_length)
        end = start + max_length
        seen: dict[str, float] = {}
        for other in matches:
            if start <= other.start and other.end <= end:
                seen[other.word] = max(seen.get(other.word, 0.0), 10.0 - RANKS[other.relation])
        score = sum(seen.values())
        if score > best_score:
            best, best_score = (start, end), score
    return _trim(text, *best)


def _window_start(text: str, at: int, max_length: int) -> int:
    """Where to begin so that the match has some text before it: at its sentence if that is near."""
    earliest = max(0, at - max_length // 3)
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, earliest, at)]
    if earliest == 0:
        return 0
    return sentences[0] if sentences else min(earliest, max(0, len(text) - max_length))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut between words where there is a blank to cut at."""
    end = min(end, len(text))
    if start and not text[start - 1].isspace():
        blank = re.search(r"\s", text[start:end])
        if blank:
            start += blank.end()
    if end < len(text) and not text[end].isspace():
        cut = max(text.rfind(blank, start, end) for blank in " \n\t\u00a0")
        if cut > start:
            end = cut
    return start, end


def _render(text: str, matches: Sequence[Match], start: int, end: int) -> SafeString:
    out = [_ELLIPSIS] if start else []
    at = start
    for first, last in _merged(matches, start, end):
        out += [_safe(text[at:first]), "<mark>", _safe(text[first:last]), "</mark>"]
        at = last
    out.append(_safe(text[at:end].rstrip() if end < len(text) else text[at:end]))
    if end < len(text):
        out.append(_ELLIPSIS)
    return mark_safe("".join(out))


def _merged(matches: Sequence[Match], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What to mark between `start` and `end`; what overlaps or touches is one."""
    current: tuple[int, int] | None = None
    for match in sorted(matches):
        if match.end <= start or match.start >= end:
            continue
        first, last = max(match.start, start), min(match.end, end)
        if current and first <= current[1]:
            current = current[0], max(current[1], last)
        else:
            if current:
                yield current
            current = first, last
    if current:
        yield current


def _safe(text: str) -> str:
    return escape(_UNPRINTABLE.sub("\ufffd", text))
