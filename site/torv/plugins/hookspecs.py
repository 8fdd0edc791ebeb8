"""The hooks: everything that a plugin, or a core app, can contribute.

Every hook takes the arguments that it names, or fewer, and returns an iterable of items (a list or a generator) or
None. An implementation that raises is left out, an item that fails the hook's check is left out, and both are named
in `manage.py plugins`. docs/plugins.md documents each one; a test holds it to this file.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .markers import hookspec

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern
    from ninja import Router
    from wagtail.admin.ui.components import Component
    from wagtail.blocks import Block
    from wagtail.models import AbstractPage

    from search.facets import AddedFacet
    from search.sources import Source


@dataclass(frozen=True)
class NavigationItem:
    """A link in the site's own menus."""

    label: str
    """In the reader's language: a lazily translated string does it."""
    url: str
    """A path that starts with "/", in the language that the hook was asked for, or an address that starts with
    "https://"."""
    position: int = 100
    """Smaller comes first; equal ones stand in the order of the plugins."""
    menu: Literal["main", "footer"] = "main"


@dataclass(frozen=True)
class Announcement:
    """Something that readers should hear of, for whoever publishes news."""

    titles: Mapping[str, str]
    """Language -> headline; one at least."""
    leads: Mapping[str, str]
    """Language -> what happened, in a sentence or two. Plain text."""
    about: "AbstractPage"
    """The page it is about."""
    by: Any
    """The user who asked for it."""


@dataclass(frozen=True)
class FrontPageSection:
    """A part of the site's front page, below the categories."""

    template: str
    """Name of the template. It begins with an h2, and is rendered with what every page has and `context`."""
    context: Mapping[str, Any] = field(default_factory=dict)
    position: int = 100
    """Smaller comes first; equal ones stand in the order of the plugins."""


@dataclass(frozen=True)
class RelatedItem:
    """One line of `RelatedItems`."""

    title: str
    language: str
    """The language of the title: "da", "sv" or "en"."""
    url: str
    date: datetime.date | datetime.datetime | None = None
    note: str = ""
    """What else a reader should know, in the reader's language."""
    badge: str = ""
    """A word or two that stand out ("cancelled"), in the reader's language."""


@dataclass(frozen=True)
class RelatedItems:
    """What belongs to a page and stands elsewhere: the meetings of a network, news about a supplier."""

    heading: str
    """In the reader's language."""
    items: Sequence[RelatedItem]
    url: str = ""
    """Where all of them are, if these are not all."""
    calendar: str = ""
    """The calendar file of them (a path), for calendar programs to subscribe to."""
    position: int = 100
    """Smaller comes first; equal ones stand in the order of the plugins."""


class Unhealthy(Exception):
    """Raised by a health check. Its text is published at /health/ready: it names no host, path, user or secret."""


@dataclass(frozen=True)
class HealthCheck:
    """One line of /health/ready."""

    name: str
    """Letters, digits, "-" and "_"; it is prefixed with nothing, so a plugin's begins with the plugin's name."""
    check: Callable[[], Mapping[str, Any] | None]
    """Asked at every request; answers in milliseconds. Returns facts for the reader (plain JSON, nothing secret) or
    None when all is well, raises `Unhealthy` with a public sentence otherwise. Any other exception fails too, and its
    text stays in the log."""
    required: bool = True
    """Whether the site is not ready (503) without it. A plugin's check is always an optional one."""


@hookspec
def search_sources() -> "Iterable[Source]":
    """Kinds of things that the site's search finds. Each becomes a tab of the search page and
    `/api/v3/search/<name>/`."""


@hookspec
def search_facets(source: str) -> "Iterable[AddedFacet]":
    """Facets for a search source ("suppliers", "offers") of somebody else. The name of a plugin's facet is the plugin's
    own, or starts with it and "_"."""


@hookspec
def stream_blocks(field: str) -> "Iterable[tuple[str, Block]]":
    """Blocks for the StreamField `field` ("home.StandardPage.body"), as (name, block). The name of a plugin's block
    starts with the plugin's own name and "_"."""


