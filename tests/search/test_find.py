"""The one path: from a query to results with cards, reasons, facets and help."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import EnterprisePage
from search.queries import blank, count, counts, find, parse, suggest
from tests.factories.directory import (
    CategoryFactory,
    CertificationFactory,
    CpvCodeFactory,
    EnterprisePageFactory,
    PlaceFactory,
    cvr_number,
    make_certification,
    make_contact,
    make_eligibility,
    make_offer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("search_engine")]


@pytest.fixture
def places():
    names = {"DK/1082/0751": "Aarhus", "DK/1082/0791": "Viborg", "DK/1082/0657": "Herning", "SE/18/1880": "Örebro"}
    return {name: PlaceFactory(code=code, name_da=name) for code, name in names.items()}


@pytest.fixture
def cleaning():
    clean = CategoryFactory(code="clean", name_da="Rengøring", name_sv="Städning", name_en="Cleaning", icon="clean")
    return CategoryFactory(code="schools", parent=clean, name_da="Skolerengøring", name_sv="Skolstädning", name_en="")


def ids(results) -> list[int]:
    return [int(hit.id) for hit in results.hits]


def test_a_supplier_is_found_by_what_it_sells_in_any_inflection(places):
    page = EnterprisePageFactory(title_da="Havholdet", offers=[make_offer(name_da="Græsslåning og hækklipning")])
    EnterprisePageFactory(title_da="Brødhuset", offers=[make_offer(name_da="Rugbrød")])
    assert ids(find(parse({"q": "klippe hække"}, "da"))) == [page.pk]


def test_a_hit_carries_its_card_reason_and_marks(places, cleaning):
    page = EnterprisePageFactory(
        title_da="Rent & Pænt",
        summary_da="Vi gør rent <b>overalt</b>.",
        municipality=places["Aarhus"],
        offers=[make_offer(name_da="Rengøringsservice", categories=[cleaning])],
        eligibilities=[make_eligibility(article="20")],
    )
    (hit,) = find(parse({"q": "rengøring"}, "da")).hits
    assert hit.card.title == "Rent & Pænt"
    assert hit.card.url == page.get_url()
    assert (hit.card.place, hit.card.icon, hit.language) == ("Aarhus", "clean", "da")
    assert [badge.kind for badge in hit.card.badges] == ["eligibility"]
    assert hit.title == "Rent &amp; Pænt"
    assert hit.snippet == "<mark>Rengøring</mark>sservice"
    (reason,) = hit.why
    assert (reason.field, reason.word, reason.matched, reason.relation) == (
        "offers",
        "rengøring",
        "Rengøringsservice",
        "part",
    )


def test_an_excerpt_is_escaped():
    EnterprisePageFactory(title_da="Kantinen", summary_da="<script>alert(1)</script> Kantine & kaffe")
    (hit,) = find(parse({"q": "kaffe"}, "da")).hits
    assert hit.snippet == "&lt;script&gt;alert(1)&lt;/script&gt; Kantine &amp; <mark>kaffe</mark>"


def test_a_danish_query_finds_a_swedish_listing_after_the_danish_ones_and_says_why():
    swedish = EnterprisePageFactory(
        title_da="", title_sv="Linåns kooperativ", offers=[make_offer(name_da="", name_sv="Städning")]
    )
    danish = EnterprisePageFactory(title_da="Rent Hus", offers=[make_offer(name_da="Rengøring")])
    results = find(parse({"q": "rengøring"}, "da"))
    assert ids(results) == [danish.pk, swedish.pk]
    hit = results.hits[1]
    assert hit.language == "sv"
    assert [(w.word, w.matched, w.relation, w.language) for w in hit.why] == [
        ("rengøring", "Städning", "translated", "sv")
    ]


def test_a_category_means_the_query_in_every_language():
    cleaning = CategoryFactory(code="clean", name_da="Skolerengøring", name_en="Janitors")
    page = EnterprisePageFactory(
        title_da="",
        title_en="The Co-op",
        offers=[make_offer(name_da="", name_en="We come to you", categories=[cleaning])],
    )
    results = find(parse({"q": "skolerengøring"}, "da"))
    assert ids(results) == [page.pk]
    assert results.hits[0].why[0].relation == "concept"
    assert results.hits[0].why[0].via == "clean"


def test_a_cpv_code_typed_as_text_finds_who_offers_it():
    code = CpvCodeFactory(code="90919300", label_da="Rengøring af skoler")
    page = EnterprisePageFactory(offers=[make_offer(name_da="Alt muligt", cpv_codes=[code])])
    EnterprisePageFactory(offers=[make_offer(name_da="Andet")])
    for typed in ("90919300", "90919300-2"):
        results = find(parse({"q": typed}, "da"))
        assert ids(results) == [page.pk]
        assert results.hits[0].why[0].via == code.path


def test_a_compound_nobody_wrote_is_found_by_its_parts():
    page = EnterprisePageFactory(title_da="Huset", summary_da="Vask af duge og linned til hoteller")
    results = find(parse({"q": "dugevask"}, "da"))
    assert ids(results) == [page.pk]
    assert results.suggestion is None


def test_all_words_are_wanted_except_function_words():
    page = EnterprisePageFactory(title_da="Et", summary_da="Rengøring på skoler")
    EnterprisePageFactory(title_da="To", summary_da="Rengøring af kontorer")
    assert ids(find(parse({"q": "rengøring af skoler"}, "da"))) == [page.pk]


def test_words_may_stand_in_different_texts(places):
    page = EnterprisePageFactory(summary_da="Rengøring", municipality=places["Viborg"])
    EnterprisePageFactory(summary_da="Rengøring", municipality=places["Herning"])
    assert ids(find(parse({"q": "rengøring viborg"}, "da"))) == [page.pk]


def test_a_foreign_function_word_is_no_match_for_a_content_word():
    EnterprisePageFactory(title_da="Kantinen", title_en="Canteen", summary_en="We have a canteen")
    assert find(parse({"q": "have"}, "da")).total == 0


# -- only what is public ---------------------------------------------------------------------------------------------


def test_drafts_and_unpublished_pages_are_not_found():
    EnterprisePageFactory(title_da="Kladden", live=False, offers=[make_offer(name_da="Kladdevask")])
    page = EnterprisePageFactory(title_da="Den levende", offers=[make_offer(name_da="Storvask")])
    assert ids(find(blank("suppliers", "da"))) == [page.pk]
    assert find(blank("offers", "da")).total == 1
    page.unpublish()
    assert find(blank("suppliers", "da")).total == 0
    assert find(blank("offers", "da")).total == 0


def test_a_pending_draft_is_not_searched():
    page = EnterprisePageFactory(title_da="Gammelt navn")
    page.title_da = "Hemmeligt nytårsnavn"
    page.save_revision()
    assert find(parse({"q": "nytårsnavn"}, "da")).total == 0
    assert find(parse({"q": "gammelt"}, "da")).total == 1


def test_a_deleted_page_is_gone_at_the_next_search():
    page = EnterprisePageFactory(offers=[make_offer()])
    assert find(blank("suppliers", "da")).total == 1
    page.delete()
    assert find(blank("suppliers", "da")).total == 0
    assert find(blank("offers", "da")).total == 0


def test_a_page_behind_a_login_is_not_found():
    from wagtail.models import PageViewRestriction

    page = EnterprisePageFactory(offers=[make_offer()])
    assert find(blank("offers", "da")).total == 1
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert find(blank("offers", "da")).total == 0
    assert find(blank("suppliers", "da")).total == 0
    restriction.delete()
    assert find(blank("suppliers", "da")).total == 1


def test_contacts_and_a_sole_traders_number_are_not_indexed():
    EnterprisePageFactory(
        contacts=[make_contact(name="Ingeborg Hemmelig", email="hemmelig@example.org", is_public=False)]
    )
    page = EnterprisePageFactory(
        country="SE", title_da="", title_sv="Enskild", slug="enskild", legal_form="sole-trader"
    )
    EnterprisePage.objects.filter(pk=page.pk).update(company_number="8001011234")  # as an old import may have left it
    for text in ("Ingeborg", "hemmelig@example.org", "8001011234", "800101-1234"):
        assert find(parse({"q": text}, "da")).total == 0, text


def test_a_companys_number_finds_it():
    page = EnterprisePageFactory(title_da="Foreningen", company_number=cvr_number(3), legal_form="association")
    assert ids(find(parse({"q": cvr_number(3)}, "da"))) == [page.pk]


# -- facets ----------------------------------------------------------------------------------------------------------


def test_who_serves_a_region_is_found_under_each_municipality_in_it(places):
    region = places["Viborg"].parent
    local = EnterprisePageFactory(municipality=places["Viborg"])
    regional = EnterprisePageFactory(municipality=places["Aarhus"], areas=[region])
    national = EnterprisePageFactory(municipality=places["Herning"], areas=[region.parent])
    EnterprisePageFactory(municipality=places["Örebro"], country="SE")
    results = find(parse({"place": "DK/1082/0791"}, "da"))
    assert set(ids(results)) == {local.pk, regional.pk, national.pk}
    buckets = {b.code: b.count for b in results.facets["place"].buckets}
    assert buckets["DK/1082/0791"] == 3
    assert buckets["DK"] == buckets["DK/1082"] == 3
    assert buckets["SE/18/1880"] == 1


def test_an_offer_with_a_narrower_area_is_found_there_only(places):
    EnterprisePageFactory(
        municipality=places["Aarhus"],
        areas=[places["Viborg"].parent],
        offers=[make_offer(name_da="Overalt"), make_offer(name_da="Kun i Viborg", areas=[places["Viborg"]])],
    )
    assert find(parse({"place": "DK/1082/0791"}, "da", source="offers")).total == 2
    assert [hit.card.title for hit in find(parse({"place": "DK/1082/0657"}, "da", source="offers")).hits] == ["Overalt"]


def test_facets_have_labels_selection_and_parents(cleaning, places):
    EnterprisePageFactory(offers=[make_offer(categories=[cleaning])])
    facet = find(parse({"category": "clean/schools"}, "sv")).facets["category"]
    top, child = facet.buckets
    assert (top.code, top.label, top.language, top.parent, top.selected, top.count) == (
        "clean",
        "Städning",
        "sv",
        None,
        False,
        1,
    )
    assert (child.code, child.label, child.parent, child.selected, child.depth) == (
        "clean/schools",
        "Skolstädning",
        "clean",
        True,
        1,
    )
    assert facet.open("clean")
    label = find(parse({}, "en")).facets["category"].buckets[1]
    assert (label.label, label.language) == ("Skolerengøring", "da")


def test_a_selected_value_without_hits_is_kept_with_its_zero(places):
    EnterprisePageFactory(municipality=places["Aarhus"])
    results = find(parse({"place": "SE/18/1880"}, "da"))
    assert results.total == 0
    selected = results.facets["place"].selected
    assert [(b.code, b.count) for b in selected] == [("SE/18/1880", 0)]


def test_certificates_that_have_run_out_do_not_count():
    import datetime

    iso = CertificationFactory(code="iso-14001")
    past, future = datetime.date(2020, 1, 1), datetime.date(2199, 1, 1)
    EnterprisePageFactory(certifications=[make_certification(certification=iso, valid_until=past)])
    page = EnterprisePageFactory(certifications=[make_certification(certification=iso, valid_until=future)])
    assert ids(find(parse({"certification": "iso-14001"}, "da"))) == [page.pk]


def test_counts_without_hits_equal_those_of_the_results(cleaning):
    EnterprisePageFactory(offers=[make_offer(categories=[cleaning])])
    query = blank("suppliers", "da", facets=("category",))
    assert counts(query)["category"].buckets == find(query).facets["category"].buckets
    assert count(query) == 1


# -- sorts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("da", ["Ager", "Zebra", "Æblet", "Østre", "Åen", "Aarhus"]),
        ("sv", ["Aarhus", "Ager", "Zebra", "Åen", "Æblet", "Østre"]),
    ],
)
def test_names_are_in_the_order_of_the_readers_alphabet(language, expected):
    for name in ("Østre", "Aarhus", "Zebra", "Ager", "Æblet", "Åen"):
        EnterprisePageFactory(title_da=name)
    names = [hit.card.title for hit in find(parse({"sort": "name"}, language)).hits]
    assert names == expected


def test_newest_comes_first():
    pages = [EnterprisePageFactory(title_da=f"Nr. {n}") for n in range(3)]
    assert ids(find(parse({"sort": "newest"}, "da"))) == [page.pk for page in reversed(pages)]


def test_a_page_beyond_the_last_is_empty_and_says_so():
    EnterprisePageFactory()
    results = find(parse({"page": "99999"}, "da"))
    assert results.hits == ()
    assert results.total == 1
    assert results.beyond
    assert not find(parse({"page": "1", "q": "findes ikke"}, "da")).beyond


# -- zero hits -------------------------------------------------------------------------------------------------------


def test_an_empty_result_offers_the_wider_category_and_the_places_beside(cleaning, places):
    EnterprisePageFactory(municipality=places["Aarhus"], offers=[make_offer(categories=[cleaning.parent])])
    results = find(parse({"category": "clean/schools", "place": "DK/1082/0751"}, "da"))
    assert results.total == 0
    assert ("parent", "clean") in [
        (way.kind, way.query.filters["category"][0]) for way in results.ways if way.kind == "parent"
    ]
    results = find(parse({"category": "clean", "place": "DK/1082/0791"}, "da"))
    neighbours = [(way.label, way.count) for way in results.ways if way.kind == "neighbour"]
    assert neighbours == [("Aarhus", 1)]


def test_every_way_out_finds_what_it_promises(cleaning, places):
    EnterprisePageFactory(
        municipality=places["Aarhus"], summary_da="Rengøring", offers=[make_offer(categories=[cleaning])]
    )
    EnterprisePageFactory(municipality=places["Herning"], summary_da="Kantine")
    results = find(parse({"q": "rengøring kantine", "place": "DK/1082/0791"}, "da"))
    assert results.total == 0
    results = find(parse({"q": "rengøring kantine"}, "da"))
    assert {way.kind for way in results.ways} == {"fewer"}
    for way in results.ways:
        assert find(way.query).total == way.count > 0


def test_a_misspelt_word_is_corrected_only_when_nothing_is_found():
    EnterprisePageFactory(summary_da="Rengøring")
    results = find(parse({"q": "rengørring"}, "da"))
    assert (results.total, results.suggestion) == (0, "rengøring")
    assert find(parse({"q": "rengøring"}, "da")).suggestion is None


# -- completing ------------------------------------------------------------------------------------------------------


def test_suggestions_hold_categories_suppliers_and_offers(cleaning):
    page = EnterprisePageFactory(title_da="Rengøringsholdet", offers=[make_offer(name_da="Rengøring af trapper")])
    found = suggest("reng", "da")
    assert [(s.kind, s.text) for s in found] == [
        ("category", "Rengøring"),
        ("supplier", "Rengøringsholdet"),
        ("offer", "Rengøring af trapper"),
    ]
    assert found[0].code == "clean"
    assert found[1].url == page.get_url()


@pytest.mark.parametrize("typed", ["städning i ö", "staedning i oe", "stadning i or"])
def test_suggestions_are_found_in_every_spelling(typed, cleaning):
    CategoryFactory(code="town", name_da="By", name_sv="Städning i Örebro", name_en="Town")
    EnterprisePageFactory(title_da="", title_sv="Städning i Örebro AB")
    found = suggest(typed, "sv")
    assert [(s.kind, s.text) for s in found] == [
        ("category", "Städning i Örebro"),
        ("supplier", "Städning i Örebro AB"),
    ]


def test_categories_spelled_as_typed_come_first():
    CategoryFactory(code="a", name_da="Råd", name_sv="Råd", name_en="Advice")
    CategoryFactory(code="b", name_da="Radio", name_sv="Radio", name_en="Radio")
    assert [s.text for s in suggest("rad", "da")] == ["Radio", "Råd"]
    assert [s.text for s in suggest("rå", "da")] == ["Råd"]


@pytest.mark.parametrize("text", ["", "r", " ", "\x00", "(((", "x" * 5000])
def test_suggestions_for_odd_texts_are_none(text, cleaning):
    assert suggest(text, "da") == []


# -- robustness ------------------------------------------------------------------------------------------------------


def test_without_an_index_of_many_things_results_are_limited_not_broken(monkeypatch, cleaning):
    from search import indexing

    page = EnterprisePageFactory(offers=[make_offer(categories=[cleaning], name_da="Rengøring af kontorer")])
    EnterprisePageFactory(offers=[make_offer(name_da="Rengøring uden kategori")])
    monkeypatch.setattr(indexing, "SMALL", 0)
    results = find(parse({"q": "rengøring", "category": "clean"}, "da"))
    assert (results.degraded, results.answered) == (True, True)
    assert [hit.id for hit in results.hits] == [str(page.pk)]  # by names and filters, from the database
    assert results.total == 1
    assert [b.label for b in results.facets["category"].selected] == ["Rengøring"]
    assert suggest("reng", "da")  # categories need no index
    assert count(blank("suppliers", "da")) == 0


def test_the_number_of_sql_queries_does_not_grow_with_the_results(places, cleaning):
    def make(number: int) -> None:
        for n in range(number):
            EnterprisePageFactory(
                title_da=f"Rent {n}", slug=f"rent-{number}-{n}",
                municipality=places["Aarhus"], areas=[places["Viborg"].parent],
                offers=[make_offer(name_da="Rengøring", categories=[cleaning]), make_offer(name_da="Vask")],
                certifications=[make_certification()], eligibilities=[make_eligibility()],
            )  # fmt: skip

    def queries(source: str) -> int:
        query = parse({"q": "rengøring"}, "da", source=source)
        find(query)
        with CaptureQueriesContext(connection) as captured:
            find(query)
        return len(captured)

    make(2)
    few = queries("suppliers"), queries("offers"), suggested()
    make(8)
    assert (queries("suppliers"), queries("offers"), suggested()) == few


def suggested() -> int:
    suggest("rent", "da")
    with CaptureQueriesContext(connection) as captured:
        suggest("re", "da")
    return len(captured)
