"""What suppliers and offers share: reading an enterprise's facts and texts for a document."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from html import unescape

from django.db.models import Model, Prefetch, QuerySet
from django.utils.html import strip_tags

from directory.models import Category, CpvCode, EnterpriseCertification, EnterprisePage, Offer, Place
from directory.search.facets import READ, related, with_descendants
from search.facets import with_ancestors
from search.types import LANGUAGES
from torv.languages import localized

#: Where an instance of a category keeps what `category_words` read of it.
WORDS = "read_words"
#: Rows whose words are offered as corrections.
VOCABULARY = 20_000


def own(instance: Model, field: str, language: str) -> str:
    """A translated text in exactly this language, "" when it has none."""
    return getattr(instance, localized(field, language)) or ""


def plain(html: str) -> str:
    """The words of a rich text; block ends keep words apart."""
    return " ".join(unescape(strip_tags(html.replace("<", " <"))).split())


def public_enterprises() -> QuerySet[EnterprisePage]:
    """Live pages that need no password or log-in."""
    return EnterprisePage.objects.live().public()


def read(path: str, queryset: QuerySet | None = None) -> Prefetch:
    """A relation read ahead as a plain list, for `related`: Django's own way makes a query set for every row of it,
    which takes longer than reading the rows.
    """
    return Prefetch(path, queryset, to_attr=READ + path.rpartition("__")[2])


def areas_read() -> list[Prefetch]:
    """The places served, and those below them, so that what a region holds is known without a query."""
    below = f"{READ}children"
    return [
        read("areas"),
        read(f"{READ}areas__children"),
        read(f"{READ}areas__{below}__children"),
    ]


def offers_read() -> QuerySet[Offer]:
    categories = Category.objects.prefetch_related(read("cpv_codes"))
    return Offer.objects.prefetch_related(read("categories", categories), read("cpv_codes"), *areas_read())


def enterprise_relations() -> list[Prefetch]:
    """What `enterprise_facets`, `place_words` and `details` read."""
    certifications = EnterpriseCertification.objects.select_related("certification")
    return [read("social_purposes"), read("eligibilities"), read("certifications", certifications), *areas_read()]


def public_languages(page: EnterprisePage) -> tuple[str, ...]:
    return tuple(language for language in LANGUAGES if own(page, "title", language))


def places_of(page: EnterprisePage, areas: Iterable[Place], *, at_address: bool = True) -> tuple[str, ...]:
    """Everything served, and the municipality of the address, with all places above and below.

    Without `at_address` only what is served: an offer with a narrower area is had there and nowhere else.
    """
    codes = with_descendants(areas)
    if page.municipality_id and at_address:
        codes.add(page.municipality_id)
    return with_ancestors(codes)


def enterprise_facets(page: EnterprisePage) -> dict[str, tuple[str, ...]]:
    """Facets that offers inherit from their enterprise."""
    return {
        "purpose": tuple(sorted(purpose.pk for purpose in related(page, "social_purposes"))),
        "certification": tuple(
            sorted({held.certification.code for held in related(page, "certifications") if held.is_valid()})
        ),
        "reserved": tuple(sorted({f"art-{eligibility.article}" for eligibility in related(page, "eligibilities")})),
    }


def changes_at(page: EnterprisePage) -> datetime.datetime | None:
    """When the next of its certificates runs out, and with it what documents say of the enterprise."""
    held = [one for one in related(page, "certifications") if one.is_valid()]
    return min((one.ends_at for one in held if one.ends_at), default=None)


def cpv_codes_of(offer: Offer) -> list[CpvCode]:
    """Its own CPV codes; without any, those that its categories stand for: lists that are imported seldom have both."""
    own_codes = related(offer, "cpv_codes")
    return own_codes or [cpv for category in related(offer, "categories") for cpv in related(category, "cpv_codes")]


def codes_of(offers: Iterable[Offer]) -> dict[str, tuple[str, ...]]:
    """Categories, CPV codes and kinds of some offers."""
    offers = list(offers)
    return {
        "category": with_ancestors(category.path for offer in offers for category in related(offer, "categories")),
        "cpv": with_ancestors(cpv.path for offer in offers for cpv in cpv_codes_of(offer)),
        "kind": tuple(sorted({offer.kind for offer in offers})),
    }


def category_words(categories: Iterable[Category], language: str) -> str:
    """Names and other words of categories, so that a buyer's word finds what was put there."""
    found = []
    for category in categories:
        # Kept with the instance, which thousands of offers share while everything is read.
        kept = category.__dict__.setdefault(WORDS, {})
        if language not in kept:
            kept[language] = [own(category, "name", language), *category.words(language)]
        found += kept[language]
    return " · ".join(dict.fromkeys(filter(None, found)))


def place_words(page: EnterprisePage, areas: Iterable[Place], language: str) -> str:
    """Town, municipality and areas served, by name."""
    names = [page.city]
    for place in ([page.municipality] if page.municipality else []) + list(areas):
        names.append(own(place, "name", language) or own(place, "name", "da"))
    return ", ".join(dict.fromkeys(filter(None, names)))


def details(page: EnterprisePage, language: str) -> str:
    """Certificates by name and the company number, unless that is a person's."""
    parts = [own(held.certification, "name", language) for held in related(page, "certifications") if held.is_valid()]
    if page.legal_form != EnterprisePage.LegalForm.SOLE_TRADER and (number := page.public_company_number):
        parts += [number, page.company_number]
    return ", ".join(dict.fromkeys(filter(None, parts)))


def written(rows: QuerySet, *fields: str) -> Iterator[tuple[str, int]]:
    """The texts of some columns of the newest rows, each to be counted once; for "did you mean"."""
    for row in rows.order_by("-pk").values_list(*fields)[:VOCABULARY].iterator():
        yield from ((text, 1) for text in row if text)
