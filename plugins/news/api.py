"""News for programs: the list by topic and year, one item with all it says, and the topics."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Path, Query, Router, Schema

from home.models import Page
from home.schemas import (
    Asked,
    AskedList,
    ImageOut,
    ListOut,
    PageOut,
    StreamOut,
    TextOut,
    Which,
    find_page,
    image_out,
    page_of,
    page_out,
    stream_out,
    text_out,
)
from plugins.news import queries
from plugins.news.addresses import is_year
from plugins.news.models import NewsPage, NewsTopic
from torv.languages import LANGUAGES, localized
from torv.problems import InvalidRequest, Problem, check_names, one_of, refused
from torv.text import text_of

router = Router()

YEAR: dict[str, Any] = {"anyOf": [{"type": "integer", "minimum": 1000, "maximum": 2999}, {"type": "null"}]}


class TopicOut(Schema):
    code: str
    name: TextOut


class CountedTopicOut(TopicOut):
    total: int = Field(description="Public news about it.")


class TopicsOut(Schema):
    items: list[CountedTopicOut]


class NewsOut(Schema):
    """A piece of news."""

    id: int
    title: TextOut
    lead: TextOut
    languages: list[str] = Field(description="Languages in which it is public.")
    url: str
    date: dt.date
    topics: list[TopicOut]
    picture: ImageOut | None
    published_at: dt.datetime | None
    changed_at: dt.datetime | None


class NewsDetailOut(NewsOut):
    body: StreamOut
    about: list[PageOut] = Field(description="Suppliers, meetings and other pages that it is about.")


class NewsListOut(ListOut):
    items: list[NewsOut]


class AskedNews(AskedList):
    topic: str | None = Field(None, description="A topic's code.")
    year: str | None = Field(None, description="Such as 2026.", json_schema_extra=YEAR)
    language: str | None = Field(None, description="Only what is public in da, sv or en.")


@router.get("/", response={200: NewsListOut, 422: Problem}, summary="News", url_name="news", auth=None)
def get_news(request: HttpRequest, asked: Query[AskedNews]) -> Any:
    """The newest first."""
    try:
        check_names(request, AskedNews)
        numbers, rows = page_of(_narrowed(asked), asked)
    except InvalidRequest as error:
        return refused(error)
    return numbers | {"items": [_item(page, request) for page in rows]}


@router.get(
    "/topics/", response={200: TopicsOut, 422: Problem}, summary="Topics of news", url_name="news_topics", auth=None
)
def get_topics(request: HttpRequest, asked: Query[Asked]) -> Any:
    """What there is news about; the topic with the most comes first."""
    try:
        check_names(request, Asked)
    except InvalidRequest as error:
        return refused(error)
    return {"items": [_topic(topic) | {"total": topic.total} for topic in queries.topics(queries.public_news())]}


@router.get(
    "/{id}/",
    response={200: NewsDetailOut, 404: Problem, 422: Problem},
    summary="A piece of news",
    url_name="news_detail",
    auth=None,
)
def get_item(request: HttpRequest, which: Path[Which], asked: Query[Asked]) -> Any:
    """With its whole text, and the pages that it is about."""
    try:
        check_names(request, Asked)
        page: NewsPage = find_page(_rows(queries.public_news()), which.id)
    except InvalidRequest as error:
        return refused(error)
    wanted = [row.related_id for row in page.relations.all()]
    public = Page.objects.live().public().in_bulk(wanted)
    about = [page_out(public[number], request) for number in dict.fromkeys(wanted) if number in public]
    return _item(page, request) | {"body": stream_out(page, "body"), "about": about}


def _narrowed(asked: AskedNews) -> QuerySet[NewsPage]:
    found = _rows(queries.public_news())
    if asked.topic:
        topic = next((topic for topic in NewsTopic.objects.all() if topic.code == asked.topic), None)
        if topic is None:
            message = _("There is no topic “%(code)s” here.") % {"code": asked.topic[:40]}
            raise InvalidRequest("topic", message)
        found = found.filter(topics=topic)
    if asked.year:
        if not is_year(asked.year):
            message = _("“%(text)s” is no year: write it like 2027.") % {"text": asked.year[:40]}
            raise InvalidRequest("year", message)
        found = found.filter(date__year=int(asked.year))
    if language := one_of(asked.language, "language", LANGUAGES):
        column = localized("title", language)
        found = found.exclude(**{column: None}).exclude(**{column: ""})
    return found


def _rows(found: QuerySet[NewsPage]) -> QuerySet[NewsPage]:
    return found.select_related("picture").prefetch_related("topics")


def _item(page: NewsPage, request: HttpRequest) -> dict[str, Any]:
    return {
        **page_out(page, request),
        "lead": text_out(text_of(page, "lead")),
        "languages": [language for language in LANGUAGES if page.has_translation(language)],
        "date": page.date,
        "topics": [_topic(topic) for topic in page.topics.all()],
        "picture": image_out(page.picture, text_of(page, "picture_alt"), request),
        "published_at": page.first_published_at,
        "changed_at": page.last_published_at,
    }


def _topic(topic: NewsTopic) -> dict[str, Any]:
    return {"code": topic.code, "name": text_out(text_of(topic, "name"))}
