"""Reading everything that documents are made of, as a rebuild does: many rows, few objects.

Django's prefetching makes a query set for each instance and each relation, and a row for each pair. Here the rows of
the small tables that everything refers to (places, categories, CPV codes, purposes, certifications) are made once and
shared, and what belongs to an instance is found by `related` in `facets.py`. Of pages and offers only the columns that
documents are made of are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

from directory.models import (
    Category,
    Certification,
    CpvCode,
    EnterpriseCertification,
    EnterprisePage,
    Offer,
    Place,
    SocialObjective,
)
from directory.search.facets import READ
from torv.languages import in_every_language

CHUNK = 500
#: What documents read of a page and of an offer.
PAGE = (
    *("page_ptr_id", "municipality_id", "city", "country", "legal_form", "company_number", "first_published_at"),
    *in_every_language("title", "summary", "description", "purpose"),
)
OFFER = ("id", "page_id", "kind", *in_every_language("name", "description", "capacity", "lead_time"))
DENSE = 3  # numbers for each key among them from which rows are asked for by name


def keep(instance: Model, name: str, rows: list[Any]) -> None:
    """Note the rows of a relation with the instance."""
    instance.__dict__[READ + name] = rows


def light(rows: QuerySet, columns: Sequence[str]) -> Iterator[Any]:
    """Instances with these columns, made without calling the class: with translated fields, clusters and signals that
    takes longer than to read the rows. Any other column is read, by itself, when something asks for it.
    """
    model, database = rows.model, rows.db
    if hasattr(rows, "rewrite"):
        rows = rows.rewrite(False)  # the columns are what they are called, and nothing stands in for them
    for values in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        instance = model.__new__(model)
        instance._state = state = ModelState()
        state.adding, state.db = False, database
        instance.__dict__.update(zip(columns, values, strict=True))
        yield instance


def columns_of(model: type[Model]) -> list[str]:
    """All."""
    return [field.attname for field in model._meta.concrete_fields]


def in_chunks(rows: QuerySet, columns: Sequence[str]) -> Iterator[list[Any]]:
    found = light(rows.order_by("pk"), columns)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def those(column: str, keys: Collection[Any]) -> dict[str, Any]:
    """A filter for rows of these keys, and perhaps of others between them: a list of hundreds takes longer to put into
    a query than such rows to pass over.
    """
    first, last = min(keys), max(keys)
    if isinstance(first, int) and last - first < DENSE * len(keys):
        return {f"{column}__gte": first, f"{column}__lte": last}
    return {f"{column}__in": list(keys)}


class Shared(dict[Any, Any]):
    """Rows that many others refer to, by key and in their order."""

    @cached_property
    def rank(self) -> dict[Any, int]:
        return {number: place for place, number in enumerate(self)}


def attach(instances: Sequence[Model], name: str, shared: Shared) -> None:
    """The rows of a many-to-many relation, in the order of `shared`. One query."""
    if not instances:
        return
    field: Any = type(instances[0])._meta.get_field(name)
    one, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    found: dict[Any, list[Any]] = {instance.pk: [] for instance in instances}
    pairs = field.remote_field.through._default_manager.filter(**those(one, found))
    for own, its in pairs.order_by().values_list(one, other):
        if own in found:
            found[own].append(its)
    for instance in instances:
        # Without what was made after `shared` was read: see Reading.
        numbers = [number for number in found[instance.pk] if number in shared]
        if len(numbers) > 1:
            numbers.sort(key=shared.rank.__getitem__)
        keep(instance, name, [shared[number] for number in numbers])


def attach_inline(instances: Sequence[Model], name: str, columns: Sequence[str] = ()) -> list[Any]:
    """The rows of a one-to-many relation, in their order, which are also given back. One query."""
    if not instances:
        return []
    relation: Any = type(instances[0])._meta.get_field(name)
    column = relation.field.attname
    found: dict[Any, list[Any]] = {instance.pk: [] for instance in instances}
    queryset = relation.related_model._default_manager.filter(**those(column, found))
    rows = [row for row in light(queryset, columns or columns_of(queryset.model)) if getattr(row, column) in found]
    for row in rows:
        found[getattr(row, column)].append(row)
    for instance in instances:
        keep(instance, name, found[instance.pk])
    return rows


class Reading:
    """One pass over everything: what is read once lives as long as it. What is made meanwhile is read by itself, or
    left out: it was noted as a change, and a rebuild replays those.
    """

    @cached_property
    def places(self) -> Shared:
        """All, each with those directly below it."""
        found = Shared((place.pk, place) for place in Place.objects.all())
        for place in found.values():
            keep(place, "children", [])
        for place in found.values():
            if place.parent_id:
                found[place.parent_id].__dict__[f"{READ}children"].append(place)
        return found

    @cached_property
    def cpv_codes(self) -> Shared:
        return Shared((code.pk, code) for code in light(CpvCode.objects.order_by("pk"), ("code", "path")))

    @cached_property
    def categories(self) -> Shared:
        found = Shared((category.pk, category) for category in Category.objects.all())
        attach(list(found.values()), "cpv_codes", self.cpv_codes)
        return found

    @cached_property
    def purposes(self) -> Shared:
        return Shared((purpose.pk, purpose) for purpose in SocialObjective.objects.all())

    @cached_property
    def certifications(self) -> Shared:
        return Shared((certification.pk, certification) for certification in Certification.objects.all())

    def enterprises(self, rows: QuerySet[EnterprisePage]) -> Iterator[EnterprisePage]:
        """With their offers."""
        for chunk in in_chunks(rows, PAGE):
            self.complete(chunk)
            self.complete_offers(attach_inline(chunk, "offers", OFFER))
            yield from chunk

    def offers(self, rows: QuerySet[Offer]) -> Iterator[Offer]:
        """With their enterprises; offers of one enterprise share it."""
        field: Any = Offer._meta.get_field("page")
        for chunk in in_chunks(rows, OFFER):
            wanted = {offer.page_id for offer in chunk}
            found = light(EnterprisePage.objects.filter(**those("pk", wanted)), PAGE)
            pages = {page.pk: page for page in found if page.pk in wanted}
            self.complete(list(pages.values()))
            chunk = [offer for offer in chunk if offer.page_id in pages]  # without those whose page is gone meanwhile
            for offer in chunk:
                field.set_cached_value(offer, pages[offer.page_id])
            self.complete_offers(chunk)
            yield from chunk

    def complete(self, pages: Sequence[EnterprisePage]) -> None:
        """What enterprises have, without their offers."""
        place: Any = EnterprisePage._meta.get_field("municipality")
        for page in pages:
            if known := self.places.get(page.municipality_id):
                place.set_cached_value(page, known)
        attach(pages, "areas", self.places)
        attach(pages, "social_purposes", self.purposes)
        attach_inline(pages, "eligibilities")
        certification: Any = EnterpriseCertification._meta.get_field("certification")
        for held in attach_inline(pages, "certifications"):
            if known := self.certifications.get(held.certification_id):
                certification.set_cached_value(held, known)

    def complete_offers(self, offers: Sequence[Offer]) -> None:
        attach(offers, "categories", self.categories)
        attach(offers, "cpv_codes", self.cpv_codes)
        attach(offers, "areas", self.places)
