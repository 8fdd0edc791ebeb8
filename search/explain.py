"""Why a hit is there: which typed word stands where in it, in which form, or which code means the same.

Works on the texts the engine gives back, by the tokens of the plan: the reasons are those of the match, in any engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from search import analysis
from search.analysis import LEMMA, PLAIN, analyser
from search.facets import Facet
from search.highlight import Highlight, Marker
from search.sources import Source
from search.types import LANGUAGES, Found, Plan, Why

RANKS = {"exact": 0, "inflected": 1, "part": 2, "family": 3, "plain": 3, "translated": 4}
RELATIONS = {analysis.ALT: "inflected", analysis.PART: "part", analysis.FAMILY: "family", PLAIN: "plain"}


@dataclass(frozen=True)
class Reasons:
    """The tokens of a plan by language: token -> (position of the typed word, whether it is a translation)."""

    plan: Plan
    tokens: Mapping[str, Mapping[str, tuple[int, bool]]]
    meanings: dict[str, _Meanings] = field(default_factory=dict)
    markers: dict[str, Marker] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> Reasons:
        tokens: dict[str, dict[str, tuple[int, bool]]] = {language: {} for language in LANGUAGES}
        for position, word in enumerate(plan.words):
            grouped = [clause for way in word.together for group in way for clause in group]
            for clause in (*word.clauses, *grouped):
                tokens[clause.language].setdefault(clause.token, (position, clause.translated))
        return cls(plan, tokens)

    def marked(self, text: str, language: str, max_length: int | None = None) -> Highlight:
        """The text with what was found in it marked, translations too."""
        if language not in self.markers:
            typed = " ".join(word.text for word in self.plan.words)
            translations = [
                (token, self.plan.words[position].text)
                for token, (position, translated) in self.tokens[language].items()
                if translated
            ]
            self.markers[language] = Marker(typed, language, translations)
        return self.markers[language].mark(text, max_length)

    def why(self, source: Source, found: Found) -> tuple[Why, ...]:
        """A reason for each typed word that is somewhere in the hit, the reader's language first; else the concept."""
        reasons: dict[int, Why] = {}
        for language in (self.plan.language, *(other for other in LANGUAGES if other != self.plan.language)):
            texts = found.texts.get(language)
            if not texts or not self.tokens[language]:
                continue
            for text in source.texts:
                if len(reasons) == len(self.plan.words):
                    break
                for position, matched, relation in self._matches(texts.get(text.name, ""), language, reasons):
                    typed = self.plan.words[position]
                    reasons[position] = Why(text.name, text.label, typed.text, matched, relation, language)
        if all(position in reasons or word.optional for position, word in enumerate(self.plan.words)):
            return tuple(reasons[position] for position in sorted(reasons))
        return tuple(self._concepts(source, found)) or tuple(reasons[position] for position in sorted(reasons))

    def _meanings(self, language: str) -> _Meanings:
        if language not in self.meanings:
            self.meanings[language] = _Meanings(self, language)
        return self.meanings[language]

    def _matches(self, text: str, language: str, known: Mapping[int, Why]) -> Iterator[tuple[int, str, str]]:
        """(position of the typed word, the word as written, relation) of the best match of each typed word."""
        meanings = self._meanings(language)
        if not any(map(meanings.__getitem__, analysis.words(text))):  # most texts: places are not worth looking for
            return
        best: dict[int, tuple[int, str, str]] = {}
        for start, end, word in analysis.spans(text):
            for position, relation in meanings[word]:
                rank = RANKS[relation]
                if position not in known and (position not in best or rank < best[position][0]):
                    best[position] = (rank, text[start:end], relation)
        for position, (_rank, matched, relation) in best.items():
            yield position, matched, relation

    def _concepts(self, source: Source, found: Found) -> Iterator[Why]:
        typed = " ".join(word.text for word in self.plan.words)
        for concept in self.plan.concepts:
            facet: Facet | None = source.facet(concept.facet)
            if facet and concept.code in found.facets.get(concept.facet, ()):
                label = concept.label
                yield Why(concept.facet, facet.label, typed, label.text, "concept", label.language, concept.code)
                return


class _Meanings(dict[str, tuple[tuple[int, str], ...]]):
    """(position of a typed word, relation) for what a word of a text has to do with the query, mostly nothing; found
    when first asked for, because the texts of an answer repeat their words.
    """

    def __init__(self, reasons: Reasons, language: str) -> None:
        self.plan, self.wanted = reasons.plan, reasons.tokens[language]
        self.tokens = analyser(language).tokens

    def __missing__(self, word: str) -> tuple[tuple[int, str], ...]:
        found = []
        for token in self.tokens(word):
            if token.text in self.wanted:
                position, translated = self.wanted[token.text]
                found.append((position, self.relation(token.kind, word, position, translated)))
        self[word] = tuple(found)
        return self[word]

    def relation(self, kind: str, word: str, position: int, translated: bool) -> str:
        if translated:
            return "translated"
        if kind == LEMMA:
            return "exact" if word == self.plan.words[position].text else "inflected"
        return RELATIONS[kind]
