"""The calendar of the demonstration: a meeting of 2020 that was cancelled, and what is to come from today on.

Running it again adds nothing: what has been added once is remembered by the log, whatever became of the page.
"""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import ngettext

from directory.demo.content import Entry, read
from directory.demo.loader import add_page, new_links, pages_added_before
from directory.demo.users import AUTHOR
from directory.models import Place
from home.models import Page
from plugins.meetings import actions
from plugins.meetings.models import (
    CalendarPage,
    MeetingContact,
    MeetingPage,
    Occurrence,
    ProgrammeItem,
    Registration,
    StatusChange,
)
from torv.languages import DEFAULT, OTHERS, localized

FILE = Path(__file__).parent / "meetings.yaml"
KEYS = UUID("1d0c5a52-6c8e-4d0b-8f0e-6a4f0f6d7a31")
CALENDAR: Entry = {
    "key": "calendar",
    "slugs": {"da": "moeder", "sv": "traffar", "en": "meetings"},
    "title": {"da": "Møder", "sv": "Träffar", "en": "Meetings"},
    "introduction": {
        "da": "Møder for virksomheder, der vil sælge til det offentlige, og for dem, der køber ind.",
        "sv": "Träffar för företag som vill sälja till det offentliga, och för dem som köper in.",
        "en": "Meetings for enterprises that want to sell to the public sector, and for those who buy.",
    },
}
FACTS = (
    "organiser", "timezone", "recurrence", "venue_name", "street", "postal_code", "city", "online_url",
    "languages_spoken", "topics", "registration", "registration_url", "capacity",
)  # fmt: skip
TEXTS = ("title", "introduction", "target_group", "cost")
FIRST_NAMES = ("Asta", "Bo", "Clara", "David", "Ella", "Frode", "Greta", "Hugo", "Iben", "Johan", "Kaja", "Lars")
LAST_NAMES = ("Opdigtsen", "Påhittsson", "Eksempelby", "Exempelsson", "Fiktivsen")


def load_meetings(home: Page) -> str:
    """Add what was never there, and say how much that was. Places must have been loaded."""
    before = pages_added_before()
    author = get_user_model().objects.filter(username=AUTHOR).first()
    calendar = CalendarPage.objects.child_of(home).first() or _calendar(home, author)
    number = 0
    for entry in read(FILE):
        if entry["key"] not in before:
            _add(calendar, entry, before, author)
            number += 1
        else:
            _link(entry, before, author)
    return ngettext("%(n)d meeting added", "%(n)d meetings added", number) % {"n": number}


def _calendar(home: Page, author: Any) -> CalendarPage:
    page = CalendarPage(show_in_menus=True, **_slugs(CALENDAR), **_columns(CALENDAR, "title", "introduction"))
    page = add_page(home, page, CALENDAR["key"], author)
    page.full_clean()
    page.save_revision(user=author).publish(user=author)
    return CalendarPage.objects.get(pk=page.pk)


def _add(calendar: CalendarPage, entry: Entry, known: dict[str, int], author: Any) -> None:
    page = add_page(calendar, describe(entry), entry["key"], author)
    page.network = _network(entry, known)
    page.full_clean()
    page.save_revision(user=author).publish(user=author)
    page = MeetingPage.objects.get(pk=page.pk)
    for occurrence in page.occurrences.order_by("starts_at")[:1]:
        _register(occurrence, entry)
    if entry.get("change"):
        _change(page, entry["change"], author)


def _link(entry: Entry, known: dict[str, int], author: Any) -> None:
    """Give the meeting the network that was not there when it was added, unless an editor is at work on it."""
    waiting = MeetingPage.objects.live().filter(network=None, has_unpublished_changes=False)
    page = waiting.filter(pk=known[entry["key"]]).first()
    if page and (network := _network(entry, known)):
        page.network = network
        page.save_revision(user=author).publish(user=author)


def _network(entry: Entry, known: dict[str, int]) -> Page | None:
    wanted = [entry["network"]] if "network" in entry else []
    return next(iter(new_links(entry["key"], wanted, known).values()), None)


