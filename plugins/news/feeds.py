"""News as Atom: a feed for each language, and in each for every topic."""

import datetime as dt
import hashlib
from typing import Any
from uuid import uuid5

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from plugins.news.actions import one_line
from plugins.news.addresses import address
from plugins.news.models import NewsIndexPage, NewsPage, NewsTopic
from torv.languages import content_language, localized
from torv.text import text_of

SIZE = 30


class NewsAtom(Atom1Feed):
    """Changed when its newest entry was; without one, when the list of news was. The time of asking is no change."""

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else self.feed["changed"]

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """A lead is text: what looks like mark-up in it is none. The base class calls every summary HTML."""
        super().add_item_elements(handler, {**item, "description": None})
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})


class NewsFeed(Feed):
    """What is public in the language of the feed's address; a text in another language does not stand in here."""

    feed_type = NewsAtom

    def __init__(self, request: HttpRequest, index: NewsIndexPage, news: Any, topic: NewsTopic | None) -> None:
        self.request, self.index, self.topic = request, index, topic
        self.code = content_language()
        own = news.exclude(**{localized("title", self.code): None}).exclude(**{localized("title", self.code): ""})
        self.news = (own.filter(topics=topic) if topic else own).prefetch_related("topics")[:SIZE]

    # ---- the feed ---------------------------------------------------------------------------------------------------
    def title(self) -> str:
        title = str(text_of(self.index, "title"))
        return one_line(f"{title}: {text_of(self.topic, 'name')}" if self.topic else title)

    def subtitle(self) -> str:
        return one_line(str(text_of(self.index, "introduction"))) or _("News")

    def link(self) -> str:
        return address(self.index, self.request, topic=self.topic.code if self.topic else "")

    def feed_url(self) -> str:
        return address(self.index, self.request, topic=self.topic.code if self.topic else "", feed=True)

    def feed_guid(self) -> str:
        name = f"{self.code}/{self.topic.code}" if self.topic else self.code
        return f"urn:uuid:{uuid5(self.index.translation_key, name)}"

    def feed_extra_kwargs(self, obj: Any) -> dict[str, Any]:
        return {"changed": self.index.last_published_at or dt.datetime(1970, 1, 1, tzinfo=dt.UTC)}

    def items(self) -> Any:
        return self.news

    # ---- an entry ---------------------------------------------------------------------------------------------------
    def item_title(self, item: NewsPage) -> str:
        return one_line(getattr(item, localized("title", self.code)))

    def item_description(self, item: NewsPage) -> str:
        return one_line(getattr(item, localized("lead", self.code)) or "")

    def item_link(self, item: NewsPage) -> str:
        return item.get_url(self.request) or "/"

    def item_guid(self, item: NewsPage) -> str:
        """Stays when the page moves or is renamed."""
        return f"urn:uuid:{uuid5(item.translation_key, self.code)}"

    def item_pubdate(self, item: NewsPage) -> dt.datetime:
        first = item.first_published_at
        if first and timezone.localtime(first).date() == item.date:
            return first
        return timezone.make_aware(dt.datetime.combine(item.date, dt.time(8)))

    def item_updateddate(self, item: NewsPage) -> dt.datetime:
        return max(filter(None, (item.last_published_at, self.item_pubdate(item))))

    def item_categories(self, item: NewsPage) -> list[str]:
        return [one_line(str(text_of(topic, "name"))) for topic in item.topics.all()]


def serve_feed(request: HttpRequest, index: NewsIndexPage, news: Any, topic: NewsTopic | None) -> HttpResponse:
    """The feed, or 304 for a reader that has this one already."""
    response = NewsFeed(request, index, news, topic)(request)
    etag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300"
    return get_conditional_response(request, etag=etag, response=response) or response
