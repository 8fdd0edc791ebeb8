"""The front page and pages of running text as visitors get them."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.blocks.struct_block import StructBlockValidationError

from home.blocks import CallToActionBlock
from home.models import StandardPage
from tests.factories import directory as make
from tests.factories.home import PageFactory

pytestmark = pytest.mark.django_db


def soup_of(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def square(home_page):
    """A front page with a category, a supplier and words that are often searched for."""
    home_page.title_da, home_page.introduction_da = "Køb ind her", "Kort sagt"
    home_page.often_searched_da = "rengøring\n\nmøder\n"
    home_page.save()
    clean = make.CategoryFactory(code="clean", name_da="Rengøring", slug_da="rengoering", icon="clean")
    viborg = make.PlaceFactory(code="DK/1082/0791", name_da="Viborg")
    make.EnterprisePageFactory(
        title_da="Bækbo",
        slug="baekbo",
        municipality=viborg,
        offers=[make.make_offer(name_da="Vask", categories=[clean])],
    )
    return home_page


def test_front_page_begins_with_the_search(client, square):
    soup = soup_of(client, "/da/")
    form = soup.select_one("main form[role=search]")
    assert form["action"] == "/da/leverandoerer/"
    assert [field["value"] for field in form.select("input[name=show]")] == ["suppliers", "offers"]
    assert form.select_one("option[value='DK/1082/0791']").get_text(strip=True) == "Viborg"
    assert soup.h1.get_text(strip=True) == "Køb ind her"


def test_front_page_counts_what_there_is(client, square):
    soup = soup_of(client, "/da/")
    assert [number.get_text(strip=True) for number in soup.select(".figures dd")] == ["1", "1", "1"]
    stall = soup.select_one(".stall")
    assert stall["href"] == "/da/leverandoerer/kategori/rengoering/"
    assert stall.small.get_text(strip=True).startswith("1 ")
    assert "#p-clean" in stall.svg.use["href"]


def test_front_page_leads_to_the_newest_and_to_what_is_often_searched(client, square):
    soup = soup_of(client, "/da/")
    assert soup.select_one(".newest a").get_text(strip=True) == "Bækbo"
    assert [link.get_text(strip=True) for link in soup.select(".often a")] == ["rengøring", "møder"]


def test_front_page_without_a_directory_still_answers(client, home_page):
    assert soup_of(client, "/da/").h1 is not None


def test_standard_page_shows_every_kind_of_block(client, square):
    rows = [
        ("text", "<h2>Overskrift</h2><p>Tekst</p>"),
        ("quote", {"quote": "Godt!", "person": "Ada Eksempel", "role": "Indkøber"}),
        ("facts", {"heading": "Tal", "facts": [{"term": "Andel", "text": "<p>30 procent</p>"}]}),
        ("accordion", {"heading": "", "items": [{"question": "Hvorfor?", "answer": "<p>Derfor.</p>"}]}),
        ("call_to_action", {"text": "", "label": "Gå videre", "page": None, "url": "https://example.org/"}),
        ("suppliers", {"heading": "Nogle", "search": "category=clean", "number": 3}),
    ]
    PageFactory(parent=square, title_da="Om", slug="om", body_da=rows)
    soup = soup_of(client, "/da/om/")
    assert soup.select_one(".body h2").get_text(strip=True) == "Overskrift"
    assert soup.select_one("blockquote").get_text(strip=True) == "Godt!"
    assert soup.select_one("dl.facts dt").get_text(strip=True) == "Andel"
    assert soup.select_one("details summary").get_text(strip=True) == "Hvorfor?"
    assert soup.select_one("a.btn[href='https://example.org/']") is not None
    assert [link.get_text(strip=True) for link in soup.select(".suppliers .newest a")] == ["Bækbo"]


def test_supplier_list_survives_a_category_that_is_gone(client, square):
    rows = [("suppliers", {"heading": "", "search": "category=gone", "number": 3})]
    PageFactory(parent=square, title_da="Om", slug="om", body_da=rows)
    assert soup_of(client, "/da/om/").select(".suppliers .newest a")


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://example.org/a", True),
        ("mailto:os@example.org", True),
        ("/da/om/", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("/\t/evil.example", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https:evil.example", False),
    ],
)
def test_call_to_action_leads_where_it_seems_to(address, is_safe):
    block = CallToActionBlock()
    value = block.to_python({"text": "", "label": "Gå", "page": None, "url": address})
    assert block.get_context(value)["href"] == (address if is_safe else "")
    if is_safe:
        block.clean(value)
    else:
        with pytest.raises(StructBlockValidationError) as error:
            block.clean(value)
        assert "Begynd med" in str(error.value.block_errors["url"].message)


def test_call_to_action_to_an_unpublished_page_is_left_out(client, square):
    target = PageFactory(parent=square, title_da="Væk", slug="vaek")
    rows = [("call_to_action", {"text": "", "label": "Gå", "page": target, "url": ""})]
    PageFactory(parent=square, title_da="Om", slug="om", body_da=rows)
    assert soup_of(client, "/da/om/").select_one("a.btn").get_text(strip=True) == "Gå"
    target.unpublish()
    assert soup_of(client, "/da/om/").select_one(".body a.btn") is None


def test_a_danish_body_on_a_swedish_page_says_so(client, square):
    PageFactory(parent=square, title_da="Om", slug="om", body_da=[("text", "<p>Hej</p>")])
    soup = soup_of(client, "/sv/om/")
    assert soup.html["lang"] == "sv"
    assert soup.h1["lang"] == soup.select_one("article")["lang"] == "da"
    assert soup.select_one(".notice a")["href"] == "/da/om/"
    assert soup.select_one("link[rel=canonical]")["href"].endswith("/da/om/")


def test_menus_follow_the_page_tree(client, square):
    PageFactory(parent=square, title_da="I menuen", slug="menu", show_in_menus=True)
    below = PageFactory(parent=square, title_da="Ved foden", slug="fod")
    PageFactory(parent=square, title_da="Udkast", slug="udkast", show_in_menus=True, live=False)
    soup = soup_of(client, "/da/menu/")
    menu = {link.get_text(strip=True): link for link in soup.select(".menu a")}
    assert "Udkast" not in menu
    assert menu["I menuen"]["aria-current"] == "page"
    assert below.title_da in [link.get_text(strip=True) for link in soup.select(".foot a")]


def test_menus_ask_the_database_the_same_number_of_times(client, square, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def measured() -> int:
        client.get("/da/om/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/da/om/")
        return len(queries)

    PageFactory(parent=square, title_da="Om", slug="om", show_in_menus=True)
    before = measured()
    for number in range(5):
        page = PageFactory(parent=square, title_da=f"S{number}", slug=f"s{number}", show_in_menus=True)
        PageFactory(parent=page, title_da=f"U{number}", slug="u", show_in_menus=True)
    assert measured() == before
    assert StandardPage.objects.count() == 11
