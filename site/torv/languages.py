"""The site's languages, and the names of the columns that hold each one's texts."""

import functools

from django.conf import settings
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

DEFAULT: str = settings.MODELTRANSLATION_DEFAULT_LANGUAGE
LANGUAGES: tuple[str, ...] = tuple(settings.MODELTRANSLATION_LANGUAGES)
OTHERS: tuple[str, ...] = tuple(language for language in LANGUAGES if language != DEFAULT)


@functools.cache
def localized(field: str, language: str) -> str:
    """The column of a translated field: ``("title", "sv")`` gives ``"title_sv"``."""
    return build_localized_fieldname(field, language)


def in_every_language(*fields: str) -> list[str]:
    """The columns of some translated fields: each field's in the order of ``LANGUAGES``."""
    return [localized(field, language) for field in fields for language in LANGUAGES]


def content_language(language: str | None = None) -> str:
    """One of ``LANGUAGES`` for any language code; the active one when none is given, the default when unknown."""
    code = (language or get_language() or DEFAULT).split("-")[0]
    return code if code in LANGUAGES else DEFAULT


def fallback_chain(language: str) -> tuple[str, ...]:
    """Every language, in the order in which a reader of ``language`` is given a text."""
    chains = settings.MODELTRANSLATION_FALLBACK_LANGUAGES
    first = (language, *chains.get(language, ()), *chains["default"])
    return tuple(dict.fromkeys(first))
