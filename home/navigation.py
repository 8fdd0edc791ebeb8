"""The menus at the top and the foot of every page. They follow the page tree; plugins add links through a hook."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Site

from home.models import Footer, Page
from torv.languages import content_language, fallback_chain, localized
from torv.plugins import plugins
from torv.plugins.hookspecs import NavigationItem
from torv.text import Text, is_blank, text_of

STEP = 10  # between the positions of pages, so that a plugin's link can stand between two


@dataclass(frozen=True)
class MenuLink:
    """A link: what it says, in which language, and whether the reader is on that page or below it."""

    label: str
    url: str
    language: str = ""
    current: bool = False
    exact: bool = False


@dataclass(frozen=True)
class MenuColumn:
    """A heading and its links, at the foot of the page."""

    label: str
    language: str = ""
    links: list[MenuLink] = field(default_factory=list)


@dataclass(frozen=True)
class Menus:
    """Everything a page needs to lead elsewhere; made with one query for the pages, and two for what editors wrote."""

    home: MenuLink
    main: list[MenuLink]
    footer: list[MenuColumn]
    foot: Footer | None = None

    @property
    def about(self) -> Text:
        """What editors say the site is, or nothing."""
        return text_of(self.foot, "text") if self.foot else Text("", "")


def menus(request: HttpRequest) -> Menus:
    """The menus in the active language: main menu = the site's first-level pages that are shown in menus."""
    site = Site.find_for_request(request)
    if site is None:  # a host that no site answers to: error pages still need a way home
        return Menus(MenuLink("Torv", "/"), [], [])
    root = site.root_page
    pages = list(_pages(root))
    path = request.path
    links = {page.pk: _link(page, request, path) for page in pages if page.url_path != root.url_path}
    home = _link(root, request, path)
    first = [page for page in pages if page.depth == root.depth + 1]

    hooked = list(plugins.collect("navigation", language=content_language()))
    main = []
    for n, page in enumerate(first, 1):
        if page.show_in_menus:
            main.append((n * STEP, links[page.pk]))
            main += [(n * STEP, link) for link in _shortcuts(page, links[page.pk].url, request)]
    main += [(item.position, _item(item, request)) for item in hooked if item.menu == "main"]
    main.sort(key=lambda entry: entry[0])
    shown = _nearest_is_current([link for _position, link in main])
    foot = Footer.objects.filter(site=site).first()
    added = sorted((item for item in hooked if item.menu == "footer"), key=lambda item: item.position)
    columns = list(_written(foot, request)) if foot else []
    if not columns:
        columns = _by_tree(first, pages, links)
    return Menus(home, shown, _with_added(columns, [_item(item, request) for item in added]), foot)


def _pages(root: Any) -> Iterable[Page]:
    return (
        Page.objects.descendant_of(root, inclusive=False)
        .live()
        .filter(depth__lte=root.depth + 2)
        .exclude(depth=root.depth + 2, show_in_menus=False)
        .order_by("path")
    )


def _by_tree(first: list[Page], pages: list[Page], links: dict[int, MenuLink]) -> list[MenuColumn]:
    """A column for each page of the main menu with pages below it, and one for the first-level pages not in it."""
    columns = []
    for page in first:
        below = [links[child.pk] for child in pages if child.depth > page.depth and child.path.startswith(page.path)]
        if page.show_in_menus and below:
            columns.append(MenuColumn(links[page.pk].label, links[page.pk].language, [links[page.pk], *below]))
    about = [links[page.pk] for page in first if not page.show_in_menus]
    return [*columns, MenuColumn(_("About this site"), links=about)] if about else columns


def _written(foot: Footer, request: HttpRequest) -> Iterator[MenuColumn]:
    """The columns that editors wrote, without pages that are not public and without columns that are empty then."""
    for column in foot.columns:
        links = []
        for link in column.value["links"]:
            if link.block_type == "outside":
                label = _said(link.value, "label")
                links.append(MenuLink(str(label), link.value["address"], label.language))
            elif link.value and link.value.live:
                links.append(_link(link.value, request, request.path))
        if links:
            heading = _said(column.value, "heading")
            yield MenuColumn(str(heading), heading.language, links)


def _said(value: Any, name: str) -> Text:
    """A text of a block that has one for each language, or what stands in for it."""
    for language in fallback_chain(content_language()):
        if not is_blank(value[localized(name, language)]):
            return Text(value[localized(name, language)], language)
    return Text("", "")


def _with_added(columns: list[MenuColumn], added: list[MenuLink]) -> list[MenuColumn]:
    """What plugins add stands in the last column."""
    if added and columns:
        *before, last = columns
        return [*before, MenuColumn(last.label, last.language, [*last.links, *added])]
    return [MenuColumn(_("About this site"), links=added)] if added else columns


def _link(page: Page, request: HttpRequest, path: str) -> MenuLink:
    title = text_of(page, "title")
    url = page.get_url(request) or "/"
    return MenuLink(str(title), url, title.language, current=path.startswith(url), exact=path == url)


def _shortcuts(page: Page, url: str, request: HttpRequest) -> list[MenuLink]:
    """What a page type puts beside itself in the main menu: views of the same page, `(label, parameters)`."""
    found = []
    for label, parameters in getattr(page.specific_class, "menu_shortcuts", ()):
        here = request.path == url and all(request.GET.get(name) == value for name, value in parameters.items())
        found.append(
            MenuLink(str(label), f"{url}?{urlencode(parameters)}", content_language(), current=here, exact=here)
        )
    return found


def _item(item: NavigationItem, request: HttpRequest) -> MenuLink:
    here = request.get_full_path() if "?" in item.url else request.path
    return MenuLink(str(item.label), item.url, content_language(), current=here == item.url, exact=here == item.url)


def _nearest_is_current(links: list[MenuLink]) -> list[MenuLink]:
    """At most one link is marked: the one whose address is the longest part of the reader's."""
    nearest = max((link for link in links if link.current), key=lambda link: len(link.url), default=None)
    return [link if link is nearest else MenuLink(link.label, link.url, link.language) for link in links]


def crumbs(page: Any, request: HttpRequest | None) -> list[dict[str, str]]:
    """Home and everything down to this page: `[{label, language, url}]`. One query."""
    found = []
    for ancestor in [*page.get_ancestors().filter(depth__gt=1), page]:
        title = text_of(ancestor, "title")
        front = ancestor.depth == 2
        found.append(
            {
                "label": _("Home") if front else str(title),
                "language": "" if front else title.language,
                "url": ancestor.get_url(request) or "/",
            }
        )
    return found
