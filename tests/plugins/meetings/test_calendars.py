"""Files and feeds for calendar programs, read back by two parsers that know nothing of each other."""

import datetime as dt

import icalendar
import pytest
import vobject
from django.utils import timezone
from wagtail.models import Site

from plugins.meetings import calendars
from plugins.meetings.actions import cancel_meeting, move_meeting, postpone_meeting, reinstate_meeting
from plugins.meetings.models import MeetingPage, Occurrence
from tests.factories.meetings import MeetingFactory, calendar, in_days

pytestmark = pytest.mark.django_db

REASONS = {"da": "På grund af sygdom.", "sv": "På grund av sjukdom.", "en": "Because of illness."}
FEEDS = {"da": "/da/moeder/kalender.ics", "sv": "/sv/traffar/kalender.ics", "en": "/en/meetings/calendar.ics"}


@pytest.fixture
def meeting(home_page) -> MeetingPage:
    return MeetingFactory(title_sv="Sociala inköp", title_en="Social procurement")


@pytest.fixture
def series(home_page) -> MeetingPage:
    return MeetingFactory(title_da="Serie", recurrence="FREQ=WEEKLY;COUNT=4")


def feed(client, address: str = FEEDS["da"]) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(client.get(address).content)


def only(found: icalendar.Calendar) -> icalendar.Event:
    (event,) = found.walk("VEVENT")
    return event


def test_the_feed_is_a_calendar_in_the_language_of_its_address(client, meeting) -> None:
    response = client.get(FEEDS["sv"])
    event = only(icalendar.Calendar.from_ical(response.content))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == ("Sociala inköp", "sv")


@pytest.mark.parametrize("address", FEEDS.values())
def test_two_parsers_read_every_feed(client, meeting, series, admin_user, address) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    move_meeting(
        meeting=series, occurrence=series.occurrences.first(), by=admin_user, reasons=REASONS, venue={"city": "Herning"}
    )
    text = client.get(address).content.decode()
    assert not icalendar.Calendar.from_ical(text).errors
    read = vobject.readOne(text)
    read.validate(raiseException=True)
    assert len(read.vevent_list) == 3  # the meeting, the series, its date that was moved


def test_an_entry_says_when_where_and_who(client, meeting) -> None:
    event = only(feed(client))
    start = meeting.occurrences.get().starts_at
    assert event.decoded("DTSTART") == start
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert event.decoded("DTEND") - event.decoded("DTSTART") == dt.timedelta(hours=4)
    assert event["LOCATION"] == "Opdigtet Hus, Skjern"
    assert event["UID"] == str(meeting.translation_key)
    assert event["ORGANIZER"].startswith("mailto:")


def test_the_time_zone_comes_along_and_gives_the_right_hour(client, home_page) -> None:
    MeetingFactory(date=dt.date(2027, 7, 1))
    found = feed(client)
    (zone,) = found.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Copenhagen"
    summer = zone.to_tz(lookup_tzid=False).utcoffset(dt.datetime(2027, 7, 1, 10))
    winter = zone.to_tz(lookup_tzid=False).utcoffset(dt.datetime(2027, 1, 1, 10))
    assert (summer, winter) == (dt.timedelta(hours=2), dt.timedelta(hours=1))


