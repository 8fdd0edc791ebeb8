"""Services and products: each offer by itself, with the facts of its enterprise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model, Prefetch, Q, QuerySet
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
    public_enterprises,
    public_languages,
    written,
)
from directory.search.facets import facets, label_of, related
from directory.search.reading import Reading
from search.sources import Source
from search.types import LANGUAGES, Badge, Card, Document, Label, Query, TextField
from torv.languages import fallback_chain, in_every_language, localized


class Offers(Source):
    name, label, kind = "offers", _("Services and products"), "offer"
    model = Offer
    texts = (
        TextField("name", 4.0, _("Name")),
        TextField("description", 1.5, _("Description"), snippet=True),
        TextField("supplier", 1.5, _("Supplier")),
        TextField("categories", 2.0, _("Category")),
        TextField("place", 1.0, _("Place")),
        TextField("details", 0.5, _("Capacity, lead time and certifications")),
    )
    facets = facets()

    def queryset(self) -> QuerySet:
        # Fetched by themselves: one instance for all offers of an enterprise.
        enterprises = EnterprisePage.objects.select_related("municipality").prefetch_related(*enterprise_relations())
        return (
            offers_read().filter(page__in=public_enterprises()).prefetch_related(Prefetch("page", queryset=enterprises))
        )

    def everything(self) -> Iterable[Offer]:
        return Reading().offers(Offer.objects.filter(page__in=public_enterprises()))

    def languages(self, offer: Offer) -> tuple[str, ...]:
        """Languages in which it has a name and its enterprise is public; else those in which it has a name."""
        named = tuple(language for language in LANGUAGES if own(offer, "name", language))
        public = public_languages(offer.page)
        return tuple(language for language in named if language in public) or named

    def document(self, instance: Offer) -> Document:
        offer, page = instance, instance.page
        narrower = related(offer, "areas")
        areas = narrower or related(page, "areas")
        categories, languages = related(offer, "categories"), self.languages(offer)
        texts = {
            language: {
                "name": own(offer, "name", language),
                "categories": category_words(categories, language),
                "description": own(offer, "description", language),
                "supplier": own(page, "title", language) or label_of(page, "title", language).text,
                "place": place_words(page, areas, language),
                "details": ". ".join(
                    filter(
                        None,
                        (
                            own(offer, "capacity", language),
                            own(offer, "lead_time", language),
                            details(page, language),
                        ),
                    )
                ),
            }
            for language in languages
        }
        return Document(
            id=str(offer.pk),
            texts=texts,
            facets={
                **codes_of([offer]),
                **enterprise_facets(page),
                "place": places_of(page, areas, at_address=not narrower),
                "language": languages,
            },
            names={language: own(offer, "name", language) for language in languages},
            newest=page.first_published_at,
            changes_at=changes_at(page),
        )

    def cards(self, ids: Sequence[str], language: str) -> Mapping[str, Card]:
        columns = ("pk", "key", "kind", "page_id", *in_every_language("name", "description"))
        rows = list(Offer.objects.filter(pk__in=ids).order_by().values_list(*columns))
        with override(language):
            chain, kinds = fallback_chain(language), dict(Offer.Kind.choices)
            found = cards.suppliers({row[3] for row in rows}, language)
            icons = cards.icons(pk__in=ids)
            made = {}
            for pk, key, kind, page_id, *texts in rows:
                if supplier := found.get(page_id):
                    names, descriptions = texts[: len(LANGUAGES)], texts[len(LANGUAGES) :]
                    made[str(pk)] = self.card(
                        supplier, key, cards.first(names, chain), cards.first(descriptions, chain),
                        str(kinds.get(kind, kind)), icons.get(page_id, {}).get(pk, ""),
                    )  # fmt: skip
            return made

    def card(self, supplier: Supplier, key: str, title: Label, summary: Label, kind: str, icon: str) -> Card:
        extra = {
            "supplier": supplier.title.text,
            "supplier_language": supplier.title.language,
            "supplier_id": supplier.pk,
        }
        return Card(
            title=title.text,
            language=title.language,
            url=f"{supplier.url}#offer-{key}",
            icon=icon,
            summary=summary.text,
            summary_language=summary.language,
            place=supplier.place.text,
            place_language=supplier.place.language,
            badges=(Badge("offer", kind), *supplier.badges),
            extra=extra,
        )

    def by_database(self, query: Query) -> tuple[int, Sequence[str]]:
        rows = Offer.objects.filter(page__in=public_enterprises())
        return without_engine.found(rows, query, ("name",), without_engine.filters("", "page__", "name"))

    def vocabulary(self, language: str) -> Iterator[tuple[str, int]]:
        columns = [localized(field, language) for field in ("name", "description")]
        return written(Offer.objects.filter(page__in=public_enterprises()), *columns)

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        def of_page(page_id: Any) -> QuerySet:
            return Offer.objects.filter(page_id=page_id).values_list("pk", flat=True)

        return {
            Offer: lambda offer: [offer.pk],
            EnterprisePage: lambda page: of_page(page.pk),
            EnterpriseCertification: lambda held: of_page(held.page_id),
            Eligibility: lambda eligibility: of_page(eligibility.page_id),
            Category: lambda category: Offer.objects.filter(categories=category).values_list("pk", flat=True),
            Certification: lambda c: Offer.objects.filter(page__certifications__certification=c).values_list(
                "pk", flat=True
            ),
            Place: lambda place: Offer.objects.filter(
                Q(page__municipality=place) | Q(page__areas=place) | Q(areas=place)
            ).values_list("pk", flat=True),
        }


OFFERS = Offers()
