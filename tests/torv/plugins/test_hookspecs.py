"""Every hook's own check tells a good item from a bad one, and says what is wrong."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import path, re_path
from ninja import Router
from wagtail.admin.ui.components import Component
from wagtail.blocks import CharBlock

from home.models import Page
from tests.torv.plugins.hooks import specified
from torv.plugins.hookspecs import CHECKS, FrontPageSection, HealthCheck, NavigationItem, RelatedItem, RelatedItems

SOURCE = {"name": "fairs", "label": "Fairs", "model": Page, "queryset": list, "document": list, "cards": list}
FACET = {"name": "fairs", "label": "Fairs", "codes": dict, "labels": dict, "watch": dict}

GOOD: dict[str, Any] = {
    "search_sources": SimpleNamespace(**SOURCE),
    "search_facets": SimpleNamespace(**FACET),
    "stream_blocks": ("fairs_stand", CharBlock()),
    "api_routers": ("", Router()),
    "site_urls": path("confirm/", dict, name="confirm"),
    "navigation": NavigationItem("Fairs", "/da/messer/"),
    "demo_content": "1 fair",
    "announce": "/da/nyheder/messe/",
    "front_page_sections": FrontPageSection("fairs/next.html"),
    "related_items": RelatedItems("Fairs", [RelatedItem("Messe", "da", "/da/messe/")]),
    "role_permissions": "fairs.manage_stands",
    "dashboard_panels": Component(),
    "health_checks": HealthCheck("fairs-open", dict),
}

BAD = [
    ("search_sources", SimpleNamespace(**{**SOURCE, "name": "no name"}), "has no name that could stand in an address"),
    ("search_sources", SimpleNamespace(**{**SOURCE, "cards": None}), "has no method cards"),
    ("search_sources", "suppliers", "has no name"),
    ("search_sources", SimpleNamespace(**{**SOURCE, "label": None}), "label None is no text"),
    ("search_sources", SimpleNamespace(**{**SOURCE, "model": None}), "has no model"),
    ("search_facets", SimpleNamespace(**{**FACET, "codes": None}), "has no method codes"),
    ("search_facets", SimpleNamespace(**{**FACET, "label": 7}), "label 7 is no text"),
    ("stream_blocks", "fairs_stand", "too many values"),
    ("stream_blocks", ("no name", CharBlock()), "is no name for a block"),
    ("stream_blocks", ("fairs_stand", CharBlock), "an instance is wanted"),
    ("api_routers", ("fairs", Router()), "neither empty nor begins with"),
    ("api_routers", ("/", list), "leads to no ninja.Router"),
    ("site_urls", ("confirm/", dict), "is no address"),
    ("site_urls", path("confirm/", dict), "has no name"),
    ("site_urls", re_path("(", dict, name="x"), "not a valid regular expression"),
    ("navigation", NavigationItem(None, "/da/"), "label None is no text"),
    ("navigation", NavigationItem("Fairs", None), "neither a path nor an https address"),
    ("navigation", NavigationItem("Fairs", "/da/", position=None), "position None is no number"),
    ("navigation", ("Fairs", "/da/"), "is no NavigationItem"),
    ("navigation", NavigationItem("Fairs", "http://example.org"), "neither a path nor an https address"),
    ("navigation", NavigationItem("Fairs", "/da/", menu="side"), "there is no menu 'side'"),
    ("demo_content", 7, "is no line of text"),
    ("announce", "nyheder", "neither a path nor an address"),
    ("front_page_sections", "fairs/next.html", "is no FrontPageSection"),
    ("front_page_sections", FrontPageSection(""), "is no name of a template"),
    ("front_page_sections", FrontPageSection("fairs/next.html", None), "is no mapping"),
    ("related_items", RelatedItems("Fairs", iter([])), "are no list"),
    ("related_items", RelatedItems("Fairs", [RelatedItem("Messe", "xx", "/da/")]), "there is no language 'xx'"),
    ("related_items", RelatedItems("Fairs", [RelatedItem("Messe", "da", "/da/", date="2026")]), "is no date"),
    ("related_items", [], "is no RelatedItems"),
    ("related_items", RelatedItems("Fairs", ["Messe"]), "is no RelatedItem"),
    ("related_items", RelatedItems("Fairs", [], calendar="javascript:x"), "is neither a path nor an address"),
    ("role_permissions", "manage_stands", "is no permission"),
    ("dashboard_panels", "<p>", "has no render_html"),
    ("health_checks", "fairs", "is no HealthCheck"),
    ("health_checks", HealthCheck("no name", dict), "needs a plain name"),
    ("health_checks", HealthCheck("fairs", None), "needs a plain name and something to call"),
]


def test_every_hook_has_a_check_and_an_example() -> None:
    assert specified().keys() == CHECKS.keys() == GOOD.keys()


@pytest.mark.parametrize("hook", GOOD)
def test_a_good_item_passes(hook: str) -> None:
    CHECKS[hook](GOOD[hook])


@pytest.mark.parametrize(("hook", "item", "message"), BAD)
def test_a_bad_item_is_told_what_is_wrong(hook: str, item: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError, ImproperlyConfigured), match=message):
        CHECKS[hook](item)
