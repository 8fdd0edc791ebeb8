"""When a page's text in each language last changed: an edit of the Swedish does not make the Danish newer."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import AbstractPage

from torv.languages import LANGUAGES
from torv.text import is_blank

if TYPE_CHECKING:
    from home.models import Page

#: What is no content: the page's place in the tree, its workflow, its addresses.
UNREAD = {field.name for field in AbstractPage._meta.fields} | {
    *("pk", "page_ptr", "url_path_sv", "url_path_en", "slug_sv", "slug_en", "updated_in"),
    *("wagtail_admin_comments", "comments", "sort_order", "last_confirmed"),
}

#: How forms and programs write that there is nothing.
NOTHING: tuple[Any, ...] = (None, "", [], {})
#: How the editor's rich text differs from what programs write for the same: keys, short tags, no space between blocks.
_SAME_MARKUP = (
    (re.compile(r' data-block-key="[^"]*"'), ""),
    (re.compile(r"(</?)strong\b"), r"\1b"),
    (re.compile(r"(</?)em\b"), r"\1i"),
    (re.compile(r"(</?(?:p|h[1-6]|ul|ol|li|hr|br)\b[^>]*?) ?/?>\s*"), r"\1>"),
    (re.compile(r"\s+(</?(?:p|h[1-6]|ul|ol|li|hr)\b)"), r"\1"),
)


def stamp(page: "Page") -> dict[str, Any]:
    """`{language: {"at": ISO time, "digest": …}}` of a page as it is published now, from what it was before."""
    now, data = timezone.now().isoformat(), page.serializable_data()
    before, after = page.updated_in or {}, {}
    for language in LANGUAGES:
        if not page.has_translation(language):
            continue
        digest = _digest(data, language)
        known = before.get(language) or {}
        after[language] = known if known.get("digest") == digest else {"at": now, "digest": digest}
    return after


def updated_in(page: "Page", language: str) -> dt.datetime | None:
    """When the text in this language, or a fact that all languages share, last changed for readers."""
    known = (getattr(page, "updated_in", None) or {}).get(language)
    return (parse_datetime(known["at"]) if known else None) or page.last_published_at


def _digest(data: Mapping[str, Any], language: str) -> str:
    read = json.dumps(_read(data, language), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.blake2b(read.encode(), digest_size=12).hexdigest()


def _read(value: Any, language: str) -> Any:
    """What a reader of the language is given: its own columns, and what is not translated.

    The editor's form writes some of it in other words than programs do: nothing as "" or as nothing, paragraphs with a
    key, line ends as browsers send them. Those are no changes.
    """
    if isinstance(value, list):
        return [_read(item, language) for item in value]
    if isinstance(value, str):
        return plain(value, language)
    if not isinstance(value, Mapping):
        return value
    found = {}
    for name, item in value.items():
        base, _underscore, ending = name.rpartition("_")
        translated = ending in LANGUAGES and base in value
        if (translated and ending != language) or f"{name}_{language}" in value or name in UNREAD:
            continue
        read = _read(item, language)
        if read not in NOTHING:
            found[name] = read
    return found


def plain(text: str, language: str) -> Any:
    """A text as readers see it; of the blocks of a stream, which a page gives as JSON, what they say."""
    if text.startswith("[{"):
        try:
            blocks = json.loads(text)
        except ValueError:
            pass
        else:
            return _read(_without_keys(blocks), language)
    if "<" in text:
        for pattern, same in _SAME_MARKUP:
            text = pattern.sub(same, text)
        text = unescape(text)
    return "" if is_blank(text) else text.replace("\r\n", "\n").strip()


def _without_keys(value: Any) -> Any:
    """Blocks as programs may write them: without the ids that the editor gives them, lists as plain lists."""
    if isinstance(value, list):
        return [_without_keys(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value.keys() <= {"type", "value", "id"} and "value" in value:
        inner = _without_keys(value["value"])
        return inner if value.get("type") == "item" else {"type": value.get("type"), "value": inner}
    return {name: _without_keys(item) for name, item in value.items()}
