"""The calendar's lists and months as visitors get them."""

import datetime as dt

import pytest
from django.utils import timezone

from directory.models import Place
from plugins.meetings.actions import cancel_meeting, move_meeting, postpone_meeting
from plugins.meetings.views.calendar import SIZE
from tests.factories.home import PageFactory
from tests.factories.meetings import MeetingFactory, calendar, in_days

pytestmark = pytest.mark.django_db

CALENDARS = {"da": "/da/moeder/", "sv": "/sv/traffar/", "en": "/en/meetings/"}


def titles(soup) -> list[str]:
    return [link.get_text(strip=True) for link in soup.select(".event :is(h3, h4) a")]


@pytest.mark.parametrize("language", CALENDARS)
def test_coming_meetings_are_listed_in_every_language(page, meeting, language) -> None:
    soup = page(CALENDARS[language])
    assert (soup.status, soup.html["lang"], len(titles(soup))) == (200, language, 1)


def test_a_title_in_another_language_says_so(page, home_page) -> None:
    MeetingFactory(title_da="Kun på dansk")
    assert page(CALENDARS["sv"]).select_one(".event a")["lang"] == "da"


def test_a_meeting_that_was_is_in_the_past_only(page, home_page) -> None:
    MeetingFactory(title_da="Forbi", date=in_days(-30))
    assert titles(page(CALENDARS["da"])) == []
    assert titles(page("/da/moeder/tidligere/")) == ["Forbi"]


@pytest.mark.parametrize("address", ["/da/moeder/tidligere/", "/sv/traffar/tidigare/", "/en/meetings/past/"])
def test_past_meetings_have_an_address_in_every_language(page, home_page, address) -> None:
    MeetingFactory(date=in_days(-30))
    soup = page(address)
    assert soup.status == 200
    assert {link["hreflang"] for link in soup.select(".langs a")} == {"da", "sv", "en"}
    assert page(soup.select_one('.langs a[hreflang="sv"]')["href"]).status == 200


def test_a_cancelled_meeting_stays_in_the_list_marked(page, meeting, admin_user, reasons) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    event = page(CALENDARS["en"]).select_one(".event")
    assert event.select_one(".badge--stop").get_text(strip=True) == "Cancelled"
    assert event.select_one("s").get_text()
    assert event.select_one(".leaf--off")


def test_a_postponed_meeting_stays_until_it_has_a_date_again(page, home_page, admin_user, reasons) -> None:
    meeting = MeetingFactory(date=in_days(-3))
    postpone_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    assert len(titles(page(CALENDARS["da"]))) == 1
    assert titles(page("/da/moeder/tidligere/")) == []


def test_a_draft_is_in_no_list(page, home_page) -> None:
    MeetingFactory().unpublish()
    assert titles(page(CALENDARS["da"])) == []


def test_a_list_is_narrowed_by_network(page, home_page) -> None:
    network = PageFactory(title_da="Netværk")
    MeetingFactory(title_da="Vores", network=network)
    MeetingFactory(title_da="Andres")
    assert titles(page(f"{CALENDARS['da']}?network={network.pk}")) == ["Vores"]


def test_a_list_is_narrowed_by_place(page, home_page) -> None:
    dk = Place.objects.create(code="DK", level="country", name="Danmark")
    region = Place.objects.create(code="DK/1082", level="region", name="Midtjylland", parent=dk)
    skjern = Place.objects.create(code="DK/1082/0760", level="municipality", name="Skjern", parent=region)
    MeetingFactory(title_da="I Skjern", municipality=skjern)
    MeetingFactory(title_da="På nettet", venue_name="", city="", online_url="https://mote.example.org/x")
    assert titles(page(f"{CALENDARS['da']}?place=DK/1082")) == ["I Skjern"]
    assert titles(page(f"{CALENDARS['da']}?place=online")) == ["På nettet"]


@pytest.mark.parametrize(
    "query",
    [
        "network=99999",
        "network=x",
        "network=²",
        "place=XX",
        "place=%00",
        "page=0",
        "page=x",
        "page=99999999999",
        "page=0000000001",
    ],
)
def test_what_makes_no_sense_is_refused_in_words(page, meeting, query) -> None:
    soup = page(f"{CALENDARS['sv']}?{query}")
    assert soup.status == 400
    assert soup.select_one(".notice--stop")


@pytest.mark.parametrize("address", [*CALENDARS.values(), "/da/moeder/kalender.ics", "/api/v3/meetings/"])
def test_a_number_that_begins_like_a_networks_is_none(client, home_page, address) -> None:
    network = PageFactory(title_da="Netværk")
    MeetingFactory(network=network)
    for number, status in (
        (f"{network.pk:09}", 200),
        (f"{network.pk:012}" + "9" * 20, 422 if "api" in address else 400),
    ):
        assert client.get(address, {"network": number}).status_code == status