def test_a_cancelled_meeting_stays_in_the_feed_as_cancelled(client, meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    event = only(feed(client))
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert REASONS["da"] in event["DESCRIPTION"]


def test_a_reinstated_meeting_is_confirmed_with_a_higher_sequence(client, meeting, admin_user) -> None:
    before = only(feed(client))
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    reinstate_meeting(meeting=meeting, by=admin_user)
    after = only(feed(client))
    assert (after["UID"], after["STATUS"], after["SEQUENCE"]) == (before["UID"], "CONFIRMED", 2)


def test_a_postponed_meeting_is_tentative_with_a_note(client, meeting, admin_user) -> None:
    postpone_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    event = only(feed(client, FEEDS["en"]))
    assert event["STATUS"] == "TENTATIVE"
    assert event["SUMMARY"].startswith("POSTPONED: ")
    assert "A new one is to come." in event["DESCRIPTION"]


def test_a_moved_meeting_has_its_new_time(client, meeting, admin_user) -> None:
    new = meeting.occurrences.get().starts_at + dt.timedelta(days=7)
    move_meeting(meeting=meeting, by=admin_user, reasons=REASONS, starts_at=new)
    event = only(feed(client))
    assert (event.decoded("DTSTART"), event["STATUS"], event["SEQUENCE"]) == (new, "CONFIRMED", 1)
    assert "RECURRENCE-ID" not in event


def test_a_series_is_one_entry_with_its_rule(client, series) -> None:
    event = only(feed(client))
    assert event["RRULE"]["FREQ"] == ["WEEKLY"]
    assert event["RRULE"]["COUNT"] == [4]


def test_the_end_of_a_series_is_given_in_utc(client, home_page) -> None:
    MeetingFactory(date=dt.date(2027, 6, 1), recurrence="freq=weekly;until=20270615")
    event = only(feed(client))
    assert event["RRULE"]["UNTIL"] == [dt.datetime(2027, 6, 15, 21, 59, 59, tzinfo=dt.UTC)]


def test_days_without_a_meeting_are_left_out_of_the_rule(client, home_page) -> None:
    MeetingFactory(
        date=dt.date(2027, 6, 1), recurrence="FREQ=WEEKLY;COUNT=3", exception_dates="2027-06-08"
    )  # fmt: skip
    event = only(feed(client))
    assert event["EXDATE"].dts[0].dt.date() == dt.date(2027, 6, 8)


def test_a_series_begins_with_its_first_date_by_the_rule(client, home_page) -> None:
    MeetingFactory(date=dt.date(2027, 6, 2), recurrence="FREQ=MONTHLY;BYDAY=1TU;COUNT=2")
    event = only(feed(client))
    assert event.decoded("DTSTART").date() == dt.date(2027, 7, 6)


STORED = ["FREQ=WEEKLY;UNTIL=2027-06-15", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;COUNT=0", "every tuesday"]


@pytest.mark.parametrize("rule", STORED)
def test_a_rule_that_is_accepted_no_longer_costs_nobody_the_feed(client, meeting, series, rule) -> None:
    MeetingPage.objects.filter(pk=series.pk).update(recurrence=rule)
    events = feed(client).walk("VEVENT")
    of_series = [event for event in events if event["UID"].startswith(str(series.translation_key))]
    assert (len(events), len(of_series)) == (5, 4)
    assert all("RECURRENCE-ID" in event and "RRULE" not in event for event in of_series)
    assert client.get(series.get_url()).status_code == 200


def test_a_meeting_that_cannot_be_told_is_left_out(client, meeting, series, caplog) -> None:
    MeetingPage.objects.filter(pk=series.pk).update(timezone="Europe/Nowhere")
    assert only(feed(client))["UID"].startswith(str(meeting.translation_key))
    assert f"Meeting {series.pk}" in caplog.text


def test_one_cancelled_date_of_a_series_is_an_exception_of_it(client, series, admin_user) -> None:
    second = series.occurrences.all()[1]
    cancel_meeting(meeting=series, occurrence=second, by=admin_user, reasons=REASONS)
    whole, exception = feed(client).walk("VEVENT")
    assert whole["STATUS"] == "CONFIRMED"
    assert (exception["UID"], exception["STATUS"]) == (whole["UID"], "CANCELLED")
    assert exception.decoded("RECURRENCE-ID") == second.recurrence_id


def test_a_date_that_an_editor_takes_out_of_a_series_stays_as_cancelled(client, series) -> None:
    last = series.occurrences.last()
    series.recurrence = "FREQ=WEEKLY;COUNT=3"
    series.save_revision().publish()
    cancelled = [event for event in feed(client).walk("VEVENT") if event["STATUS"] == "CANCELLED"]
    assert [event.decoded("RECURRENCE-ID") for event in cancelled] == [last.recurrence_id]


HOSTILE = [
    "Møde\r\nATTENDEE:mailto:evil@example.org",
    "Møde\nEND:VEVENT\nBEGIN:VEVENT",
    "Møde\x0b\u2028STATUS:CANCELLED",
    'Møde";X=1:;,\\n',
    "Ø" * 200,
]


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_in_a_text_begins_a_line_of_its_own(client, home_page, title) -> None:
    page = MeetingFactory()
    MeetingPage.objects.filter(pk=page.pk).update(
        title_da=title, organiser=title[:200], introduction_da=title, venue_name=title[:200]
    )
    text = client.get(FEEDS["da"]).content.decode()
    event = only(icalendar.Calendar.from_ical(text))
    assert event["STATUS"] == "CONFIRMED"
    assert "ATTENDEE" not in event
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert vobject.readOne(text).vevent.status.value == "CONFIRMED"


def test_a_copy_that_is_still_right_costs_a_304(client, meeting) -> None:
    first = client.get(FEEDS["da"])
    again = client.get(FEEDS["da"], headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_a_date_alone_does_not_hide_that_a_meeting_is_gone(client, meeting) -> None:
    first = client.get(FEEDS["da"])
    meeting.unpublish()
    again = client.get(FEEDS["da"], headers={"if-modified-since": first["Last-Modified"]})
    assert (again.status_code, b"VEVENT" in again.content) == (200, False)


def test_every_change_gives_the_feed_another_etag(client, meeting, admin_user) -> None:
    tags = [client.get(FEEDS["da"])["ETag"]]
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    tags.append(client.get(FEEDS["da"])["ETag"])
    meeting.refresh_from_db()
    meeting.title_da = "Nyt navn"
    meeting.save_revision().publish()
    tags.append(client.get(FEEDS["da"])["ETag"])
    MeetingPage.objects.filter(pk=meeting.pk).update(live=False)
    tags.append(client.get(FEEDS["da"])["ETag"])
    assert len(set(tags)) == 4


def test_the_feed_of_a_network_has_its_meetings_only(client, meeting, home_page) -> None:
    from tests.factories.home import PageFactory

    network = PageFactory(title_da="Netværk")
    own = MeetingFactory(title_da="Vores", network=network)
    event = only(feed(client, f"{FEEDS['da']}?network={network.pk}"))
    assert event["UID"].startswith(str(own.translation_key))


def test_who_subscribes_to_a_calendar_is_led_to_its_new_address(client, meeting) -> None:
    calendar = meeting.get_parent().specific
    calendar.slug = "arrangementer"
    calendar.save()
    response = client.get(f"{FEEDS['da']}?place=DK", follow=True)
    assert response.redirect_chain == [("/da/arrangementer/kalender.ics?place=DK", 301)]


@pytest.mark.parametrize("query", ["network=999999", "network=x", "network=²", "place=XX/1", "place=" + "A" * 500])
def test_a_feed_of_what_there_is_not_is_refused(client, meeting, query) -> None:
    response = client.get(f"{FEEDS['da']}?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_a_meeting_gives_its_own_file(client, meeting, series) -> None:
    event = only(feed(client, f"{meeting.get_url()}kalender.ics"))
    assert event["UID"].startswith(str(meeting.translation_key))


def test_the_link_that_only_registered_people_are_given_is_not_in_the_feed(client, home_page) -> None:
    MeetingFactory(online_url="https://mote.example.org/hemlig", registration="here")
    assert "hemlig" not in client.get(FEEDS["da"]).content.decode()


def test_a_feed_takes_as_many_queries_for_many_meetings_as_for_few(
    client, home_page, django_assert_max_num_queries
) -> None:
    MeetingFactory.create_batch(2)
    client.get(FEEDS["da"])
    few = _queries(client, "few")
    MeetingFactory.create_batch(8)
    assert _queries(client, "many") == few


def _queries(client, nothing: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(FEEDS["en"], headers={"accept": nothing}).status_code == 200
    return len(captured)


def test_an_empty_calendar_is_a_calendar(client, home_page) -> None:
    calendar()
    assert feed(client).walk("VEVENT") == []


# ---- identity and versions ------------------------------------------------------------------------------------------
def test_an_identity_survives_that_the_site_moves(client, meeting) -> None:
    before = only(feed(client))["UID"]
    Site.objects.update(hostname="torv.example.org")
    assert only(feed(client))["UID"] == before
    assert "localhost" not in before


EDITS = [
    {"title_da": "Nyt navn"},
    {"introduction_sv": "Ny text"},
    {"start_time": dt.time(11)},
    {"venue_name": "Andet Hus"},
    {"online_url": "https://mote.example.org/x"},
    {"organiser": "En anden"},
    {"slug": "andet"},
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: next(iter(edit)))
def test_every_edit_that_a_calendar_shows_raises_the_sequence(client, meeting, edit) -> None:
    before = only(feed(client))
    for name, value in edit.items():
        setattr(meeting, name, value)
    meeting.save_revision().publish()
    after = only(feed(client))
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_an_edit_that_no_calendar_shows_raises_nothing(client, meeting) -> None:
    meeting.target_group_da = "Alle"
    meeting.save_revision().publish()
    assert only(feed(client))["SEQUENCE"] == 0


@pytest.mark.parametrize("edit", [{"recurrence": "FREQ=WEEKLY;COUNT=5"}, {"title_da": "Nyt navn"}])
def test_an_edit_of_a_series_raises_its_sequence_and_makes_no_exceptions(client, series, edit) -> None:
    for name, value in edit.items():
        setattr(series, name, value)
    series.save_revision().publish()
    assert only(feed(client))["SEQUENCE"] == 1


def test_a_date_with_another_time_or_taken_out_has_a_higher_sequence(client, series, admin_user) -> None:
    first, second, *_rest = series.occurrences.all()
    move_meeting(
        meeting=series, occurrence=first, by=admin_user, reasons={}, starts_at=first.starts_at + dt.timedelta(hours=1)
    )
    series.refresh_from_db()
    series.exception_dates = timezone.localtime(second.recurrence_id).date().isoformat()
    series.save_revision().publish()
    whole, moved, taken_out = feed(client).walk("VEVENT")
    assert [event["SEQUENCE"] for event in (whole, moved, taken_out)] == [2, 2, 1]
    assert "EXDATE" not in whole  # calendars are told that it was taken out, not left to find that it is gone
    assert taken_out["STATUS"] == "CANCELLED"


def test_a_series_without_an_end_that_was_cancelled_ends_in_calendars_too(client, home_page, admin_user) -> None:
    series = MeetingFactory(recurrence="FREQ=MONTHLY")
    cancel_meeting(meeting=series, by=admin_user, reasons=REASONS)
    whole, *exceptions = feed(client).walk("VEVENT")
    assert whole["RRULE"]["UNTIL"] == [series.occurrences.last().recurrence_id]
    assert {event["STATUS"] for event in exceptions} == {"CANCELLED"}
    assert len(exceptions) == series.occurrences.count()


# ---- series and clocks ----------------------------------------------------------------------------------------------
def read_twice(client) -> list[dt.datetime]:
    """The starts of a feed with one series: one parser spells its rule out, the other reads its exceptions.

    Which is which they know by the clock on the wall: of a time that does not exist they make different moments.
    """
    text = client.get(FEEDS["da"]).content.decode()
    assert not icalendar.Calendar.from_ical(text).errors
    exceptions = icalendar.Calendar.from_ical(text).walk("VEVENT")[1:]
    replaced = {event["RECURRENCE-ID"].dt.replace(tzinfo=None) for event in exceptions}
    by_rule = vobject.readOne(text).vevent_list[0].getrruleset()
    found = [moment.astimezone(dt.UTC) for moment in by_rule if moment.replace(tzinfo=None) not in replaced]
    return sorted(
        found + [event.decoded("DTSTART").astimezone(dt.UTC) for event in exceptions if event["STATUS"] != "CANCELLED"]
    )


def by_the_site() -> list[dt.datetime]:
    return [date.starts_at for date in Occurrence.objects.filter(withdrawn=False).exclude(status="cancelled")]


@pytest.mark.parametrize(
    ("first", "start"),
    [
        (dt.date(2027, 3, 21), dt.time(2, 30)),
        (dt.date(2027, 10, 24), dt.time(2, 30)),
        (dt.date(2027, 1, 5), dt.time(9)),
    ],
    ids=["a gap", "a fold", "a year"],
)
def test_a_series_over_changes_of_clocks_is_read_as_the_site_shows_it(client, home_page, first, start) -> None:
    number = 52 if first.month == 1 else 3
    MeetingFactory(date=first, start_time=start, end_time=dt.time(11), recurrence=f"FREQ=WEEKLY;COUNT={number}")
    found = read_twice(client)
    assert (found, len(found)) == (by_the_site(), number)


def test_a_series_of_weekends_ends_at_the_same_hour_when_clocks_change(client, home_page) -> None:
    day = dt.date(2027, 3, 20)
    MeetingFactory(date=day, end_date=day + dt.timedelta(days=1), recurrence="FREQ=WEEKLY;COUNT=3")
    whole, exception = feed(client).walk("VEVENT")
    assert {f"{event.decoded('DTEND'):%H:%M}" for event in (whole, exception)} == {"14:00"}
    assert exception.decoded("DTSTART").date() == dt.date(2027, 3, 27)


def test_a_day_without_a_meeting_that_was_moved_before_is_cancelled(client, series, admin_user) -> None:
    second = series.occurrences.all()[1]
    move_meeting(
        meeting=series, occurrence=second, by=admin_user, reasons={}, starts_at=second.starts_at + dt.timedelta(days=2)
    )
    series.refresh_from_db()
    series.exception_dates = timezone.localtime(second.recurrence_id).date().isoformat()
    series.save_revision().publish()
    assert (len(read_twice(client)), read_twice(client)) == (3, by_the_site())


def test_a_series_that_meets_on_another_day_has_been_held_on_the_old_one(client, home_page) -> None:
    page = MeetingFactory(date=in_days(-10), recurrence="FREQ=WEEKLY;COUNT=4")
    before = by_the_site()
    page.refresh_from_db()
    page.date += dt.timedelta(days=1)
    page.save_revision().publish()
    expected = [start + dt.timedelta(days=number > 1) for number, start in enumerate(before)]
    assert [timezone.localtime(start).date() for start in by_the_site()] == [
        timezone.localtime(start).date() for start in expected
    ]
    assert read_twice(client) == by_the_site()


# ---- what mails carry -----------------------------------------------------------------------------------------------
def test_a_cancellation_for_one_person_is_itip(meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons=REASONS)
    text = calendars.method_cancel([meeting.occurrences.get()], "sv", email="asta@example.org", name="Asta")
    found = icalendar.Calendar.from_ical(text)
    event = only(found)
    assert (found["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert event["ATTENDEE"] == "mailto:asta@example.org"
    assert event["UID"] == calendars.uid(meeting)
    vobject.readOne(text).validate(raiseException=True)


def test_a_request_names_the_date_of_a_series(series) -> None:
    second = series.occurrences.all()[1]
    text = calendars.method_request([second], "da", email="asta@example.org")
    found = icalendar.Calendar.from_ical(text)
    event = only(found)
    assert (found["METHOD"], event["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert event.decoded("RECURRENCE-ID") == second.recurrence_id
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_a_request_carries_the_link_that_the_page_does_not_show(home_page) -> None:
    page = MeetingFactory(online_url="https://mote.example.org/hemlig", registration="here")
    text = calendars.method_request([page.occurrences.get()], "da", email="asta@example.org")
    assert "hemlig" in text


def test_of_two_messages_about_one_state_the_younger_counts(meeting) -> None:
    Occurrence.objects.update(changed_at=timezone.now() - dt.timedelta(days=9))
    date = Occurrence.objects.get()
    request = only(icalendar.Calendar.from_ical(calendars.method_request([date], "da", email="asta@example.org")))
    assert request["DTSTAMP"].dt > date.changed_at + dt.timedelta(days=8)
    assert request["LAST-MODIFIED"].dt == date.changed_at.replace(microsecond=0)


def test_names_and_addresses_begin_no_line_of_their_own(meeting) -> None:
    date = Occurrence.objects.get()
    text = calendars.method_request([date], "da", email="a@example.org\r\nX-EVIL:1", name='A"\r\nX-EVIL:1')
    assert "X-EVIL" not in only(icalendar.Calendar.from_ical(text))


def test_an_identity_survives_a_new_title_slug_and_time(client, meeting) -> None:
    before = only(feed(client))["UID"]
    meeting.title_da, meeting.slug = "Andet", "andet"
    meeting.date += dt.timedelta(days=3)
    meeting.save_revision().publish()
    after = only(feed(client))
    assert (after["UID"], int(after["SEQUENCE"])) == (before, 1)
    assert timezone.localtime(after.decoded("DTSTART")).date() == meeting.date
