"""Whether a page says of each text that it is in another language than the page."""

from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, PreformattedString
from django.db import models
from wagtail.fields import RichTextField, StreamField

from torv.languages import LANGUAGES, localized
from torv.text import is_blank

#: Begins every text that these tests write, followed by its language.
MARK = "Mærket-"
READ_ALOUD = ("alt", "title", "aria-label", "content", "placeholder")
BLOCKS = (
    {"type": "text", "value": "<p>%s</p>"},
    {"type": "quote", "value": {"quote": "%s", "person": "Mette", "role": "%s"}},
    {"type": "facts", "value": {"heading": "%s", "facts": [{"term": "%s", "text": "<p>%s</p>"}]}},
    {"type": "accordion", "value": {"heading": "%s", "items": [{"question": "%s", "answer": "<p>%s</p>"}]}},
    {"type": "call_to_action", "value": {"text": "%s", "label": "%s", "page": None, "url": "https://example.org/"}},
    {"type": "suppliers", "value": {"heading": "%s", "search": "", "number": 3}},
)


def _filled(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return value.replace("%s", text)
    if isinstance(value, dict):
        return {name: _filled(item, text) for name, item in value.items()}
    return [_filled(item, text) for item in value] if isinstance(value, list) else value


def fill(instance: models.Model, language: str, names: Any, but: tuple[str, ...] = ()) -> None:
    """Write a text that says its language into each of the translated fields, and nothing in the other languages."""
    for name in names:
        for other in LANGUAGES:
            field = instance._meta.get_field(localized(name, other))
            if name in but or "slug" in name:
                continue
            text = f"{MARK}{language}" if other == language else ""
            value: Any = f"<p>{text}</p>" if isinstance(field, RichTextField) and text else text
            if isinstance(field, StreamField):
                blocks = [_filled(block, text) for block in BLOCKS] if text else []
                value = field.stream_block.to_python(blocks)
            setattr(instance, field.name, value)


def _language_at(element: Tag | None) -> str:
    while element is not None:
        if element.get("lang"):
            return str(element["lang"])
        element = element.parent
    return ""


def _said(soup: BeautifulSoup) -> Iterator[tuple[str, Tag]]:
    for string in soup.find_all(string=True):
        if not isinstance(string, (Comment, PreformattedString)) and string.parent.name not in ("script", "style"):
            yield str(string), string.parent
    for name in READ_ALOUD:
        for element in soup.find_all(attrs={name: True}):
            yield str(element[name]), element


def unmarked(html: bytes) -> list[str]:
    """Where a marked text stands whose language is not that of the element around it."""
    found = []
    for text, element in _said(BeautifulSoup(html, "html.parser")):
        if MARK in text and not is_blank(text):
            language = text.partition(MARK)[2][:2]
            if _language_at(element) != language:
                found.append(f"<{element.name} class={element.get('class')}> {text.strip()[:60]}")
    return found
