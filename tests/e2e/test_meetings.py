"""An editor writes a meeting, cancels it and takes that back; readers, calendars and machines are told each time."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import icalendar
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.editor import EDITOR
from tests.e2e.registering import calendar_in, confirm, mails_to, register, text_of
from tests.e2e.test_accessibility import RULES
from tests.torv.mail.server import Inbox

TITLES = {
    "da": "Sociale indkøb i Skjern – hvorfor og hvordan?",
    "sv": "Sociala inköp i Skjern – varför och hur?",
    "en": "Social procurement in Skjern – why and how?",
}
CALENDARS = {"da": "/da/moeder/", "sv": "/sv/traffar/", "en": "/en/meetings/"}
FEEDS = {"da": "/da/moeder/kalender.ics", "sv": "/sv/traffar/kalender.ics", "en": "/en/meetings/calendar.ics"}
NEWS = {"da": "/da/nyheder/", "sv": "/sv/nyheter/", "en": "/en/news/"}
HEADLINES = {"da": "Aflyst: {}", "sv": "Inställt: {}", "en": "Cancelled: {}"}
WORDS = {"da": "AFLYST!", "sv": "INSTÄLLT!", "en": "CANCELLED!"}
REASONS = {
    "da": "På grund af coronavirus og myndighedernes råd.",
    "sv": "På grund av coronaviruset och myndigheternas råd.",
    "en": "Because of the corona virus and the authorities' advice.",
}
PAGES = {
    "list": "/sv/traffar/",
    "past": "/da/moeder/tidligere/",
    "month": "/en/meetings/2027/01/",
    "empty month": "/da/moeder/1990/01/",
    "refused": "/da/moeder/?network=nothing",
    "cancelled": "/sv/traffar/sociala-inkop/",
    "open": "/sv/traffar/lamna-anbud-tillsammans/",
    "untranslated": "/en/meetings/reading-tender-documents/",
    "moved": "/da/moeder/morgenmoede-karlskoga/",
    "postponed": "/en/meetings/workshop-visit/",
    "series": "/en/meetings/help-with-bids/",
}


def log_in(visitor: Any) -> Page:
    page = visitor.go("/cms/login/")
    page.set_default_timeout(60_000)
    page.locator("#id_username").fill(EDITOR["name"])
    page.locator("#id_password").fill(EDITOR["password"])
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/cms/")
    return page


def calendar_id(page: Page) -> str:
    """The calendar's key, from the trail above a meeting's status."""
    page.locator('#next-meetings-section a[href*="/status/"]').first.click()
    trail = page.locator("nav ol a").first.get_attribute("href") or ""
    return re.search(r"/pages/(\d+)/", trail)[1]


def tab(page: Page, number: int) -> None:
    page.locator('a[role="tab"][href^="#tab-"]').nth(number).click()


def next_31st_of_march() -> dt.date:
    """The day of the meeting that was cancelled, so far ahead that people still register."""
    today = dt.date.today()
    return next(day for year in (0, 1) if (day := dt.date(today.year + year, 3, 31)) > today + dt.timedelta(days=7))


def write_the_meeting(page: Page, site: str) -> str:
    """As an editor does it: a tab for each language, one for the facts. Returns the page's key."""
    page.goto(f"{site}/cms/pages/add/meetings/meetingpage/{calendar_id(page)}/")
    for number, (language, title) in enumerate(TITLES.items()):
        tab(page, number)
        page.locator(f'[name="title_{language}"]').fill(title)
    tab(page, 3)
    facts = {
        "date": next_31st_of_march().isoformat(), "start_time": "10:00", "end_time": "14:00",
        "venue_name": "Erhvervsskolen Vestjylland", "street": "Vestergade 42, Borris", "postal_code": "8900",
        "city": "Skjern", "organiser": "Socialøkonomi Midtjylland", "capacity": "40",
    }  # fmt: skip
    for name, value in facts.items():
        page.locator(f'[name="{name}"]').fill(value)
        page.keyboard.press("Tab")
    page.locator('[name="registration"]').select_option("here")
    return publish(page)


