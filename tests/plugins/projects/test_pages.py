"""Networks and projects as readers see them."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from wagtail.documents import get_document_model
from wagtail.documents.tests.utils import get_test_document_file
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from plugins.projects.models import Partner, ProjectDocument, ProjectPage
from plugins.projects.presenting import period
from tests.factories.projects import (
    ProjectFactory,
    make_funder,
    make_member,
    make_partner,
    make_project_contact,
    project_index,
)

pytestmark = pytest.mark.django_db


def soup_of(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def days_ago(number: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=number)


def test_page_shows_who_takes_part_and_who_pays(client, home_page) -> None:
    logo = get_image_model().objects.create(title="x", file=get_test_image_file())
    page = ProjectFactory(
        title_da="Netværket",
        kind="network",
        purpose_da="<p>At mødes</p>",
        goals_da="<p>Flere bud</p>",
        steering_group=[make_member(role_da="Formand")],
        partners=[make_partner()],
        funders=[make_funder(name_sv="Påhittad fond", logo=logo, website="https://fond.example.org/")],
        contacts=[make_project_contact(title_da="Projektleder")],
    )
    soup = soup_of(client.get(page.get_url()))
    text = soup.main.get_text(" ", strip=True)
    for words in ("At mødes", "Flere bud", "Ida Opdigtet", "Formand", "Fiktiv Forening", "Fiktiv Fond", "Projektleder"):
        assert words in text
    assert soup.select_one("dl a")["href"] == "https://fond.example.org/"
    assert soup.select_one("img.logotype")["alt"] == ""  # the name stands beside it
    swedish = soup_of(client.get(f"/sv/natverk/{page.slug}/"))
    assert swedish.select_one("dl a").get_text() == "Påhittad fond"


def test_page_gives_out_its_documents(client, home_page) -> None:
    document = get_document_model().objects.create(title="Rapport", file=get_test_document_file())
    page = ProjectFactory(documents=[ProjectDocument(document=document, label_da="Slutrapport")])
    link = soup_of(client.get(page.get_url())).select_one("[aria-labelledby=documents] a")
    assert (link.get_text(), link["href"]) == ("Slutrapport", document.url)


def test_ended_project_says_so_and_stays(client, home_page) -> None:
    page = ProjectFactory(title_da="Afsluttet", starts_on=days_ago(400), ends_on=days_ago(1))
    soup = soup_of(client.get(page.get_url()))
    assert soup.select_one(".title .badge") is not None
    assert soup.select_one(".notice") is not None
    listed = soup_of(client.get("/da/netvaerk/")).select_one("article.story")
    assert listed.select_one(".badge") is not None


def test_project_has_not_ended_on_its_last_day(home_page) -> None:
    assert not ProjectFactory(ends_on=days_ago(0)).has_ended
    assert ProjectFactory(ends_on=days_ago(1)).has_ended
    assert not ProjectFactory().has_ended


def test_list_has_networks_then_projects_then_what_has_ended(client, home_page) -> None:
    ProjectFactory(title_da="Slut", kind="network", ends_on=days_ago(9))
    ProjectFactory(title_da="Projekt")
    ProjectFactory(title_da="Netværk", kind="network")
    soup = soup_of(client.get("/da/netvaerk/"))
    assert [heading.get_text() for heading in soup.select("article h3")] == ["Netværk", "Projekt", "Slut"]
    assert len(soup.select("main section h2")) == 3


def test_list_is_there_before_the_first_project(client, home_page) -> None:
    project_index()
    assert soup_of(client.get("/en/networks/")).select_one("main .lead") is not None


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (dt.date(2015, 1, 1), dt.date(2021, 12, 31), "2015–2021"),
        (dt.date(2021, 1, 1), dt.date(2021, 12, 31), "2021"),
        (dt.date(2021, 3, 1), dt.date(2021, 11, 30), "1 March 2021 – 30 November 2021"),
        (dt.date(2015, 1, 1), None, "Since 2015"),
        (None, dt.date(2021, 11, 30), "Until 30 November 2021"),
        (None, None, ""),
    ],
)
def test_period_in_years_or_days(start, end, words) -> None:
    with override("en"):
        assert period(ProjectPage(starts_on=start, ends_on=end)) == words


def test_page_makes_as_many_queries_for_one_row_as_for_ten(client, home_page, django_assert_num_queries) -> None:
    def rows(number: int):
        return {
            "partners": [make_partner() for _ in range(number)],
            "funders": [make_funder() for _ in range(number)],
            "contacts": [make_project_contact() for _ in range(number)],
            "steering_group": [make_member() for _ in range(number)],
        }

    small, large = ProjectFactory(**rows(1)), ProjectFactory(**rows(10))
    client.get(small.get_url())
    with CaptureQueriesContext(connection) as one:
        client.get(small.get_url())
    with django_assert_num_queries(len(one)):
        client.get(large.get_url())


def test_drafts_can_be_previewed_in_every_language(home_page) -> None:
    page = ProjectFactory(partners=[make_partner()], contacts=[make_project_contact()])
    for language in ("da", "sv", "en"):
        for shown in (page.get_latest_revision_as_object(), project_index()):
            assert shown.make_preview_request(preview_mode=language).status_code == 200


# ---- bad input ------------------------------------------------------------------------------------------------------
def test_an_end_before_the_start_is_refused() -> None:
    page = ProjectPage(title_da="x", slug="x", starts_on=dt.date(2021, 2, 1), ends_on=dt.date(2021, 1, 1))
    with pytest.raises(ValidationError) as error:
        page.clean()
    assert "ends_on" in error.value.message_dict


def test_an_organisation_without_a_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        Partner().clean()


@pytest.mark.parametrize(
    "wrong", [{"email": "bo"}, {"email": "bo@example.org\nBcc: x@example.org"}, {"phone": "ring!"}]
)
def test_a_contact_who_could_not_be_reached_is_refused(wrong) -> None:
    with pytest.raises(ValidationError) as error:
        make_project_contact(**wrong).clean_fields(exclude=["page"])
    assert set(error.value.message_dict) == set(wrong)


def test_a_document_without_a_label_goes_by_its_title() -> None:
    document = get_document_model()(title="Rapport")
    assert str(ProjectDocument(document=document)) == "Rapport"
    assert str(ProjectDocument(document=document, label_da="Slutrapport")) == "Slutrapport"