@hookspec
def api_routers() -> "Iterable[tuple[str, Router]]":
    """Routers that join the API under `/api/v3/<plugin's name>`, as (prefix, router). The prefix is "" or starts with
    "/". Asked once per process, before the first request."""


@hookspec
def site_urls() -> "Iterable[URLPattern]":
    """Addresses that belong to no page: what a link in a mail leads to must work wherever pages are moved. They join
    below `/<language>/go/<plugin's name>/`, in the URL namespace of that name. Asked once per process."""


@hookspec
def navigation(language: str) -> "Iterable[NavigationItem]":
    """Links for the menus, in one language ("da", "sv" or "en"). Asked for every page: it answers without a query, or
    caches."""


@hookspec
def demo_content(home: "AbstractPage") -> "Iterable[str]":
    """Add example content below the home page. Running it twice adds nothing. Each item is a line for whoever runs
    `load_demo`."""


@hookspec
def announce(announcement: "Announcement") -> "Iterable[str]":
    """Publish a piece of news about a page, in the caller's transaction. Each item is the address of what was
    published."""


@hookspec
def front_page_sections(home: "AbstractPage", language: str) -> "Iterable[FrontPageSection]":
    """Parts of the front page, in one language ("da", "sv" or "en"). Asked for every visit: a constant number of
    queries, and nothing where there is nothing to show."""


@hookspec
def related_items(page: "AbstractPage", language: str) -> "Iterable[RelatedItems]":
    """What stands elsewhere and belongs to a page, in one language. A constant number of queries."""


@hookspec
def role_permissions(role: str) -> "Iterable[str]":
    """Permissions ("fairs.manage_stands") that a role of the site has besides core's: "Editors", "Owners",
    "Translators (da)" …"""


@hookspec
def dashboard_panels(request: "HttpRequest") -> "Iterable[Component]":
    """Components for the first page of the editors' interface. `request.user` decides what is shown."""


@hookspec
def health_checks() -> "Iterable[HealthCheck]":
    """What /health/ready asks before a load balancer sends readers here."""


# ------------------------------------------------------------------ what an item must be


def _check_text(text: Any, what: str) -> None:
    """A text, or one that is translated when it is read: it is read here once, where it may fail."""
    from django.utils.functional import Promise

    if not isinstance(text, str | Promise):
        raise TypeError(f"{what} {text!r} is no text")
    str(text)


def _check_url(url: Any, what: str = "address") -> None:
    if not (isinstance(url, str) and url.startswith(("/", "https://", "http://"))):
        raise ValueError(f"{what} {url!r} is neither a path nor an address on the web")


def _check_position(position: Any) -> None:
    if not isinstance(position, int | float):
        raise TypeError(f"position {position!r} is no number")


def _check_search_source(item: Any) -> None:
    name = getattr(item, "name", None)
    if not (isinstance(name, str) and name.isidentifier()):
        raise ValueError(f"{item!r} has no name that could stand in an address")
    for method in ("queryset", "document", "cards"):
        if not callable(getattr(item, method, None)):
            raise TypeError(f"search source {name!r} has no method {method}()")
    _check_text(item.label, "label")
    if not (isinstance(item.model, type) and hasattr(item.model, "_meta")):
        raise TypeError(f"search source {name!r} has no model")


def _check_search_facet(item: Any) -> None:
    for method in ("codes", "labels", "watch"):
        if not callable(getattr(item, method, None)):
            raise TypeError(f"{item!r} is no facet that can be added: it has no method {method}()")
    _check_text(item.label, "label")


def _check_stream_block(item: Any) -> None:
    from wagtail.blocks import Block

    name, block = item
    if not (isinstance(name, str) and name.isidentifier()):
        raise ValueError(f"{name!r} is no name for a block")
    if not isinstance(block, Block):
        raise TypeError(f"{name!r} is no block but {type(block).__name__}; an instance is wanted")


def _check_api_router(item: Any) -> None:
    from ninja import Router

    prefix, router = item
    if not (isinstance(prefix, str) and (prefix == "" or prefix.startswith("/"))):
        raise ValueError(f"prefix {prefix!r} is neither empty nor begins with '/'")
    if not isinstance(router, Router):
        raise TypeError(f"{prefix!r} leads to no ninja.Router but {type(router).__name__}")


