"""Search over the whole demo: for random texts and filters, hits and every count are those of a brute-force count."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from django.utils.translation import override

from directory.models import Category, CpvCode, EnterprisePage, Offer
from directory.search import OFFERS, SUPPLIERS
from search import indexing
from search.plan import make_plan
from search.queries import blank, find
from search.types import Query
from tests.search.oracle import Oracle

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("search_demo")]  # the demo is loaded once
SOURCES = {source.name: source for source in (SUPPLIERS, OFFERS)}
TEXTS = {
    "da": [
        "",
        "",
        "rengøring",
        "kantine",
        "have",
        "vask af arbejdstøj",
        "møbler",
        "cykler",
        "skolerengøring",
        "aarhus",
    ],
    "sv": ["", "", "städning", "lunch", "trädgård", "tvätt", "möbler", "cyklar", "fönsterputs", "örebro"],
    "en": ["", "", "cleaning", "canteen", "garden", "laundry", "furniture", "bicycles", "printing", "school"],
}


@pytest.fixture(scope="module")
def oracles(whole_demo, django_db_blocker, tmp_path_factory):
    """The demo's documents for counting by hand, and the folder of its index."""
    with django_db_blocker.unblock(), override("da"):
        oracles = {name: Oracle(source, source.documents()) for name, source in SOURCES.items()}
    return tmp_path_factory.mktemp("search"), oracles


@pytest.fixture
def demo(oracles, settings):
    folder, found = oracles
    settings.TORV_SEARCH_PATH = folder
    for source in SOURCES.values():
        assert indexing.build_if_small(source)
    return found


def random_query(chance: random.Random, oracle: Oracle) -> Query:
    language = chance.choice(["da", "sv", "en"])
    filters = {}
    for facet in chance.sample(oracle.source.facets, chance.choice([0, 1, 1, 2, 3])):
        known = sorted({code for t in oracle.documents for code in t.document.facets.get(facet.name, ())})
        if known:
            filters[facet.name] = tuple(chance.sample(known, min(len(known), chance.randint(1, 3))))
    return Query(
        oracle.source.name, language, text=chance.choice(TEXTS[language]), filters=filters, size=10,
        sort=chance.choice(["relevance", "name", "newest"]), unfold=("cpv",) if chance.random() < 0.3 else (),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["suppliers", "offers"])
def test_hits_and_counts_equal_a_count_by_hand_for_200_random_requests(demo, name):
    oracle, chance = demo[name], random.Random(name)
    found_something = 0
    for _ in range(200):
        query = random_query(chance, oracle)
        results = find(query)
        plan = make_plan(query.text, query.language)
        if not oracle.ids(replace(query, filters={}), plan):
            plan = make_plan(query.text, query.language, by_parts=True)
        wanted = oracle.ids(query, plan)
        assert results.total == len(wanted), query
        assert {hit.id for hit in results.hits} <= wanted, query
        counts = oracle.counts(query, plan)
        for facet in results.facets.values():
            shown = {bucket.code: bucket.count for bucket in facet.buckets if bucket.count}
            assert shown == counts[facet.name], (query, facet.name)
        found_something += bool(wanted)
    assert found_something > 50


def test_counts_equal_those_of_the_database(demo):
    counts = {
        name: {b.code: b.count for b in facet.buckets}
        for name, facet in find(blank("offers", "da", unfold=("cpv",))).facets.items()
    }
    live = Offer.objects.filter(page__live=True)
    for category in Category.objects.all():
        inside = live.filter(categories__path__startswith=category.path).distinct()
        exact = [o for o in inside if any((c.path + "/").startswith(category.path + "/") for c in o.categories.all())]
        assert counts["category"].get(category.path, 0) == len(exact)
    for code in CpvCode.objects.filter(offers__in=live).distinct():
        below = live.filter(cpv_codes__path__startswith=code.path).distinct()
        exact = [o for o in below if any((c.path + "/").startswith(code.path + "/") for c in o.cpv_codes.all())]
        assert counts["cpv"][code.path] == len(exact)
    for kind in Offer.Kind.values:
        assert counts["kind"].get(kind, 0) == live.filter(kind=kind).count()
    suppliers = find(blank("suppliers", "da"))
    assert suppliers.total == EnterprisePage.objects.live().count()
    purposes = {b.code: b.count for b in suppliers.facets["purpose"].buckets}
    for code, count in purposes.items():
        assert EnterprisePage.objects.live().filter(social_purposes__code=code).count() == count


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [("rengøring", "da", "sv"), ("vask", "da", "sv"), ("städning", "sv", "da"), ("tvätt", "sv", "da")],
)
def test_a_query_finds_listings_that_are_only_in_the_other_language(demo, text, language, other):
    results = find(Query("offers", language, text=text, size=100))
    languages = {tokens.document.id: set(tokens.document.texts) for tokens in demo["offers"].documents}
    foreign = [hit for hit in results.hits if language not in languages[hit.id]]
    assert any(languages[hit.id] == {other} or hit.language == other for hit in foreign)
    assert all(hit.why for hit in foreign)
    own = [language in languages[hit.id] for hit in results.hits]
    assert own.index(False) > 0
