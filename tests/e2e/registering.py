"""A visitor registers for a meeting: the form, the mailbox, the link."""

from __future__ import annotations

import re
import time
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar
from playwright.sync_api import Page

from tests.torv.mail.server import Inbox

THINKING = 2.1  # seconds: nobody fills in a form faster, and the site knows


def mails_to(inbox: Inbox, address: str, number: int, within: float = 60) -> list[EmailMessage]:
    """The first `number` mails that this address gets; they leave the site a moment after what they are about."""
    end = time.monotonic() + within
    while True:
        found = [mail for mail in list(inbox.mails) if mail["To"] == address]
        if len(found) >= number:
            return found[:number]
        assert time.monotonic() < end, f"{len(found)} of {number} mails to {address} in {within} s"
        time.sleep(0.1)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def link_in(mail: EmailMessage, purpose: str) -> str:
    """The path of a link in a mail: "confirm", "registration" or "reminders"."""
    found = re.search(rf"https?://[^/\s]+(/\w\w/go/meetings/{purpose}/\S+)", text_of(mail))
    assert found, f"no link to {purpose} in:\n{text_of(mail)}"
    return found[1]


def calendar_in(mail: EmailMessage) -> Calendar:
    """What the mail carries for calendars: the invitation, which is attached as a file too."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert {part.get_param("method") for part in parts} == {parts[0].get_param("method")}
    return Calendar.from_ical(parts[0].get_payload(decode=True))


def fill_in(page: Page, address: str, name: str = "Signe Opdigt") -> None:
    """Into the form of the page that is open."""
    page.locator("#reg-name").fill(name)
    page.locator("#reg-email").fill(address)
    page.locator("#reg-consent").check()
    time.sleep(THINKING)


def send(page: Page) -> None:
    page.locator("form[action*='/go/meetings/register/'] button, main form[method=post][action=''] button").last.click()


def register(visitor: Any, inbox: Inbox, path: str, address: str) -> str:
    """From the meeting's page to the mail. Returns the path of the link that confirms."""
    page = visitor.go(path)
    fill_in(page, address)
    send(page)
    page.wait_for_url("**/sent/")
    return link_in(mails_to(inbox, address, 1)[0], "confirm")


def confirm(visitor: Any, path: str) -> str:
    """Follow the link and press its button. Returns the path of the person's own page."""
    page = visitor.go(path)
    page.locator("main form button").click()
    page.wait_for_url("**/go/meetings/registration/**")
    return re.sub(r"^https?://[^/]+", "", page.url)
