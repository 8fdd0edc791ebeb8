"""Meetings in the site's search."""

import datetime as dt

import pytest
from django.utils import timezone

from plugins.meetings.actions import cancel_meeting
from search.queries import blank, find, parse
from tests.factories.directory import CategoryFactory
from tests.factories.home import PageFactory
from tests.factories.meetings import MeetingFactory, in_days

pytestmark = pytest.mark.django_db


def titles(**asked) -> list[str]:
    return [hit.card.title for hit in find(parse(asked, "da", source="meetings")).hits]


def codes(facet: str) -> dict[str, int]:
    results = find(blank("meetings", "da"))
    return {bucket.code: bucket.count for bucket in results.facets[facet].buckets}


def test_a_meeting_is_found_by_a_word_of_its_description(home_page) -> None:
    MeetingFactory(title_da="Formiddag", description_da="<p>Vi læser et udbudsmateriale sammen.</p>")
    assert titles(q="udbudsmaterialet") == ["Formiddag"]


def test_a_meeting_is_found_in_the_search_of_everything(client, home_page) -> None:
    meeting = MeetingFactory(title_da="Sociale indkøb")
    assert f'href="{meeting.get_url()}"' in client.get("/da/soeg/", {"q": "indkøb"}).content.decode()


def test_dates_are_years_and_months_and_before_or_after_now(home_page) -> None:
    MeetingFactory(title_da="Møde", date=dt.date(2027, 3, 31))
    MeetingFactory(title_da="Gammelt", date=dt.date(2020, 3, 31))
    found = codes("date")
    assert {"upcoming": 1, "past": 1, "2027": 1, "2027/03": 1, "2020/03": 1}.items() <= found.items()
    assert titles(date="2027/03") == ["Møde"]
    assert titles(date="past") == ["Gammelt"]


def test_a_meeting_that_ends_is_past_from_then_on(home_page, monkeypatch) -> None:
    page = MeetingFactory(title_da="Møde", recurrence="FREQ=WEEKLY;COUNT=2")
    first, second = page.occurrences.order_by("starts_at")
    assert titles(date="past") == []
    monkeypatch.setattr(timezone, "now", lambda: first.ends_at + dt.timedelta(minutes=1))
    assert titles(date="past") == titles(date="upcoming") == ["Møde"]
    monkeypatch.setattr(timezone, "now", lambda: second.ends_at + dt.timedelta(minutes=1))
    assert (titles(date="past"), titles(date="upcoming")) == (["Møde"], [])


def test_networks_are_named_in_the_readers_language(home_page) -> None:
    network = PageFactory(title_da="Netværk", title_sv="Nätverk")
    MeetingFactory(network=network)
    results = find(blank("meetings", "sv"))
    assert [bucket.label for bucket in results.facets["network"].buckets] == ["Nätverk"]


def test_a_cancelled_meeting_is_found_as_cancelled(home_page, admin_user, reasons) -> None:
    meeting = MeetingFactory(title_da="Aflyst møde")
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    assert titles(status="cancelled") == ["Aflyst møde"]
    assert titles(status="scheduled") == []


def test_topics_are_codes_and_own_words(home_page) -> None:
    MeetingFactory(title_da="Møde", topics="Udbud,  sociale  Indkøb ,")
    assert codes("topic") == {"udbud": 1, "sociale indkøb": 1}


def test_a_topic_that_is_a_category_is_named_in_the_readers_language(home_page) -> None:
    category = CategoryFactory(name_da="Rengøring", name_sv="Städning")
    meeting = MeetingFactory(title_da="Møde", topics="rengøring, udbud")
    assert meeting.topics == f"{category.path}, udbud"
    labels = {
        language: {bucket.label for bucket in find(blank("meetings", language)).facets["topic"].buckets}
        for language in ("da", "sv")
    }
    assert labels == {"da": {"Rengøring", "Udbud"}, "sv": {"Städning", "Udbud"}}


def test_what_is_held_online_has_a_place_too(home_page) -> None:
    MeetingFactory(title_da="På nettet", online_url="https://mote.example.org/x")
    assert titles(place="online") == ["På nettet"]


def test_a_draft_is_not_found(home_page) -> None:
    MeetingFactory(title_da="Kladde", date=in_days(3)).unpublish()
    assert titles(q="kladde") == []


@pytest.mark.parametrize("asked", ["date=2027/13", "date=0000", "network=abc", "network=999999", "status=exploded"])
def test_a_value_that_does_not_exist_is_refused(client, home_page, asked) -> None:
    assert client.get(f"/api/v3/search/meetings/?{asked}").status_code == 422


def test_more_hits_take_no_more_queries(queries_of, home_page) -> None:
    MeetingFactory(title_da="Møde")
    few = queries_of("/api/v3/search/meetings/?q=møde")
    MeetingFactory.create_batch(6, title_da="Møde", recurrence="FREQ=WEEKLY;COUNT=3")
    assert queries_of("/api/v3/search/meetings/?q=møde") == few
