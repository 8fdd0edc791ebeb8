"""What hits show. Read by columns, with one query for each kind of fact: instances of pages and offers, and their
relations, would take longer to make than the search itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Eligibility, EnterpriseCertification, Offer
from directory.models.categories import ICONS
from directory.search.common import public_enterprises
from home.addresses import Addresses
from search.types import Badge, Label
from torv.languages import LANGUAGES, fallback_chain, in_every_language
from torv.text import is_blank

PAGE_COLUMNS = (
    "pk",
    "city",
    "municipality_id",
    *Addresses.COLUMNS,
    *in_every_language("title", "summary", "municipality__name"),
)


class Supplier(NamedTuple):
    """An enterprise as cards tell of it: texts in the reader's language, or the one that stands in."""

    pk: int
    url: str
    title: Label
    summary: Label
    place: Label
    badges: tuple[Badge, ...]


def suppliers(ids: Collection[object], language: str) -> dict[int, Supplier]:
    """Public enterprises by id. Three queries, and one for what is not public, however many there are."""
    rows = list(public_enterprises().filter(pk__in=ids).order_by().values_list(*PAGE_COLUMNS))
    chain, addresses = fallback_chain(language), Addresses()
    badges = _badges([row[0] for row in rows], chain)
    found, each = {}, len(LANGUAGES)
    for pk, city, municipality, *rest in rows:
        paths, titles, summaries, places = (rest[at : at + each] for at in range(0, 4 * each, each))
        # Where it is: the municipality, else the town, which has one name for all.
        place = first(places, chain) if municipality else Label(city, "")
        found[pk] = Supplier(pk, addresses.of(paths), first(titles, chain), first(summaries, chain), place, badges[pk])
    return found


def _badges(ids: Collection[int], chain: Sequence[str]) -> dict[int, tuple[Badge, ...]]:
    """Eligibility for reserved contracts, and certificates that hold today. Two queries."""
    found: dict[int, list[Badge]] = {number: [] for number in ids}
    articles = Eligibility.objects.filter(page__in=ids).order_by("article").values_list("page_id", "article")
    for number, article in articles.distinct():
        found[number].append(Badge("eligibility", _("Article %(number)s") % {"number": article}))
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())
    held = EnterpriseCertification.objects.filter(valid, page__in=ids).order_by("sort_order")
    for number, *names in held.values_list("page_id", *in_every_language("certification__name")):
        name = first(names, chain)
        found[number].append(Badge("certification", name.text, language=name.language))
    return {number: tuple(badges) for number, badges in found.items()}


def first(values: Sequence[str | None], chain: Sequence[str]) -> Label:
    """The text of the first language of the chain that has one; `values` are in the order of LANGUAGES."""
    for language in chain:
        if (text := values[LANGUAGES.index(language)]) and not is_blank(text):
            return Label(text, language)
    return Label("", "")


def icons(**offers: object) -> dict[int, dict[int, str]]:
    """{page id: {offer id: pictogram}} of the offers that the lookups choose: that of an offer's first category, or of
    the branch that stands on. One query."""
    found: dict[int, dict[int, str]] = {}
    rows = Offer.objects.filter(**offers, categories__isnull=False)
    rows = rows.order_by("page_id", "sort_order", "pk", "categories__tree_order")
    for page_id, offer_id, icon, path in rows.values_list("page_id", "pk", "categories__icon", "categories__path"):
        chosen = next((name for name in (icon, path.partition("/")[0]) if name in ICONS), "")
        if chosen:
            found.setdefault(page_id, {}).setdefault(offer_id, chosen)
    return found


def first_icon(found: Iterable[str]) -> str:
    return next(iter(found), "")
