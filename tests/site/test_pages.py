"""What every page of the site has, and the pages for when something is missing."""

import gzip

import pytest
from bs4 import BeautifulSoup
from django.test import RequestFactory

from tests.factories import directory as make
from torv import views
from torv.settings import dev

pytestmark = pytest.mark.django_db


def test_not_found_keeps_the_search_and_the_language(client, home_page):
    response = client.get("/sv/finns-inte/")
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 404
    assert soup.html["lang"] == "sv"
    assert soup.select_one("form[role=search] #q") is not None
    assert [link["href"] for link in soup.select("#langs a")] == ["/da/", "/sv/", "/en/"]
    assert soup.select_one("link[rel=canonical]") is None


def test_the_demo_shows_the_sites_own_page_too(client, home_page, settings):
    settings.DEBUG = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "torv.middleware.OwnRefusalsMiddleware"]
    response = client.get("/sv/finns-inte/")
    assert response.status_code == 404
    assert BeautifulSoup(response.content, "html.parser").select_one("form[role=search] #q") is not None
    assert "URLconf" not in response.content.decode()


def test_a_first_visit_of_the_demo_is_light_too(client, home_page, settings):
    settings.MIDDLEWARE = dev.MIDDLEWARE
    make.EnterprisePageFactory(title_da="Bækbo", slug="baekbo", offers=[make.make_offer(name_da="Vask")])
    headers = {"accept-encoding": "gzip"}
    page = client.get("/da/leverandoerer/", headers=headers)
    soup = BeautifulSoup(gzip.decompress(page.content), "html.parser")
    files = {tag.get("src") or tag["href"] for tag in soup.select("script[src], link[href^='/static/']")}
    files |= {use["href"].partition("#")[0] for use in soup.select("svg use")}
    answers = {file: client.get(file, headers=headers) for file in files}
    assert {answer.status_code for answer in answers.values()} == {200}
    weights = {file: len(answer.getvalue()) for file, answer in answers.items()}
    assert len(weights) >= 5  # style sheet, font, pictograms, scripts
    assert len(page.content) + sum(weights.values()) <= 75_000, weights


def test_the_demo_compresses_only_what_it_sends(client, settings):
    settings.MIDDLEWARE = dev.MIDDLEWARE
    headers = {"accept-encoding": "gzip"}
    whole = client.get("/static/torv/torv.css", headers=headers)
    kept = client.get("/static/torv/torv.css", headers=headers | {"if-modified-since": whole["Last-Modified"]})
    head = client.head("/static/torv/torv.css", headers=headers)
    assert [answer.get("Content-Encoding") for answer in (whole, kept, head)] == ["gzip", None, None]
    whole.close()


def test_server_error_needs_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = views.server_error(RequestFactory().get("/da/"))
    assert response.status_code == 500
    for language in ("da", "sv", "en"):
        assert f'lang="{language}"'.encode() in response.content


def test_bad_request_tells_nothing_of_why(client, home_page):
    response = views.bad_request(RequestFactory().get("/da/"), Exception("secret"))
    assert response.status_code == 400
    assert b"secret" not in response.content


def test_robots_keep_to_pages_and_find_the_sitemap(client, home_page):
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/plain")
    assert "Disallow: /cms/" in lines
    assert "Disallow: /*?*" in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_without_a_theme_there_is_one_style_sheet(client, home_page):
    soup = BeautifulSoup(client.get("/da/").content, "html.parser")
    assert len(soup.select("link[rel=stylesheet]")) == 1


def test_every_page_begins_with_a_way_past_its_menus(client, home_page):
    soup = BeautifulSoup(client.get("/da/").content, "html.parser")
    assert soup.body.find("a")["href"] == "#main"
    assert soup.select_one("main#main") is not None


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_drafts_can_be_previewed_in_every_language(home_page, language):
    page = make.EnterprisePageFactory(title_da="Bækbo", slug="baekbo", offers=[make.make_offer(name_da="Vask")])
    page.title_sv = "Bækbo tvätt"
    page.save_revision()
    for shown in (page.get_latest_revision_as_object(), page.get_parent().specific, home_page):
        response = shown.make_preview_request(preview_mode=language)
        assert response.status_code == 200
        assert f'<html lang="{language}">' in response.content.decode()
