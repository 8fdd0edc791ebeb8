"""What the content API tells of every page beside Wagtail's own fields: its languages, and each text with its own."""

from typing import Any

from django.db.models import Model
from rest_framework.fields import Field
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import expand_db_html

from torv.languages import LANGUAGES, localized
from torv.text import text_of


class PageField(Field):
    """Made from the whole page, not from one attribute of it."""

    def get_attribute(self, instance: Any) -> Any:
        return instance


class LanguagesField(PageField):
    """``["da", "sv"]``: the languages the page is public in."""

    def to_representation(self, page: Any) -> list[str]:
        return [language for language in LANGUAGES if page.has_translation(language)]


class TextsField(PageField):
    """``{"title": {"text": …, "language": "da"}, …}`` for the request's language, or what stands in for it.

    Rich text is HTML; a stream is the list of its blocks. A field without text in any language is left out.
    """

    def to_representation(self, page: Any) -> dict[str, dict[str, Any]]:
        found = {}
        for name in page.translated_fields():
            text = text_of(page, name)
            if text:
                found[name] = {"text": _plain(page, name, text.text, text.language), "language": text.language}
        return found


def _plain(page: Model, name: str, value: Any, language: str) -> Any:
    field = page._meta.get_field(localized(name, language))
    if isinstance(field, StreamField):
        return value.stream_block.get_api_representation(value)
    if isinstance(field, RichTextField):
        return expand_db_html(value)
    return value
