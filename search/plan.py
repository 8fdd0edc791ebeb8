"""Text -> Plan: which tokens, of which languages, satisfy which word. The same for every engine.

Every word is analysed as each language, and must be found in any text of a document, in any of its languages. Words of
the reader's own language weigh most. What weighs little and is not required: function words beside content words.
"""

from __future__ import annotations

from collections.abc import Iterable

from search import analysis
from search.concepts import Concepts, Translation, meaning
from search.types import LANGUAGES, Clause, Concept, Label, Plan, Word

FOREIGN = 0.5  # weight of a match in another language than the reader's
TIERS = {"word": 1.0, "part": 0.5}
PART_WEIGHT = analysis.WEIGHTS[analysis.PART]
MAX_WORDS = 12  # further words of a long text are not asked for


def make_plan(text: str, language: str, *, by_parts: bool = False, concepts: bool = True) -> Plan:
    """The plan for a text typed by a reader of `language`.

    `by_parts`: a compound is also satisfied when all of its parts are (the fallback when it finds nothing itself).
    `concepts`: also what means the same in other words and languages.
    """
    read = {other: analysis.query_tokens(text, other)[:MAX_WORDS] for other in (language, *_others(language))}
    mine = read[language]
    meant = meaning(text, language) if concepts and mine else Concepts()
    words = []
    for position, word in enumerate(mine):
        clauses = list(_clauses(word, language, 1.0))
        together = [_groups(word, language, 1.0)] if by_parts and word.part_groups else []
        weak = word.weak
        for other in _others(language):
            foreign = read[other][position]
            if foreign.weak:
                weak = weak or not word.known
                continue  # a content word here is a function word there: `have` is a garden, and everywhere in English
            clauses += _clauses(foreign, other, FOREIGN, plain=not word.known)
            if by_parts and foreign.part_groups:
                together.append(_groups(foreign, other, FOREIGN))
        for other, translations in meant.words.items():
            for translation in translations:
                if translation.source == word.text:
                    way = _translation(translation, other)
                    if len(way) == 1:
                        clauses += way[0]
                    else:
                        together.append(way)
        together += [
            tuple(_any_of(tokens, other, PART_WEIGHT * FOREIGN, translated=True) for tokens in parts)
            for other, parts in meant.groups.get(word.text, {}).items()
        ]
        # A part that has no word in the other language cannot be met there, and neither can the whole.
        ways = tuple(way for way in together if way and all(way))
        words.append(Word(word.text, _strongest(clauses), ways, weak))
    if all(word.optional for word in words):
        words = [Word(word.text, word.clauses, word.together) for word in words]
    codes = tuple(Concept(code.facet, code.code, code.weight, Label(*code.label)) for code in meant.codes)
    return Plan(language, tuple(words), codes)


def _others(language: str) -> tuple[str, ...]:
    return tuple(other for other in LANGUAGES if other != language)


def _token(token: str, language: str, weight: float, translated: bool = False) -> list[Clause]:
    """Where a token may stand: families among the parts, plain forms by themselves, all others as word or as part."""
    if token[0] == "%":
        return [Clause(language, "part", token, weight, translated)]
    if token[0] == "~":
        return [Clause(language, "plain", token, weight, translated)]
    return [Clause(language, tier, token, weight * boost, translated) for tier, boost in TIERS.items()]


def _clauses(word: analysis.QueryWord, language: str, factor: float, *, plain: bool = True) -> list[Clause]:
    return [
        clause
        for token, weight in word.tokens
        if plain or token not in word.plain
        for clause in _token(token, language, weight * factor)
    ]


def _any_of(tokens: Iterable[str], language: str, weight: float, translated: bool = False) -> tuple[Clause, ...]:
    return tuple(clause for token in tokens for clause in _token(token, language, weight, translated))


def _groups(word: analysis.QueryWord, language: str, factor: float) -> tuple[tuple[Clause, ...], ...]:
    return tuple(_any_of(group, language, PART_WEIGHT * factor) for group in word.part_groups)


def _translation(translation: Translation, language: str) -> tuple[tuple[Clause, ...], ...]:
    """What a typed word is called in another language: for each word of that, the clauses of which one must hold."""
    names = [word for word in analysis.query_tokens(translation.word, language) if not word.weak]
    return tuple(
        tuple(
            clause
            for token, weight in name.tokens
            if token not in name.plain
            for clause in _token(token, language, weight * translation.weight * FOREIGN, translated=True)
        )
        for name in names
    )


def _strongest(clauses: list[Clause]) -> tuple[Clause, ...]:
    """Each token once in each place, with its greatest weight."""
    best: dict[tuple[str, str, str], Clause] = {}
    for clause in clauses:
        place = (clause.language, clause.tier, clause.token)
        if place not in best or best[place].weight < clause.weight:
            best[place] = clause
    return tuple(best.values())
