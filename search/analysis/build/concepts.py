"""The concept tables, from the CPV labels in all languages: which code a query means, which words translate each other.

They need nothing but the CPV file and the word tables, so they can be built without the dictionaries:
`python -m search.analysis.build --concepts`.
"""

import collections
import gzip
import math
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

import marisa_trie

from search.analysis.analyser import LANGUAGES
from search.analysis.concept_tables import LABELS, PAIRS, POSTINGS, PRECISION, TOTALS, pair_key, posting_key
from search.analysis.units import Unit, generic, units

MIN_TOGETHER, MIN_DICE, MIN_OF_BEST, MAX_WORDS = 2, 0.4, 0.85, 3

Row = tuple[str, dict[str, str]]  # code, {language: label}


def read(cpv: Path) -> list[Row]:
    """The codes and labels of a tab-separated file with columns code, en, da, sv."""
    header, *lines = cpv.read_text(encoding="utf-8").splitlines()
    names = header.split("\t")
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines]
    return [(row["code"], {language: row[language] for language in LANGUAGES}) for row in rows]


def build(cpv: Path, output: Path) -> dict[str, int]:
    """Write the concept tables into `output`; returns the number of entries in each."""
    rows = read(cpv)
    if len(rows) > 0xFFFF:
        raise ValueError("more labels than a posting can number")
    read_units = {language: [units(labels[language], language) for _, labels in rows] for language in LANGUAGES}
    postings: list[tuple[str, bytes]] = []
    totals = []
    for language, every in read_units.items():
        labels = [[unit for unit in label if unit.word not in generic(language)] for label in every]
        found = _postings(labels)
        postings += [
            (posting_key(language, token), struct.pack(f"<{len(at)}H", *at)) for token, at in sorted(found.items())
        ]
        count = {token: len(at) for token, at in found.items()}
        totals += [min(0xFFFF, round(_total(label, count, len(rows)) * PRECISION)) for label in labels]
    pairs = [
        (pair_key(one, other, word), "|".join(f"{w}:{round(100 * dice)}" for w, dice in found).encode())
        for one in LANGUAGES
        for other in LANGUAGES
        if one != other
        for word, found in sorted(learn(read_units[one], read_units[other]).items())
    ]
    paths = _paths([code for code, _ in rows])
    lines = ["\t".join((code, paths[code], *(labels[lang] for lang in LANGUAGES))) for code, labels in rows]
    output.mkdir(parents=True, exist_ok=True)
    (output / LABELS).write_bytes(gzip.compress("\n".join(lines).encode(), 9, mtime=0))
    (output / TOTALS).write_bytes(struct.pack(f"<{len(totals)}H", *totals))
    marisa_trie.BytesTrie(postings).save(str(output / POSTINGS))
    marisa_trie.BytesTrie(pairs).save(str(output / PAIRS))
    return {"labels": len(lines), "postings": len(postings), "pairs": len(pairs)}


def _postings(labels: Sequence[Sequence[Unit]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = collections.defaultdict(list)
    for number, label in enumerate(labels):
        for token in sorted({token for unit in label for token in unit.tokens}):
            found[token].append(number)
    return found


def _total(label: Iterable[Unit], count: dict[str, int], labels: int) -> float:
    """What a query that says all of a label would score."""
    return sum(math.log(1 + labels / max(count[token] for token in unit.tokens)) for unit in label)


def learn(one: Sequence[Sequence[Unit]], other: Sequence[Sequence[Unit]]) -> dict[str, list[tuple[str, float]]]:
    """{word: [(translation, Dice), …]} from labels that mean the same.

    A translation must not be much better explained by another word: *vedligeholdelse* takes *underhåll* from
    *reparation*, which only stands beside it.
    """
    bags = [({u.word for u in a}, {u.word for u in b}) for a, b in zip(one, other, strict=True)]
    count_one = collections.Counter(word for bag, _ in bags for word in bag)
    count_other = collections.Counter(word for _, bag in bags for word in bag)
    together: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for a, b in bags:
        for word in a:
            together[word].update(b)
    dice = {
        word: {t: 2 * n / (count_one[word] + count_other[t]) for t, n in counts.items() if n >= MIN_TOGETHER}
        for word, counts in together.items()
    }
    best: dict[str, float] = collections.defaultdict(float)
    for scores in dice.values():
        for translation, score in scores.items():
            best[translation] = max(best[translation], score)
    found = {}
    for word, scores in dice.items():
        kept = [(t, s) for t, s in scores.items() if s >= MIN_DICE and s >= MIN_OF_BEST * best[t]]
        if kept:
            found[word] = sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:MAX_WORDS]
    return found


def _paths(codes: Sequence[str]) -> dict[str, str]:
    """{code: its ancestors' and its own significant digits}, such as 90/909/9091/90919/909193."""
    digits = {code[:2] + code[2:].rstrip("0"): code for code in codes}
    return {
        code: "/".join(own[:n] for n in range(2, len(own) + 1) if own[:n] in digits) for own, code in digits.items()
    }
