"""The judged queries of `judgements.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("judgements.yaml")


@dataclass(frozen=True)
class Judged:
    """One query in one language, and the grade (1 to 3) of each key that is relevant. `trait`: what it tries, or ""."""

    need: str
    language: str
    text: str
    grades: Mapping[str, int]
    trait: str = ""


def judged(file: Path = FILE) -> Iterator[Judged]:
    """Every query of every need."""
    for need in yaml.safe_load(file.read_text(encoding="utf-8")):
        grades = {key: grade for grade, keys in need["grades"].items() for key in keys}
        for language, texts in need["queries"].items():
            for text in texts:
                yield Judged(need["need"], language, text, grades, need.get("trait", ""))
