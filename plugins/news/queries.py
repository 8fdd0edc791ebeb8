"""Which news readers are shown: every list, feed and answer asks here."""

from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear

from home.models import Page
from plugins.news.models import NewsIndexPage, NewsPage, NewsTopic


def index_page() -> NewsIndexPage | None:
    """The list that announcements are added to: the first public one of the tree."""
    return NewsIndexPage.objects.live().order_by("path").first()


def public_news(below: Page | None = None) -> QuerySet[NewsPage]:
    """Published, open to everybody, newest first."""
    found = NewsPage.objects.live().public().order_by("-date", "-pk")
    return found.descendant_of(below) if below is not None else found


def topics(news: QuerySet[NewsPage]) -> QuerySet[NewsTopic]:
    """The topics of these news, each with `total`, the number of them."""
    numbers = news.order_by().values("pk")
    return NewsTopic.objects.filter(news__in=numbers).annotate(total=Count("news")).order_by("-total", "code")


def years(news: QuerySet[NewsPage]) -> list[dict[str, Any]]:
    """`[{"year": 2026, "total": 8}, …]`, the latest first."""
    counted = news.order_by().annotate(year=ExtractYear("date")).values("year").annotate(total=Count("pk"))
    return list(counted.order_by("-year"))


def about(page: Page) -> QuerySet[NewsPage]:
    """News that says that it is about this page."""
    return public_news().filter(relations__related=page.pk).distinct()
