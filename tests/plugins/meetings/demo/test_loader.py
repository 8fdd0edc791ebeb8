"""The calendar of the demonstration."""

import datetime as dt
import re

import pytest
from django.contrib.auth import get_user_model

from directory.demo.content import read
from plugins.meetings.demo.loader import FILE, describe, load_meetings, working_day
from plugins.meetings.models import MeetingPage, Occurrence, Registration
from tests.factories.meetings import demo_places
from torv.languages import LANGUAGES

pytestmark = pytest.mark.django_db

ENTRIES = read(FILE)


@pytest.fixture
def demo(home_page):
    get_user_model().objects.create_superuser("editor")
    demo_places()
    return home_page


def test_there_is_one_of_every_kind(demo) -> None:
    load_meetings(demo)
    assert set(Occurrence.objects.values_list("status", flat=True)) == {"scheduled", "cancelled", "postponed", "moved"}
    assert MeetingPage.objects.exclude(recurrence="").exists()
    assert MeetingPage.objects.filter(venue_name="").exclude(online_url="").exists()
    assert Registration.objects.filter(state="waiting").exists()


def test_the_danish_meeting_of_2020_is_cancelled(demo) -> None:
    load_meetings(demo)
    date = Occurrence.objects.get(page__slug="sociale-indkoeb")
    assert (date.status, date.venue) == (
        "cancelled", "Erhvervsskolen Vestjylland, Vestergade 42, Borris, 8900 Skjern"
    )  # fmt: skip
    assert date.starts_at == dt.datetime(2020, 3, 31, 8, tzinfo=dt.UTC)
    assert all(getattr(date, f"reason_{language}") for language in LANGUAGES)


def test_loading_again_adds_nothing_and_brings_nothing_back(demo) -> None:
    load_meetings(demo)
    MeetingPage.objects.get(slug="sociale-indkoeb").delete()
    pages, people = MeetingPage.objects.count(), Registration.objects.count()
    assert load_meetings(demo).startswith("0 ")
    assert (MeetingPage.objects.count(), Registration.objects.count()) == (pages, people)


def test_nobody_is_written_to(demo, mailoutbox) -> None:
    load_meetings(demo)
    assert not mailoutbox


def test_what_comes_is_on_working_days() -> None:
    days = [working_day(dt.date(2027, 3, 1) + dt.timedelta(days=n)) for n in range(14)]
    assert all(day.weekday() < 5 for day in days)
    assert working_day(dt.date(2027, 3, 6)) == dt.date(2027, 3, 8)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["key"])
def test_every_meeting_is_what_the_editor_accepts(demo, entry) -> None:
    page = describe(entry)
    page.path, page.depth = "000100019999", 3
    page.full_clean(exclude=["path", "depth"])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["key"])
def test_everybody_is_plainly_made_up(entry) -> None:
    for contact in entry["contacts"]:
        assert contact["email"].endswith(".example.org")
        assert re.fullmatch(r"\+4[56] 00 [\d ]+", contact["phone"])
    links = [entry.get("online_url", ""), entry.get("registration_url", "")]
    assert all(".example.org/" in link for link in links if link)
