"""From sources to the four tables of a language: forms, modifiers, proper names, rules.

A form's lemmas are voted for by the sources (a dictionary's noun counts 3, a lookup table 2, …); ties go to the form
itself, then to the alphabet, so that the same sources always make the same bytes.
"""

import collections
import gzip
import json
import re
from pathlib import Path
from typing import NamedTuple

import marisa_trie

from search.analysis.lexicon import ADJECTIVE, FORM, MODIFIER, NOUN, OTHER, PARTS_OF_SPEECH, PROPER, VERB, ZIPF_SCALE
from search.analysis.tables import rows

from . import sources
from .hunspell import Dictionary

WORD = re.compile(r"[^\W\d_]+$")
DICTIONARY_VOTES = {NOUN: 3.0, VERB: 1.5, ADJECTIVE: 1.5, OTHER: 1.0}
MIN_NAME = 6

# Suffix of a noun made from a verb, and what the verb has there instead.
DERIVATIONS = {
    "da": (
        ("ning", "e"), ("ning", ""), ("ing", "e"), ("else", "e"), ("ation", "ere"), ("ktion", "cere"), ("sel", "e"),
        ("ance", "ere"), ("ør", "ere"), ("eri", "e"),
    ),
    "sv": (
        ("ning", "a"), ("ning", ""), ("ing", "a"), ("ation", "era"), ("ktion", "cera"), ("ans", "era"), ("ande", "a"),
        ("ende", ""), ("else", "a"), ("sel", "a"), ("eri", "a"), ("ör", "era"), ("tion", "era"),
    ),
    "en": (),
}  # fmt: skip
NOUN_ENDINGS = {
    "da": ("", "en", "er", "erne", "s", "ens", "ers", "ernes"),
    "sv": ("", "en", "ar", "arna", "s", "ens", "ars", "arnas"),
}
MORE_ENDINGS = ("et", "ets", "e", "ene", "n", "r", "rna", "rne", "t")
INFINITIVE = {"da": "e", "sv": "a"}

Count = collections.defaultdict[tuple[str, str], float]
Votes = dict[str, Count]  # form -> {(lemma, part of speech): votes}
Rule = tuple[int, str]  # letters to strip, ending to add


class Words(NamedTuple):
    """What the sources say of a language before it is weighed."""

    votes: Votes
    modifiers: dict[str, set[str]]
    proper: set[str]
    common: set[str]  # forms that are also ordinary words, hence no names


def rule_of(form: str, lemma: str) -> Rule:
    """How to get from a form to its lemma."""
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return len(form) - same, lemma[same:]


class Endings:
    """Numbers the endings that rules add."""

    def __init__(self) -> None:
        self.numbers = {"": 0}

    def code(self, form: str, lemma: str) -> tuple[int, int]:
        strip, add = rule_of(form, lemma)
        return min(255, strip), self.numbers.setdefault(add, len(self.numbers))


