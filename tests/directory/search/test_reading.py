"""Reading everything with shared rows gives the documents that reading a few gives."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import EnterprisePage, Offer, Place
from directory.search import OFFERS, SUPPLIERS
from directory.search import reading as reading_module
from directory.search.common import codes_of
from directory.search.reading import Reading
from tests.factories.directory import (
    CategoryFactory,
    CertificationFactory,
    CpvCodeFactory,
    EnterprisePageFactory,
    PlaceFactory,
    make_certification,
    make_eligibility,
    make_offer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprises():
    """Three that have and lack different things, with shared and with narrower places."""
    town, region = PlaceFactory(code="DK/1082/0751"), PlaceFactory(code="DK/1082")
    other = PlaceFactory(code="SE/18/1880")
    cpv, another = CpvCodeFactory(code="90919300"), CpvCodeFactory(code="55500000")
    clean = CategoryFactory(code="clean", name_da="Rengøring")
    clean.cpv_codes.add(another)
    schools = CategoryFactory(code="schools", parent=clean, name_da="Skoler", name_sv="Skolor")
    iso = CertificationFactory(code="iso-14001")
    EnterprisePageFactory(
        title_da="Åbne Døre", title_sv="Öppna dörrar", municipality=town, areas=[region, other],
        offers=[
            make_offer(name_da="Rengøring", name_sv="Städning", categories=[schools, clean], cpv_codes=[cpv, another]),
            make_offer(name_da="Vinduer", categories=[clean], areas=[other]),
            make_offer(name_da="Uden kategori"),
        ],
        certifications=[make_certification(certification=iso)],
        eligibilities=[make_eligibility(article="77"), make_eligibility(article="20")],
    )  # fmt: skip
    EnterprisePageFactory(title_da="Tom", municipality=other, country="SE")
    EnterprisePageFactory(title_da="Kladde", live=False, offers=[make_offer()])
    EnterprisePageFactory(title_da="Region", areas=[region.parent], offers=[make_offer(categories=[schools])])


@pytest.mark.parametrize("source", [SUPPLIERS, OFFERS], ids=["suppliers", "offers"])
def test_everything_is_read_as_a_few_are(enterprises, source):
    read = list(source.documents())
    few = {document.id: document for document in source.documents([document.id for document in read])}
    assert {document.id: document for document in read} == few
    assert len(read) == source.queryset().count() == {"suppliers": 3, "offers": 4}[source.name]
    assert [int(document.id) for document in read] == sorted(int(document.id) for document in read)


@pytest.mark.parametrize("source", [SUPPLIERS, OFFERS], ids=["suppliers", "offers"])
def test_a_document_needs_no_query_of_its_own(enterprises, source):
    rows = list(source.everything())
    with CaptureQueriesContext(connection) as asked:
        for row in rows:
            source.document(row)
    assert len(asked) == 0


def test_what_lies_between_is_passed_over(enterprises):
    """Drafts have numbers between those that are read, and relations as well."""
    draft = EnterprisePage.objects.get(live=False)
    draft.areas.add(Place.objects.get(code="SE/18/1880"))
    read = list(SUPPLIERS.everything())
    assert draft.pk in range(read[0].pk, read[-1].pk)
    assert draft not in read
    assert [page.pk for page in read] == list(SUPPLIERS.queryset().order_by("pk").values_list("pk", flat=True))


def test_a_category_that_is_made_meanwhile_is_left_to_the_replay(enterprises):
    reading = Reading()
    assert len(reading.categories) == 2
    late = CategoryFactory(code="late")
    for offer in Offer.objects.all():
        offer.categories.add(late)
    codes = {code for row in reading.offers(Offer.objects.all()) for code in codes_of([row])["category"]}
    assert codes == {"clean", "clean/schools"}


def test_what_documents_do_not_read_is_read_when_it_is_asked_for(enterprises, django_assert_num_queries):
    page = next(iter(SUPPLIERS.everything()))
    slug = EnterprisePage.objects.get(pk=page.pk).slug
    with django_assert_num_queries(1):
        assert page.slug == slug


def test_places_and_certificates_that_are_made_meanwhile_are_read_by_themselves(enterprises):
    reading = Reading()
    assert len(reading.places) == 6
    assert len(reading.certifications) == 1
    EnterprisePageFactory(
        title_da="Ny", municipality=PlaceFactory(code="DK/1083/0621", name_da="Kolding"),
        certifications=[make_certification(certification=CertificationFactory(code="late", name_da="Sent bevis"))],
    )  # fmt: skip
    *_before, page = reading.enterprises(EnterprisePage.objects.all())
    texts = SUPPLIERS.document(page).texts["da"]
    assert "Kolding" in texts["place"]
    assert "Sent bevis" in texts["details"]


def test_an_offer_whose_page_is_gone_meanwhile_is_left_out(enterprises, monkeypatch):
    real = reading_module.those

    def those(column, keys):
        if column == "pk":  # the pages of the offers that were read
            EnterprisePage.objects.get(title_da="Region").delete()
        return real(column, keys)

    monkeypatch.setattr(reading_module, "those", those)
    assert {offer.page.title_da for offer in Reading().offers(Offer.objects.all())} == {"Åbne Døre", "Kladde"}
