"""The directory's facets. Codes come from the models' paths, labels in the reader's language or a visible stand-in."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from directory.models import Category, Certification, CpvCode, Eligibility, Offer, Place, SocialObjective
from directory.models.cpv import canonical_cpv
from search.collation import sort_key
from search.completion import beginnings, fit
from search.concepts import Labelled
from search.facets import ChoiceFacet, Facet, most_first, parent_of
from search.types import LANGUAGES, Label
from torv.languages import fallback_chain, in_every_language
from torv.text import text_of


def label_of(instance: Model, field: str, language: str) -> Label:
    """A translated field as a Label: in the reader's language, or the language that stands in."""
    text = text_of(instance, field, language)
    return Label(str(text.text), text.language)


#: Before the name of a relation whose rows were read ahead: see `directory.search.common.read`.
READ = "read_"


def related(instance: Model, name: str) -> list[Any]:
    """The rows of a relation: those read ahead, or else read now."""
    ahead = instance.__dict__.get(READ + name)
    return list(getattr(instance, name).all()) if ahead is None else ahead


class ModelFacet(Facet):
    """A facet whose codes are a column of a model with a translated label."""

    model: type[Model]
    column = "code"
    field = "name"

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        if not codes:
            return {}
        rows = self.rows()
        if len(codes) <= 500:  # more are cheaper to read all than to name
            rows = rows.filter(**{f"{self.column}__in": list(codes)})
        wanted, chain = set(codes), fallback_chain(language)
        return {row[0]: self.label_from(row, chain) for row in self.columns(rows) if row[0] in wanted}

    def rows(self) -> QuerySet:
        return self.model._default_manager.order_by()

    def columns(self, rows: QuerySet) -> QuerySet:
        """Rows of (code, label in each language): plain values, because making thousands of instances takes longer
        than finding what they label."""
        return rows.values_list(self.column, *in_every_language(self.field))

    def label_from(self, row: Sequence[str], chain: Sequence[str]) -> Label:
        """The label in the first language of the chain that has one."""
        for language in chain:
            if text := row[1 + LANGUAGES.index(language)]:
                return Label(text, language)
        return Label("", "")


class Known:
    """All values of a facet at one time: code -> row; their labels, and each one's place when they are sorted by that,
    as they are asked for.
    """

    def __init__(self, rows: Mapping[str, Sequence[str]], label_from: Callable[..., Label]) -> None:
        self.rows, self.read = rows, time.monotonic()
        self._label_from = label_from
        self._labels: dict[str, Mapping[str, Label]] = {}
        self._ranks: dict[str, Mapping[str, int]] = {}

    def labels(self, language: str) -> Mapping[str, Label]:
        if language not in self._labels:
            chain = fallback_chain(language)
            self._labels[language] = {code: self._label_from(row, chain) for code, row in self.rows.items()}
        return self._labels[language]

    def ranks(self, language: str) -> Mapping[str, int]:
        if language not in self._ranks:
            labels = self.labels(language)
            by_label = sorted(labels, key=lambda code: (sort_key(labels[code].text, language), code))
            self._ranks[language] = {code: rank for rank, code in enumerate(by_label)}
        return self._ranks[language]


class ReferenceFacet(ModelFacet):
    """Values that are loaded and never edited: their labels, and their order by label, are kept in memory.

    One query when they are not known yet or a code is asked for that is not among them; none otherwise.
    """

    STALE_AFTER = 600.0  # seconds; a new release of the same codes may have other labels, and fewer codes

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self._known: Known | None = None

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        if not codes:
            return {}
        labels = self.known(codes).labels(language)
        return {code: labels[code] for code in codes if code in labels}

    def order(self, codes: Mapping[str, int], labels: Mapping[str, Label], language: str) -> Sequence[str]:
        ranks = self.known(codes).ranks(language)
        return most_first(sorted(codes, key=ranks.__getitem__), codes)

    def known(self, codes: Collection[str]) -> Known:
        """All values, read anew when they are old or `codes` are not among them."""
        known = self._known
        if known is None or time.monotonic() - known.read > self.STALE_AFTER or not known.rows.keys() >= set(codes):
            known = self._known = Known({row[0]: row for row in self.columns(self.rows())}, self.label_from)
        return known

    def forget(self) -> None:
        """Read the labels anew at the next use."""
        self._known = None


class TreeFacet(ModelFacet):
    tree = True
    display = "tree"
    column = "path"

    def neighbours(self, code: str) -> Sequence[str]:
        above = parent_of(code)
        rows = self.model._default_manager.exclude(**{self.column: code})
        rows = rows.filter(parent__isnull=True) if above is None else rows.filter(**{f"parent__{self.column}": above})
        return list(rows.values_list(self.column, flat=True))


