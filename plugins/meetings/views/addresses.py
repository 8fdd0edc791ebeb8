"""What stands in addresses below the calendar and below a meeting, in each language; any language's word is read."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils.translation import override

from torv.languages import LANGUAGES, content_language

PAST = {"da": "tidligere", "sv": "tidigare", "en": "past"}
FEED = {"da": "kalender.ics", "sv": "kalender.ics", "en": "calendar.ics"}

YEAR_AND_MONTH = re.compile(r"(\d{4})/(\d{2})")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def segment(words: dict[str, str], language: str | None = None) -> str:
    return words[content_language(language)]


def is_one_of(component: str, words: dict[str, str]) -> bool:
    return component in words.values()


def feed_url(page: Any, request: HttpRequest | None = None, language: str | None = None, query: str = "") -> str:
    """The address of the calendar file of a meeting or of the whole calendar: a path, or whole without a site."""
    with override(content_language(language)):
        url = page.get_url(request) or "/"
        return f"{url}{segment(FEED)}" + (f"?{query}" if query else "")


def in_every_language(page: Any, request: HttpRequest | None, tail: Any = "") -> dict[str, str]:
    """Language -> address of the page, with `tail` (text, or language -> text) after it."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            ending = tail[language] if isinstance(tail, dict) else tail
            found[language] = (page.get_url(request) or "/") + ending
    return found
