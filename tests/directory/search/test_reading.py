"""Reading everything with shared rows gives the documents that reading a few gives."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.search import OFFERS, SUPPLIERS
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