def build(language: str, dictionaries: Path, cpv: Path, output: Path) -> dict[str, int]:
    """Write a language's tables into `output`; returns the number of entries in each."""
    zipf, labels = sources.frequencies(language), sources.label_words(cpv, language)
    words = Words(
        collections.defaultdict(lambda: collections.defaultdict(float)), collections.defaultdict(set), set(), set()
    )
    if language in sources.DICTIONARIES:
        _take_dictionary(words, dictionaries / sources.DICTIONARIES[language][0], language)
    table = sources.lookups(f"{language}_lemma_lookup")
    votes = words.votes
    lemmas = {lemma for c in votes.values() for lemma, _ in c} | {lemma.lower() for lemma in table.values()}
    nouns = {lemma for c in votes.values() for lemma, pos in c if pos == NOUN}
    if language == "en":
        nouns = _take_english(words, zipf, labels, lemmas)
    for form, lemma in table.items():
        form, lemma = form.lower(), lemma.lower()
        if not WORD.match(form) or not WORD.match(lemma):
            continue
        if language != "en" and not (zipf.get(form) or form in labels or form in votes):
            continue  # forms nobody writes
        known = [pos for other, pos in votes[form] if other == lemma]
        pos = known[0] if known else NOUN if lemma in nouns else OTHER
        votes[form][lemma, pos] += 2 if known or lemma in nouns or language == "en" else 1
    if language != "en":
        _take_judgement(votes, language, nouns)
    if language == "sv":
        _add_presents(votes)
    made = _nominalise(language, words)
    trade = sorted({word for row in rows(f"nouns_{language}.txt") for word in row})
    for word in trade:
        for ending in ("", *(e for e in NOUN_ENDINGS.get(language, ("s",)) + MORE_ENDINGS if e)):
            votes[word + ending][word, NOUN] += 1.6 if ending else 4
        nouns.add(word)
        lemmas.add(word)
        words.modifiers[word].add(word)
        words.modifiers[word + "s"].add(word)

    chosen = {form: _choose(form, c) for form, c in votes.items()}
    weight = _weigh(chosen, zipf, labels, trade, made)
    endings = Endings()
    forms = [
        (form, b"".join(_pack(endings, form, reading, weight) for reading in chosen[form])) for form in sorted(chosen)
    ]
    modifiers = [
        (
            form,
            _pack_modifier(
                endings, form, _modifier_lemma(language, form, words.modifiers[form], nouns, lemmas, weight), weight
            ),
        )
        for form in sorted(words.modifiers)
    ]
    names = sorted(w for w in words.proper if WORD.match(w) and w not in words.common and len(w) >= MIN_NAME)
    suffixes = _learn_suffixes({form: readings[0][0] for form, readings in chosen.items() if len(form) > 4})
    families = _derive(language, votes, weight, labels, made)
    output.mkdir(parents=True, exist_ok=True)
    marisa_trie.BytesTrie(forms).save(str(output / f"{language}.forms.marisa"))
    marisa_trie.BytesTrie(modifiers).save(str(output / f"{language}.modifiers.marisa"))
    marisa_trie.Trie(names).save(str(output / f"{language}.proper.marisa"))
    rules = {"endings": list(endings.numbers), "suffixes": suffixes, "families": families}
    text = json.dumps(rules, ensure_ascii=False, separators=(",", ":"))
    (output / f"{language}.rules.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    return {
        "forms": len(forms),
        "modifiers": len(modifiers),
        "proper": len(names),
        "suffixes": len(suffixes),
        "families": len(families),
    }


# What the sources say


def _take_dictionary(words: Words, prefix: Path, language: str) -> None:
    for form, lemma, pos, stands_alone, begins_compound in Dictionary(prefix, language):
        if pos == PROPER or (form[:1].isupper() and not form.isupper()):
            words.proper.add(form.lower())
            continue
        low, base = form.strip("-").lower(), lemma.strip("-").lower()
        if not WORD.match(low) or not WORD.match(base):
            continue
        if begins_compound:
            words.modifiers[low].add(base)
        if stands_alone and not form.endswith("-"):
            words.common.add(low)
            vote = DICTIONARY_VOTES[pos] - (low == base and pos == NOUN)
            words.votes[low][base, pos] = max(words.votes[low][base, pos], vote)


def _take_english(words: Words, zipf: dict[str, float], labels: dict[str, int], lemmas: set[str]) -> set[str]:
    """English has no Hunspell source here: spaCy's word index and exceptions.  Returns the nouns."""
    index, exceptions = sources.lookups("en_lemma_index"), sources.lookups("en_lemma_exc")
    nouns, verbs = set(index["noun"]), set(index["verb"])
    for word in sorted(nouns | verbs | set(index["adj"])):
        if WORD.match(word) and (zipf.get(word, 0) >= 2 or word in labels):
            words.votes[word][word, NOUN if word in nouns else VERB if word in verbs else ADJECTIVE] += 2
    for name, pos in (("noun", NOUN), ("verb", VERB), ("adj", ADJECTIVE)):
        for form, bases in exceptions[name].items():
            for base in bases:
                if WORD.match(form) and WORD.match(base):
                    words.votes[form][base, pos] += 2
    for word in nouns:
        if zipf.get(word, 0) >= 2.5 and WORD.match(word):
            words.modifiers[word].add(word)
    lemmas |= nouns | verbs
    return nouns