def _check_url_pattern(item: Any) -> None:
    from django.urls import URLPattern

    if not isinstance(item, URLPattern):
        raise TypeError(f"{item!r} is no address: django.urls.path() with a view is wanted")
    if not (isinstance(item.name, str) and item.name):
        raise ValueError(f"{item.pattern} has no name by which others could lead to it")
    item.pattern.regex  # noqa: B018 -- Django compiles it when the first address of the site is looked up


def _check_navigation_item(item: Any) -> None:
    if not isinstance(item, NavigationItem):
        raise TypeError(f"{item!r} is no NavigationItem")
    _check_text(item.label, "label")
    if not (isinstance(item.url, str) and item.url.startswith(("/", "https://"))):
        raise ValueError(f"{item.url!r} is neither a path nor an https address")
    _check_position(item.position)
    if item.menu not in ("main", "footer"):
        raise ValueError(f"there is no menu {item.menu!r}")


def _check_line(item: Any) -> None:
    if not isinstance(item, str):
        raise TypeError(f"{item!r} is no line of text")


def _check_address(item: Any) -> None:
    _check_url(item)


def _check_front_page_section(item: Any) -> None:
    if not isinstance(item, FrontPageSection):
        raise TypeError(f"{item!r} is no FrontPageSection")
    if not (isinstance(item.template, str) and item.template):
        raise ValueError(f"{item.template!r} is no name of a template")
    if not isinstance(item.context, Mapping):
        raise TypeError(f"context {item.context!r} is no mapping")
    _check_position(item.position)


def _check_related_items(item: Any) -> None:
    if not isinstance(item, RelatedItems):
        raise TypeError(f"{item!r} is no RelatedItems")
    _check_text(item.heading, "heading")
    _check_position(item.position)
    if item.url:
        _check_url(item.url)
    if not isinstance(item.items, Sequence):
        raise TypeError(f"items {item.items!r} are no list")
    for line in item.items:
        if not isinstance(line, RelatedItem):
            raise TypeError(f"{line!r} is no RelatedItem")
        for text, what in ((line.title, "title"), (line.note, "note"), (line.badge, "badge")):
            _check_text(text, what)
        _check_url(line.url)
        if line.language not in ("da", "sv", "en"):
            raise ValueError(f"there is no language {line.language!r}")
        if line.date is not None and not isinstance(line.date, datetime.date):
            raise TypeError(f"{line.date!r} is no date")
    if item.calendar:
        _check_url(item.calendar)


def _check_permission(item: Any) -> None:
    app, _dot, name = item.partition(".") if isinstance(item, str) else ("", "", "")
    if not (app.isidentifier() and name.isidentifier()):
        raise ValueError(f"{item!r} is no permission: it is named like app.codename")


def _check_dashboard_panel(item: Any) -> None:
    if not callable(getattr(item, "render_html", None)):
        raise TypeError(f"{type(item).__name__} is no component: it has no render_html()")
    if hasattr(item, "order"):
        _check_position(item.order)


def _check_health_check(item: Any) -> None:
    if not isinstance(item, HealthCheck):
        raise TypeError(f"{item!r} is no HealthCheck")
    if not isinstance(item.name, str) or not item.name.replace("-", "_").isidentifier() or not callable(item.check):
        raise ValueError(f"health check {item.name!r} needs a plain name and something to call")


CHECKS: Mapping[str, Callable[[Any], None]] = {
    "search_sources": _check_search_source,
    "search_facets": _check_search_facet,
    "stream_blocks": _check_stream_block,
    "api_routers": _check_api_router,
    "site_urls": _check_url_pattern,
    "navigation": _check_navigation_item,
    "demo_content": _check_line,
    "announce": _check_address,
    "front_page_sections": _check_front_page_section,
    "related_items": _check_related_items,
    "role_permissions": _check_permission,
    "dashboard_panels": _check_dashboard_panel,
    "health_checks": _check_health_check,
}
"""Hook -> what raises, and says why, for an item that is not what the hook promises."""
