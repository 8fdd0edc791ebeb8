"""The directory for tests: codes, places, categories, and enterprises in the tree."""

from collections.abc import Iterable
from typing import Any

import factory
from django.utils.text import slugify

from directory.models import (
    Category,
    Certification,
    Contact,
    CpvCode,
    DirectoryPage,
    Eligibility,
    EnterpriseCertification,
    EnterprisePage,
    Link,
    Offer,
    Place,
    SocialObjective,
)
from directory.models.cpv import CPV_LENGTH, cpv_digits
from directory.models.paths import parent_path
from tests.factories.home import PageFactory, front_page

CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def cvr_number(serial: int) -> str:
    """A well-formed Danish company number; `serial` 0 and up gives different ones."""
    candidate = 90_000_000 + serial * 11
    while sum(weight * int(digit) for weight, digit in zip(CVR_WEIGHTS, str(candidate), strict=True)) % 11:
        candidate += 1
    return str(candidate)


class CpvCodeFactory(factory.django.DjangoModelFactory):
    """``CpvCodeFactory(code="90919300")``; ancestors that are in the database already become its path."""

    class Meta:
        model = CpvCode
        django_get_or_create = ("code",)

    code = "90919300"
    label_da = factory.LazyAttribute(lambda o: f"Kode {o.code}")
    label_sv = factory.LazyAttribute(lambda o: f"Kod {o.code}")
    label_en = factory.LazyAttribute(lambda o: f"Code {o.code}")

    @factory.lazy_attribute
    def parent(self) -> CpvCode | None:
        digits = cpv_digits(self.code)
        above = [digits[:length].ljust(CPV_LENGTH, "0") for length in range(2, len(digits))]
        return CpvCode.objects.filter(pk__in=above).order_by("-pk").first()

    @factory.lazy_attribute
    def path(self) -> str:
        return "/".join(filter(None, [self.parent.path if self.parent else "", cpv_digits(self.code)]))


class PlaceFactory(factory.django.DjangoModelFactory):
    """``PlaceFactory(code="DK/1082/0791", name_da="Viborg")``; its region and country are made when missing."""

    class Meta:
        model = Place
        django_get_or_create = ("code",)

    code = "DK/1082/0791"
    name_da = factory.LazyAttribute(lambda o: f"Sted {o.code}")
    level = factory.LazyAttribute(lambda o: ("country", "region", "municipality")[o.code.count("/")])

    @factory.lazy_attribute
    def parent(self) -> Place | None:
        above = parent_path(self.code)
        return PlaceFactory(code=above) if above else None


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"category-{n}")
    name_da = factory.LazyAttribute(lambda o: f"Kategori {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"Kategori {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"Category {o.code}")
    slug_da = factory.LazyAttribute(lambda o: slugify(o.name_da))


class CertificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Certification
        django_get_or_create = ("code",)

    code = "iso-14001"
    name_da = factory.LazyAttribute(lambda o: o.code.upper())


class SocialObjectiveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SocialObjective
        django_get_or_create = ("code",)

    code = "opp"
    name_da = factory.LazyAttribute(lambda o: f"Formål {o.code}")


class DirectoryPageFactory(PageFactory):
    class Meta:
        model = DirectoryPage

    title_da, title_sv, title_en = "Leverandører", "Leverantörer", "Suppliers"
    slug, slug_sv, slug_en = "leverandoerer", "leverantorer", "suppliers"


def directory_page() -> DirectoryPage:
    """The directory of the default site; made when there is none."""
    return DirectoryPage.objects.first() or DirectoryPageFactory(parent=front_page())


def make_offer(
    *,
    categories: Iterable[Category] = (),
    cpv_codes: Iterable[CpvCode] = (),
    areas: Iterable[Place] = (),
    **fields: Any,
) -> Offer:
    """An offer in memory, to be put into an enterprise's ``offers``."""
    fields = {"name_da": "Rengøring"} | fields
    return Offer(categories=list(categories), cpv_codes=list(cpv_codes), areas=list(areas), **fields)


class EnterprisePageFactory(PageFactory):
    """A live enterprise with a revision, as the editor's publish button leaves it.

    Children and many-to-many values are given as lists: ``EnterprisePageFactory(offers=[make_offer()],
    areas=[place])``. ``live=False`` makes a draft that was never published.
    """

    class Meta:
        model = EnterprisePage

    title_da = factory.Sequence(lambda n: f"Fiktiv virksomhed {n}")
    country = "DK"
    live = True

    @classmethod
    def _create(cls, model_class: type[EnterprisePage], *args: Any, **kwargs: Any) -> EnterprisePage:
        parent = kwargs.pop("parent", None) or directory_page()
        live = kwargs.pop("live")
        page = parent.add_child(instance=model_class(*args, live=False, **kwargs))
        revision = page.save_revision()
        if live:
            revision.publish()
        return EnterprisePage.objects.get(pk=page.pk)


def make_contact(**fields: Any) -> Contact:
    fields = {"name": "Mette Opdigtet", "email": "mette@example.org", "is_public": True} | fields
    return Contact(**fields)


def make_eligibility(**fields: Any) -> Eligibility:
    return Eligibility(**({"article": "20"} | fields))


def make_certification(**fields: Any) -> EnterpriseCertification:
    if "certification" not in fields:
        fields["certification"] = CertificationFactory()
    return EnterpriseCertification(**fields)


def make_link(**fields: Any) -> Link:
    return Link(**({"url": "https://www.example.org/", "label_da": "Om os"} | fields))
