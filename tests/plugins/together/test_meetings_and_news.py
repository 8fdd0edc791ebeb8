"""News that is written along when something happens to a meeting."""

import pytest
from bs4 import BeautifulSoup

from plugins.meetings.actions import cancel_meeting
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


def test_a_meeting_cancelled_without_a_word_to_the_news_is_none(home_page, admin_user) -> None:
    news_index()
    cancel_meeting(meeting=MeetingFactory(), by=admin_user, reasons=REASONS)
    assert not NewsPage.objects.exists()
