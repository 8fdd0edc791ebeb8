"""Twelve made-up pieces of news, dated back from the day of loading.

Running it again adds nothing: what has been added once is remembered by the log, whatever became of the page.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import ngettext

from directory.demo.content import Entry, read
from directory.demo.loader import add_page, new_links, pages_added_before
from directory.demo.pictures import picture
from directory.demo.users import AUTHOR
from home.models import Page
from plugins.news.models import NewsIndexPage, NewsPage, NewsRelation, NewsTopic
from torv.languages import DEFAULT, OTHERS, localized

FILE = Path(__file__).parent / "news.yaml"
PICTURES = Path(__file__).parent / "pictures.yaml"
SIZE = (960, 540)
KEYS = UUID("c3a1f0de-52f3-4c39-9a55-4f1a9be2d0c7")


def load_news(home: Page) -> str:
    """Add what was never there, and say how much that was."""
    written = read(FILE)
    before = pages_added_before()
    author = get_user_model().objects.filter(username=AUTHOR).first()
    for code, names in written["topics"].items():
        NewsTopic.objects.get_or_create(code=code, defaults=_columns({"name": names}, "name"))
    topics = {topic.code: topic for topic in NewsTopic.objects.all()}
    index = NewsIndexPage.objects.child_of(home).first() or _index(home, written["index"], author)
    drawings = read(PICTURES)
    number = 0
    for entry in written["news"]:
        if entry["key"] not in before:
            page = describe(entry)
            page.topics = [topics[code] for code in entry["topics"]]
            _illustrate(page, entry, drawings)
            _add(index, page, entry, before, author)
            number += 1
        else:
            _link(entry, before, author)
    return ngettext("%(n)d news item added", "%(n)d news items added", number) % {"n": number}


def _index(home: Page, entry: Entry, author: Any) -> NewsIndexPage:
    page = NewsIndexPage(show_in_menus=True, **_slugs(entry), **_columns(entry, "title", "introduction"))
    page = add_page(home, page, entry["key"], author)
    page.full_clean()
    page.save_revision(user=author).publish(user=author)
    return NewsIndexPage.objects.get(pk=page.pk)


def _illustrate(page: NewsPage, entry: Entry, drawings: Mapping[str, Entry]) -> None:
    drawn = drawings.get(entry["key"])
    if drawn is None:
        return
    page.picture = picture(drawn["alt"][DEFAULT], entry["key"], drawn["shapes"], SIZE)
    for name, text in _columns({"picture_alt": drawn["alt"]}, "picture_alt").items():
        setattr(page, name, text)


def _add(index: NewsIndexPage, page: NewsPage, entry: Entry, known: dict[str, int], author: Any) -> None:
    page.first_published_at = timezone.make_aware(dt.datetime.combine(page.date, dt.time(9)))
    page = add_page(index, page, entry["key"], author)
    page.relations = _relations(entry, known)
    page.full_clean()
    page.save_revision(user=author).publish(user=author)


def _link(entry: Entry, known: dict[str, int], author: Any) -> None:
    """Lead to what was not there when the news was added, unless an editor is at work on it."""
    page = NewsPage.objects.live().filter(pk=known[entry["key"]], has_unpublished_changes=False).first()
    if page is None:
        return
    present = {row.related_id for row in page.relations.all()}
    new = [row for row in _relations(entry, known) if row.related_id not in present]
    if new:
        page.relations.add(*new)
        page.save_revision(user=author).publish(user=author)


def _relations(entry: Entry, known: dict[str, int]) -> list[NewsRelation]:
    wanted = entry.get("about", [])
    return [
        NewsRelation(key=uuid5(KEYS, f"{entry['key']}/{name}"), sort_order=wanted.index(name), related=found)
        for name, found in new_links(entry["key"], wanted, known).items()
    ]


def describe(entry: Entry, today: dt.date | None = None) -> NewsPage:
    """The piece of news in memory, without what it leads to."""
    day = (today or timezone.localdate()) - dt.timedelta(days=entry["days_ago"])
    page = NewsPage(date=day, **_slugs(entry), **_columns(entry, "title", "lead"))
    for language, text in entry["body"].items():
        column = localized("body", language)
        paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
        html = "".join(f"<p>{escape(part)}</p>" for part in paragraphs if part)
        stream = page._meta.get_field(column).stream_block
        setattr(page, column, stream.to_python([{"type": "text", "value": html}]))
    return page


def _slugs(entry: Entry) -> dict[str, str]:
    slugs = entry["slugs"]
    return {"slug": slugs[DEFAULT], **{f"slug_{language}": slugs.get(language, "") for language in OTHERS}}


def _columns(entry: Entry, *fields: str) -> dict[str, str]:
    """``{"title_sv": "…"}``: the columns of the texts that are there."""
    return {
        localized(field, language): text.strip() for field in fields for language, text in entry.get(field, {}).items()
    }
