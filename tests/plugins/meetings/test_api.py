"""Meetings as JSON."""

import datetime as dt

import pytest

from plugins.meetings.actions import cancel_meeting
from plugins.meetings.models import MeetingContact, ProgrammeItem
from plugins.meetings.presenting import local
from tests.factories.home import PageFactory
from tests.factories.meetings import MeetingFactory, in_days

pytestmark = pytest.mark.django_db

LIST, MONTH = "/api/v3/meetings/", "/api/v3/meetings/calendar/"


def test_the_list_has_what_comes_with_each_texts_language(client, meeting) -> None:
    MeetingFactory(date=in_days(-9))
    found = client.get(LIST, {"lang": "sv"}).json()
    (item,) = found["items"]
    assert (found["total"], found["page"], found["size"]) == (1, 1, 20)
    assert item["title"] == {"text": "Sociala inköp", "language": "sv"}
    assert item["introduction"] == {"text": "Om indkøb.", "language": "da"}
    assert item["url"].startswith("http://testserver/sv/traffar/")
    assert dt.datetime.fromisoformat(item["starts_at"]).utcoffset()


def test_a_cancelled_meeting_says_why(client, meeting, admin_user, reasons) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    (item,) = client.get(LIST, {"status": "cancelled", "lang": "en"}).json()["items"]
    assert (item["status"], item["reason"], item["sequence"]) == (
        "cancelled", {"text": reasons["en"], "language": "en"}, 1
    )  # fmt: skip
    assert client.get(LIST, {"status": "scheduled"}).json()["total"] == 0


def test_the_list_is_narrowed_by_days(client, home_page) -> None:
    MeetingFactory(date=dt.date(2027, 3, 31))
    assert client.get(LIST, {"from": "2027-03-31", "to": "2027-03-31"}).json()["total"] == 1
    assert client.get(LIST, {"to": "2027-03-30", "from": "2027-03-01"}).json()["total"] == 0
    assert client.get(LIST, {"from": "2027-04-01"}).json()["total"] == 0


def test_the_list_is_narrowed_by_network_and_place(client, home_page) -> None:
    network = PageFactory(title_da="Netværk")
    MeetingFactory(network=network, online_url="https://mote.example.org/x")
    MeetingFactory()
    (item,) = client.get(LIST, {"network": network.pk}).json()["items"]
    assert item["network"]["title"] == {"text": "Netværk", "language": "da"}
    assert client.get(LIST, {"place": "online"}).json()["total"] == 1


def test_a_list_has_pages(client, series) -> None:
    first, last, after = (client.get(LIST, {"size": 3, "page": page}).json() for page in (1, 2, 3))
    assert (first["total"], len(first["items"]), len(last["items"]), after["items"]) == (4, 3, 1, [])


def test_a_month_has_the_days_with_meetings(client, home_page) -> None:
    MeetingFactory.create_batch(2, date=dt.date(2027, 3, 31))
    month = client.get(MONTH, {"month": "2027-03"}).json()
    assert (month["month"], month["previous"], month["next"]) == ("2027-03", "2027-02", "2027-04")
    assert [(day["date"], len(day["meetings"])) for day in month["days"]] == [("2027-03-31", 2)]


@pytest.mark.parametrize(
    ("address", "asked", "parameter"),
    [
        (LIST, {"from": "2027-13-01"}, "from"),
        (LIST, {"from": "0000-01-01"}, "from"),
        (LIST, {"to": "i morgen"}, "to"),
        (LIST, {"from": "2027-03-02", "to": "2027-03-01"}, "to"),
        (LIST, {"network": "999999"}, "network"),
        (LIST, {"network": "²"}, "network"),
        (LIST, {"network": "9" * 40}, "network"),
        (LIST, {"place": "XX/1"}, "place"),
        (LIST, {"status": "exploded"}, "status"),
        (LIST, {"page": "0"}, "page"),
        (LIST, {"size": "101"}, "size"),
        (LIST, {"lang": "de"}, "lang"),
        (MONTH, {"month": "2027-13"}, "month"),
        (MONTH, {"month": "0000-01"}, "month"),
        (MONTH, {"month": "9999-12"}, "month"),
        (MONTH, {"month": "marts"}, "month"),
    ],
)
def test_what_makes_no_sense_is_a_problem_that_names_its_parameter(
    client, home_page, address, asked, parameter
) -> None:
    response = client.get(address, asked)
    assert response.status_code == 422
    assert response.json()["parameter"] == parameter
    assert response.json()["detail"]