def publish(page: Page) -> str:
    """By the button beneath the editor. Returns the page's key."""
    page.locator('.footer [data-w-dropdown-target="toggle"], footer button[aria-expanded]').first.click()
    page.locator('button[name="action-publish"]').click()
    page.wait_for_url(re.compile(r"/cms/pages/\d+/(edit/)?$"))
    link = page.locator('a[href*="/edit/"]', has_text=TITLES["da"]).first.get_attribute("href") or ""
    return re.search(r"/pages/(\d+)/", link)[1]


def change_status(
    page: Page,
    site: str,
    key: str,
    action: str,
    reasons: dict[str, str],
    *,
    news: bool = False,
    people: int | None = None,
) -> None:
    page.goto(f"{site}/cms/meetings/{key}/status/")
    page.locator(f'dl a[href$="/status/{action}/"]').click()
    for language, reason in reasons.items():
        page.locator(f'[name="reason_{language}"]').fill(reason)
    if news:
        page.locator('[name="also_news"]').check()
    page.locator("main form button[type=submit]").last.click()
    if people is not None:
        assert f" {people} " in page.locator("#preview h2").inner_text()
    page.locator('#preview button[name="confirm"]').click()
    page.wait_for_url(re.compile(rf"/cms/pages/{key}/edit/"))


def entry_of(page: Page, site: str, language: str, address: str) -> icalendar.Event:
    """The meeting in the feed of the whole calendar."""
    feed = icalendar.Calendar.from_ical(page.request.get(site + FEEDS[language]).body())
    (event,) = [event for event in feed.walk("VEVENT") if event["URL"].endswith(address)]
    return event


def linked_data(page: Page) -> dict[str, Any]:
    return json.loads(page.locator('script[type="application/ld+json"]').inner_text())


def invited(mail: Any) -> tuple[str, icalendar.Event]:
    """The method of what a mail carries, and the meeting in it."""
    calendar = calendar_in(mail)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def test_an_editor_cancels_a_meeting_and_everybody_knows(visit: Callable, site: str, inbox: Inbox) -> None:
    editor, reader = visit(height=1200), visit()
    desk = log_in(editor)
    key = write_the_meeting(desk, site)
    addresses = {}
    for language, title in TITLES.items():
        link = reader.go(CALENDARS[language]).locator(".event a", has_text=title)
        addresses[language] = link.get_attribute("href") or ""
    page = reader.go(addresses["da"])
    assert page.locator("h1").inner_text() == TITLES["da"]
    assert page.locator(".stop").count() == 0
    assert linked_data(page)["startDate"].startswith(f"{next_31st_of_march()}T10:00:00+0")
    before = entry_of(page, site, "da", addresses["da"])
    assert before["STATUS"] == "CONFIRMED"

    # Somebody registers in Swedish, by the link in the mail.
    somebody = "signe@example.org"
    confirm(reader, register(reader, inbox, addresses["sv"], somebody))
    assert reader.page.locator(".notice--ok").count() == 1
    method, invitation = invited(mails_to(inbox, somebody, 2)[1])
    assert (method, invitation["UID"], invitation["STATUS"]) == ("REQUEST", before["UID"], "CONFIRMED")

    change_status(desk, site, key, "cancel", REASONS, news=True, people=1)
    for language, address in addresses.items():
        page = reader.go(address)
        assert page.locator(".stop__word").inner_text() == WORDS[language]
        others = {span.get_attribute("lang"): span.inner_text() for span in page.locator(".stop__also span").all()}
        assert others == {code: word for code, word in WORDS.items() if code != language}
        assert REASONS[language] in page.locator(".stop").inner_text()
        assert linked_data(page)["eventStatus"] == "https://schema.org/EventCancelled"
        assert page.locator("#reg").count() == 0
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, results.generate_report()
        cancelled = entry_of(page, site, language, address)
        assert (cancelled["UID"], cancelled["STATUS"]) == (before["UID"], "CANCELLED")
        assert cancelled["SEQUENCE"] > before["SEQUENCE"]
        listed = reader.go(CALENDARS[language]).locator(".event", has_text=TITLES[language])
        assert listed.locator(".badge--stop").count() == 1
        headline = HEADLINES[language].format(TITLES[language])
        reader.go(NEWS[language]).locator("main a", has_text=headline).first.click()
        assert reader.page.locator("h1").inner_text() == headline
        assert REASONS[language] in reader.page.locator("main").inner_text()
    mail = mails_to(inbox, somebody, 3)[2]
    assert (mail["Content-Language"], REASONS["sv"] in text_of(mail)) == ("sv", True)
    method, taken_out = invited(mail)
    assert (method, taken_out["UID"], taken_out["STATUS"]) == ("CANCEL", before["UID"], "CANCELLED")
    assert taken_out["SEQUENCE"] > invitation["SEQUENCE"]

    change_status(desk, site, key, "reinstate", {}, people=1)
    page = reader.go(addresses["sv"])
    assert page.locator(".stop").count() == 0
    assert linked_data(page)["eventStatus"] == "https://schema.org/EventScheduled"
    again = entry_of(page, site, "da", addresses["da"])
    assert (again["UID"], again["STATUS"]) == (before["UID"], "CONFIRMED")
    assert again["SEQUENCE"] > cancelled["SEQUENCE"]
    method, back = invited(mails_to(inbox, somebody, 4)[3])
    assert (method, back["UID"], back["STATUS"]) == ("REQUEST", before["UID"], "CONFIRMED")
    assert back["SEQUENCE"] > taken_out["SEQUENCE"]

    # Another time, by editing the page: it says before how many people that concerns, and tells them.
    desk.goto(f"{site}/cms/pages/{key}/edit/")
    tab(desk, 3)
    assert "1 " in desk.locator(".help-info", has=desk.locator(f'a[href*="/meetings/{key}/"]')).inner_text()
    desk.locator('[name="start_time"]').fill("11:00")
    desk.keyboard.press("Tab")
    publish(desk)
    method, moved = invited(mails_to(inbox, somebody, 5)[4])
    assert (method, moved["DTSTART"].dt.hour, moved["UID"]) == ("REQUEST", 11, before["UID"])
    assert moved["SEQUENCE"] > back["SEQUENCE"]
    data = linked_data(reader.go(addresses["en"]))
    assert (data["eventStatus"], data["previousStartDate"][11:16]) == ("https://schema.org/EventRescheduled", "10:00")

    assert sum(mail["To"] == somebody for mail in inbox.mails) == 5
    assert reader.complaints == []
    assert reader.foreign_requests() == []
    assert reader.context.cookies() == []


