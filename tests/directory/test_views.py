"""The directory's pages as visitors get them: status, state in the address, languages, and what stays private."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import directory as make

pytestmark = pytest.mark.django_db

DIRECTORIES = {"da": "/da/leverandoerer/", "sv": "/sv/leverantorer/", "en": "/en/suppliers/"}


@pytest.fixture
def page(client: Client):
    """`page("/da/…")` is the parsed answer; its `status` and `response` come along."""

    def get(path: str, **headers: str) -> BeautifulSoup:
        response = client.get(path, **headers)
        soup = BeautifulSoup(response.content, "html.parser")
        soup.status, soup.response = response.status_code, response
        return soup

    return get


def hits(soup: BeautifulSoup) -> list[str]:
    return [link.get_text(strip=True) for link in soup.select(".hit h2 a")]


@pytest.mark.parametrize("language", DIRECTORIES)
def test_directory_lists_suppliers_in_every_language(page, enterprise, language):
    soup = page(DIRECTORIES[language])
    assert soup.status == 200
    assert soup.html["lang"] == language
    assert len(hits(soup)) == 1
    assert soup.select_one("#found strong").get_text(strip=True).startswith("1 ")


def test_a_form_without_javascript_carries_the_whole_state(page, enterprise):
    soup = page("/da/leverandoerer/?category=clean&sort=newest")
    form = soup.select_one("form#find")
    assert (form["method"], form["action"]) == ("get", "/da/leverandoerer/")
    checked = [(box["name"], box["value"]) for box in soup.select("input[form=find][checked]")]
    assert checked == [("category", "clean")]
    assert soup.select_one("input[form=find][name=sort]")["value"] == "newest"
    assert soup.select("button[form=find]")


def test_every_facet_value_says_how_many_it_finds(page, enterprise):
    soup = page("/da/leverandoerer/")
    for value in soup.select(".opt"):
        name, code = value.input["name"], value.input["value"]
        found = page(f"/da/leverandoerer/?{name}={code}").select_one("#found strong").get_text(strip=True)
        assert found.split()[0] == value.select_one(".num").get_text(strip=True), (name, code)


def test_an_active_filter_is_removed_by_its_own_link(page, enterprise):
    soup = page("/da/leverandoerer/?q=skole&category=clean&place=DK/1082")
    chips = {chip.get_text(" ", strip=True): chip["href"] for chip in soup.select(".chip")}
    assert len(chips) == 2
    for href in chips.values():
        assert len(page(href).select(".chip")) == 1
        assert "q=skole" in href


def test_htmx_gets_only_what_changes_and_the_address_to_show(client, enterprise):
    response = client.get("/da/leverandoerer/?q=skole&category=clean&unknown=1", HTTP_HX_REQUEST="true")
    text = response.content.decode()
    assert "<html" not in text
    assert "hx-swap-oob" in text
    assert response["HX-Push-Url"] == "/da/leverandoerer/?q=skole&category=clean"
    assert "HX-Request" in response["Vary"]


def test_htmx_restoring_history_gets_the_whole_page(client, enterprise):
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}
    assert b"<html" in client.get("/da/leverandoerer/", **headers).content


@pytest.mark.parametrize("language", DIRECTORIES)
@pytest.mark.parametrize(
    "parameters",
    [
        "place=XX/99",
        "category=nothing",
        "page=0",
        "page=-1",
        "page=one",
        "sort=price",
        "show=people",
        "q=" + "a" * 5000,
    ],
)
def test_parameters_that_make_no_sense_get_a_tidy_400(page, enterprise, language, parameters):
    soup = page(f"{DIRECTORIES[language]}?{parameters}")
    assert soup.status == 400
    assert soup.select_one("[role=alert]").get_text(strip=True)
    assert soup.select_one("form#find input[name=q]") is not None


def test_a_page_after_the_last_is_a_tidy_404(page, enterprise):
    soup = page("/da/leverandoerer/?page=9999")
    assert soup.status == 404
    assert soup.select_one("#found") is not None


def test_control_characters_and_decomposed_letters_do_no_harm(page, enterprise):
    assert page("/da/leverandoerer/?q=%00%1b%0a").status in (200, 400)
    assert hits(page("/da/leverandoerer/?q=Bækbo")) == hits(page("/da/leverandoerer/?q=B%C3%A6kbo")) != []


def test_category_page_keeps_its_category_and_names_it(page, enterprise, codes):
    codes.clean.slug_da, codes.clean.description_da = "rengoering", "Alt om rengøring"
    codes.clean.save()
    soup = page("/da/leverandoerer/kategori/rengoering/")
    assert soup.status == 200
    assert soup.h1.get_text(strip=True) == "Rengøring"
    assert soup.select_one("link[rel=canonical]")["href"].endswith("/da/leverandoerer/kategori/rengoering/")
    assert soup.select(".chip") == []
    assert len(hits(soup)) == 1


def test_category_page_has_an_address_in_every_language(page, enterprise, codes):
    codes.clean.slug_da, codes.clean.slug_sv, codes.clean.slug_en = "rengoering", "clean-sv", "clean-en"
    codes.clean.save()
    soup = page("/da/leverandoerer/kategori/rengoering/")
    links = {link["hreflang"]: link["href"] for link in soup.select("#langs a")}
    assert links["sv"] == "/sv/leverantorer/kategori/clean-sv/"
    assert links["en"] == "/en/suppliers/category/clean-en/"
    assert {link["hreflang"] for link in soup.select("link[rel=alternate]")} == {"da", "sv", "en"}
    assert page(links["sv"]).status == 200


def test_unknown_category_is_not_found(page, enterprise):
    assert page("/da/leverandoerer/kategori/findes-ikke/").status == 404


def test_the_size_of_pages_stays_as_long_as_one_searches(page, enterprise, codes):
    make.EnterprisePageFactory(title_da="Skolen", slug="skolen", summary_da="Skole")
    soup = page("/da/leverandoerer/?q=skole&size=1&category=clean&place=DK")
    assert soup.select_one("input[form=find][name=size]")["value"] == "1"
    assert all("size=1" in link["href"] for link in soup.select(".chip, .tabs a, #langs a"))
    soup = page("/da/leverandoerer/?q=skole&size=1")
    assert soup.select_one(".pager a[rel=next]")["href"] == "/da/leverandoerer/?q=skole&size=1&page=2"
    assert page("/da/leverandoerer/?q=skole&size=20").select_one("input[name=size]") is None


def test_order_and_size_alone_are_kept_by_the_language_switcher_and_htmx(page, client, enterprise, codes):
    soup = page("/da/leverandoerer/?sort=newest&size=5")
    links = {link["hreflang"]: link["href"] for link in soup.select("#langs a")}
    assert links["en"] == "/en/suppliers/?sort=newest&size=5"
    codes.clean.slug_da = "rengoering"
    codes.clean.save()
    answer = client.get("/da/leverandoerer/kategori/rengoering/?sort=newest", headers={"hx-request": "true"})
    assert answer["HX-Push-Url"] == "/da/leverandoerer/?category=clean&sort=newest"


def test_a_place_s_name_says_its_language(page, enterprise, codes):
    codes.viborg.name_sv = ""
    codes.viborg.save()
    assert page("/sv/leverantorer/").select_one(".hit .meta span[lang=da]").get_text(strip=True) == "Viborg"


def test_language_switcher_keeps_the_search(page, enterprise):
    soup = page("/da/leverandoerer/?q=skole&category=clean&sort=name")
    links = {link["hreflang"]: link["href"] for link in soup.select("#langs a")}
    assert links["en"] == "/en/suppliers/?q=skole&category=clean&sort=name"


def test_filtered_pages_ask_not_to_be_indexed(page, enterprise):
    assert page("/da/leverandoerer/").select_one("meta[name=robots]") is None
    assert "noindex" in page("/da/leverandoerer/?place=DK").select_one("meta[name=robots]")["content"]


def test_nothing_found_offers_ways_on(page, enterprise):
    soup = page("/da/leverandoerer/?q=klaverstemning&category=clean")
    assert soup.status == 200
    assert hits(soup) == []
    assert any("category" not in link["href"] for link in soup.select(".next a"))


def test_the_tile_map_counts_and_links(page, enterprise, codes):
    for number, place in enumerate((codes.viborg, codes.orebro), 1):
        place.tile_row, place.tile_column = number, number
        place.save()
    soup = page("/da/leverandoerer/")
    tile = soup.select_one("a.tile")
    assert tile.get_text(" ", strip=True) == "Viborg 1"
    assert tile["href"] == "/da/leverandoerer/?place=DK/1082/0791"
    chosen = page(tile["href"]).select_one("a.tile--on")
    assert chosen["aria-current"] == "true"
    assert chosen["href"] == "/da/leverandoerer/?"


def test_limited_search_is_said_and_the_page_stays_up(page, enterprise, monkeypatch):
    from search import queries
    from search.errors import IndexUnavailable

    class Down:
        name = "down"

        def __getattr__(self, name):
            raise IndexUnavailable("down")

    monkeypatch.setattr(queries, "engine", lambda: Down())
    soup = page("/da/leverandoerer/?q=skole")
    assert soup.status == 200
    assert soup.select_one(".notice--warn") is not None
    assert page("/da/").status == 200


def test_enterprise_page_shows_public_facts_only(page, enterprise):
    soup = page("/da/leverandoerer/baekbo/")
    text = soup.get_text(" ", strip=True)
    assert soup.status == 200
    assert soup.h1.get_text(strip=True) == "Bækbo Rengøring"
    assert "Hemmelig Person" not in str(soup)
    assert soup.select("#contact a[href^='mailto:']")
    assert all(re.fullmatch(r"tel:\+?\d+", link["href"]) for link in soup.select("a[href^='tel:']"))
    for fact in ("Opdigtet Allé 7", "8800 Viborg", "Skolerengøring", "90919300", "61 %", "9.000 m²", "31"):
        assert fact in text


def test_enterprise_page_tells_machines_who_it_is(page, enterprise):
    soup = page("/da/leverandoerer/baekbo/")
    data = json.loads(soup.select_one("script[type='application/ld+json']").string)
    assert data["@type"] == "Organization"
    assert data["name"] == "Bækbo Rengøring"
    assert data["address"]["postalCode"] == "8800"
    assert "Hemmelig" not in json.dumps(data)


def test_linked_data_cannot_end_its_script(page, codes):
    make.EnterprisePageFactory(title_da="</script><b>x", slug="x", key="x")
    soup = page("/da/leverandoerer/x/")
    assert soup.h1.get_text(strip=True) == "</script><b>x"
    assert json.loads(soup.select_one("script[type='application/ld+json']").string)["name"] == "</script><b>x"


def test_a_text_that_stands_in_says_its_language(page, enterprise):
    soup = page("/en/suppliers/baekbo/")
    assert soup.status == 200
    assert soup.html["lang"] == "en"
    assert soup.h1["lang"] == "da"
    notice = soup.select_one(".notice")
    assert notice.a["href"] == "/da/leverandoerer/baekbo/"
    assert soup.select_one("link[rel=canonical]")["href"].endswith("/da/leverandoerer/baekbo/")
    assert {link["hreflang"] for link in soup.select("link[rel=alternate]")} == {"da", "sv"}


def test_no_notice_where_nothing_stands_in(page, enterprise):
    assert page("/da/leverandoerer/baekbo/").select_one(".notice") is None


def test_unpublished_enterprise_is_gone_from_page_and_list(page, enterprise):
    enterprise.unpublish()
    assert page("/da/leverandoerer/baekbo/").status == 404
    assert hits(page("/da/leverandoerer/")) == []


def test_a_dangerous_description_is_made_harmless(page, codes):
    make.EnterprisePageFactory(
        title_da="Ond", slug="ond", key="ond", description_da='<p onclick="x()">Ja<script>alert(1)</script></p>'
    )
    soup = page("/da/leverandoerer/ond/")
    assert soup.select_one("main script") is None
    assert soup.select_one("[onclick]") is None
    assert "Ja" in soup.main.get_text()


def test_no_cookie_and_nothing_inline(page, enterprise):
    for path in ("/da/", "/da/leverandoerer/", "/da/leverandoerer/baekbo/", "/da/soeg/?q=skole", "/da/findes-ikke/"):
        soup = page(path)
        assert not soup.response.cookies
        assert soup.select("[style], style, [onclick], script:not([src]):not([type='application/ld+json'])") == []


@pytest.mark.parametrize(
    "path", ["/da/leverandoerer/", "/sv/leverantorer/?q=skole", "/en/suppliers/?show=offers", "/da/"]
)
def test_queries_do_not_grow_with_the_results(client, enterprise, codes, django_assert_num_queries, path):
    def measured() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    before = measured()
    for number in range(6):
        make.EnterprisePageFactory(
            title_da=f"Skole {number}",
            title_sv=f"Skola {number}",
            slug=f"s{number}",
            key=f"s{number}",
            municipality=codes.viborg,
            areas=[codes.orebro],
            offers=[make.make_offer(name_da=f"Skole {number}", categories=[codes.schools], cpv_codes=[codes.laundry])],
            contacts=[make.make_contact()],
            eligibilities=[make.make_eligibility()],
        )
    assert measured() <= before + 1  # one more label to read where a facet has its first value


def test_queries_of_an_enterprise_page_do_not_grow_with_its_offers(client, codes):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def measured(number: int) -> int:
        offers = [
            make.make_offer(name_da=f"T{n}", categories=[codes.clean], cpv_codes=[codes.school], areas=[codes.viborg])
            for n in range(number)
        ]
        name = f"firma-{number}"
        make.EnterprisePageFactory(title_da=name, slug=name, key=name, municipality=codes.viborg, offers=offers)
        client.get(f"/da/leverandoerer/{name}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/da/leverandoerer/{name}/").status_code == 200
        return len(queries)

    assert measured(1) == measured(9)


# ---- categories that are called something else -----------------------------------------------------------------------
def leads_to(client, address):
    response = client.get(address)
    return response.status_code, response.headers.get("Location")


def test_a_renamed_directory_takes_its_categories_along(client, enterprise, codes):
    directory = enterprise.get_parent().specific
    directory.slug_sv = "foretag"
    directory.save()
    assert leads_to(client, "/sv/leverantorer/?q=städning&category=clean") == (
        301, "/sv/foretag/?q=st%C3%A4dning&category=clean"
    )  # fmt: skip
    address = leads_to(client, "/sv/leverantorer/kategori/stadning/?sort=name")
    assert address == (301, "/sv/foretag/kategori/stadning/?sort=name")
    assert client.get(address[1]).status_code == 200
    assert leads_to(client, "/sv/leverantorer/kategori/intet/") == (404, None)


def test_a_renamed_category_is_found_by_every_earlier_name(client, enterprise, codes):
    for slug in ("renhold", "rent"):
        codes.clean.slug_da = slug
        codes.clean.save()
    for earlier in ("rengring", "renhold"):
        assert leads_to(client, f"/da/leverandoerer/kategori/{earlier}/") == (301, "/da/leverandoerer/kategori/rent/")
    directory = enterprise.get_parent().specific
    directory.slug = "virksomheder"
    directory.save()
    assert leads_to(client, "/da/leverandoerer/kategori/rengring/") == (301, "/da/virksomheder/kategori/rent/")
    codes.clean.slug_da = "renhold"
    codes.clean.save()
    assert client.get("/da/virksomheder/kategori/renhold/").status_code == 200
    assert leads_to(client, "/da/leverandoerer/kategori/rent/") == (301, "/da/virksomheder/kategori/renhold/")


def test_the_old_name_of_a_deleted_category_leads_to_the_directory(client, enterprise, codes):
    category = make.CategoryFactory(code="old", name_da="Gammel")
    category.slug_da = "ny"
    category.save()
    category.delete()
    assert leads_to(client, "/da/leverandoerer/kategori/gammel/") == (301, "/da/leverandoerer/")


def test_every_category_on_the_front_page_has_a_page(client, enterprise, home_page):
    category = make.CategoryFactory(code="new", name_da="Nyt")
    type(category).objects.filter(pk=category.pk).update(slug_da="", slug_sv="", slug_en="")
    links = BeautifulSoup(client.get("/da/").content, "html.parser").select("a[href*='/kategori/']")
    assert "/da/leverandoerer/kategori/new/" in {link["href"] for link in links}
    assert {client.get(link["href"]).status_code for link in links} == {200}
