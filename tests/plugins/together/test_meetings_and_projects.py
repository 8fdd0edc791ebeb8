"""Meetings of a network or project."""

import pytest
from bs4 import BeautifulSoup

from tests.factories.meetings import MeetingFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


def test_a_network_collects_its_meetings(client, home_page) -> None:
    network = ProjectFactory(kind="network")
    meeting = MeetingFactory(title_da="Netværksmøde", network=network)
    MeetingFactory(title_da="Et andet møde")
    soup = BeautifulSoup(client.get(network.get_url()).content, "html.parser")
    (link,) = soup.select(".newest a")
    assert link["href"].startswith(meeting.get_url())


def test_a_meeting_leads_to_its_network(client, home_page) -> None:
    network = ProjectFactory(kind="network", title_da="Grønt netværk")
    soup = BeautifulSoup(client.get(MeetingFactory(network=network).get_url()).content, "html.parser")
    assert soup.main.select_one(f'a[href="{network.get_url()}"]').get_text() == "Grønt netværk"


def test_a_networks_page_leads_calendar_programs_to_its_meetings(client, home_page) -> None:
    network = ProjectFactory(kind="network")
    MeetingFactory(network=network)
    soup = BeautifulSoup(client.get(network.get_url()).content, "html.parser")
    link = soup.main.select_one('a[href^="webcal:"]')
    assert link["href"] == f"webcal://testserver/da/moeder/kalender.ics?network={network.pk}"
    assert client.get(link["href"].replace("webcal://testserver", "")).content.count(b"BEGIN:VEVENT") == 1
