"""What every request goes through."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from torv.problems import problem_body
from torv.settings import dev

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["production", "demo"])
def site(request, settings, home_page) -> Client:
    """A visitor of a site that others reach, and of the demo, where Django would answer with pages for developers."""
    if request.param == "demo":
        settings.DEBUG, settings.MIDDLEWARE = True, dev.MIDDLEWARE
    return Client(raise_request_exception=False)


def is_problem(response, status) -> bool:
    found = response.json()
    return response.status_code == status and found == problem_body(found["detail"], found["parameter"], status)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/da/%00/", 404),
        ("/%00", 404),
        ("/static/%00.css", 404),
        ("/da/?q=%00", 200),
        ("/da/soeg/?q=%00", 200),
        ("/api/v3/pages/?search=%00", 200),
        ("/api/v3/pages/?slug=%00", 200),
        ("/api/v3/search/suppliers/?place=%00", 422),
    ],
)
def test_a_null_character_is_something_that_there_is_not(client, home_page, address, status):
    assert client.get(address, follow=True).status_code == status


def test_a_null_character_does_not_reach_a_view(rf):
    from torv.middleware import NoNullMiddleware

    seen = NoNullMiddleware(lambda request: request)(rf.get("/a%00b/", QUERY_STRING="q=x%00y&z=%2500"))
    assert (seen.path, seen.path_info) == ("/a\ufffdb/", "/a\ufffdb/")
    assert (seen.GET["q"], seen.GET["z"]) == ("x\ufffdy", "%00")


# ---- what Django itself refuses: as a page of ours, or as a problem --------------------------------------------------
@pytest.mark.parametrize("address", ["/sv/", "/sv/sok/", "/sv/leverantorer/"])
def test_more_parameters_than_are_read_are_refused_in_words(site, settings, address):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    assert site.get(address + "?" + "&".join("a" * 20)).status_code in (200, 404)
    response = site.get(address + "?" + "&".join("a" * 21))
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 400
    assert soup.html["lang"] == "sv"
    assert "Högst 20 fält blir lästa" in soup.select_one(".notice").get_text()
    assert "gick fel hos oss" not in soup.get_text()


def test_more_fields_than_are_read_are_refused_in_words(site, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    response = site.post("/da/feedback/", {f"a{number}": "" for number in range(21)}, follow=True)
    assert response.status_code == 400
    assert "Højst 20 felter bliver læst" in response.content.decode()


def test_a_program_is_told_too(site, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    response = site.get("/api/v3/pages/?" + "&".join("a" * 21), headers={"accept-language": "sv"})
    assert is_problem(response, 400)
    assert "Högst 20 fält" in response.json()["detail"]


@pytest.mark.parametrize("address", ["/da/x.html", "/da//", "/favicon.ico", "/da/%ff", "/da/%00", "/static/x"])
def test_what_is_not_there_has_the_sites_own_page(site, address):
    response = site.get(address, follow=True)
    assert response.status_code == 404
    assert BeautifulSoup(response.content, "html.parser").select_one("form[role=search] #q") is not None


@pytest.mark.parametrize("address", ["/api/v3/nothing/", "/api/", "/api/v3/pages/1/nothing/"])
def test_a_program_is_told_what_is_not_there_in_its_language(site, address):
    response = site.get(address, headers={"accept-language": "sv"})
    assert is_problem(response, 404)
    assert response.json()["detail"] == "Det finns inget på den här adressen."
    assert is_problem(site.get(f"{address}?lang=xx"), 422)


@pytest.mark.parametrize("kind", ["pages", "images", "documents", "redirects"])
def test_a_number_that_no_database_holds_is_refused(site, kind):
    assert is_problem(site.get(f"/api/v3/{kind}/?offset=9223372036854775808"), 422)


# ---- methods of the API ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/api/v3/pages/", "/api/v3/search/suppliers/", "/api/v3/openapi.json"])
def test_head_of_the_api_says_what_get_would(site, address):
    whole, head = site.get(address), site.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == whole["Content-Type"]
    assert head["Content-Length"] == str(len(whole.content))


def test_options_of_the_api_name_what_can_be_asked(site):
    response = site.options("/api/v3/search/suppliers/")
    assert (response.status_code, response.content) == (204, b"")
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert "POST" in site.options("/api/v3/pages/")["Allow"]


def test_another_method_is_refused_in_the_programs_language(site):
    response = site.delete("/api/v3/search/suppliers/", headers={"accept-language": "sv"})
    assert is_problem(response, 405)
    assert response.json()["detail"] == "Den här adressen svarar på GET, HEAD, OPTIONS."
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_a_failure_of_the_api_is_a_problem_too(settings, home_page, monkeypatch):
    monkeypatch.setattr("search.api.find", lambda *arguments, **options: 1 / 0)
    response = Client(raise_request_exception=False).get("/api/v3/search/suppliers/")
    assert is_problem(response, 500)


# ---- what somebody may not -------------------------------------------------------------------------------------------
def test_a_form_that_is_not_from_here_is_refused_on_a_page_of_ours(site):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/cms/login/", {"username": "a", "password": "b"}, headers={"accept-language": "sv"})
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 403
    assert soup.html["lang"] == "sv"
    assert "cookies" in soup.select_one("main").get_text()
