"""What news contribute to the site."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from plugins.news import queries
from plugins.news.actions import publish_news
from plugins.news.api import router
from plugins.news.demo.loader import load_news
from plugins.news.search import NEWS
from plugins.news.views import story
from search.sources import Source
from torv.plugins import hookimpl
from torv.plugins.hookspecs import Announcement, FrontPageSection, RelatedItem, RelatedItems
from torv.text import text_of

log = logging.getLogger(__name__)

NEWEST = 3  # news on the front page
RELATED = 5  # news beneath a page

EDITORS = "Editors"
TOPICS = ("news.add_newstopic", "news.change_newstopic", "news.delete_newstopic")


@hookimpl
def search_sources() -> Iterator[Source]:
    """News, by topic and year."""
    yield NEWS


@hookimpl
def api_routers() -> list[tuple[str, Any]]:
    """`/api/v3/news/`, `/api/v3/news/<id>/` and `/api/v3/news/topics/`."""
    return [("", router)]


@hookimpl
def announce(announcement: Announcement) -> Iterator[str]:
    """A news item about the page, in the transaction of whoever announces; none from somebody who may not publish."""
    try:
        page = publish_news(
            titles=announcement.titles, leads=announcement.leads, about=announcement.about, by=announcement.by
        )
    except PermissionDenied:
        log.warning("%s may not publish news: none about page %s", announcement.by, announcement.about.pk)
        return
    if page is not None:
        yield page.get_url() or page.get_full_url()


@hookimpl
def front_page_sections(home: Any, language: str) -> Iterator[FrontPageSection]:
    """The newest news."""
    index = queries.index_page()
    if index is None:
        return
    newest = list(queries.public_news(home).prefetch_related("topics")[:NEWEST])
    if newest:
        context = {"stories": [story(page, index) for page in newest], "news_url": index.get_url() or "/"}
        yield FrontPageSection("news/parts/newest.html", context, position=30)


@hookimpl
def related_items(page: Any, language: str) -> Iterator[RelatedItems]:
    """The newest news about a page."""
    items = []
    for item in queries.about(page)[:RELATED]:
        title = text_of(item, "title", language)
        items.append(RelatedItem(title=str(title), language=title.language, url=item.get_url() or "", date=item.date))
    if items:
        yield RelatedItems(_("News"), items, position=30)


@hookimpl(trylast=True)  # what the news are about comes from other plugins
def demo_content(home: Any) -> Iterator[str]:
    """Twelve pieces of news, the newest of the day of loading."""
    yield load_news(home)


@hookimpl
def role_permissions(role: str) -> Iterable[str]:
    """Editors keep the topics."""
    return list(TOPICS) if role == EDITORS else []