def test_the_status_is_changed_without_javascript(visit: Callable, site: str) -> None:
    editor, reader = visit(javascript=False), visit(javascript=False)
    desk = log_in(editor)
    row = desk.locator("#next-meetings-section tr", has_text="Spørg indkøberen")
    key = re.search(r"/meetings/(\d+)/", row.locator('a[href*="/status/"]').get_attribute("href") or "")[1]
    change_status(desk, site, key, "postpone", REASONS)
    assert reader.go("/da/moeder/spoerg-indkoeberen/").locator(".stop__word").inner_text() == "UDSAT!"
    change_status(desk, site, key, "reinstate", {})
    assert reader.go("/da/moeder/spoerg-indkoeberen/").locator(".stop__word").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_the_pages_of_meetings(visit: Callable, name: str, width: int, scheme: str) -> None:
    visitor = visit(width=width, scheme=scheme)
    page = visitor.go(PAGES[name])
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()
    assert visitor.overflow() <= 0
    assert visitor.foreign_requests() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_without_javascript_nothing_of_a_meeting_or_a_month_is_missing(visit: Callable, width: int) -> None:
    with_scripts, without = visit(width=width), visit(width=width, javascript=False)
    for name in ("month", "open", "series", "moved"):
        words = [visitor.go(PAGES[name]).locator("main").inner_text() for visitor in (with_scripts, without)]
        assert words[0] == words[1]
        assert without.overflow() <= 0


def test_on_a_small_screen_the_month_is_a_list(visit: Callable) -> None:
    page = visit(width=390).go(PAGES["month"])
    assert not page.locator("table.month").is_visible()
    assert page.locator("#list").is_visible()


def test_the_month_turns_by_its_links(visit: Callable) -> None:
    page = visit().go("/en/meetings/2027/01/")
    page.locator('.months a[rel="next"]').click()
    page.wait_for_url("**/en/meetings/2027/02/")
    page.locator('.months a[rel="prev"]').click()
    page.wait_for_url("**/en/meetings/2027/01/")