def _take_judgement(votes: Votes, language: str, nouns: set[str]) -> None:
    """lemmy's opinion of forms that may be nouns."""
    import lemmy

    judge = lemmy.load(language)
    for form, count in votes.items():
        if not count or any(pos == NOUN for _, pos in count):
            for lemma in judge.lemmatize("NOUN", form):
                if (lemma in nouns and lemma != form) or (lemma, NOUN) in count:
                    count[lemma, NOUN] += 2


def _add_presents(votes: Votes) -> None:
    """Swedish first conjugation: the dictionary leaves out some forms of verbs whose past it has."""
    verbs = sorted({lemma for c in votes.values() for lemma, pos in c if pos == VERB and lemma.endswith("a")})
    for verb in verbs:
        if verb + "de" in votes:
            for ending in ("r", "t", "d", "s", "nde"):
                count = votes[verb + ending]
                count[verb, VERB] = max(count[verb, VERB], 1.5)


def _nominalise(language: str, words: Words) -> dict[str, str]:
    """{noun: verb}: adds the -ning and -ing nouns that the dictionary only implies (klipning, pudsning), inflected."""
    made: dict[str, str] = {}
    if language == "en":
        return made
    votes, end = words.votes, INFINITIVE[language]
    for verb in sorted({lemma for c in votes.values() for lemma, pos in c if pos == VERB}):
        if len(verb) < 3 or not verb.endswith((end, "å", "y")):
            continue
        stem = verb.removesuffix(end)
        if stem.endswith("er") and len(stem) > 4:
            noun = stem + "ing"
        else:
            if len(stem) > 3 and stem[-1] == stem[-2] and (language == "da" or stem[-1] in "mn"):
                stem = stem[:-1]
            noun = stem + "ning"
        if noun in votes and any(lemma == noun for lemma, _ in votes[noun]):
            if any(lemma == noun and pos == NOUN for lemma, pos in votes[noun]):
                made[noun] = verb
            continue
        made[noun] = verb
        for ending in NOUN_ENDINGS[language]:
            votes[noun + ending][noun, NOUN] += 2
        words.modifiers[noun + "s"].add(noun)
    return made


# What the tables keep


def _choose(form: str, count: Count) -> list[tuple[str, str]]:
    """Up to three (lemma, part of speech) of a form, best first."""
    kept: dict[str, str] = {}
    for (lemma, pos), votes in sorted(count.items(), key=lambda kv: (-kv[1], kv[0][0] != form, kv[0])):
        if lemma not in kept and (votes >= 1.5 or not kept):
            kept[lemma] = pos
    return list(kept.items())[:3]


def _weigh(
    chosen: dict[str, list[tuple[str, str]]],
    zipf: dict[str, float],
    labels: dict[str, int],
    trade: list[str],
    made: dict[str, str],
) -> dict[str, float]:
    """{lemma: Zipf frequency}: that of its commonest form; words of the CPV labels and of the trade are never rare."""
    weight: dict[str, float] = collections.defaultdict(float)
    for form, readings in chosen.items():
        for lemma, _ in readings[1:]:
            weight[lemma] = max(weight[lemma], zipf.get(form, 0) - 1.0)
        best = readings[0][0]
        label = 3.0 + min(1.0, 0.1 * labels[form]) if form in labels else 0
        weight[best] = max(weight[best], zipf.get(form, 0), label)
    for word in labels:
        weight[word] = max(weight[word], 2.5)
    for word in trade:
        weight[word] = max(weight[word], 3.5)
    for noun, verb in made.items():  # a noun that the dictionary only implies is as likely as its verb
        weight[noun] = max(weight[noun], min(3.5, weight[verb] - 0.5))
    return weight