class CategoryFacet(TreeFacet):
    name, label, model = "category", _("Category"), Category
    concepts = completes = True

    def meanings(self) -> Iterator[Labelled]:
        for row in Category.objects.all():
            named = {language: (getattr(row, f"name_{language}") or "", *row.words(language)) for language in LANGUAGES}
            yield Labelled(row.path, {language: tuple(filter(None, names)) for language, names in named.items()})

    def complete(self, typed: str, language: str) -> Sequence[tuple[str, Label]]:
        """Categories whose name, or one of whose other words, goes on so: the reader's language first, then what is
        spelled as typed, then by name."""
        starts, found = beginnings(typed), []
        for place, row in enumerate(Category.objects.all()):
            ranks = []
            for other in LANGUAGES:
                names = (getattr(row, f"name_{other}") or "", *row.words(other))
                for further, name in enumerate(names):
                    if fits := fit(starts, name):
                        ranks.append((other != language, fits.plain, further > 0))
            if ranks:
                found.append((min(ranks), place, row.path, label_of(row, "name", language)))
        return [(path, label) for _rank, _place, path, label in sorted(found)]


class CpvFacet(ReferenceFacet, TreeFacet):
    name, label, model, field = "cpv", _("CPV code"), CpvCode, "label"
    concepts = folded = True
    levels = 2  # divisions and groups, some three hundred of nine thousand codes

    def columns(self, rows: QuerySet) -> QuerySet:
        return rows.values_list(self.column, *in_every_language(self.field), "code")

    def label_from(self, row: Sequence[str], chain: Sequence[str]) -> Label:
        label = super().label_from(row, chain)
        return Label(f"{row[-1]} {label.text}", label.language)

    def order(self, codes: Mapping[str, int], labels: Mapping[str, Label], language: str) -> Sequence[str]:
        """Labels begin with the digits of the code, so they need not be compared."""
        return most_first(sorted(codes), codes)

    def canonical(self, typed: Collection[str]) -> Mapping[str, str]:
        """A path, eight digits with or without the check digit, or the significant digits alone."""
        digits = {text: canonical_cpv(text) for text in typed}
        rows = CpvCode.objects.filter(code__in=set(digits.values())).values_list("code", "path")
        paths = dict(rows)
        return {text: paths[code] for text, code in digits.items() if code in paths}


class PlaceFacet(ReferenceFacet, TreeFacet):
    name, label, model, column = "place", _("Place"), Place, "code"

    def neighbours(self, code: str) -> Sequence[str]:
        """Municipalities of the same region, nearest on the tile map first; regions of the same country."""
        above = parent_of(code)
        if above is None:
            return ()
        beside = list(Place.objects.filter(parent=above))
        here = next((place for place in beside if place.code == code), None)

        def distance(place: Place) -> tuple[int, str]:
            if here is None or None in (here.tile_row, here.tile_column, place.tile_row, place.tile_column):
                return 0, place.code
            return abs(here.tile_row - place.tile_row) + abs(here.tile_column - place.tile_column), place.code

        return [place.code for place in sorted(beside, key=distance) if place.code != code]


class CertificationFacet(ModelFacet):
    name, label, model = "certification", _("Certification"), Certification
    folded = True


class PurposeFacet(ModelFacet):
    name, label, model = "purpose", _("Social purpose"), SocialObjective
    folded = True


class KindFacet(ChoiceFacet):
    name, label = "kind", _("Kind")
    choices = {str(Offer.Kind.SERVICE): _("Service"), str(Offer.Kind.PRODUCT): _("Product")}


class ReservedFacet(ChoiceFacet):
    """Which article of Directive 2014/24/EU lets a contract be reserved for the supplier."""

    name, label = "reserved", _("Reserved contracts")
    choices = {
        f"art-{Eligibility.Article.ARTICLE_20}": _("Eligible under article 20"),
        f"art-{Eligibility.Article.ARTICLE_77}": _("Eligible under article 77"),
    }

    def canonical(self, typed: Collection[str]) -> Mapping[str, str]:
        spelled = {text: text if text.startswith("art-") else f"art-{text}" for text in typed}
        return {text: code for text, code in spelled.items() if code in self.choices}


class LanguageFacet(ChoiceFacet):
    """The languages in which the thing is described, not those that are spoken."""

    name, label = "language", _("Language of the information")
    folded = True
    choices = {"da": capfirst(_("Danish")), "sv": capfirst(_("Swedish")), "en": capfirst(_("English"))}


def facets() -> tuple[Facet, ...]:
    """All of them, in the order in which a reader meets them."""
    return (
        CategoryFacet(),
        PlaceFacet(),
        ReservedFacet(),
        KindFacet(),
        CertificationFacet(),
        PurposeFacet(),
        CpvFacet(),
        LanguageFacet(),
    )


def with_descendants(places: Iterable[Place]) -> set[str]:
    """Codes of the places and of everything below them; quick when those were read ahead."""
    codes = set()
    for place in places:
        codes.add(place.code)
        for child in related(place, "children"):
            codes.add(child.code)
            codes.update(below.code for below in related(child, "children"))
    return codes
