"""The words of a change of status, in every language at once: banners, headlines and prefilled reasons.

They are content, not surroundings: each language's are shown or stored whatever language the editor or reader has, so
they stand here side by side and in no catalogue.
"""

from typing import Any

from plugins.meetings.models import Status
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


def suggested_reasons(action: str) -> dict[str, str]:
    """Language -> a text that the editor may send as it is, or change."""
    return {language: REASONS[action][language] for language in LANGUAGES}
