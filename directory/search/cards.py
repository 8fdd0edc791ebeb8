"""What hits show. Read by columns, with one query for each kind of fact: whole pages and their relations would take
longer to make than the search itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Eligibility, EnterpriseCertification, EnterprisePage, Offer
from directory.models.categories import ICONS
from directory.search.common import public_enterprises
from search.types import Badge, Label
from torv.languages import LANGUAGES, OTHERS, fallback_chain, localized


def texts(*names: str) -> list[str]:
    """Columns of translated fields, in every language."""
    return [localized(name, language) for name in names for language in LANGUAGES]


PAGE_COLUMNS = (
    "path",
    "depth",
    "url_path",
    *(f"url_path_{language}" for language in OTHERS),
    "city",
    *texts("title", "summary", "municipality__name"),
)


@dataclass
class Facts:
    """What cards say of enterprises, by the page's id: name of the place, badges."""

    places: dict[int, Label] = field(default_factory=dict)
    badges: dict[int, tuple[Badge, ...]] = field(default_factory=dict)


def pages(ids: Collection[object]) -> dict[int, EnterprisePage]:
    """Public enterprises by id, with the columns that a card reads."""
    rows = public_enterprises().filter(pk__in=ids).select_related("municipality").only(*PAGE_COLUMNS)
    return {page.pk: page for page in rows}


def facts(found: Mapping[int, EnterprisePage], language: str) -> Facts:
    """Two queries, however many enterprises: eligibility for reserved contracts, and certificates that hold today."""
    chain, known = fallback_chain(language), Facts()
    articles: dict[int, set[str]] = {}
    for page_id, article in Eligibility.objects.filter(page__in=found).order_by().values_list("page_id", "article"):
        articles.setdefault(page_id, set()).add(article)
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())
    rows = EnterpriseCertification.objects.filter(valid, page__in=found).order_by("sort_order")
    held: dict[int, list[Label]] = {}
    for page_id, *names in rows.values_list("page_id", *texts("certification__name")):
        held.setdefault(page_id, []).append(first(names, chain))
    for number, page in found.items():
        known.places[number] = place_of(page, chain)
        known.badges[number] = (
            *(
                Badge("eligibility", _("Article %(number)s") % {"number": article})
                for article in sorted(articles.get(number, ()))
            ),
            *(Badge("certification", name.text, language=name.language) for name in held.get(number, ())),
        )
    return known


def place_of(page: EnterprisePage, chain: Sequence[str]) -> Label:
    """Where a card says the enterprise is: its municipality, else its town, which has one name for all."""
    if page.municipality is None:
        return Label(page.city, "")
    return first([getattr(page.municipality, name) for name in texts("name")], chain)


def first(values: Sequence[str | None], chain: Sequence[str]) -> Label:
    """The text of the first language of the chain that has one; `values` are in the order of LANGUAGES."""
    for language in chain:
        if text := values[LANGUAGES.index(language)]:
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