def test_a_draft_is_not_told(client, home_page) -> None:
    MeetingFactory().unpublish()
    assert client.get(LIST).json()["total"] == 0


def test_the_link_for_registered_people_is_not_told(client, home_page) -> None:
    MeetingFactory(online_url="https://mote.example.org/hemlig", registration="here")
    (item,) = client.get(LIST).json()["items"]
    assert (item["place"]["online"], item["place"]["online_url"]) == (True, "")


def one(date) -> str:
    return f"{LIST}{date.pk}/"


def test_one_meeting_has_what_its_page_shows(client, home_page) -> None:
    page = MeetingFactory(
        title_sv="Träff", description_da="<p>Om <b>indkøb</b></p>", recurrence="FREQ=WEEKLY;COUNT=2",
        programme=[ProgrammeItem(starts=dt.time(10), title_da="Velkomst", speakers="Asta")],
        contacts=[MeetingContact(name="Bo", title_da="Leder", email="bo@example.org")],
    )  # fmt: skip
    first, second = page.occurrences.all()
    found = client.get(one(second), {"lang": "sv"}).json()
    assert found["title"] == {"text": "Träff", "language": "sv"}
    assert found["description"] == {"text": "<p>Om <b>indkøb</b></p>", "language": "da"}
    assert [(item["starts"], item["title"]["text"]) for item in found["programme"]] == [("10:00:00", "Velkomst")]
    assert [contact["email"] for contact in found["contacts"]] == ["bo@example.org"]
    assert (found["recurrence"], found["uid"]) == ("FREQ=WEEKLY;COUNT=2", str(page.translation_key))
    assert [date["id"] for date in found["dates"]] == [first.pk, second.pk]
    assert client.get(found["url"]).status_code == 200
    (item,) = [item for item in client.get(LIST, {"lang": "sv"}).json()["items"] if item["id"] == second.pk]
    assert item == {name: found[name] for name in item}


@pytest.mark.parametrize("number", ["999999", "0", "²", "9" * 40, "marts"])
def test_a_meeting_that_there_is_not_is_a_problem(client, home_page, number) -> None:
    response = client.get(f"{LIST}{number}/")
    assert (response.status_code, response.json()["parameter"]) == (404, "id")


def test_a_meeting_that_there_was_is_gone(client, series) -> None:
    first, *_rest = series.occurrences.all()
    series.exception_dates = local(first, first.starts_at).date().isoformat()
    series.save_revision().publish()
    assert (client.get(one(first)).status_code, client.get(one(first)).json()["status"]) == (410, 410)
    second = series.occurrences.all()[1]
    assert client.get(one(second)).status_code == 200
    series.unpublish()
    assert client.get(one(second)).status_code == 410


def test_more_dates_and_rows_take_no_more_queries(client, queries_of, home_page) -> None:
    few = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=2", contacts=[MeetingContact(name="Bo")])
    many = MeetingFactory(
        recurrence="FREQ=WEEKLY;COUNT=9", contacts=[MeetingContact(name=f"Bo {number}") for number in range(5)]
    )
    assert queries_of(one(few.occurrences.first())) == queries_of(one(many.occurrences.first()))


def test_the_documentation_has_all(client, home_page) -> None:
    paths = client.get("/api/v3/openapi.json").json()["paths"]
    assert {LIST, MONTH, f"{LIST}{{id}}/"} <= set(paths)


@pytest.mark.parametrize("address", [LIST, f"{MONTH}?month=2027-03"])
def test_more_meetings_take_no_more_queries(queries_of, home_page, address) -> None:
    MeetingFactory(date=dt.date(2027, 3, 10))
    few = queries_of(address)
    MeetingFactory.create_batch(5, date=dt.date(2027, 3, 12))
    assert queries_of(address) == few
