"""Why a hit is there, in a sentence: which word was found where, and how what was typed led to it."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from search.types import Hit, Why
from torv.templatetags.torv import spoken

register = template.Library()

SHOWN = 3  # reasons are there to be read


@register.simple_tag
def why(hit: Hit) -> SafeString:
    """The most telling reasons, each once, separated by a middle dot; "" where nothing was searched for."""
    sentences = list(dict.fromkeys(filter(None, (sentence(reason) for reason in hit.why))))
    if not sentences:
        return mark_safe("")
    return format_html_join(mark_safe(" · "), "{}", ((text,) for text in sentences[:SHOWN]))


@register.simple_tag
def certificates(hit: Hit) -> SafeString:
    """The names of its certificates, which are too many and too long to be badges."""
    held = [spoken(badge.label, badge.language) for badge in hit.card.badges if badge.kind == "certification"]
    return format_html_join(pgettext("between the items of a list", ", "), "{}", ((name,) for name in held))


def sentence(reason: Why) -> SafeString:
    """One reason. The words that were found are marked, and say their language when it is not the reader's."""
    found = _marked(reason.matched, reason.language)
    word = format_html("<strong>{}</strong>", reason.word)
    if reason.relation == "concept":
        return _filled(
            _concept_frame(reason), word=word, found=_strong(reason.matched, reason.language), code=_code(reason)
        )
    if reason.relation == "translated":
        frame = {
            "da": _("{word} is {found} in Danish"),
            "sv": _("{word} is {found} in Swedish"),
            "en": _("{word} is {found} in English"),
        }.get(reason.language, "{word}: {found}")
        return _filled(frame, word=word, found=_strong(reason.matched, reason.language))
    frame = {
        "part": _("Found in {where}: {found}, a compound word"),
        "family": _("Found in {where}: {found}, related to {word}"),
        "plain": _("Found in {where}: {found}, written without accents"),
    }.get(reason.relation, _("Found in {where}: {found}"))
    return _filled(frame, word=word, found=found, where=str(reason.label).lower())


def _concept_frame(reason: Why) -> str:
    if reason.field == "cpv":
        return _("{word} is about {found}, CPV {code}")
    return _("{word} is about {found}")


def _code(reason: Why) -> str:
    """The eight digits that stand at the end of a CPV path; other codes mean nothing to a reader."""
    digits = reason.via.rpartition("/")[2]
    return digits.ljust(8, "0") if digits.isdigit() else ""


def _filled(frame: str, **parts: Any) -> SafeString:
    return format_html(frame, **parts)


def _strong(text: str, language: str) -> SafeString:
    return format_html("<strong{}>{}</strong>", _attribute(language), text)


def _marked(text: str, language: str) -> SafeString:
    return format_html("<strong{}><mark>{}</mark></strong>", _attribute(language), text)


def _attribute(language: str) -> SafeString:
    if not language or language == (get_language() or "")[:2]:
        return mark_safe("")
    return format_html(' lang="{}"', language)
