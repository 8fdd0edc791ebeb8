"""What meetings put on the pages of others, and a site without them."""

import os
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup

from plugins.meetings.actions import cancel_meeting, postpone_meeting
from tests.factories.home import PageFactory
from tests.factories.meetings import MeetingFactory, calendar, in_days
from tests.torv.plugins.packages import ROOT
from torv.plugins import plugins

pytestmark = pytest.mark.django_db


def front(client, language: str = "da") -> list[str]:
    soup = BeautifulSoup(client.get(f"/{language}/").content, "html.parser")
    return [link.get_text(strip=True) for link in soup.select(".event h3 a")]


def test_the_front_page_shows_the_next_three(client, home_page) -> None:
    for days in (40, 10, 20, 30):
        MeetingFactory(title_da=f"Om {days} dage", date=in_days(days))
    assert front(client) == ["Om 10 dage", "Om 20 dage", "Om 30 dage"]


def test_what_does_not_take_place_is_no_next_meeting(client, home_page, admin_user, reasons) -> None:
    cancelled, postponed = MeetingFactory(title_da="Aflyst"), MeetingFactory(title_da="Udsat")
    MeetingFactory(title_da="Holdes")
    cancel_meeting(meeting=cancelled, by=admin_user, reasons=reasons)
    postpone_meeting(meeting=postponed, by=admin_user, reasons=reasons)
    assert front(client) == ["Holdes"]


def test_a_series_is_one_next_meeting(client, home_page) -> None:
    MeetingFactory(title_da="Serie", recurrence="FREQ=DAILY;COUNT=90")
    MeetingFactory(title_da="Lidt længere ude", date=in_days(50))
    MeetingFactory(title_da="Enkelt", date=in_days(60))
    assert front(client) == ["Serie", "Lidt længere ude", "Enkelt"]


def test_without_meetings_the_front_page_says_nothing_of_them(client, home_page) -> None:
    calendar()
    assert "Next meetings" not in client.get("/en/").content.decode()


def test_a_networks_meetings_belong_to_its_page(home_page, admin_user, reasons) -> None:
    network = PageFactory(title_da="Netværk")
    meeting = MeetingFactory(title_da="Vores", network=network)
    MeetingFactory(title_da="Andres")
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    (related,) = plugins.collect("related_items", page=network, language="da")
    (item,) = related.items
    assert (item.title, item.language, bool(item.badge)) == ("Vores", "da", True)
    assert related.url.endswith(f"?network={network.pk}")
    assert related.calendar == f"/da/moeder/kalender.ics?network={network.pk}"


def test_a_network_without_meetings_to_come_shows_the_last_there_were(home_page) -> None:
    network = PageFactory(title_da="Netværk")
    MeetingFactory(title_da="Gammelt", date=in_days(-60), network=network)
    (related,) = plugins.collect("related_items", page=network, language="da")
    assert [item.title for item in related.items] == ["Gammelt"]


def test_a_page_without_meetings_has_none(home_page) -> None:
    assert plugins.collect("related_items", page=PageFactory(), language="da") == []


def test_a_site_without_the_plugin_works(client, meeting) -> None:
    with plugins.unplugged("meetings"):
        assert front(client) == []
        assert client.get("/da/").status_code == 200
        assert client.get("/da/soeg/?q=indkøb").status_code == 200


def test_the_plugin_has_no_troubles(client, meeting) -> None:
    client.get("/da/")
    assert plugins.problems_of("meetings") == {}


def test_a_site_whose_settings_leave_meetings_out_is_in_order() -> None:
    environment = {**os.environ, "TORV_PLUGINS_DISABLED": "meetings", "DJANGO_SETTINGS_MODULE": "torv.settings.test"}
    script = (
        "from django.apps import apps; assert not apps.is_installed('plugins.meetings'); "
        "import torv.urls; from search.registry import sources; assert 'meetings' not in sources()"
    )
    for command in (["check", "--fail-level", "WARNING"], ["shell", "-v", "0", "-c", script]):
        answer = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
