"""Suppliers: enterprises with all that they offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from directory.models import (
    Category,
    Certification,
    Eligibility,
    EnterpriseCertification,
    EnterprisePage,
    Offer,
    Place,
)
from directory.search import cards, without_engine
from directory.search.cards import Supplier
from directory.search.common import (
    category_words,
    changes_at,
    codes_of,
    details,
    enterprise_facets,
    enterprise_relations,
    offers_read,
    own,
    place_words,
    places_of,
    plain,
    public_enterprises,
    public_languages,
    read,
    written,
)
from directory.search.facets import facets, related
from directory.search.reading import Reading
from search.sources import Source
from search.types import Card, Document, Query, TextField
from torv.languages import localized


class Suppliers(Source):
    name, label, kind = "suppliers", _("Suppliers"), "supplier"
    model = EnterprisePage
    texts = (
        TextField("name", 4.0, _("Name")),
        TextField("offers", 3.0, _("Services and products"), snippet=True),
        TextField("summary", 2.0, _("Summary"), snippet=True),
        TextField("description", 1.0, _("Description"), snippet=True),
        TextField("categories", 2.0, _("Category")),
        TextField("place", 1.0, _("Place")),
        TextField("details", 1.0, _("Certifications and company number")),
    )
    facets = facets()

    def queryset(self) -> QuerySet:
        return (
            public_enterprises()
            .select_related("municipality")
            .prefetch_related(read("offers", offers_read()), *enterprise_relations())
        )

    def everything(self) -> Iterable[EnterprisePage]:
        return Reading().enterprises(public_enterprises())

    def document(self, instance: EnterprisePage) -> Document:
        page, offers = instance, related(instance, "offers")
        areas = related(page, "areas")
        served = [*areas, *(area for offer in offers for area in related(offer, "areas"))]
        categories = list({c.pk: c for offer in offers for c in related(offer, "categories")}.values())
        languages = public_languages(page)
        texts = {}
        for language in languages:
            named = [(own(offer, "name", language), own(offer, "description", language)) for offer in offers]
            texts[language] = {
                "name": own(page, "title", language),
                "offers": ". ".join(filter(None, (name for name, _about in named))),
                "categories": category_words(categories, language),
                "summary": own(page, "summary", language),
                "description": " ".join(
                    filter(
                        None,
                        (
                            plain(own(page, "description", language)),
                            own(page, "purpose", language),
                            *(about for _name, about in named),
                        ),
                    )
                ),
                "place": place_words(page, areas, language),
                "details": details(page, language),
            }
        return Document(
            id=str(page.pk),
            texts=texts,
            facets={
                **codes_of(offers),
                **enterprise_facets(page),
                "place": places_of(page, served),
                "language": languages,
            },
            names={language: own(page, "title", language) for language in languages},
            newest=page.first_published_at,
            changes_at=changes_at(page),
        )

    def cards(self, ids: Sequence[str], language: str) -> Mapping[str, Card]:
        with override(language):
            found = cards.suppliers(ids, language)
            icons = cards.icons(page__in=list(found))
            return {
                str(number): self.card(supplier, cards.first_icon(icons.get(number, {}).values()))
                for number, supplier in found.items()
            }

    def card(self, supplier: Supplier, icon: str) -> Card:
        return Card(
            title=supplier.title.text,
            language=supplier.title.language,
            url=supplier.url,
            icon=icon,
            summary=supplier.summary.text,
            summary_language=supplier.summary.language,
            place=supplier.place.text,
            place_language=supplier.place.language,
            badges=supplier.badges,
        )

    def by_database(self, query: Query) -> tuple[int, Sequence[str]]:
        names = ("title", "offers__name")
        return without_engine.found(public_enterprises(), query, names, without_engine.filters("offers__", "", "title"))

    def vocabulary(self, language: str) -> Iterator[tuple[str, int]]:
        columns = [localized(field, language) for field in ("title", "summary")]
        yield from written(public_enterprises(), *columns, "city")
        yield from written(Place.objects.all(), localized("name", language))

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        return {
            EnterprisePage: lambda page: [page.pk],
            Offer: lambda offer: [offer.page_id],
            EnterpriseCertification: lambda held: [held.page_id],
            Eligibility: lambda eligibility: [eligibility.page_id],
            Category: lambda category: Offer.objects.filter(categories=category).values_list("page_id", flat=True),
            Certification: lambda c: EnterpriseCertification.objects.filter(certification=c).values_list(
                "page_id", flat=True
            ),
            Place: lambda place: EnterprisePage.objects.filter(Q(municipality=place) | Q(areas=place)).values_list(
                "pk", flat=True
            ),
        }


SUPPLIERS = Suppliers()
