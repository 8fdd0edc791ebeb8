"""News that is written along when something happens to a meeting."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from plugins.meetings.actions import cancel_meeting, move_meeting
from plugins.news.models import NewsPage
from tests.factories.meetings import MeetingFactory
from tests.factories.news import NewsTopicFactory, news_index

pytestmark = pytest.mark.django_db

REASONS = {"da": "På grund af sygdom.", "sv": "På grund av sjukdom.", "en": "Because of illness."}


def test_a_cancelled_meeting_is_news_under_its_topic(client, home_page, admin_user) -> None:
    news_index()
    topic = NewsTopicFactory(code="meetings")
    meeting = MeetingFactory(title_da="Sociale indkøb", title_sv="Sociala inköp")
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS, also_news=True)
    page = NewsPage.objects.get()
    assert list(page.topics.all()) == [topic]
    assert [row.related_id for row in page.relations.all()] == [meeting.pk]
    assert "Sociala inköp" in page.title_sv
    soup = BeautifulSoup(client.get(page.get_url()).content, "html.parser")
    assert soup.main.select_one(f'a[href="{meeting.get_url()}"]') is not None
    about = BeautifulSoup(client.get(meeting.get_url()).content, "html.parser")
    assert about.main.select_one(f'a[href="{page.get_url()}"]') is not None


def test_news_of_a_move_names_the_old_date_and_the_new(home_page, admin_user) -> None:
    news_index()
    meeting = MeetingFactory(date=dt.date(2027, 3, 23), title_sv="Träff")
    start = meeting.occurrences.get().starts_at.replace(day=30, hour=8)
    venue = {"venue_name": "Rådhuset", "city": "Herning"}
    move_meeting(meeting=meeting, by=admin_user, reasons=REASONS, starts_at=start, venue=venue, also_news=True)
    page = NewsPage.objects.get()
    assert page.lead_da == (
        "Før: tirsdag den 23. marts 2027, kl. 10.00–14.00, Opdigtet Hus, Skjern. "
        "Nu: tirsdag den 30. marts 2027, kl. 10.00–14.00, Rådhuset, Herning. På grund af sygdom."
    )
    assert page.lead_sv.startswith("Tidigare: tisdag 23 mars 2027")


def test_news_of_a_cancelled_series_names_its_dates(home_page, admin_user) -> None:
    news_index()
    meeting = MeetingFactory(date=dt.date(2027, 3, 2), recurrence="FREQ=WEEKLY;COUNT=5")
    cancel_meeting(meeting=meeting, by=admin_user, reasons={}, also_news=True)
    lead = NewsPage.objects.get().lead_en
    assert lead.startswith("It is about Tuesday 2 March 2027")
    assert lead.endswith("; and 2 other dates.")


def test_a_meeting_cancelled_without_a_word_to_the_news_is_none(home_page, admin_user) -> None:
    news_index()
    cancel_meeting(meeting=MeetingFactory(), by=admin_user, reasons=REASONS)
    assert not NewsPage.objects.exists()
