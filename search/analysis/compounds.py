"""Full-cover compound splitting: every letter of a word belongs to a part or to the element that links two parts.

Dynamic programming over the forms that may begin a compound and the words that may end one; each part costs more the
shorter and the rarer it is, and a split that costs too much is none.  Because all letters must be covered, *ring* and
*gør* are not found in *rengøring*, nor *mord* in *samordning*.
"""

from collections.abc import Iterator
from typing import NamedTuple

from .lexicon import ADJECTIVE, NOUN, OTHER, PROPER, VERB, Lexicon
from .tables import rows

MAX_PARTS = 4
MIN_WORD = 6
VOWELS = frozenset("aeiouyåäöæø")
HEAD_PENALTY = {NOUN: 0.0, ADJECTIVE: 0.8, VERB: 2.2}
LIMIT, LIMIT_KNOWN, LIMIT_PER_PART = 9.0, 7.2, 3.2
IMPOSSIBLE = None


class Part(NamedTuple):
    """A part of a compound: its lemma, and the letters of the word it covers without the linking element."""

    lemma: str
    start: int
    end: int


class _Head(NamedTuple):
    lemma: str
    cost: float


class _Path(NamedTuple):
    cost: float
    parts: tuple[Part, ...]


def _covered(form: str, lemma: str, start: int) -> Part:
    """A part whose linking element is left out when the lemma itself stands in the word: rengøring(s), but gatu."""
    return Part(lemma, start, start + (len(lemma) if form.startswith(lemma) else len(form)))


