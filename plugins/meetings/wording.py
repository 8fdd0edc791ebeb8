"""The words of a change of status, in every language at once: banners, headlines and prefilled reasons.

They are content, not surroundings: each language's are shown or stored whatever language the editor or reader has, so
they stand here side by side and in no catalogue.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import override

from plugins.meetings.actions.changes import announced, moment
from plugins.meetings.models import Status, StatusChange
from plugins.meetings.presenting import time_within
from torv.languages import LANGUAGES
from torv.text import text_of

#: What stands across the page, loud. Every language's is shown, whatever the page is translated into.
BANNERS = {
    Status.CANCELLED: {"da": "AFLYST!", "sv": "INSTÄLLT!", "en": "CANCELLED!"},
    Status.POSTPONED: {"da": "UDSAT!", "sv": "UPPSKJUTET!", "en": "POSTPONED!"},
    Status.MOVED: {"da": "FLYTTET!", "sv": "FLYTTAT!", "en": "MOVED!"},
}

HEADLINES = {
    "cancel": {"da": "Aflyst: {title}", "sv": "Inställt: {title}", "en": "Cancelled: {title}"},
    "postpone": {"da": "Udsat: {title}", "sv": "Uppskjutet: {title}", "en": "Postponed: {title}"},
    "move": {
        "da": "Nyt tidspunkt eller sted: {title}",
        "sv": "Ny tid eller plats: {title}",
        "en": "New time or place: {title}",
    },
    "reinstate": {
        "da": "Holdes alligevel: {title}",
        "sv": "Blir av ändå: {title}",
        "en": "Takes place after all: {title}",
    },
}

#: What has happened, with the dates it has happened to.
HAPPENED = {
    "cancel": {"da": "Det gælder {dates}.", "sv": "Det gäller {dates}.", "en": "It is about {dates}."},
    "postpone": {
        "da": "Det gælder {dates}. En ny dato følger.",
        "sv": "Det gäller {dates}. Ett nytt datum kommer.",
        "en": "It is about {dates}. A new date is to come.",
    },
    "move": {
        "da": "Før: {old}. Nu: {new}.",
        "sv": "Tidigare: {old}. Nu: {new}.",
        "en": "Before: {old}. Now: {new}.",
    },
    "reinstate": {"da": "Det holdes {dates}.", "sv": "Den äger rum {dates}.", "en": "It takes place on {dates}."},
}
MORE = {"da": "og {number} andre datoer", "sv": "och {number} andra datum", "en": "and {number} other dates"}
NAMED = 3  # dates that a sentence names

REASONS = {
    "cancel": {
        "da": "Mødet er aflyst. Vi beklager ulejligheden.",
        "sv": "Träffen är inställd. Vi beklagar besväret.",
        "en": "The meeting is cancelled. We are sorry for the inconvenience.",
    },
    "postpone": {
        "da": "Mødet er udsat. Vi melder en ny dato ud, så snart vi kender den.",
        "sv": "Träffen är uppskjuten. Vi meddelar ett nytt datum så snart vi vet det.",
        "en": "The meeting is postponed. We will announce a new date as soon as we know it.",
    },
    "move": {
        "da": "Mødet har fået nyt tidspunkt eller sted. Din tilmelding gælder stadig.",
        "sv": "Träffen har fått ny tid eller plats. Din anmälan gäller fortfarande.",
        "en": "The meeting has a new time or place. Your registration still holds.",
    },
    "reinstate": {
        "da": "Mødet holdes alligevel som planlagt.",
        "sv": "Träffen blir av ändå, som planerat.",
        "en": "The meeting takes place as planned after all.",
    },
}


def banners(status: str) -> dict[str, str]:
    """Language -> "AFLYST!" / "INSTÄLLT!" / "CANCELLED!"; empty for a meeting that takes place as planned."""
    return dict(BANNERS.get(Status(status), {}))


def headline(meeting: Any, action: str, language: str) -> str:
    """The headline of a news item about the change."""
    return HEADLINES[action][language].replace("{title}", str(text_of(meeting, "title", language)))


def happened(action: str, changes: Sequence[StatusChange], language: str) -> str:
    """A sentence that names the dates that an action has changed, and for one that was moved the old and the new."""
    with override(language):
        if action == "move":
            old, new = old_and_new(changes[0])
            return HAPPENED[action][language].format(old=old, new=new)
        dates = [time_within(change.occurrence) for change in changes[:NAMED]]
    if len(changes) > NAMED:
        dates.append(MORE[language].format(number=len(changes) - NAMED))
    return HAPPENED[action][language].format(dates="; ".join(dates))


def old_and_new(change: StatusChange) -> tuple[str, str]:
    """When a date was and is, in the reader's words; with the place, if that is another."""
    date, before = change.occurrence, announced(change.before)
    was = time_within(date, *(moment(text) for text in before.when))
    places = (before.where, date.venue) if before.where != date.venue else ("", "")
    old, new = (
        ", ".join(part for part in parts if part) for parts in zip((was, time_within(date)), places, strict=True)
    )
    return old, new


def suggested_reasons(action: str) -> dict[str, str]:
    """Language -> a text that the editor may send as it is, or change."""
    return {language: REASONS[action][language] for language in LANGUAGES}
