"""The search of everything."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import directory as make
from tests.factories.home import PageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("search_engine")]
ADDRESSES = {"da": "/da/soeg/", "sv": "/sv/sok/", "en": "/en/search/"}


@pytest.fixture
def suppliers(home_page):
    PageFactory(parent=home_page, title_da="Om vask", title_sv="Om tvätt", title_en="About laundry", slug="om")
    for number in range(7):
        make.EnterprisePageFactory(
            title_da=f"Vaskeri {number}", slug=f"v{number}", offers=[make.make_offer(name_da=f"Vask {number}")]
        )


@pytest.mark.parametrize("language", ADDRESSES)
def test_everything_is_found_by_kind(client, suppliers, language):
    response = client.get(ADDRESSES[language], {"q": "vask"})
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert soup.html["lang"] == language
    parts = [section["aria-labelledby"] for section in soup.select("section.found")]
    assert parts[:2] == ["part-suppliers", "part-offers"]
    assert "part-pages" in parts
    assert len(soup.select("section.found .hit")) == 5 + 5 + 1
    assert soup.select_one("a[href*='show=offers']") is not None


def test_one_kind_is_shown_in_full(client, suppliers):
    soup = BeautifulSoup(client.get("/da/soeg/", {"q": "vask", "show": "offers"}).content, "html.parser")
    assert len(soup.select(".hit")) == 7


def test_without_a_text_there_is_only_the_question(client, suppliers):
    soup = BeautifulSoup(client.get("/da/soeg/").content, "html.parser")
    assert soup.select_one("#q") is not None
    assert soup.select(".hit") == []


@pytest.mark.parametrize(
    ("parameters", "status"),
    [({"q": "x" * 5000}, 400), ({"show": "people"}, 400), ({"q": "vask", "show": "offers", "page": "9999"}, 404)],
)
def test_parameters_that_make_no_sense_get_a_tidy_answer(client, suppliers, parameters, status):
    response = client.get("/da/soeg/", parameters)
    assert response.status_code == status
    assert b'id="q"' in response.content


def test_language_switcher_leads_to_the_same_search(client, suppliers):
    soup = BeautifulSoup(client.get("/da/soeg/", {"q": "vask"}).content, "html.parser")
    assert soup.select_one("#langs a[hreflang=sv]")["href"] == "/sv/sok/?q=vask"


def test_one_kind_is_narrowed_by_its_facets(client, suppliers):
    page = make.EnterprisePageFactory(
        title_da="Trykkeriet",
        slug="tryk",
        certifications=[make.make_certification(certification=make.CertificationFactory(code="iso-9001"))],
    )
    soup = BeautifulSoup(
        client.get("/da/soeg/", {"show": "suppliers", "certification": "iso-9001"}).content, "html.parser"
    )
    assert [link["href"] for link in soup.select(".hit a")] == [page.get_url()]
    box = soup.select_one("input[name=certification][value=iso-9001]")
    assert box.has_attr("checked")
    assert soup.select_one("form#find input[name=show]")["value"] == "suppliers"
    assert soup.select_one(".chip")["href"] == "/da/soeg/?show=suppliers"


def test_one_kind_is_sorted_and_paged(client, home_page):
    for number in range(25):
        make.EnterprisePageFactory(title_da=f"Vaskeri {number:02}", slug=f"v{number}")
    soup = BeautifulSoup(
        client.get("/da/soeg/", {"q": "vaskeri", "show": "suppliers", "sort": "name"}).content, "html.parser"
    )
    assert soup.select_one(".hit a").text == "Vaskeri 00"
    assert soup.select_one(".pager a[rel=next]")["href"] == "/da/soeg/?q=vaskeri&show=suppliers&sort=name&page=2"
    assert soup.select_one("form#find input[name=sort]")["value"] == "name"
    asked = {"q": "vaskeri", "show": "suppliers", "size": 9}
    soup = BeautifulSoup(client.get("/da/soeg/", asked).content, "html.parser")
    assert soup.select_one(".pager a[rel=next]")["href"] == "/da/soeg/?q=vaskeri&show=suppliers&size=9&page=2"
    assert soup.select_one("form#find input[name=size]")["value"] == "9"
    soup = BeautifulSoup(client.get("/da/soeg/", {"q": "vaskeri"}).content, "html.parser")
    assert soup.select_one("#part-suppliers + a")["href"] == "/da/soeg/?q=vaskeri&show=suppliers"


def test_kinds_are_tabs_with_what_each_has(client, suppliers):
    for parameters, current in (({}, "Alt"), ({"show": "offers"}, "Ydelser og produkter 7")):
        soup = BeautifulSoup(client.get("/da/soeg/", {"q": "vask", **parameters}).content, "html.parser")
        tabs = {" ".join(tab.text.split()): tab for tab in soup.select(".tabs a")}
        assert list(tabs) == ["Alt", "Leverandører 7", "Ydelser og produkter 7", "Sider 1"]
        assert tabs[current]["aria-current"] == "page"
        assert tabs["Sider 1"]["href"] == "/da/soeg/?q=vask&show=pages"


def test_every_page_leads_to_the_search_of_everything(client, suppliers):
    for address in ("/da/", "/da/om/", "/da/findes-ikke/"):
        soup = BeautifulSoup(client.get(address).content, "html.parser")
        assert soup.select_one(".menu a[href='/da/soeg/']").text == "Søg"
