"""A text and the language it is in: fallback is visible, never silent."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import models

from torv.languages import content_language, fallback_chain, localized

_EMPTY_MARKUP = re.compile(r"</?(?:p|br)\b[^>]*>|&nbsp;|\s")


@dataclass(frozen=True)
class Text:
    """``text`` is what is shown (a string or a StreamField value), ``language`` the one it is written in, or ""."""

    text: Any
    language: str

    def __bool__(self) -> bool:
        return not is_blank(self.text)

    def __str__(self) -> str:
        return str(self.text)


def is_blank(value: Any) -> bool:
    """Whether a value says nothing: None, "", white space, an empty stream, or the editor's empty paragraphs."""
    if value is None:
        return True
    if isinstance(value, str):
        return not (_EMPTY_MARKUP.sub("", value) if "<" in value or "&" in value else value.strip())
    return len(value) == 0 if hasattr(value, "__len__") else False


def text_of(instance: models.Model, field: str, language: str | None = None) -> Text:
    """A translated field for a reader of ``language`` (default: the active one), or the text that stands in for it."""
    return first_text(instance, field, language=language)


def first_text(instance: models.Model, *fields: str, language: str | None = None) -> Text:
    """The first of several fields that says something to a reader of ``language``, or what stands in for them.

    A field of less weight in the reader's language comes before another language's.
    """
    for candidate in fallback_chain(content_language(language)):
        for field in fields:
            value = getattr(instance, localized(field, candidate))
            if not is_blank(value):
                return Text(value, candidate)
    return Text("", "")
