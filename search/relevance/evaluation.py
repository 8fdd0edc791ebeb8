"""Scoring an engine on the judged queries and the known items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from search.engines.base import Engine
from search.queries import find
from search.relevance.judgements import Judged
from search.relevance.known_items import PAIRS, KnownItems, found, labels
from search.relevance.scoring import ndcg, recall
from search.types import LANGUAGES, Query

DEPTH = 20
Ranking = Callable[[Judged], Sequence[str]]


@dataclass(frozen=True)
class Score:
    """Means over queries, 0 to 1."""

    queries: int
    ndcg: float
    recall: float


def scores(rank: Ranking, asked: Iterable[Judged]) -> dict[str, Score]:
    """By language, and "all". `rank` gives the keys of the first 20, best first."""
    rows: dict[str, list[tuple[float, float]]] = {name: [] for name in (*LANGUAGES, "all")}
    for one in asked:
        ranking = rank(one)
        row = ndcg(ranking, one.grades), recall(ranking, one.grades)
        rows[one.language].append(row)
        rows["all"].append(row)
    return {
        name: Score(len(found), mean(n for n, _r in found), mean(r for _n, r in found))
        for name, found in rows.items()
        if found
    }


def by_search(keys: Mapping[str, str], source: str = "suppliers") -> Ranking:
    """What visitors get. `keys`: id -> key of the judgements."""

    def rank(one: Judged) -> Sequence[str]:
        results = find(Query(source, one.language, text=one.text, size=DEPTH, facets=()))
        if results.degraded:
            raise RuntimeError("Search is limited: there is nothing to score.")
        return [keys[hit.id] for hit in results.hits if hit.id in keys]

    return rank


def known_items(engine: Engine, *, concepts: bool, every: int = 1) -> dict[str, tuple[int, float]]:
    """ "da -> sv" -> (queries, recall@10); every n-th code."""
    told = {}
    for asked, written in PAIRS:
        source = KnownItems(written)
        engine.rebuild(source, source.documents(), list)
        chosen = [label for number, label in enumerate(labels()) if number % every == 0]
        hits = [found(engine, source, asked, label, concepts=concepts) for label in chosen]
        told[f"{asked} -> {written}"] = (len(hits), mean(hits))
    return told
