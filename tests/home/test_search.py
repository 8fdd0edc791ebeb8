"""Pages in the search of everything: those that no other kind of thing has."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import StandardPage
from search.queries import find, parse
from tests.factories.directory import DirectoryPageFactory, EnterprisePageFactory
from tests.factories.home import PageFactory

pytestmark = pytest.mark.django_db


def titles(text: str, language: str) -> list[str]:
    return [hit.card.title for hit in find(parse({"q": text}, language, source="pages")).hits]


def test_a_page_is_found_by_any_of_its_words(home_page):
    PageFactory(
        title_da="Om sociale indkøb", introduction_da="Kort sagt", body_da=[("text", "<p>Forbeholdt kontrakt</p>")]
    )
    for word in ("indkøb", "kort", "kontrakten"):
        assert titles(word, "da") == ["Om sociale indkøb"]
    assert titles("rengøring", "da") == []


def test_a_page_is_shown_in_the_readers_language(home_page):
    PageFactory(title_da="Om sociale indkøb", title_sv="Om social upphandling")
    assert titles("upphandling", "sv") == ["Om social upphandling"]
    (hit,) = find(parse({"q": "indkøb"}, "en", source="pages")).hits
    assert hit.card.language == "da"


def test_a_draft_is_not_found(home_page):
    page = PageFactory(title_da="Om sociale indkøb")
    assert titles("indkøb", "da")
    StandardPage.objects.get(pk=page.pk).unpublish()
    assert titles("indkøb", "da") == []


def test_the_front_page_is_found(home_page):
    home_page.title_da, home_page.introduction_da = "Torvet i midten", "Køb socialt"
    home_page.body_da = [("text", "<p>Sådan handler kommuner</p>")]
    home_page.save()
    for word in ("torvet", "socialt", "kommunerne"):
        assert titles(word, "da") == ["Torvet i midten"]
    (hit,) = find(parse({"q": "torvet"}, "da", source="pages")).hits
    assert (hit.card.url, hit.card.summary) == ("/da/", "Køb socialt")


def test_the_page_of_all_suppliers_is_found_and_a_supplier_only_among_its_own(home_page):
    directory = DirectoryPageFactory(title_da="Leverandører", introduction_da="Find en virksomhed")
    EnterprisePageFactory(parent=directory, title_da="Leverandøren")
    assert titles("leverandør", "da") == titles("virksomheder", "da") == ["Leverandører"]


def test_a_changed_front_page_is_found_as_it_is_now(home_page):
    assert titles("markedet", "da") == []
    home_page.title_da = "Markedet"
    home_page.save_revision().publish()
    assert titles("markedet", "da") == ["Markedet"]


def test_more_pages_of_a_type_take_no_more_queries(home_page, django_assert_num_queries):
    for number in range(2):
        PageFactory(title_da=f"Indkøb {number}")
    titles("indkøb", "da")
    with CaptureQueriesContext(connection) as few:
        assert len(titles("indkøb", "da")) == 2
    for number in range(5):
        PageFactory(title_da=f"Flere indkøb {number}")
    titles("indkøb", "da")
    with django_assert_num_queries(len(few)):
        assert len(titles("indkøb", "da")) == 7
