"""A meeting's page as visitors get it."""

import datetime as dt

import pytest
from django.utils import timezone

from plugins.meetings.actions import cancel_meeting, move_meeting, postpone_meeting, reinstate_meeting
from plugins.meetings.models import MeetingContact, MeetingPage, ProgrammeItem
from tests.factories.home import PageFactory
from tests.factories.meetings import MeetingFactory, RegistrationFactory, in_days

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_a_cancelled_meeting_says_so_in_every_language_at_once(page, meeting, admin_user, reasons, language) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    addresses = {link["lang_code"]: link["location"] for link in meeting.get_alternates()}
    soup = page(addresses[language])
    banner = soup.select_one(".stop")
    words = {"da": "AFLYST!", "sv": "INSTÄLLT!", "en": "CANCELLED!"}
    assert soup.status == 200
    assert banner.select_one(".stop__word").get_text() == words[language]
    assert {span["lang"]: span.get_text() for span in banner.select(".stop__also span")} == {
        code: word for code, word in words.items() if code != language
    }
    assert reasons[language] in banner.get_text()


def test_the_banner_stands_on_a_page_that_is_not_translated(page, home_page, admin_user) -> None:
    meeting = MeetingFactory(title_da="Kun på dansk")
    cancel_meeting(meeting=meeting, by=admin_user, reasons={"da": "På grund af sygdom."})
    soup = page(f"/sv/traffar/{meeting.slug}/")
    assert soup.select_one(".stop__word").get_text() == "INSTÄLLT!"
    assert soup.select_one('.stop [lang="da"].prose').get_text(strip=True) == "På grund af sygdom."


def test_the_date_of_a_cancelled_meeting_is_struck_and_registration_closed(
    page, home_page, admin_user, reasons
) -> None:
    meeting = MeetingFactory(registration="here", title_en="Meeting")
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    soup = page(f"/en/meetings/{meeting.slug}/")
    assert soup.select_one(".panel s")
    assert "Closed, because the meeting is cancelled" in soup.select_one(".facts").get_text()
    assert not soup.select_one('a[href="#reg"]')


@pytest.mark.parametrize(
    ("path", "tuesday"), [("da/moeder", "tirsdag den 30. marts"), ("sv/traffar", "tisdag 30 mars")]
)
def test_days_within_a_sentence_have_no_capital_letter(page, home_page, admin_user, reasons, path, tuesday) -> None:
    meeting = MeetingFactory(date=dt.date(2027, 3, 23), title_sv="Träff")
    start = meeting.occurrences.get().starts_at
    move_meeting(meeting=meeting, by=admin_user, reasons=reasons, starts_at=start.replace(day=30, hour=8))
    soup = page(f"/{path}/{meeting.slug}/")
    assert f": {tuesday} 2027" in soup.select_one(".stop .lead").get_text()
    assert f", {tuesday} 2027" in soup.title.get_text()
    assert soup.select_one(".row--top p").get_text().startswith(tuesday.capitalize())


def test_a_reinstated_meeting_has_no_banner(page, meeting, admin_user, reasons) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    reinstate_meeting(meeting=meeting, by=admin_user)
    soup = page(meeting.get_url())
    assert not soup.select_one(".stop")
    assert soup.event["eventStatus"] == "https://schema.org/EventScheduled"


def test_a_moved_meeting_shows_its_old_time_and_place(page, meeting, admin_user, reasons) -> None:
    new = meeting.occurrences.get().starts_at + dt.timedelta(days=7)
    move_meeting(
        meeting=meeting,
        by=admin_user,
        reasons=reasons,
        starts_at=new,
        venue={"venue_name": "Rådhuset", "city": "Herning"},
    )
    panel = page(meeting.get_url()).select_one(".panel")
    assert "Rådhuset" in panel.get_text()
    assert [struck.get_text() for struck in panel.select("s")][1] == "Opdigtet Hus, Skjern"


def test_a_postponed_meeting_says_that_a_date_is_to_come(page, meeting, admin_user, reasons) -> None:
    postpone_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    soup = page(f"/en/meetings/{meeting.slug}/")
    assert "A new date is to come." in soup.select_one(".stop").get_text()


def test_it_says_how_many_were_told(page, home_page, admin_user, reasons) -> None:
    meeting = MeetingFactory(registration="here", title_en="Meeting")
    RegistrationFactory.create_batch(3, occurrence=meeting.occurrences.get())
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    assert "All 3 who were registered have been told." in page(f"/en/meetings/{meeting.slug}/").select_one(".stop").text


