"""Search over HTTP: shapes, languages, and every wrong parameter as a sentence."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("search_engine")]
SUPPLIERS = "/api/v3/search/suppliers/"


@pytest.fixture
def cleaning():
    clean = CategoryFactory(code="clean", name_da="Rengøring", name_sv="Städning", name_en="Cleaning")
    return CategoryFactory(
        code="schools", parent=clean, name_da="Skolerengøring", name_sv="Skolstädning", name_en="Schools"
    )


@pytest.fixture
def page(cleaning):
    place = PlaceFactory(code="DK/1082/0751", name_da="Aarhus")
    return EnterprisePageFactory(
        title_da="Rent Hus", title_sv="Rent Hus AB", summary_da="Vi gør rent & pænt", municipality=place,
        offers=[make_offer(name_da="Rengøring af skoler", name_sv="Skolstädning", categories=[cleaning])],
    )  # fmt: skip


def test_suppliers_have_the_promised_shape(client, page, search_engine):
    answer = client.get(SUPPLIERS, {"q": "rengøring", "lang": "da", "category": "clean"})
    assert answer.status_code == 200
    data = answer.json()
    assert set(data) == {"total", "page", "size", "items", "facets", "suggestion", "engine", "degraded"}
    assert (data["total"], data["page"], data["size"]) == (1, 1, 20)
    assert (data["suggestion"], data["engine"], data["degraded"]) == (None, search_engine, False)
    (item,) = data["items"]
    assert item["id"] == str(page.pk)
    assert item["type"] == "suppliers"
    assert item["title"] == {"text": "Rent Hus", "language": "da"}
    assert item["language"] == "da"
    assert item["url"] == f"http://testserver{page.get_url()}"
    assert (item["snippet"], item["snippet_language"]) == ("<mark>Rengøring</mark> af skoler", "da")
    assert item["matched"][0] == {
        "field": "offers", "word": "rengøring", "matched": "Rengøring", "relation": "exact",
        "language": "da", "code": "",
    }  # fmt: skip


def test_each_text_of_an_item_says_its_language(client, page):
    page.municipality.name_sv = ""
    page.municipality.save()
    iso = CertificationFactory(code="iso-14001", name_da="Miljøledelse", name_sv="", name_en="")
    page.certifications = [make_certification(certification=iso)]
    page.eligibilities = [make_eligibility(article="20")]
    page.save()
    (item,) = client.get(SUPPLIERS, {"q": "rengøring", "lang": "sv"}).json()["items"]
    assert (item["title"]["language"], item["summary"]["language"]) == ("sv", "da")
    assert (item["place"], item["place_language"]) == ("Aarhus", "da")
    assert (item["badges"], item["badge_languages"]) == (["Artikel 20", "Miljøledelse"], ["sv", "da"])
    assert (item["snippet"], item["snippet_language"]) == ("<mark>Rengøring</mark> af skoler", "da")
    (item,) = client.get(SUPPLIERS, {"lang": "sv"}).json()["items"]
    assert (item["snippet"], item["snippet_language"]) == ("", "")


def test_an_answer_is_what_the_document_says(client, page):
    from search.api import ResultsOut

    data = client.get(SUPPLIERS, {"q": "rengøring", "place": "DK/1082", "lang": "en"}).json()
    assert ResultsOut(**data).model_dump() == data


def test_facets_hold_every_value_with_a_count_and_no_other(client, page, cleaning):
    CategoryFactory(code="food", name_da="Mad")
    data = client.get(SUPPLIERS, {"lang": "sv"}).json()
    facets = {facet["name"]: facet for facet in data["facets"]}
    assert set(facets) == {"category", "place", "reserved", "kind", "certification", "purpose", "cpv", "language"}
    assert facets["category"]["buckets"] == [
        {"code": "clean", "label": "Städning", "language": "sv", "count": 1, "selected": False, "parent": None},
        {"code": "clean/schools", "label": "Skolstädning", "language": "sv", "count": 1, "selected": False,
         "parent": "clean"},
    ]  # fmt: skip
    selected = client.get(SUPPLIERS, {"lang": "sv", "category": "food"}).json()
    buckets = next(f["buckets"] for f in selected["facets"] if f["name"] == "category")
    assert {b["code"]: (b["count"], b["selected"]) for b in buckets}["food"] == (0, True)


def test_cpv_codes_are_counted_as_far_as_they_are_opened(client):
    found = [CpvCodeFactory(code=code) for code in ("90000000", "90900000", "90910000")]
    EnterprisePageFactory(title_da="Rent Hus", offers=[make_offer(name_da="Rengøring", cpv_codes=found)])

    def codes(**asked):
        facets = client.get(SUPPLIERS, {"lang": "da", **asked}).json()["facets"]
        return [b["code"] for b in next(f["buckets"] for f in facets if f["name"] == "cpv")]

    assert codes() == ["90", "90/909"]
    assert codes(cpv="90900000") == codes(unfold="cpv") == ["90", "90/909", "90/909/9091"]
    assert client.get(SUPPLIERS, {"unfold": "depth"}).status_code == 422


def test_a_selected_value_without_a_count_brings_no_other(client, page):
    data = client.get(SUPPLIERS, {"lang": "sv", "q": "xyzzy", "category": "clean/schools"}).json()
    shown = [bucket for facet in data["facets"] for bucket in facet["buckets"]]
    assert [(b["code"], b["count"], b["selected"], b["parent"]) for b in shown] == [("clean/schools", 0, True, None)]


def test_offers_are_searched_by_themselves(client, page):
    data = client.get("/api/v3/search/offers/", {"q": "skoler", "lang": "da"}).json()
    assert [(i["type"], i["title"]["text"]) for i in data["items"]] == [("offers", "Rengøring af skoler")]


def test_the_language_comes_from_the_header_when_none_is_given(client, page):
    data = client.get(SUPPLIERS, headers={"accept-language": "sv-SE,sv;q=0.9"}).json()
    assert data["items"][0]["title"] == {"text": "Rent Hus AB", "language": "sv"}
    data = client.get(SUPPLIERS, headers={"accept-language": "fi"}).json()
    assert data["items"][0]["title"]["language"] == "da"


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"category": "sky"}, "category"), ({"page": "0"}, "page"), ({"page": "x"}, "page"),
        ({"size": "100000"}, "size"),
        ({"size": "0"}, "size"), ({"q": "a" * 5000}, "q"), ({"lang": "xx"}, "lang"), ({"sort": "price"}, "sort"),
        ({"cpv": "12"}, "cpv"), ({"place": "DK/9"}, "place"), ({"kind": "thing"}, "kind"),
        ({"reserved": "21"}, "reserved"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_in_a_sentence(client, page, params, parameter):
    answer = client.get(SUPPLIERS, params)
    assert answer.status_code == 422
    data = answer.json()
    assert (data["status"], data["parameter"]) == (422, parameter)
    assert len(data["detail"]) > 10


def test_the_sentence_follows_the_language(client, page):
    assert (
        client.get(SUPPLIERS, {"lang": "en", "page": "0"}).json()["detail"] == "“page” must be a whole number from 1."
    )


def test_an_unknown_source_is_not_found(client, db):
    answer = client.get("/api/v3/search/elephants/")
    assert answer.status_code == 404
    assert "elephants" in answer.json()["detail"]


def test_a_far_page_is_empty(client, page):
    data = client.get(SUPPLIERS, {"page": "99999"}).json()
    assert (data["total"], data["items"], data["page"]) == (1, [], 99_999)


@pytest.mark.parametrize("text", ["\x00", "a\u0301", "%", "<script>", "\ud7ff", "(", "🧹"])
def test_odd_texts_are_answered(client, page, text):
    assert client.get(SUPPLIERS, {"q": text}).status_code == 200


def test_repeated_parameters_are_answered(client, page):
    assert client.get(SUPPLIERS + "?q=x&q=rent&page=2&page=1&lang=sv&lang=da&sort=name&sort=newest").status_code == 200


def test_suggestions_have_the_promised_shape(client, page):
    data = client.get("/api/v3/search/suggest/", {"q": "reng", "lang": "da"}).json()
    assert data["items"][0] == {"text": "Rengøring", "kind": "category", "language": "da", "url": "", "code": "clean"}
    assert {item["kind"] for item in data["items"]} == {"category", "offer"}


def test_suggestions_for_wrong_parameters_are_refused(client, db):
    assert client.get("/api/v3/search/suggest/", {"q": "re", "lang": "xx"}).status_code == 422
    assert client.get("/api/v3/search/suggest/", {"q": "r" * 999}).status_code == 422
    assert client.get("/api/v3/search/suggest/", {"q": "r"}).json() == {"items": []}
    assert client.get("/api/v3/search/suggest/").json() == {"items": []}


def test_the_document_describes_search(client, db):
    document = client.get("/api/v3/openapi.json").json()
    described = document["paths"]["/api/v3/search/{source}/"]["get"]
    names = {parameter["name"] for parameter in described["parameters"]}
    assert {"q", "lang", "category", "place", "cpv", "sort", "page", "size"} <= names
    assert set(described["responses"]) == {"200", "404", "422", "503"}


def test_the_number_of_queries_does_not_grow_with_the_items(client, page, cleaning):
    def queries() -> int:
        client.get(SUPPLIERS, {"lang": "da"})
        with CaptureQueriesContext(connection) as captured:
            client.get(SUPPLIERS, {"lang": "da"})
        return len(captured)

    few = queries()
    for number in range(6):
        EnterprisePageFactory(slug=f"flere-{number}", offers=[make_offer(name_da="Vask", categories=[cleaning])])
    assert queries() == few
