"""The demonstration's networks and projects."""

import pytest
from bs4 import BeautifulSoup
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from directory.demo.content import read
from directory.demo.pictures import draw
from plugins.projects.demo.loader import FILE, LOGOS, SIZE, load_projects
from plugins.projects.models import ProjectIndexPage, ProjectPage
from torv.languages import LANGUAGES

pytestmark = pytest.mark.django_db


def organisations(entry) -> list:
    return [*entry.get("partners", ()), *entry.get("funders", ())]


def test_demo_adds_networks_and_projects_in_three_languages_once(client, home_page) -> None:
    load_projects(home_page)
    load_projects(home_page)
    assert ProjectPage.objects.live().count() == 5
    assert all(page.public_languages == list(LANGUAGES) for page in ProjectPage.objects.all())
    assert ProjectIndexPage.objects.get().show_in_menus
    ended = {page.slug for page in ProjectPage.objects.all() if page.has_ended}
    assert ended == {"rummelig-imidt", "samordningsmoeder-oerebro", "digital-platform-oerebro"}
    for page in ProjectPage.objects.all():
        assert client.get(page.get_url()).status_code == 200


def test_demo_shows_marks_and_gives_out_documents(client, home_page) -> None:
    load_projects(home_page)
    page = ProjectPage.objects.get(slug="samordningsmoeder-oerebro")
    soup = BeautifulSoup(client.get(page.get_url()).content, "html.parser")
    assert len(soup.select("img.logotype")) == 2
    links = soup.select("[aria-labelledby=documents] a")
    assert len(links) == 2
    assert all(client.get(link["href"]).status_code == 200 for link in links)


def test_demo_makes_each_mark_and_document_once(home_page) -> None:
    load_projects(home_page)
    marks = {row["logo"] for entry in read(FILE)["projects"] for row in organisations(entry)}
    assert get_image_model().objects.count() == len(marks) == len(read(LOGOS))
    files = [of["title"] for entry in read(FILE)["projects"] for of in entry.get("documents", ())]
    assert sorted(get_document_model().objects.values_list("title", flat=True)) == sorted(files)


@pytest.mark.parametrize("shapes", read(LOGOS).values(), ids=read(LOGOS))
def test_demo_draws_small_marks(shapes) -> None:
    assert len(draw(shapes, SIZE, "paper")) < 10_000


@pytest.mark.parametrize("entry", read(FILE)["projects"], ids=lambda entry: entry["key"])
def test_everything_is_plainly_made_up_and_in_every_language(entry) -> None:
    for organisation in organisations(entry):
        assert set(organisation["name"]) == set(LANGUAGES)
        assert organisation.get("website", "https://x.example.org/").endswith(".example.org/")
    for of in entry.get("documents", ()):
        assert set(of["label"]) == set(LANGUAGES)
        assert "pdigtet eksempel" in of["text"] or "åhittat exempel" in of["text"]
    assert entry.get("website", "https://x.example.org/").endswith(".example.org/")