def test_programme_and_contacts_are_shown(page, meeting) -> None:
    meeting.programme = [
        ProgrammeItem(starts=dt.time(10), title_da="Velkomst", speakers="Rosa Opdigtsen", sort_order=0),
        ProgrammeItem(starts=dt.time(11), title_da="Frokost", sort_order=1),
    ]
    meeting.contacts = [
        MeetingContact(name="Søren Eksempel", title_da="Leder", field_da="Indkøb", email="s@example.org")
    ]
    meeting.save_revision().publish()
    soup = page(meeting.get_url())
    assert [item.span.get_text() for item in soup.select(".plan li")] == ["10.00–11.00", "11.00–14.00"]
    assert soup.select_one(".person a")["href"] == "mailto:s@example.org"
    assert "Indkøb" in soup.select_one(".person").get_text()


def test_the_page_loads_nothing_from_others(page, meeting) -> None:
    soup = page(meeting.get_url())
    loaded = [
        tag.get("src") or tag["href"] for tag in soup.select("script[src], img[src], link[rel=stylesheet], iframe")
    ]
    assert all(address.startswith("/") for address in loaded)
    assert soup.select_one('a[href^="https://www.openstreetmap.org/"]')


def test_registration_elsewhere_is_a_link(page, home_page) -> None:
    meeting = MeetingFactory(registration="elsewhere", registration_url="https://tilmelding.example.org/x")
    assert page(meeting.get_url()).select_one("#reg").find_next("a")["href"] == "https://tilmelding.example.org/x"


def test_registration_closes_with_its_deadline(page, home_page) -> None:
    meeting = MeetingFactory(
        registration="elsewhere", registration_url="https://tilmelding.example.org/x", title_en="Meeting",
        date=in_days(2), registration_deadline=timezone.now() - dt.timedelta(days=1),
    )  # fmt: skip
    soup = page(f"/en/meetings/{meeting.slug}/")
    assert "Closed since" in soup.select_one(".facts").get_text()
    assert not soup.select_one("#reg")


def test_a_full_meeting_offers_the_waiting_list(page, home_page) -> None:
    meeting = MeetingFactory(registration="here", capacity=1, title_en="Meeting")
    RegistrationFactory(occurrence=meeting.occurrences.get())
    assert page(f"/en/meetings/{meeting.slug}/").select_one(".panel .badge").get_text(strip=True) == "Waiting list"


def test_every_date_of_a_series_has_its_address(page, series, admin_user, reasons) -> None:
    second = series.occurrences.all()[1]
    cancel_meeting(meeting=series, occurrence=second, by=admin_user, reasons=reasons)
    whole = page(series.get_url())
    links = whole.select(".dates a")
    assert len(links) == 4
    assert not whole.select_one(".stop")
    assert page(links[1]["href"]).select_one(".stop__word").get_text() == "AFLYST!"
    assert not page(links[2]["href"]).select_one(".stop")


@pytest.mark.parametrize("day", ["2001-01-01", "2027-13-45", "0000-00-00", "i-morgen"])
def test_a_date_that_a_series_does_not_have_is_not_found(page, series, day) -> None:
    assert page(f"{series.get_url()}{day}/").status == 404


def test_more_dates_take_no_more_queries(queries_of, home_page) -> None:
    few = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=2", title_da="Få")
    many = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=40", title_da="Mange")
    assert queries_of(few.get_url()) == queries_of(many.get_url())


def test_a_draft_can_be_previewed_before_it_has_dates(home_page, rf, admin_user) -> None:
    draft = MeetingPage(title_da="Udkast", slug="udkast", date=in_days(9), start_time=dt.time(9), end_time=dt.time(10))
    draft.full_path = "/"
    response = draft.make_preview_request(preview_mode="en")
    assert response.status_code == 200
    assert "Udkast" in response.content.decode()


def test_the_page_says_whose_meeting_it_is(page, home_page) -> None:
    network = PageFactory(title_da="Netværket")
    soup = page(MeetingFactory(network=network).get_url())
    section = soup.select_one('section[aria-labelledby="network"]')
    assert section.h2.a["href"] == network.get_url()
    assert page(section.p.a["href"]).status == 200


def test_a_network_that_is_not_public_is_not_named(page, home_page) -> None:
    network = PageFactory(title_da="Hemmeligt")
    meeting = MeetingFactory(network=network)
    network.unpublish()
    assert "Hemmeligt" not in str(page(meeting.get_url()))


def test_a_meeting_and_its_network_can_be_subscribed_to(page, home_page) -> None:
    network = PageFactory(title_da="Netværk", title_sv="Nätverk")
    meeting = MeetingFactory(title_sv="Träff", network=network)
    links = page(f"/sv/traffar/{meeting.slug}/").main.select('a[href^="webcal:"]')
    assert [link["href"].partition("testserver")[2] for link in links] == [
        f"/sv/traffar/{meeting.slug}/kalender.ics",
        f"/sv/traffar/kalender.ics?network={network.pk}",
    ]
