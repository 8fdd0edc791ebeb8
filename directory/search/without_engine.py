"""What can be found while the search engine is down: by names and filters, straight from the database.

No analysis, no counts: a word must stand in a name as it is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_, or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from search.types import Query
from torv.languages import in_every_language, localized

MAX_WORDS = 8


def below(field: str, codes: Sequence[str]) -> Q:
    """One of the codes of a tree, or a code below one of them."""
    return reduce(or_, (Q(**{field: code}) | Q(**{f"{field}__startswith": f"{code}/"}) for code in codes), Q())


def around(field: str, codes: Sequence[str]) -> Q:
    """One of the codes of a tree, below one of them, or above: who serves a region serves what is in it."""
    above = {code.rsplit("/", steps)[0] for code in codes for steps in range(1, code.count("/") + 1)}
    return below(field, codes) | Q(**{f"{field}__in": sorted(above)})


def places(offer: str, page: str, codes: Sequence[str]) -> Q:
    """At the address or where the supplier serves; an offer with areas of its own is had there and nowhere else."""
    of_page = below(f"{page}municipality__code", codes) | around(f"{page}areas__code", codes)
    of_offer = around(f"{offer}areas__code", codes)
    return of_offer | (of_page & Q(areas=None) if page else of_page)


def cpv(offer: str, codes: Sequence[str]) -> Q:
    """Among an offer's own CPV codes; of one without any, among those of its categories."""
    of_categories = Q(**{f"{offer}cpv_codes": None}) & below(f"{offer}categories__cpv_codes__path", codes)
    return below(f"{offer}cpv_codes__path", codes) | of_categories


def valid(held: str, codes: Sequence[str]) -> Q:
    """A certificate of these that is valid today."""
    today = timezone.localdate()
    dated = Q(**{f"{held}valid_until": None}) | Q(**{f"{held}valid_until__gte": today})
    return Q(**{f"{held}certification__code__in": list(codes)}) & dated


def filters(offer: str, page: str, name: str) -> Mapping[str, Callable[[Sequence[str]], Q]]:
    """Facet -> its condition; `offer` and `page` are the paths to each ("offers__", ""), `name` the translated name."""
    return {
        "category": lambda codes: below(f"{offer}categories__path", codes),
        "cpv": lambda codes: cpv(offer, codes),
        "kind": lambda codes: Q(**{f"{offer}kind__in": list(codes)}),
        "place": lambda codes: places(offer, page, codes),
        "purpose": lambda codes: Q(**{f"{page}social_purposes__pk__in": list(codes)}),
        "certification": lambda codes: valid(f"{page}certifications__", codes),
        "reserved": lambda codes: Q(**{f"{page}eligibilities__article__in": [c.removeprefix("art-") for c in codes]}),
        "language": lambda codes: reduce(or_, (Q(**{f"{localized(name, code)}__gt": ""}) for code in codes)),
    }


def named(text: str, fields: Sequence[str]) -> Q:
    """Each word of the text in one of these translated fields, in any language."""
    columns = in_every_language(*fields)
    each = []
    for word in text.split()[:MAX_WORDS]:
        # Not every database knows that Å and å are one letter.
        spelled = {word, word.lower(), word.capitalize()}
        each.append(reduce(or_, (Q(**{f"{column}__icontains": way}) for column in columns for way in spelled)))
    return reduce(and_, each, Q())


def found(
    rows: QuerySet, query: Query, names: Sequence[str], conditions: Mapping[str, Callable[[Sequence[str]], Q]]
) -> tuple[int, list[str]]:
    """(total, ids of the page): by name, or the newest first."""
    chosen = rows.filter(named(query.text, names))
    for facet, codes in query.filters.items():
        if codes and facet in conditions:
            chosen = chosen.filter(conditions[facet](codes))
    ids = rows.model._default_manager.filter(pk__in=chosen.order_by().values("pk"))
    order = ("-pk",) if query.sort == "newest" else (localized(names[0], query.language), "pk")
    page = ids.order_by(*order).values_list("pk", flat=True)[query.offset : query.offset + query.size]
    return ids.count(), [str(number) for number in page]