def test_a_page_after_the_last_is_not_found_but_tidy(page, meeting) -> None:
    soup = page(f"{CALENDARS['da']}?page=7")
    assert (soup.status, len(titles(soup))) == (404, 1)


def test_long_lists_have_pages(page, home_page) -> None:
    MeetingFactory(recurrence=f"FREQ=DAILY;COUNT={SIZE + 1}")
    first = page(CALENDARS["da"])
    assert len(titles(first)) == SIZE
    assert len(titles(page(first.select_one('.pager a[rel="next"]')["href"]))) == 1


# ---- months ---------------------------------------------------------------------------------------------------------
def test_a_month_is_a_table_with_headings_for_rows_and_columns(page, home_page) -> None:
    MeetingFactory(title_da="Møde i marts", date=dt.date(2027, 3, 31))
    soup = page("/da/moeder/2027/03/")
    table = soup.select_one("table.month")
    assert table.caption
    assert len(table.select('thead th[scope="col"]')) == 8
    assert [row.th["scope"] for row in table.select("tbody tr")] == ["row"] * 5
    day = next(cell for cell in table.select("td") if cell.select_one(".slot"))
    assert day.select_one(".day").get_text(strip=True) == "31"
    assert "Møde i marts" in day.get_text()


def test_a_month_is_a_list_too(page, home_page) -> None:
    MeetingFactory(title_da="Møde i marts", date=dt.date(2027, 3, 31))
    assert titles(page("/da/moeder/2027/03/")) == ["Møde i marts"]


def test_a_month_leads_to_the_one_before_and_the_one_after(page, home_page) -> None:
    calendar()
    soup = page("/da/moeder/2027/01/")
    assert soup.select_one('.months a[rel="prev"]')["href"] == "/da/moeder/2026/12/"
    assert soup.select_one('.months a[rel="next"]')["href"] == "/da/moeder/2027/02/"


def test_a_moved_meeting_is_shown_on_both_days(page, home_page, admin_user, reasons) -> None:
    year = timezone.localdate().year + 1
    meeting = MeetingFactory(date=dt.date(year, 3, 10))
    date = meeting.occurrences.get()
    move_meeting(meeting=meeting, by=admin_user, reasons=reasons, starts_at=date.starts_at + dt.timedelta(days=7))
    slots = page(f"/en/meetings/{year}/03/").select(".slot strong")
    assert [slot.get_text(strip=True) for slot in slots] == ["Moved to 17 March", "Moved from 10 March"]


@pytest.mark.parametrize(
    "month", ["2027/13", "2027/00", "0000/01", "1989/12", "2101/01", "2027/3", "27/03", "2027/03/04", "9999/99"]
)
def test_a_month_that_there_is_not_is_not_found(page, home_page, month) -> None:
    calendar()
    assert page(f"/da/moeder/{month}/").status == 404


@pytest.mark.parametrize("month", ["1990/01", "2100/12"])
def test_the_first_and_the_last_month_there_are(page, home_page, month) -> None:
    calendar()
    assert page(f"/da/moeder/{month}/").status == 200


def test_a_month_without_meetings_is_kept_out_of_search_engines(page, home_page) -> None:
    MeetingFactory(date=dt.date(2027, 3, 10))
    assert page("/da/moeder/2031/03/").select_one('meta[name="robots"]')["content"] == "noindex, follow"
    assert not page("/da/moeder/2027/03/").select_one('meta[name="robots"]')


def test_holidays_are_those_of_the_readers_country(page, home_page) -> None:
    calendar()
    assert "Långfredagen" in page("/sv/traffar/2027/03/").select_one("table").get_text()
    assert "Langfredag" in page("/da/moeder/2027/03/").select_one("table").get_text()


def test_the_page_offers_to_subscribe_to_what_is_shown(page, home_page) -> None:
    network = PageFactory(title_da="Netværk")
    MeetingFactory(network=network)
    link = page(f"/sv/traffar/?network={network.pk}").select_one('a[href^="webcal:"]')
    assert link["href"] == f"webcal://testserver/sv/traffar/kalender.ics?network={network.pk}"


@pytest.mark.parametrize("address", ["/da/moeder/", "/da/moeder/2027/03/"])
def test_more_meetings_take_no_more_queries(queries_of, home_page, address) -> None:
    MeetingFactory(date=dt.date(2027, 3, 10))
    few = queries_of(address)
    MeetingFactory.create_batch(5, date=dt.date(2027, 3, 12))
    assert queries_of(address) == few
