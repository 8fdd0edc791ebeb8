"""The linked data of a meeting, held to schema.org's own list of terms."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from plugins.meetings.actions import cancel_meeting, move_meeting, postpone_meeting
from plugins.meetings.jsonld import price_of
from plugins.meetings.models import MeetingPage
from tests.factories.meetings import MeetingFactory, RegistrationFactory, in_days

pytestmark = pytest.mark.django_db

TERMS = Path(__file__).parent / "schema_org_terms.tsv"
PREFIX = "https://schema.org/"


class Vocabulary:
    """Types with what they inherit from, properties with where they belong, members of enumerations."""

    def __init__(self) -> None:
        lines = TERMS.read_text(encoding="utf-8").splitlines()[1:]
        rows = list(csv.DictReader(lines, delimiter="\t"))
        self.types = {row["name"]: row["of"].split() for row in rows if row["kind"] == "class"}
        self.domains = {row["name"]: set(row["of"].split()) for row in rows if row["kind"] == "property"}
        self.ranges = {row["name"]: set(row["range"].split()) for row in rows if row["kind"] == "property"}
        self.members = {row["name"]: row["of"] for row in rows if row["kind"] == "member"}

    def ancestry(self, name: str) -> set[str]:
        return {name}.union(*(self.ancestry(parent) for parent in self.types[name]))

    def check(self, node: Any) -> None:
        """Raises AssertionError for a type, a property at a type, or a value that the vocabulary does not know."""
        kinds = self.ancestry(node["@type"])
        for name, value in node.items():
            if name.startswith("@"):
                continue
            assert self.domains.get(name, set()) & kinds, f"{name} is no property of {node['@type']}"
            for one in value if isinstance(value, list) else [value]:
                self._check_value(name, one)

    def _check_value(self, name: str, value: Any) -> None:
        allowed = self.ranges[name]
        if isinstance(value, dict):
            assert allowed & self.ancestry(value["@type"]), f"{name} takes no {value['@type']}"
            self.check(value)
        elif isinstance(value, str) and value.startswith(PREFIX):
            assert self.members[value.removeprefix(PREFIX)] in allowed, f"{name} takes no {value}"
        elif isinstance(value, int):
            assert allowed & {"Integer", "Number"}, f"{name} takes no number"
        else:
            assert allowed & {"Text", "URL", "Date", "DateTime", "Number", "Language"}, f"{name} takes no text"
            if allowed <= {"Date", "DateTime"}:
                assert dt.datetime.fromisoformat(value).tzinfo


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary()


def full_meeting(**facts: Any) -> MeetingPage:
    given = {
        "title_da": "Sociale indkøb", "introduction_da": "Om indkøb", "cost_da": "150 kr. for frokost",
        "street": "Vej 1", "target_group_da": "Indkøbere", "postal_code": "8900", "languages_spoken": ["da"],
        "organiser": "Netværket",
        "registration": "here", "capacity": 20, "registration_deadline": timezone.now() + dt.timedelta(days=2),
        "online_url": "https://mote.example.org/hemlig", "date": in_days(9),
    }  # fmt: skip
    return MeetingFactory(**{**given, **facts})


def test_a_whole_meeting_is_valid(page, home_page, vocabulary) -> None:
    event = page(full_meeting().get_url()).event
    vocabulary.check(event)
    assert (event["@context"], event["@type"], event["eventStatus"]) == (
        "https://schema.org", "Event", f"{PREFIX}EventScheduled"
    )  # fmt: skip
    assert event["organizer"] == {"@type": "Organization", "name": "Netværket"}
    assert (event["offers"]["price"], event["offers"]["priceCurrency"]) == ("150", "DKK")
    assert event["maximumAttendeeCapacity"] == 20


def test_the_check_finds_a_term_that_does_not_exist(vocabulary) -> None:
    with pytest.raises(AssertionError, match="isCancelled"):
        vocabulary.check({"@type": "Event", "isCancelled": "yes"})
    with pytest.raises(AssertionError, match="price"):
        vocabulary.check({"@type": "Event", "price": "150"})


def test_a_cancelled_meeting_is_valid_and_cancelled(page, meeting, admin_user, reasons, vocabulary) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    event = page(meeting.get_url()).event
    vocabulary.check(event)
    assert event["eventStatus"] == f"{PREFIX}EventCancelled"


def test_a_postponed_meeting_keeps_its_date(page, meeting, admin_user, reasons, vocabulary) -> None:
    postpone_meeting(meeting=meeting, by=admin_user, reasons=reasons)
    event = page(meeting.get_url()).event
    vocabulary.check(event)
    assert event["eventStatus"] == f"{PREFIX}EventPostponed"
    assert event["startDate"] == event["previousStartDate"]


def test_a_moved_meeting_is_rescheduled_and_says_from_when(page, meeting, admin_user, reasons, vocabulary) -> None:
    old = meeting.occurrences.get().starts_at
    move_meeting(meeting=meeting, by=admin_user, reasons=reasons, starts_at=old + dt.timedelta(days=7))
    event = page(meeting.get_url()).event
    vocabulary.check(event)
    assert event["eventStatus"] == f"{PREFIX}EventRescheduled"
    assert dt.datetime.fromisoformat(event["previousStartDate"]) == old


def test_an_edited_date_is_rescheduled_and_says_from_when(page, meeting, vocabulary) -> None:
    old = meeting.occurrences.get()
    RegistrationFactory(occurrence=old)
    meeting.date += dt.timedelta(days=7)
    meeting.save_revision().publish()
    event = page(meeting.get_url()).event
    vocabulary.check(event)
    assert event["eventStatus"] == f"{PREFIX}EventRescheduled"
    assert dt.datetime.fromisoformat(event["previousStartDate"]) == old.starts_at


def test_a_new_place_alone_is_no_new_date(page, meeting, admin_user, reasons, vocabulary) -> None:
    move_meeting(meeting=meeting, by=admin_user, reasons=reasons, venue={"venue_name": "Rådhuset", "city": "Herning"})
    event = page(meeting.get_url()).event
    vocabulary.check(event)
    assert event["eventStatus"] == f"{PREFIX}EventScheduled"
    assert event["location"]["name"] == "Rådhuset"


@pytest.mark.parametrize(
    ("facts", "mode", "kinds"),
    [
        ({"online_url": ""}, "OfflineEventAttendanceMode", ["Place"]),
        ({}, "MixedEventAttendanceMode", ["Place", "VirtualLocation"]),
        (
            {"venue_name": "", "street": "", "postal_code": "", "city": ""},
            "OnlineEventAttendanceMode",
            ["VirtualLocation"],
        ),
    ],
)  # fmt: skip
def test_where_one_attends(page, home_page, vocabulary, facts, mode, kinds) -> None:
    event = page(full_meeting(**facts).get_url()).event
    vocabulary.check(event)
    location = event["location"] if isinstance(event["location"], list) else [event["location"]]
    assert event["eventAttendanceMode"] == PREFIX + mode
    assert [place["@type"] for place in location] == kinds


def test_the_link_for_registered_people_is_not_told(page, home_page) -> None:
    soup = page(full_meeting().get_url())
    assert "hemlig" not in str(soup)


def test_a_full_meeting_is_sold_out(page, home_page, vocabulary) -> None:
    meeting = full_meeting(capacity=1)
    RegistrationFactory(occurrence=meeting.occurrences.get())
    event = page(meeting.get_url()).event
    vocabulary.check(event)
    assert event["offers"]["availability"] == f"{PREFIX}SoldOut"


@pytest.mark.parametrize(
    ("cost", "price"),
    [
        ("150 kr. ekskl. moms", "150"),
        ("1.250,00 kr.", "1250.00"),
        ("99.50 kr", "99.50"),
        ("1 250:-", "1250"),
        ("Gratis for alle", "0"),
        ("0", "0"),
        ("Gratis for medlemmer, ellers 100 kr.", ""),
        ("100 kr. for medlemmer, ellers 200 kr.", ""),
        ("Efter aftale", ""),
    ],
)
def test_price_of_a_cost_in_words(cost, price) -> None:
    assert price_of(cost) == price


def test_each_date_of_a_series_says_what_it_costs_and_whose_it_is(page, home_page, vocabulary) -> None:
    meeting = MeetingFactory(recurrence="FREQ=WEEKLY;COUNT=2", cost_da="20 euro", organiser="Huset")
    data = page(meeting.get_url()).event
    vocabulary.check(data)
    for event in data["subEvent"]:
        assert (event["offers"]["price"], event["offers"]["priceCurrency"]) == ("20", "EUR")
        assert event["organizer"]["name"] == "Huset"


def test_what_is_free_costs_nothing(page, home_page) -> None:
    assert page(full_meeting(cost_da="Gratis").get_url()).event["offers"]["price"] == "0"


def test_a_title_cannot_end_the_script(page, home_page) -> None:
    meeting = full_meeting(title_da="</script><script>alert(1)</script>")
    soup = page(meeting.get_url())
    assert soup.event["name"] == "</script><script>alert(1)</script>"
    assert len(soup.select('script[type="application/ld+json"]')) == 1


# ---- series ---------------------------------------------------------------------------------------------------------
def test_a_series_tells_of_its_dates(page, series, admin_user, reasons, vocabulary) -> None:
    first, second, *_ = series.occurrences.all()
    cancel_meeting(meeting=series, occurrence=first, by=admin_user, reasons=reasons)
    move_meeting(
        meeting=series, occurrence=second, by=admin_user, reasons=reasons, starts_at=second.starts_at + dt.timedelta(1)
    )
    data = page(series.get_url()).event
    vocabulary.check(data)
    assert data["@type"] == "EventSeries"
    states = [event["eventStatus"].removeprefix(PREFIX) for event in data["subEvent"]]
    assert states == ["EventCancelled", "EventRescheduled", "EventScheduled", "EventScheduled"]
    assert dt.datetime.fromisoformat(data["subEvent"][1]["previousStartDate"]) == second.starts_at
    assert len({event["@id"] for event in data["subEvent"]}) == 4


def test_each_date_of_a_series_has_a_page_that_names_the_series(page, series, vocabulary) -> None:
    whole = page(series.get_url()).event
    date = whole["subEvent"][1]
    event = page(urlsplit(date["url"]).path).event
    vocabulary.check(event)
    assert (event["@id"], event["startDate"], event["url"]) == (date["@id"], date["startDate"], date["url"])
    assert event["superEvent"] == {
        "@type": "EventSeries", "@id": whole["@id"], "name": whole["name"], "url": whole["url"]
    }  # fmt: skip


def test_a_single_meeting_belongs_to_no_series(page, meeting) -> None:
    assert "superEvent" not in page(meeting.get_url()).event
