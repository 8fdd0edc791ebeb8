"""Writing news without an editor's form."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import override

from home.models import Page
from home.slugs import free_slug, slug_from
from plugins.news.models import NewsIndexPage, NewsPage, NewsRelation, NewsTopic
from plugins.news.queries import index_page
from torv.languages import DEFAULT, LANGUAGES, fallback_chain, localized

LONGEST_TITLE, LONGEST_LEAD, LONGEST_SLUG = 255, 500, 80


@transaction.atomic
def publish_news(*, titles: Mapping[str, str], leads: Mapping[str, str], about: Page, by: Any) -> NewsPage | None:
    """Write a news item about a page and publish it; None where the site has no list of news.

    `titles` and `leads`: language -> plain text; the item is public in the languages of its titles.

    :raises PermissionDenied: the user may not publish news.
    :raises ValueError: there is no title in any language.
    """
    index = index_page()
    if index is None:
        return None
    if by is None or not index.permissions_for_user(by).can_publish_subpage():
        raise PermissionDenied
    headlines = {code: text for code in LANGUAGES if (text := one_line(titles.get(code, ""))[:LONGEST_TITLE])}
    if not headlines:
        raise ValueError("news without a title")
    page = NewsPage(slug=_free_slug(index, headlines))
    for code, text in headlines.items():
        setattr(page, localized("title", code), text)
        setattr(page, localized("lead", code), Truncator(one_line(leads.get(code, ""))).chars(LONGEST_LEAD))
    page.live = False
    page.relations = [NewsRelation(related_id=about.pk)]
    # A topic that is named like what the page is (its app: "meetings") is where readers look for it.
    page.topics = list(NewsTopic.objects.filter(code=about.specific_class._meta.app_label))
    with override(DEFAULT):
        index.add_child(instance=page)
        page.save_revision(user=by, log_action=True).publish(user=by)
    return NewsPage.objects.get(pk=page.pk)


def one_line(text: str) -> str:
    """Text without line breaks and control characters: it becomes a headline, a feed's title, part of a head."""
    kept = (" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join("".join(kept).split())


def _free_slug(index: NewsIndexPage, titles: Mapping[str, str]) -> str:
    language = next(code for code in fallback_chain(DEFAULT) if code in titles)
    return free_slug(index, slug_from(titles[language], language, LONGEST_SLUG) or "news")
