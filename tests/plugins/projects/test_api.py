"""Networks and projects as JSON."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.documents.tests.utils import get_test_document_file
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from plugins.projects.models import ProjectDocument
from tests.factories.projects import (
    ProjectFactory,
    make_funder,
    make_member,
    make_partner,
    make_project_contact,
    project_index,
)
from torv.plugins import hookimpl, plugins
from torv.plugins.hookspecs import RelatedItem, RelatedItems

pytestmark = pytest.mark.django_db

LIST = "/api/v3/projects/"


def detail(page) -> str:
    return f"{LIST}{page.pk}/"


def titles(client, **asked) -> list[str]:
    return [item["title"]["text"] for item in client.get(LIST, asked).json()["items"]]


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_has_networks_then_projects_with_each_texts_language(client, home_page) -> None:
    ProjectFactory(title_da="Projekt", starts_on=dt.date(2015, 1, 1), ends_on=dt.date(2021, 12, 31))
    page = ProjectFactory(title_da="Netværk", title_sv="Nätverk", introduction_da="Åbent", kind="network")
    found = client.get(LIST, {"lang": "sv"}).json()
    network, project = found["items"]
    assert (found["total"], found["page"], found["size"]) == (2, 1, 20)
    assert network["title"] == {"text": "Nätverk", "language": "sv"}
    assert network["introduction"] == {"text": "Åbent", "language": "da"}
    assert network["url"] == f"http://testserver/sv/natverk/{page.slug}/"
    assert (network["period"], network["ended"], network["starts_on"]) == ("", False, None)
    assert (project["period"], project["ended"], project["ends_on"]) == ("2015–2021", True, "2021-12-31")


def test_the_list_is_narrowed_by_kind_end_and_language(client, home_page) -> None:
    ProjectFactory(title_da="Slut", ends_on=timezone.localdate() - dt.timedelta(days=1))
    ProjectFactory(title_da="I gang", title_en="Running", ends_on=timezone.localdate())
    ProjectFactory(title_da="Netværk", kind="network")
    assert titles(client, kind="network") == ["Netværk"]
    assert titles(client, ended="true") == ["Slut"]
    assert set(titles(client, ended="false")) == {"Netværk", "I gang"}
    assert titles(client, language="en") == ["I gang"]
    assert len(titles(client, kind="", ended="", language="")) == 3


def test_a_list_has_pages(client, home_page) -> None:
    ProjectFactory.create_batch(4)
    first, last, after = (client.get(LIST, {"size": 3, "page": page}).json() for page in (1, 2, 3))
    assert (first["total"], len(first["items"]), len(last["items"]), after["items"]) == (4, 3, 1, [])


def test_a_project_tells_who_takes_part_and_who_pays(client, home_page) -> None:
    logo = get_image_model().objects.create(title="x", file=get_test_image_file())
    document = get_document_model().objects.create(title="Rapport", file=get_test_document_file())
    page = ProjectFactory(
        purpose_da="<p>At mødes</p>",
        run_by_da="En forening",
        website="https://projekt.example.org/",
        steering_group=[make_member(role_da="Formand")],
        partners=[make_partner()],
        funders=[make_funder(name_sv="Påhittad fond", logo=logo, website="https://fond.example.org/")],
        contacts=[make_project_contact(title_da="Projektleder")],
        documents=[ProjectDocument(document=document)],
    )
    found = client.get(detail(page), {"lang": "sv"}).json()
    assert found["purpose"] == {"text": "<p>At mødes</p>", "language": "da"}
    assert (found["run_by"]["text"], found["website"]) == ("En forening", "https://projekt.example.org/")
    assert found["steering_group"] == [
        {"name": "Ida Opdigtet", "role": {"text": "Formand", "language": "da"}, "organisation": ""}
    ]
    assert found["partners"] == [{"name": {"text": "Fiktiv Forening", "language": "da"}, "website": "", "logo": None}]
    (funder,) = found["funders"]
    assert (funder["name"]["language"], funder["website"]) == ("sv", "https://fond.example.org/")
    assert funder["logo"]["url"].startswith("http://testserver/media/")
    assert found["contacts"] == [
        {
            "name": "Bo Opdigtet",
            "title": {"text": "Projektleder", "language": "da"},
            "email": "bo@example.org",
            "phone": "",
        }
    ]
    (given,) = found["documents"]
    assert given["label"]["text"] == "Rapport"
    assert client.get(given["url"]).status_code == 200


def test_a_project_collects_what_other_plugins_have_about_it(client, home_page) -> None:
    class Fairs:
        @hookimpl
        def related_items(self, page, language):
            item = RelatedItem("Messe", "da", "/da/messe/", date=dt.date(2027, 3, 1), badge="Ny")
            yield RelatedItems(f"Fairs in {language}", [item], url="/da/messer/")

    page = ProjectFactory()
    with plugins.plugged(Fairs(), "fairs"):
        related = client.get(detail(page), {"lang": "sv"}).json()["related"]
    assert related == [
        {
            "heading": "Fairs in sv",
            "items": [
                {
                    "title": {"text": "Messe", "language": "da"},
                    "url": "http://testserver/da/messe/",
                    "date": "2027-03-01",
                    "note": "",
                    "badge": "Ny",
                }
            ],
            "url": "http://testserver/da/messer/",
            "calendar": "",
        }
    ]


def test_what_is_not_public_is_not_told(client, home_page) -> None:
    draft = ProjectFactory()
    draft.unpublish()
    assert client.get(LIST).json()["total"] == 0
    for page in (draft, project_index()):
        assert client.get(detail(page)).status_code == 404


@pytest.mark.parametrize("number", ["999999", "0", "x", "²", "-1", "9" * 40])
def test_a_project_that_is_not_there_is_a_problem(client, home_page, number) -> None:
    response = client.get(f"{LIST}{number}/")
    assert response.status_code == 404
    assert (response.json()["parameter"], response.json()["status"]) == ("id", 404)


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"kind": "club"}, "kind"),
        ({"ended": "perhaps"}, "ended"),
        ({"language": "de"}, "language"),
        ({"page": "0"}, "page"),
        ({"size": "101"}, "size"),
        ({"lang": "de"}, "lang"),
        ({"running": "true"}, "running"),
    ],
)
def test_what_makes_no_sense_is_a_problem_that_names_its_parameter(client, home_page, asked, parameter) -> None:
    response = client.get(LIST, asked)
    assert response.status_code == 422
    assert response.json()["parameter"] == parameter
    assert response.json()["detail"]


def test_the_documentation_has_both(client, home_page) -> None:
    assert {LIST, f"{LIST}{{id}}/"} <= set(client.get("/api/v3/openapi.json").json()["paths"])


def test_more_projects_and_rows_take_no_more_queries(client, home_page) -> None:
    def project(number: int):
        logos = [get_image_model().objects.create(title="x", file=get_test_image_file()) for _ in range(number)]
        return ProjectFactory(
            partners=[make_partner(logo=logo) for logo in logos],
            funders=[make_funder(logo=logo) for logo in logos],
            contacts=[make_project_contact() for _ in range(number)],
            steering_group=[make_member() for _ in range(number)],
        )

    small = project(1)
    few, one = queries_of(client, LIST), queries_of(client, detail(small))
    large = project(4)
    assert (queries_of(client, LIST), queries_of(client, detail(large))) == (few, one)
