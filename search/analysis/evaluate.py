"""Score the analysis on the case files: `python -m search.analysis.evaluate [--misses] [FOLDER]`.

FOLDER is `tests/search/analysis/cases/held_out` (the default) or `…/development`, which the hand-kept lists may be
tuned on.

A case file has one line per document phrase: `phrase => query, query, !must-not query`, its class in brackets above.
A query matches when each of its words shares a token with the phrase.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import Stemmer

from . import LANGUAGES, analyse, query_tokens, words

CASES = Path(__file__).resolve().parents[2] / "tests" / "search" / "analysis" / "cases" / "held_out"
_WORD = re.compile(r"\w+")
_SNOWBALL = {"da": "danish", "sv": "swedish", "en": "english"}


class Case(NamedTuple):
    """`kind`: infl, comp, false, deriv or spell; `wanted`: whether the query should match the phrase."""

    language: str
    kind: str
    phrase: str
    query: str
    wanted: bool

    def __str__(self) -> str:
        return f"{self.language} {self.kind}: {self.phrase!r} <- {'' if self.wanted else '!'}{self.query}"


Matcher = Callable[[Case], bool]


def cases(folder: Path = CASES, languages: Iterable[str] = LANGUAGES) -> Iterator[Case]:
    """All cases of the files `cases_<language>.txt` in a folder."""
    for language in languages:
        kind = ""
        for line in (folder / f"cases_{language}.txt").read_text(encoding="utf-8").splitlines():
            line = line.split("#")[0].strip()
            if line.startswith("["):
                kind = line.strip("[]")
            elif line:
                phrase, _, queries = line.partition("=>")
                for query in filter(None, map(str.strip, queries.split(","))):
                    yield Case(language, kind, phrase.strip(), query.removeprefix("!"), not query.startswith("!"))


def ours(case: Case) -> bool:
    """Whether the query matches by our analysis."""
    document = {token for token, _, _ in analyse(case.phrase, case.language)}
    return all(any(t in document for t, _ in word.tokens) for word in query_tokens(case.query, case.language))


def snowball(case: Case) -> bool:
    """Whether it matches by the stemmer that search engines ship for the language."""
    stemmer = Stemmer.Stemmer(_SNOWBALL[case.language])
    document = set(stemmer.stemWords(_WORD.findall(case.phrase.lower())))
    return all(stem in document for stem in stemmer.stemWords(_WORD.findall(case.query.lower())))


def no_analysis(case: Case) -> bool:
    """Whether the very words occur."""
    document = set(words(case.phrase))
    return all(word in document for word in words(case.query))


def right(matches: Matcher, found: Iterable[Case]) -> tuple[int, int]:
    """(cases decided rightly, cases)."""
    results = [matches(case) == case.wanted for case in found]
    return sum(results), len(results)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m search.analysis.evaluate", description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=CASES)
    parser.add_argument("--misses", action="store_true", help="list what our analysis decides wrongly")
    options = parser.parse_args()
    every = list(cases(options.folder))
    columns = [(name, wanted) for name in (*LANGUAGES, "all") for wanted in (True, False)]
    head = [f"{name} {'found' if wanted else 'kept apart'}" for name, wanted in columns] + ["all"]
    print("| analysis | " + " | ".join(head) + " |")
    print("| --- |" + " ---: |" * len(head))
    for title, matches in (("none", no_analysis), ("Snowball", snowball), ("ours", ours)):
        groups = [[c for c in every if c.wanted == wanted and name in (c.language, "all")] for name, wanted in columns]
        scores = [right(matches, group) for group in [*groups, every]]
        print(
            f"| {title} | "
            + " | ".join(f"{good}/{total} ({good / max(1, total):.0%})" for good, total in scores)
            + " |"
        )
    if options.misses:
        for case in every:
            if ours(case) != case.wanted:
                print(case)


if __name__ == "__main__":
    main()
