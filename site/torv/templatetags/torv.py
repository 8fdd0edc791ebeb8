"""What every template needs: pictograms, texts that say their language, dates and numbers as the reader writes them."""

import datetime
import re
from typing import Any

import nh3
from django import template
from django.conf import settings
from django.db import models
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from torv.languages import content_language
from torv.text import Text, first_text, text_of
from torv.theming import Theme, theme

register = template.Library()

ALLOWED_TAGS = {
    "p",
    "br",
    "hr",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "a",
    "b",
    "strong",
    "i",
    "em",
    "sub",
    "sup",
    "blockquote",
}
ALLOWED_ATTRIBUTES = {"a": {"href", "hreflang", "lang"}, "p": {"lang"}, "span": {"lang"}}
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
# Day, month in words, year: Django's own English format puts the month first.
DAY_FORMATS = {"da": "j. F Y", "sv": "j F Y", "en": "j F Y"}


# ---- pictograms -----------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str) -> SafeString:
    """A small sign that repeats what the words beside it say: `{% icon "search" %}`."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("torv/sprite.svg"), name)


@register.simple_tag(takes_context=True)
def webcal(context: template.Context, address: str) -> str:
    """A calendar file's address by the scheme that makes a calendar program subscribe: `{% webcal feed %}`."""
    request = context.get("request")
    return re.sub(r"^https?:", "webcal:", request.build_absolute_uri(address) if request else address)


@register.simple_tag
def pictogram(name: str) -> SafeString:
    """The picture of a category: `{% pictogram "clean" %}`. Without a name it is the mark of the site."""
    symbol = f"p-{name}" if name else "torv"
    return format_html(
        '<svg class="pic" aria-hidden="true"><use href="{}#{}"/></svg>', static("torv/sprite.svg"), symbol
    )


@register.simple_tag
def mark_sign() -> SafeString:
    """The site's mark, for the logo: the region's own, if its theme brings one. The site's name is beside it."""
    if logo := theme().logo:
        return format_html('<img src="{}" alt="">', theme_url(logo.name))
    return format_html('<svg aria-hidden="true"><use href="{}#torv"/></svg>', static("torv/sprite.svg"))


@register.simple_tag
def site_theme() -> Theme | None:
    """The region's own look, or None where the site wears Torv's: `{% site_theme as theme %}`."""
    worn = theme()
    return None if worn.is_own else worn


@register.simple_tag
def name_of_site() -> str:
    """What the site is called, for a page that knows nothing else."""
    return settings.WAGTAIL_SITE_NAME


@register.simple_tag
def theme_url(name: str) -> str:
    """The address of a file of the site's theme: `{% theme_url "theme.css" %}`."""
    return reverse("theme_file", args=[theme().digest, name])


# ---- texts and their language ---------------------------------------------------------------------------------------
@register.simple_tag
def lang(language: str) -> SafeString:
    """The attribute ` lang="da"` where a text is in another language than the page; otherwise nothing."""
    if not language or language == content_language():
        return mark_safe("")
    return format_html(' lang="{}"', language)


@register.simple_tag(name="text_of")
def text_of_tag(instance: models.Model, field: str) -> Text:
    """The text of a translated field or what stands in for it: `{% text_of page "title" as title %}`."""
    return text_of(instance, field)


@register.simple_tag(name="first_text")
def first_text_tag(instance: models.Model, *fields: str) -> Text:
    """The first of these fields with a text for the reader: `{% first_text page "seo_title" "title" as named %}`."""
    return first_text(instance, *fields)


@register.simple_tag
def text(instance: Any, field: str) -> SafeString:
    """A translated field, escaped, inside `<span lang="…">` when another language stands in for the reader's."""
    return spoken(text_of(instance, field))


@register.simple_tag
def spoken(value: Any, language: str = "") -> SafeString:
    """A text inside `<span lang="…">` when it is foreign to the page: a `Text`, or a string and its language."""
    language = language or getattr(value, "language", "")
    if not language or language == content_language():
        return format_html("{}", str(value))
    return format_html('<span lang="{}">{}</span>', language, str(value))


@register.filter
def rich(value: Any) -> SafeString:
    """Rich text as HTML that can do no harm, whoever wrote it: links to pages resolved, everything unknown removed."""
    return sanitized(expand_db_html(str(value or "")))


@register.filter
def sanitized(value: Any) -> SafeString:
    """HTML with nothing in it but headings, paragraphs, lists and links."""
    return mark_safe(
        nh3.clean(
            str(value or ""),
            tags=ALLOWED_TAGS,
            attributes=ALLOWED_ATTRIBUTES,
            url_schemes=ALLOWED_SCHEMES,
            link_rel=None,
        )
    )


@register.filter
def in_language(code: str) -> str:
    """ "In Danish", in the reader's language."""
    return {"da": _("In Danish"), "sv": _("In Swedish"), "en": _("In English")}.get(code, "")


@register.filter
def language_name(code: str) -> str:
    """ "Danish", in the reader's language."""
    return {"da": _("Danish"), "sv": _("Swedish"), "en": _("English")}.get(code, code)


@register.filter
def fallback_sentence(code: str) -> str:
    """What a notice says when `code` stands in for the reader's language."""
    return {
        "da": _("This text is not available in English yet; shown in Danish."),
        "sv": _("This text is not available in English yet; shown in Swedish."),
        "en": _("This text is not available in your language yet; shown in English."),
    }.get(code, "")


@register.filter
def partly_sentence(code: str) -> str:
    """What a notice says when `code` stands in for some of a page that has the reader's language."""
    return {
        "da": _("Some of this page is not available in English yet; it is shown in Danish."),
        "sv": _("Some of this page is not available in English yet; it is shown in Swedish."),
        "en": _("Some of this page is not available in your language yet; it is shown in English."),
    }.get(code, "")


@register.filter
def whole_page_in(code: str) -> str:
    """The words of the link to the page in the language it was written in."""
    return {
        "da": _("Read the whole page in Danish"),
        "sv": _("Read the whole page in Swedish"),
        "en": _("Read the whole page in English"),
    }.get(code, "")


# ---- dates, numbers, addresses --------------------------------------------------------------------------------------
@register.filter
def day_text(value: datetime.date | datetime.datetime | None) -> str:
    """ "3. marts 2026" in Danish, "3 mars 2026" in Swedish, "3 March 2026" in English."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return formats.date_format(value, DAY_FORMATS[content_language()])


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> SafeString:
    """The same inside `<time datetime="…">`."""
    if value is None:
        return mark_safe("")
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value))


@register.filter
def number(value: int | None) -> str:
    """A whole number with its thousands grouped as the reader's language does."""
    return "" if value is None else formats.number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


@register.filter
def tel(value: str) -> str:
    """The address of a telephone number: "+45 00 12 34 56" gives "tel:+4500123456"."""
    return "tel:" + re.sub(r"[^\d+]", "", value or "")


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that goes on in the next line after its "@" rather than anywhere."""
    return mark_safe(escape(address).replace("@", "@<wbr>"))


@register.filter
def domain(url: str) -> str:
    """A web address as people say it: without its scheme, "www." and last slash."""
    return re.sub(r"^https?://(www\.)?", "", url or "").rstrip("/")
