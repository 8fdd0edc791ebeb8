"""The surroundings of a page: menus, the language switcher, and what its head says about its other languages."""

import datetime as dt
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse, translate_url
from django.utils.safestring import SafeString
from django.utils.translation import override

from home.feedback.actions import token
from home.models import Page
from home.navigation import Menus, crumbs
from home.navigation import menus as build_menus
from home.stamps import updated_in
from torv.languages import content_language
from torv.plugins import plugins
from torv.plugins.hookspecs import RelatedItems
from torv.text import text_of

register = template.Library()

# Each language in its own words: whoever looks for theirs reads no other.
OWN_NAMES = {"da": "Dansk", "sv": "Svenska", "en": "English"}


@register.simple_tag(takes_context=True)
def menus(context: template.Context) -> Menus | None:
    """The menus for this reader; None where there is no request (the page for a broken server)."""
    request = context.get("request")
    return build_menus(request) if request is not None else None


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[dict[str, Any]]:
    """One link for each language, to the same page with the same parameters: `{code, name, url, current}`.

    A view that knows better gives `language_urls` (language -> address).
    """
    request = context.get("request")
    if request is None:
        return []
    active = content_language()
    given = context.get("language_urls") or {}
    query = request.META.get("QUERY_STRING", "")
    links = []
    for code, _name in settings.LANGUAGES:
        url = given.get(code) or _address(context.get("page"), request, code, query)
        links.append({"code": code, "name": OWN_NAMES.get(code, code), "url": url, "current": code == active})
    return links


def _address(page: Any, request: Any, language: str, query: str) -> str:
    if page is None or not getattr(page, "pk", None):
        return translate_url(request.get_full_path(), language)
    with override(language):
        url = page.get_url(request) or "/"
    return f"{url}?{query}" if query else url


@register.simple_tag(takes_context=True)
def head_links(context: template.Context) -> dict[str, Any]:
    """`canonical` (an address or "") and `alternates` ([{lang_code, location}]) of the page that is shown.

    A view that serves several addresses from one page gives `canonical` and `alternates` itself.
    """
    page, request = context.get("page"), context.get("request")
    if "alternates" in context:
        return {"canonical": context.get("canonical", ""), "alternates": context["alternates"]}
    if page is None or request is None or not getattr(page, "pk", None) or not hasattr(page, "get_alternates"):
        return {"canonical": "", "alternates": []}
    return {"canonical": page.get_canonical_url(request), "alternates": page.get_alternates(request)}


@register.simple_tag(takes_context=True)
def page_crumbs(context: template.Context) -> list[dict[str, str]]:
    """Home and everything down to this page: `[{label, language, url}]`. One query."""
    return crumbs(context["page"], context.get("request"))


@register.inclusion_tag("components/fallback.html", takes_context=True)
def fallback_notice(context: template.Context, around: str = "") -> dict[str, Any]:
    """That another language stands in for the reader's, for all of the page or some of it, and the way there."""
    page, reader = context["page"], content_language()
    title = text_of(page, "title").language
    texts = [text_of(page, name).language for name in page.translated_panels]
    shown = next((language for language in [title, *texts] if language and language != reader), "")
    with override(shown or reader):
        whole = (page.get_url(context.get("request")) or "") if shown and page.pk else ""
    return {"shown": shown, "whole": whole, "partly": title == reader, "around": around, "reader": reader}


@register.simple_tag(takes_context=True)
def front_page_sections(context: template.Context) -> list[SafeString]:
    """What plugins show on the front page, in order, each rendered with what every page has and its own context."""
    found = list(plugins.items("front_page_sections", home=context["page"], language=content_language()))
    shown = []
    for name, section in sorted(found, key=lambda item: item[1].position):
        with plugins.blaming(name, f"template {section.template}"):
            whole = get_template(section.template).template
            shown.append(whole.render(context.new({**context.flatten(), **section.context})))
    return shown


@register.simple_tag(takes_context=True)
def related_items(context: template.Context) -> list[RelatedItems]:
    """What plugins know to belong to this page, in order; without the lists that are empty."""
    found = plugins.collect("related_items", page=context["page"], language=content_language())
    return sorted((related for related in found if related.items), key=lambda related: related.position)


@register.simple_tag(takes_context=True)
def feedback_form(context: template.Context) -> dict[str, str] | None:
    """Where the form "Was this page useful?" goes, and what it carries; None where no page of the tree is shown."""
    page, request = context.get("page"), context.get("request")
    if request is None or not isinstance(page, Page) or not page.pk or not page.live:
        return None
    language = content_language()
    return {"action": reverse("feedback:send"), "token": token(page, language, request.get_full_path())}


@register.simple_tag(takes_context=True)
def last_updated(context: template.Context, given: dt.datetime | None = None) -> dt.datetime | None:
    """When what this page shows in the reader's language last changed; of what is no page, the time given."""
    page = context.get("page")
    return updated_in(page, page.shown_language) if isinstance(page, Page) and page.pk else given or None
