"""What stands in addresses below the list of news, in each language; any language's word is read."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils.translation import override

from torv.languages import LANGUAGES, content_language

TOPIC = {"da": "emne", "sv": "amne", "en": "topic"}
FEED = {"da": "nyheder.atom", "sv": "nyheter.atom", "en": "news.atom"}

_YEAR = re.compile(r"[12]\d{3}")


def is_year(component: str) -> bool:
    return bool(_YEAR.fullmatch(component))


def is_own(slug: str) -> bool:
    """Whether the list of news answers there itself."""
    return is_year(slug) or slug in TOPIC.values()


def tail(language: str, *, topic: str = "", year: int = 0, feed: bool = False) -> str:
    """What follows the address of the list: "emne/udbud/", "2026/", "nyheder.atom"."""
    parts = f"{TOPIC[language]}/{topic}/" if topic else f"{year}/" if year else ""
    return parts + (FEED[language] if feed else "")


def in_every_language(page: Any, request: HttpRequest | None, **view: Any) -> dict[str, str]:
    """Language -> address of the list of news, or of one of its views (see `tail`)."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = (page.get_url(request) or "/") + tail(language, **view)
    return found


def address(page: Any, request: HttpRequest | None = None, **view: Any) -> str:
    """The same in the active language."""
    return (page.get_url(request) or "/") + tail(content_language(), **view)
