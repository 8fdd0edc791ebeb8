"""Meetings and an editor for every test of the plugin."""

import json

import pytest
from bs4 import BeautifulSoup

from plugins.meetings.models import MeetingPage
from tests.factories.meetings import MeetingFactory

REASONS = {"da": "På grund af sygdom.", "sv": "På grund av sjukdom.", "en": "Because of illness."}


@pytest.fixture
def reasons() -> dict[str, str]:
    return dict(REASONS)


@pytest.fixture
def meeting(home_page) -> MeetingPage:
    """One in a month, in three languages."""
    return MeetingFactory(title_sv="Sociala inköp", title_en="Social procurement", introduction_da="Om indkøb.")


@pytest.fixture
def series(home_page) -> MeetingPage:
    return MeetingFactory(title_da="Serie", recurrence="FREQ=WEEKLY;COUNT=4")


@pytest.fixture
def page(client):
    """`page("/da/…")` is the parsed answer; its `status` and `event` (the linked data) come along."""

    def get(path: str, **headers: str) -> BeautifulSoup:
        response = client.get(path, **headers)
        soup = BeautifulSoup(response.content, "html.parser")
        soup.status = response.status_code
        data = soup.select_one('script[type="application/ld+json"]')
        soup.event = json.loads(data.string) if data else {}
        return soup

    return get


@pytest.fixture
def queries_of(client):
    """How many queries an address takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    return count