def describe(entry: Entry, today: dt.date | None = None) -> MeetingPage:
    """The meeting in memory."""
    day = entry.get("date") or working_day((today or timezone.localdate()) + dt.timedelta(days=entry["in_days"]))
    start, end = (dt.time.fromisoformat(text) for text in entry["time"])
    facts = {name: entry[name] for name in FACTS if name in entry}
    page = MeetingPage(date=day, start_time=start, end_time=end, **facts, **_slugs(entry), **_columns(entry, *TEXTS))
    if "municipality" in entry:
        page.municipality = Place.objects.get(code=entry["municipality"])
    if "deadline_days" in entry:
        last = dt.datetime.combine(day - dt.timedelta(days=entry["deadline_days"]), dt.time(23, 59))
        page.registration_deadline = timezone.make_aware(last)
    for name, text in _columns(entry, "description").items():
        paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
        setattr(page, name, "".join(f"<p>{escape(part)}</p>" for part in paragraphs if part))
    page.programme = [
        ProgrammeItem(
            key=_key(entry, "programme", item["at"]), sort_order=place, starts=dt.time.fromisoformat(item["at"]),
            speakers=item.get("speakers", ""), **_columns(item, "title"),
        )
        for place, item in enumerate(entry.get("programme", ()))
    ]  # fmt: skip
    page.contacts = [
        MeetingContact(
            key=_key(entry, "contacts", contact["email"]), sort_order=place, name=contact["name"],
            email=contact["email"], phone=contact["phone"], **_columns(contact, "title", "field"),
        )
        for place, contact in enumerate(entry.get("contacts", ()))
    ]  # fmt: skip
    return page


def working_day(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _register(occurrence: Occurrence, entry: Entry) -> None:
    """Made-up people, without a mail to any of them."""
    languages = ("da", "da", "sv") if entry.get("timezone") is None else ("sv", "sv", "da")
    states = ["confirmed"] * entry.get("registered", 0) + ["waiting"] * entry.get("waiting", 0)
    now = timezone.now()
    Registration.objects.bulk_create(
        Registration(
            occurrence=occurrence,
            key=_key(entry, "people", str(number)),
            name=f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number % len(LAST_NAMES)]}",
            email=f"person{number}@example.org",
            language=languages[number % len(languages)] if number % 9 else "en",
            state=state,
            confirmed_at=now - dt.timedelta(hours=len(states) - number),
        )
        for number, state in enumerate(states)
    )


def _change(page: MeetingPage, change: Entry, author: Any) -> None:
    dates = list(page.occurrences.order_by("starts_at"))
    chosen = dates[change["nth"] - 1] if "nth" in change else None
    arguments: dict[str, Any] = {
        "meeting": page, "by": author, "reasons": dict(change["reasons"]), "occurrence": chosen
    }  # fmt: skip
    if change["action"] == "move":
        arguments["starts_at"] = dates[0].starts_at + dt.timedelta(days=change["days"])
    act = {"cancel": actions.cancel_meeting, "postpone": actions.postpone_meeting, "move": actions.move_meeting}
    outcome = act[change["action"]](**arguments)
    if "at" in change:
        at = timezone.make_aware(dt.datetime.fromisoformat(str(change["at"])))
        StatusChange.objects.filter(pk__in=[entry.pk for entry in outcome.changes]).update(at=at)


def _slugs(entry: Entry) -> dict[str, str]:
    slugs = entry["slugs"]
    return {"slug": slugs[DEFAULT], **{f"slug_{language}": slugs[language] for language in OTHERS}}


def _columns(entry: Entry, *fields: str) -> dict[str, str]:
    """``{"title_sv": "…"}``: the columns of the texts that are there."""
    return {
        localized(field, language): text.strip() for field in fields for language, text in entry.get(field, {}).items()
    }


def _key(entry: Entry, *place: str) -> UUID:
    """The identity of a row: the same on every machine."""
    return uuid5(KEYS, "/".join((entry["key"], *place)))
