"""What pages are called in addresses: in each language another than the pages beside them.

A page without a slug of its own in a language is called there as in the default language.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from torv.languages import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from home.models import Page

COLUMNS = {language: "slug" if language == DEFAULT else f"slug_{language}" for language in LANGUAGES}

#: How each language writes its letters, and its neighbours', with those that every keyboard has.
_LETTERS = {
    "da": str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe"}),
    "sv": str.maketrans({"å": "a", "ä": "a", "ö": "o", "æ": "a", "ø": "o"}),
    "en": str.maketrans({"å": "a", "ä": "a", "ö": "o", "æ": "ae", "ø": "o"}),
}


def slug_from(title: str, language: str, longest: int | None = None) -> str:
    """A title in this language as a slug of plain letters; "" where nothing of it can be."""
    return slugify(title.lower().translate(_LETTERS[language]))[:longest].strip("-_")


def slugs_of(page: "Page") -> dict[str, str]:
    """Language -> the page's own slug there, or ""."""
    return {language: getattr(page, column) for language, column in COLUMNS.items()}


def clashes(parent: "Page", slugs: Mapping[str, str], exclude: int | None = None) -> dict[str, str]:
    """Language -> the slug that is taken there, of a page that is to stand below `parent` with `slugs`.

    Another page below `parent` has it, or `parent` itself answers there.
    """
    wanted = {language: slug for language in LANGUAGES if (slug := slugs.get(language) or slugs[DEFAULT])}
    same = Q(pk__in=())
    for column in COLUMNS.values():
        same |= Q(**{f"{column}__in": set(wanted.values())})
    taken: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for row in parent.get_children().filter(same).exclude(pk=exclude).values(*COLUMNS.values()):
        for language, column in COLUMNS.items():
            taken[language].add(row[column] or row[COLUMNS[DEFAULT]])
    return {language: slug for language, slug in wanted.items() if slug in taken[language] or reserved(parent, slug)}


def reserved(parent: "Page", slug: str) -> bool:
    """Whether `parent` keeps the address for itself."""
    return bool(parent.specific_class and parent.specific_class.reserves(slug))


def refusal(parent: "Page", slug: str) -> ValidationError:
    """What is said of a slug that clashes."""
    message = _("The slug “%(slug)s” is already in use among the pages beside this one.")
    if reserved(parent, slug):
        message = _("The page above this one has the address “%(slug)s” for itself: choose another.")
    return ValidationError(message, code="taken", params={"slug": slug})


def free_slug(parent: "Page", stem: str, slugs: Mapping[str, str] | None = None, exclude: int | None = None) -> str:
    """A slug for the default language and those without one in `slugs`: `stem`, with a number where it is taken."""
    own = slugs or {}
    needed = {language for language in LANGUAGES if language == DEFAULT or not own.get(language)}
    slug, number = stem, 1
    while needed & clashes(parent, {**own, DEFAULT: slug}, exclude).keys():
        number += 1
        slug = f"{stem}-{number}"
    return slug
