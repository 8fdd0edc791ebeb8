"""The judged queries speak of enterprises that exist, and of enough needs in every language."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
JUDGEMENTS = yaml.safe_load((ROOT / "search/relevance/judgements.yaml").read_text())
ENTERPRISES = {
    enterprise["key"]
    for country in ("dk", "se")
    for enterprise in yaml.safe_load((ROOT / f"directory/demo/enterprises_{country}.yaml").read_text())
}


@pytest.mark.parametrize("need", JUDGEMENTS, ids=lambda need: need["need"])
def test_need_grades_each_known_enterprise_once(need):
    graded = Counter(key for keys in need["grades"].values() for key in keys)
    assert set(need["grades"]) <= {1, 2, 3}
    assert set(graded) <= ENTERPRISES
    assert [key for key, times in graded.items() if times > 1] == []


def test_every_enterprise_answers_some_need():
    graded = {key for need in JUDGEMENTS for keys in need["grades"].values() for key in keys}
    assert ENTERPRISES - graded == set()


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_each_language_asks_enough_different_queries(language):
    queries = [query for need in JUDGEMENTS for query in need["queries"].get(language, [])]
    assert len(queries) >= 55
    assert len(set(queries)) == len(queries)


def test_needs_have_names_of_their_own():
    names = [need["need"] for need in JUDGEMENTS]
    assert len(set(names)) == len(names)