class Splitter:
    """Splits words of one language; the hand-kept list `compounds_<language>.txt` overrules the tables."""

    def __init__(self, lexicon: Lexicon):
        self.lexicon, self.language = lexicon, lexicon.language
        sets: dict[str, set[str]] = {kind: set() for kind in ("short", "prefix", "suffix", "whole", "never")}
        self.fixed: dict[str, tuple[Part, ...]] = {}
        self._extra: dict[str, str] = {}
        for kind, *fields in rows(f"compounds_{self.language}.txt"):
            if kind in sets:
                sets[kind].update(fields)
            elif kind == "split":
                self.fixed[fields[0]] = tuple(_locate(fields[0], fields[1:]))
            elif kind == "modifier":
                self._extra[fields[0]] = fields[-1]
            else:
                raise ValueError(f"compounds_{self.language}.txt: unknown kind of line {kind!r}")
        self._short, self._prefix, self._suffix = sets["short"], sets["prefix"], sets["suffix"]
        self._whole, self._never = sets["whole"], sets["never"]

    def split(self, word: str, *, known: bool) -> tuple[Part, ...]:
        """Parts of a word, none when it is no compound.  Splitting a dictionary's own word (`known`) needs more."""
        if word in self.fixed:
            return self.fixed[word]
        if len(word) < MIN_WORD or word in self._whole:
            return ()
        heads = {}
        for start in range(2, len(word) - 2):
            if word[start - 1] == "e" and word[start:] in ("ring", "ringe", "ringar"):
                continue  # -ering is an ending
            head = self._head(word[start:], start)
            if head:
                heads[start] = head
        if not heads:
            return ()
        # First with the modifiers the dictionary lists, then with forms it merely does not exclude.
        return self._cover(word, heads, known, wide=False) or self._cover(word, heads, known, wide=True)

    def _cover(self, word: str, heads: dict[int, _Head], known: bool, *, wide: bool) -> tuple[Part, ...]:
        """The cheapest row of modifiers and one head that covers the word."""
        last = max(heads)
        best = {0: _Path(0.0, ())}
        for start in range(last):
            path = best.get(start)
            if path is None or len(path.parts) >= MAX_PARTS - 1:
                continue
            for length, (lemma, cost) in self._modifiers(word[start:], wide).items():
                end = start + length
                if (length == 2 and start) or end > last + 1:
                    continue  # two letters only at the beginning: no sæt + te + vogn
                part = _covered(word[start:end], lemma, start)
                step = _Path(path.cost + cost, (*path.parts, part))
                if end <= last and (end not in best or step.cost < best[end].cost):
                    best[end] = step
                if self._shares_letter(word, length, end):
                    shared = step._replace(cost=step.cost + 0.3)
                    if end - 1 not in best or shared.cost < best[end - 1].cost:
                        best[end - 1] = shared
        answer = None
        for start, head in heads.items():
            if start in best:
                total = best[start].cost + head.cost
                if answer is None or total < answer.cost:
                    answer = _Path(total, (*best[start].parts, Part(head.lemma, start, len(word))))
        if answer is None:
            return ()
        limit = (LIMIT_KNOWN if known else LIMIT) + LIMIT_PER_PART * (len(answer.parts) - 2)
        return answer.parts if answer.cost <= limit else ()

    def _shares_letter(self, word: str, length: int, end: int) -> bool:
        """Swedish flytt + tjänst is written with two t, not three: the parts share the letter."""
        return self.language == "sv" and length > 3 and word[end - 1] == word[end - 2] and word[end - 1] not in VOWELS

    def _modifiers(self, text: str, wide: bool) -> dict[int, tuple[str, float]]:
        """{length: (lemma, cost)} of each modifier the text begins with."""
        found = {}
        for form in self.lexicon.modifiers(text):
            lemma, zipf = self.lexicon.modifier(form)
            if form in self._prefix or form in self._never or lemma in self._never:
                continue
            cost = self._cost(form, lemma, zipf, 0.0, len(text) - len(form))
            if cost is not None:
                found[len(form)] = (lemma, cost)
        for form, lemma in self._extra.items():
            if len(form) <= len(text) - 2 and text.startswith(form):
                found[len(form)] = (lemma, 3.0)
        if wide:
            for length in range(2, len(text) - 1):
                if length not in found:
                    guess = self._unlisted(text[:length], len(text) - length)
                    if guess:
                        found[length] = guess
        return found

    def _unlisted(self, form: str, rest: int) -> tuple[str, float] | None:
        """(lemma, cost) of a form that the dictionary does not list as a modifier but that looks like one."""
        if form in self._prefix or form in self._never or (len(form) < 4 and form not in self._short):
            return None
        for base, kinds, penalty in self._bases(form):
            if len(base) < 3 or base in self._never:
                continue
            reading = next((r for r in self.lexicon.readings(base) if r.lemma == base and r.pos in kinds), None)
            if reading and reading.zipf >= 2:
                cost = self._cost(form, base, reading.zipf, penalty, rest)
                if cost is not None:
                    return base, cost
        return None

    def _bases(self, form: str) -> Iterator[tuple[str, str, float]]:
        """(word, parts of speech, penalty): what `form` may be the linking form of."""
        yield form, NOUN + ADJECTIVE, 1.2
        if form.endswith("s"):
            yield form[:-1], NOUN, 1.5
        if self.language == "sv":
            yield form + "a", NOUN + VERB, 1.3
            if form.endswith(("o", "u", "e")):
                yield form[:-1] + "a", NOUN, 1.3
        elif self.language == "da":
            yield form + "e", VERB, 1.6
            if form.endswith("e"):
                yield form[:-1], NOUN, 1.5

    def _head(self, text: str, before: int) -> _Head | None:
        """What the end of a word may be when `before` letters precede it."""
        if len(text) < 3 or text in self._never:
            return None
        readings = self.lexicon.readings(text)
        if any(reading.lemma in self._suffix for reading in readings):
            return None
        best = None
        for rank, (lemma, pos, zipf) in enumerate(readings):
            if pos in (OTHER, PROPER) or lemma in self._never or (pos != NOUN and len(text) < 5):
                continue
            cost = self._cost(text, lemma, zipf, HEAD_PENALTY[pos] + 0.3 * rank)
            if cost is None and pos == NOUN and before >= 5 and zipf >= 3.0:
                cost = _price(zipf, 1.2 + 0.3 * rank)  # a short common noun after a long beginning
            if cost is not None and (zipf >= 1.0 or len(text) >= 6) and (best is None or cost < best.cost):
                best = _Head(lemma, cost)
        return best

    def _cost(self, form: str, lemma: str, zipf: float, penalty: float, rest: int = 0) -> float | None:
        """Price of a part; None when it is too short to be one.  `rest`: letters that follow it."""
        length = len(form)
        if length <= 3:
            if form in self._short or lemma in self._short:
                penalty += 0.6
            elif length == 3 and rest >= 6 and zipf >= 3.0:
                penalty += 2.0
            else:
                return IMPOSSIBLE
        elif length == 4:
            penalty += 0.4
        return _price(zipf, penalty)


def _price(zipf: float, penalty: float) -> float:
    return 2.0 + 0.7 * max(0.0, 5.0 - zipf) + penalty


def _locate(word: str, lemmas: list[str]) -> Iterator[Part]:
    """Where the parts of a hand-kept split stand: each begins where most of its letters follow."""
    at = 0
    for i, lemma in enumerate(lemmas):
        start = max(range(at, len(word)), key=lambda k: (_common(word[k:], lemma), -k))
        last = i == len(lemmas) - 1
        end = len(word) if last else start + _common(word[start:], lemma)
        yield Part(lemma, start, end)
        at = end if not last else at


def _common(one: str, other: str) -> int:
    """Length of the common beginning."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