def _byte(zipf: float) -> int:
    return min(255, int(zipf * ZIPF_SCALE))


def _pack(endings: Endings, form: str, reading: tuple[str, str], weight: dict[str, float]) -> bytes:
    lemma, pos = reading
    return FORM.pack(*endings.code(form, lemma), PARTS_OF_SPEECH.index(pos), _byte(weight.get(lemma, 0)))


def _pack_modifier(endings: Endings, form: str, lemma: str, weight: dict[str, float]) -> bytes:
    return MODIFIER.pack(*endings.code(form, lemma), _byte(weight.get(lemma, 0)))


def _modifier_lemma(
    language: str, form: str, bases: set[str], nouns: set[str], lemmas: set[str], weight: dict[str, float]
) -> str:
    """The word a compound-beginning form belongs to: skol- is skola, löne- is lön, gatu- is gata."""
    found = {base for base in bases if base in lemmas or base in weight}
    if not found & nouns:
        guesses: tuple[str, ...] = ()
        if language == "sv":
            guesses = (form + "a", form + "e", form[:-1], form[:-1] + "a", form[:-1] + "e")
        elif language == "da" and form[-1] in "se":
            guesses = (form[:-1], form + "e")
        found |= {g for g in guesses if g in nouns and weight.get(g, 0) > 2 and len(g) > 2}
    return max(found or {form}, key=lambda lemma: (weight.get(lemma, 0) + (lemma in nouns), lemma))


def _learn_suffixes(pairs: dict[str, str], least: int = 25, share: float = 0.7) -> dict[str, Rule]:
    """{suffix of a form: rule} for unknown words: learned where at least `share` of `least` known forms agree."""
    votes: dict[str, collections.Counter[Rule]] = collections.defaultdict(collections.Counter)
    for form, lemma in pairs.items():
        rule = rule_of(form, lemma)
        if rule[0] <= 6:
            for length in range(max(2, rule[0]), 8):
                if len(form) >= length + 2:
                    votes[form[-length:]][rule] += 1
    found: dict[str, Rule] = {}
    for suffix in sorted(votes, key=lambda s: (len(s), s)):
        rule, count = min(votes[suffix].items(), key=lambda item: (-item[1], item[0]))
        total = votes[suffix].total()
        if total < least or count / total < share:
            continue
        shorter = next((found[suffix[i:]] for i in range(1, len(suffix) - 1) if suffix[i:] in found), None)
        if shorter != rule:
            found[suffix] = rule
    return found


def _derive(
    language: str, votes: Votes, weight: dict[str, float], labels: dict[str, int], made: dict[str, str]
) -> dict[str, str]:
    """{lemma: verb}: nouns that a suffix derives from a known verb, and those verbs themselves."""
    verbs = {lemma for c in votes.values() for lemma, pos in c if pos == VERB}
    found: dict[str, str] = {}
    for noun in sorted({lemma for c in votes.values() for lemma, pos in c if pos == NOUN}):
        candidates = [made[noun]] if noun in made else []
        for suffix, end in DERIVATIONS[language]:
            if noun.endswith(suffix) and len(noun) > len(suffix) + 1:
                verb = noun.removesuffix(suffix) + end
                if verb in verbs and len(verb) >= (2 if end == "" else 4):
                    candidates.append(verb)
        candidates = [
            verb
            for verb in candidates
            if verb != noun
            and (max(weight.get(verb, 0), weight.get(noun, 0)) >= 1.5 or noun in labels or verb in labels)
        ]
        if candidates:
            best = max(candidates, key=lambda verb: (weight.get(verb, 0), verb))
            found[noun] = best
            found.setdefault(best, best)
    return found
