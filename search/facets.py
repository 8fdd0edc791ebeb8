"""Facets: named sets of codes to narrow by. Codes are stored and sent; labels are resolved when they are shown."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from search.collation import sort_key
from search.concepts import Labelled
from search.types import Bucket, FacetResult, Label, Query


def parent_of(code: str) -> str | None:
    """The ancestor right above an ancestor-path code; None at the top."""
    return code.rpartition("/")[0] or None


def with_ancestors(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes and everything above them, sorted, each once: what a document carries."""
    return _with_ancestors(tuple(codes))


@functools.lru_cache(2_000)  # many documents carry the same: all of a region
def _with_ancestors(codes: tuple[str, ...]) -> tuple[str, ...]:
    found = set()
    for code in codes:
        while code and code not in found:
            found.add(code)
            code = code.rpartition("/")[0]
    return tuple(sorted(found))


def most_first(codes: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """Sorted by count; equal ones stay in the order they are in."""
    return sorted(codes, key=counts.__getitem__, reverse=True)


class Facet:
    """One way to narrow results. Subclass, set the attributes, give `labels`.

    name: URL parameter and index field, lower-case English, the same in every language.
    label: lazy translation. tree: codes are ancestor paths. levels: of a tree with thousands of values, how many levels
    are counted at once; of the others only what hangs below the selected values. 0: all. display: how a page shows it
    (tree | list | map | pictograms). folded: its box on a page opens on request. concepts: a code's words may stand
    for a query (search.concepts knows it). completes: autocomplete offers its values. model: whose rows the values
    are, where they are rows.
    """

    name: str = ""
    label: Any = ""
    tree: bool = False
    levels: int = 0
    display: str = "list"
    folded: bool = False
    concepts: bool = False
    completes: bool = False
    model: type[Model] | None = None

    def __init__(self, **attributes: Any) -> None:
        for name, value in attributes.items():
            if not hasattr(type(self), name):
                raise TypeError(f"Facet has no attribute {name!r}")
            setattr(self, name, value)

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        """code -> Label in the reader's language, or the visible fallback; codes that do not exist are left out.

        One SQL query at most, however many codes.
        """
        raise NotImplementedError

    def canonical(self, typed: Collection[str]) -> Mapping[str, str]:
        """typed -> code for every value that exists; override to accept other spellings (a CPV code's digits)."""
        known = self.labels(typed, "en")
        return {code: code for code in typed if code in known}

    def neighbours(self, code: str) -> Sequence[str]:
        """Codes worth trying when `code` finds nothing, nearest first; none by default."""
        return ()

    def meanings(self) -> Iterable[Labelled] | None:
        """What the codes are called in each language, so that a query may mean them; None where that is known."""
        return None

    def complete(self, typed: str, language: str) -> Sequence[tuple[str, Label]]:
        """(code, label) of values with a word that begins as typed, best first. One SQL query at most."""
        return ()

    def upper(self, codes: Iterable[str]) -> list[str]:
        """Those in the levels that are always counted."""
        return [code for code in codes if code.count("/") < self.levels]

    def counts_all(self, query: Query) -> bool:
        """Whether a query asks for every value, however deep."""
        return not self.levels or self.name in query.unfold

    def counts_upper(self, query: Query) -> bool:
        """Whether a query asks for the upper levels alone."""
        return not self.counts_all(query) and not query.filters.get(self.name)

    def asked(self, counts: Mapping[str, int], query: Query) -> Mapping[str, int]:
        """Of all counts those that a query asks for: in the upper levels, and right below what is selected and what is
        above that.
        """
        selected = query.filters.get(self.name)
        if not selected or self.counts_all(query):
            return counts
        upper, opened = set(self.upper(counts)), set(with_ancestors(selected))
        return {code: n for code, n in counts.items() if code in upper or parent_of(code) in opened}

    def order(self, codes: Mapping[str, int], labels: Mapping[str, Label], language: str) -> Sequence[str]:
        """Codes in the order a reader sees them among their siblings: most counted first, then by label."""
        return most_first(sorted(codes, key=lambda code: (sort_key(labels[code].text, language), code)), codes)

    def result(self, counts: Mapping[str, int], selected: Collection[str], language: str) -> FacetResult:
        """The values with a count and those selected, with labels; parents before their children.

        In a tree each hangs below the nearest of its ancestors that is there: only what is selected can lack its own.
        A code without a label (deleted since it was indexed) is left out, and so is what hangs below it.
        """
        wanted = {code: count for code, count in counts.items() if count}
        for code in selected:
            wanted.setdefault(code, 0)
        labels = self.labels(wanted.keys(), language)
        shown = wanted if len(labels) == len(wanted) else {code: wanted[code] for code in labels}
        ordered = self.order(shown, labels, language)
        chosen = frozenset(selected)
        if self.tree:
            buckets = _hung(ordered, wanted, labels, chosen)
        else:
            buckets = [Bucket(code, *labels[code], wanted[code], code in chosen, None) for code in ordered]
        return FacetResult(self.name, str(self.label), self.display, tuple(buckets), self.folded)


def _hung(
    ordered: Iterable[str], counts: Mapping[str, int], labels: Mapping[str, Label], chosen: Collection[str]
) -> list[Bucket]:
    """A tree's values, each with what hangs below it right behind it. There may be thousands."""
    below: dict[str | None, list[str]] = {}
    for code in ordered:
        above = parent_of(code)
        while above and above not in counts:
            above = parent_of(above)
        if above in below:
            below[above].append(code)
        else:
            below[above] = [code]
    buckets: list[Bucket] = []

    def hang(codes: Iterable[str], parent: str | None, depth: int) -> None:  # as deep as the tree, which is not deep
        for code in codes:
            label, written = labels[code]
            buckets.append(Bucket(code, label, written, counts[code], code in chosen, parent, depth))
            if code in below:
                hang(below[code], code, depth + 1)

    hang(below.get(None, ()), None, 0)
    return buckets


class AddedFacet(Facet):
    """A facet that an app or a plugin adds to the source of another, by the hook `search_facets`."""

    def codes(self, ids: Sequence[str]) -> Mapping[str, Iterable[str]]:
        """id of a document -> codes that it carries, for these ids; in a tree what is above them is added.

        One SQL query, however many ids.
        """
        raise NotImplementedError

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        """Model -> function of a changed instance that gives the ids of documents whose codes change with it."""
        return {}


class ChoiceFacet(Facet):
    """A facet whose values are fixed: `choices` maps code -> lazy label, in the order to show them."""

    choices: Mapping[str, Any] = {}

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        with override(language):
            return {code: Label(str(label), language) for code, label in self.choices.items() if code in codes}

    def order(self, codes: Mapping[str, int], labels: Mapping[str, Label], language: str) -> Sequence[str]:
        return [code for code in self.choices if code in codes]


class DateFacet(Facet):
    """Years with their months: "2027", "2027/03"."""

    name, label, tree, display = "date", _("Date"), True, "tree"
    _MONTH = re.compile(r"(?P<year>\d{4})(?:/(?P<month>0[1-9]|1[0-2]))?", re.ASCII)

    @staticmethod
    def codes_of(day: datetime.date) -> tuple[str, ...]:
        """What a thing of that day carries."""
        return with_ancestors([f"{day.year:04}/{day.month:02}"])

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        with override(language):
            return {code: Label(text, language) for code in codes if (text := self.text_of(code))}

    def text_of(self, code: str) -> str:
        """The year, or the month with its year, in the active language; "" for what is neither."""
        match = self._MONTH.fullmatch(code)
        if not match or int(match["year"]) == 0:
            return ""
        if match["month"] is None:
            return code
        return capfirst(formats.date_format(datetime.date(int(match["year"]), int(match["month"]), 1), "F Y"))

    def order(self, codes: Mapping[str, int], labels: Mapping[str, Label], language: str) -> Sequence[str]:
        """The years, the latest first; months as they follow each other."""
        return [*sorted((c for c in codes if "/" not in c), reverse=True), *sorted(c for c in codes if "/" in c)]
