"""While the engine is down the database narrows by every facet as the index does, and finds by names."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.search import OFFERS, SUPPLIERS
from search.queries import blank, find
from search.types import Query
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
def suppliers():
    """Three suppliers that differ in every facet."""
    region, town = PlaceFactory(code="DK/1082"), PlaceFactory(code="DK/1082/0751")
    other = PlaceFactory(code="SE/18/1880")
    clean = CategoryFactory(code="clean", name_da="Rengøring")
    schools = CategoryFactory(code="schools", parent=clean, name_da="Skoler")
    garden = CategoryFactory(code="garden", name_da="Have")
    cpv = CpvCodeFactory()
    held = CertificationFactory()
    one = EnterprisePageFactory(
        title_da="Åbne Døre", municipality=town,
        offers=[make_offer(name_da="Rengøring af skoler", kind="service", categories=[schools], cpv_codes=[cpv])],
        eligibilities=[make_eligibility(article="20")], certifications=[make_certification(certification=held)],
    )  # fmt: skip
    two = EnterprisePageFactory(
        title_da="Grønne Hænder", title_sv="Gröna händer", areas=[region],
        offers=[make_offer(name_da="Urter", kind="product", categories=[garden])],
        eligibilities=[make_eligibility(article="77")],
    )  # fmt: skip
    three = EnterprisePageFactory(
        title_da="Tredje", country="SE", municipality=other, offers=[make_offer(categories=[clean])]
    )
    return one, two, three


def test_each_value_of_each_facet_finds_what_the_index_finds(search_engine, suppliers):
    for source in (SUPPLIERS, OFFERS):
        counted = find(blank(source.name, "da", size=0)).facets
        assert {name for name, facet in counted.items() if facet.buckets} >= {
            "category", "place", "kind", "language", "reserved", "certification",
        }  # fmt: skip
        for name, facet in counted.items():
            for bucket in facet.buckets:
                query = blank(source.name, "da", size=50, filters={name: (bucket.code,)})
                total, ids = source.by_database(query)
                assert set(ids) == {hit.id for hit in find(query).hits}, (source.name, name, bucket.code)
                assert total == bucket.count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("åbne", {0}),
        ("Åbne døre", {0}),
        ("händer", {1}),
        ("skoler", {0}),
        ("rengøring", {0, 2}),
        ("findes ikke", set()),
        ("%", set()),
        ("", {0, 1, 2}),
    ],
)
def test_words_are_found_in_names_of_any_language(suppliers, text, found):
    _total, ids = SUPPLIERS.by_database(Query("suppliers", "da", text=text))
    assert set(ids) == {str(suppliers[place].pk) for place in found}


def test_pages_follow_each_other_by_name(suppliers):
    pages = [SUPPLIERS.by_database(Query("suppliers", "da", page=page, size=2)) for page in (1, 2, 3)]
    assert [total for total, _ids in pages] == [3, 3, 3]
    assert [len(ids) for _total, ids in pages] == [2, 1, 0]


def test_it_costs_a_few_queries(suppliers):
    query = Query("suppliers", "da", text="rengøring", filters={"category": ("clean",), "place": ("DK",)})
    with CaptureQueriesContext(connection) as asked:
        SUPPLIERS.by_database(query)
    assert len(asked) <= 3  # restrictions of pages, the total, the page
