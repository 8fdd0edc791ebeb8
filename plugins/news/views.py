"""The pages of the list of news and of one piece of news."""

from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.url_routing import RouteResult

from directory.models import EnterprisePage
from home import navigation
from home.models import Page
from plugins.news import queries
from plugins.news.addresses import FEED, TOPIC, address, in_every_language, is_year
from plugins.news.feeds import serve_feed
from plugins.news.models import NewsIndexPage, NewsPage, NewsTopic
from torv.languages import content_language
from torv.text import text_of

SIZE = 10  # news on a page of the list
MOST_PAGES = 10_000


def index_route(page: NewsIndexPage, components: list[str]) -> RouteResult | None:
    """Feeds, years and topics below the list's address; None for its own address and for news."""
    view: dict[str, Any] = {}
    rest = list(components)
    if rest and rest[-1] in FEED.values():
        view["feed"] = bool(rest.pop())
    if len(rest) == 2 and rest[0] in TOPIC.values():
        view["topic"] = rest[1]
    elif len(rest) == 1 and is_year(rest[0]) and not view:
        view["year"] = int(rest[0])
    elif rest or not view:
        return None
    if not page.live:
        raise Http404
    return RouteResult(page, kwargs=view)


def serve_index(
    request: HttpRequest, page: NewsIndexPage, view: str, *, feed: bool = False, topic: str = "", year: int = 0
) -> HttpResponse:
    """The list (of a topic, of a year), or the feed (of a topic).

    400 with a sentence for a page's number that is none, 404 for an unknown topic, a year without news and a page
    after the last one.
    """
    news, about = queries.public_news(page), None
    if topic:
        about = NewsTopic.objects.filter(code=topic).first()
        if about is None:
            raise Http404
    if feed:
        return serve_feed(request, page, news, about)
    shown = news.filter(topics=about) if about else news.filter(date__year=year) if year else news
    if year and not shown.exists():
        raise Http404
    context, status = _list(request, page, shown, topic, year)
    all_topics = list(queries.topics(news))
    heading = text_of(about, "name") if about else None
    context |= {
        "page": page,
        "topic": about,
        "year": year,
        "heading": heading,
        "crumbs": _crumbs(request, page, heading, year, context["canonical"]),
        "feed_url": address(page, request, topic=topic, feed=True),
        "topics": [
            {"name": text_of(t, "name"), "total": t.total, "current": t == about,
             "url": address(page, request, topic=t.code)}
            for t in all_topics
        ],
        "years": [
            {**row, "url": address(page, request, year=row["year"]), "current": row["year"] == year}
            for row in queries.years(news)
        ],
    }  # fmt: skip
    return render(request, page.get_template(request), context, status=status)


def _list(request: HttpRequest, page: NewsIndexPage, news: Any, topic: str, year: int) -> tuple[dict[str, Any], int]:
    typed, message, status = request.GET.get("page", "1"), "", 200
    pages = Paginator(news.prefetch_related("topics"), SIZE)
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    if not 1 <= number <= MOST_PAGES:
        number, message, status = 1, _("A page's number is a whole number from 1."), 400
    try:
        shown = pages.page(number)
    except EmptyPage:
        shown, number, message, status = pages.page(1), 1, _("There is no more news than this."), 404
    addresses = in_every_language(page, request, topic=topic, year=year)
    here = addresses[content_language()]
    absolute = {code: request.build_absolute_uri(url) for code, url in addresses.items()}
    context = {
        "stories": [story(item, page, request) for item in shown],
        "total": shown.paginator.count,
        "previous": f"{here}?page={number - 1}" if number > 2 else here if number == 2 else "",
        "next": f"{here}?page={number + 1}" if shown.has_next() else "",
        "message": message,
        "language_urls": addresses,
        "canonical": absolute[content_language()] + (f"?page={number}" if number > 1 else ""),
        "alternates": [{"lang_code": c, "location": u} for c, u in absolute.items()] if number == 1 else [],
    }
    return context, status


def story(page: NewsPage, index: Page | None, request: HttpRequest | None = None) -> dict[str, Any]:
    """What lists show of a piece of news; its topics have been prefetched."""
    return {
        "title": text_of(page, "title"),
        "lead": text_of(page, "lead"),
        "date": page.date,
        "url": page.get_url(request) or "",
        "topics": topic_links(page, index, request),
    }


def topic_links(page: NewsPage, index: Page | None, request: HttpRequest | None = None) -> list[dict[str, Any]]:
    return [
        {"name": text_of(topic, "name"), "url": address(index, request, topic=topic.code) if index else ""}
        for topic in page.topics.all()
    ]


def _crumbs(request: HttpRequest, page: NewsIndexPage, heading: Any, year: int, url: str) -> list[dict[str, str]]:
    found = navigation.crumbs(page, request)
    if heading:
        found.append({"label": str(heading), "language": heading.language, "url": url})
    elif year:
        found.append({"label": str(year), "language": "", "url": url})
    return found


def news_context(request: HttpRequest, page: NewsPage) -> dict[str, Any]:
    """What a piece of news shows besides its texts. A constant number of queries."""
    index = page.get_parent()
    wanted = [row.related_id for row in page.relations.all()]
    public = {found.pk: found for found in Page.objects.live().public().filter(pk__in=wanted)}
    about = [_relation(public[number], request) for number in dict.fromkeys(wanted) if number in public]
    return {
        "topic_links": topic_links(page, index, request),
        "suppliers": [line for line in about if line["supplier"]],
        "others": [line for line in about if not line["supplier"]],
        "index_url": index.get_url(request) if index else "",
        "feed_url": address(index, request, feed=True) if index else "",
    }


def _relation(related: Page, request: HttpRequest) -> dict[str, Any]:
    supplier = issubclass(related.specific_class or Page, EnterprisePage)
    return {"title": text_of(related, "title"), "url": related.get_url(request) or "", "supplier": supplier}
