"""The editor's panels of the directory."""

from typing import Any

from django.utils.text import capfirst
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from home.panels import EDIT_SHARED, language_name, translated_field_panels
from torv.languages import LANGUAGES


def fact(name: str, **options: Any) -> FieldPanel:
    """A field that is stored once for all languages."""
    return FieldPanel(name, permission=EDIT_SHARED, **options)


def picker(name: str, kind: str, *, multiple: bool = True, **options: Any) -> FieldPanel:
    """A field of codes ("cpv", "place" or "category"), chosen by searching."""
    from directory.widgets import CodePicker

    return fact(name, widget=CodePicker(kind=kind, multiple=multiple), **options)


def row_panels(translated: list[str], *facts: FieldPanel) -> list[Any]:
    """The panels of an inline row: its facts, then a group for each language with the source below a translation."""
    groups = [
        MultiFieldPanel(translated_field_panels(translated, language), heading=capfirst(language_name(language)))
        for language in LANGUAGES
        if translated
    ]
    return [*facts, *groups]
