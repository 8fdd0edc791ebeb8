"""Scores of a ranking against grades."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

RELEVANT = 2  # the least grade that counts as found, for recall


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, 0 to 1. A grade counts 2^grade - 1; 1 when nothing is relevant and nothing
    was found."""
    if not grades:
        return 0.0 if ranking else 1.0
    gain = sum((2 ** grades.get(key, 0) - 1) / math.log2(place + 2) for place, key in enumerate(ranking[:depth]))
    best = sorted(grades.values(), reverse=True)[:depth]
    return gain / sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(best))


def recall(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 20) -> float:
    """The share of what is relevant (grade 2 or 3) among the first `depth`, at most as many as fit; 1 when nothing
    is.
    """
    wanted = {key for key, grade in grades.items() if grade >= RELEVANT}
    return len(wanted & set(ranking[:depth])) / min(len(wanted), depth) if wanted else 1.0
