"""What meetings contribute to the site."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import ngettext

from plugins.meetings import presenting, queries
from plugins.meetings.api import router
from plugins.meetings.demo.loader import load_meetings
from plugins.meetings.panels import NextMeetingsPanel
from plugins.meetings.registration.panels import RegistrationsPanel
from plugins.meetings.registration.views import URLS
from plugins.meetings.search import MEETINGS
from plugins.meetings.views.addresses import feed_url
from search.sources import Source
from torv.languages import content_language
from torv.plugins import hookimpl
from torv.plugins.hookspecs import FrontPageSection, RelatedItem, RelatedItems

NEXT = 3  # meetings on the front page
RELATED = 5  # meetings beneath a network's page

EDITORS = "Editors"


@hookimpl
def search_sources() -> Iterator[Source]:
    """Meetings, by date, network, place, status and topic."""
    yield MEETINGS


@hookimpl
def api_routers() -> list[tuple[str, Any]]:
    """`/api/v3/meetings/` with one meeting by its id, and `/api/v3/meetings/calendar/`."""
    return [("", router)]


@hookimpl
def site_urls() -> list[Any]:
    """Registering, and what the links in mails lead to."""
    return URLS


@hookimpl(trylast=True)  # the networks whose meetings these are come from another plugin
def demo_content(home: Any) -> Iterator[str]:
    """A calendar with a meeting of 2020 that was cancelled, and what is to come from the day of loading."""
    yield load_meetings(home)


@hookimpl
def front_page_sections(home: Any, language: str) -> Iterator[FrontPageSection]:
    """The next meetings that take place."""
    calendar = queries.calendar_page()
    entries = [presenting.entry(occurrence) for occurrence in queries.next_meetings(NEXT)]
    if calendar and entries:
        context = {"entries": entries, "calendar_url": calendar.get_url() or "/"}
        yield FrontPageSection("meetings/parts/next.html", context, position=20)


@hookimpl
def related_items(page: Any, language: str) -> Iterator[RelatedItems]:
    """The meetings of a network or project: those to come, or the last there were."""
    mine = queries.public_occurrences().filter(page__network=page.pk)
    if shown := list(queries.upcoming(mine)[:RELATED]):
        heading = ngettext("Coming meeting", "Coming meetings", len(shown))
    elif shown := list(queries.past(mine)[:RELATED]):
        heading = ngettext("Past meeting", "Past meetings", len(shown))
    else:
        return
    calendar = queries.calendar_page()
    query = f"network={page.pk}"
    yield RelatedItems(
        heading,
        [_related(occurrence) for occurrence in shown],
        url=f"{calendar.get_url()}?{query}" if calendar else "",
        calendar=feed_url(calendar, query=query) if calendar else "",
        position=20,
    )


def _related(occurrence: Any) -> RelatedItem:
    entry = presenting.entry(occurrence)
    return RelatedItem(
        title=str(entry.title),
        language=entry.title.language or content_language(),
        url=entry.url,
        date=occurrence.starts_at,
        note=", ".join(part for part in (entry.hours, entry.where) if part),
        badge=entry.badge.label if entry.badge and occurrence.status != "scheduled" else "",
    )


@hookimpl
def dashboard_panels(request: Any) -> Iterator[Any]:
    """The next meetings, for whoever may do something about them."""
    if request.user.has_perm("meetings.change_status"):
        yield NextMeetingsPanel()
    if request.user.has_perm("meetings.manage_registrations"):
        yield RegistrationsPanel(request.user)


@hookimpl
def role_permissions(role: str) -> Iterable[str]:
    """Editors say whether meetings take place and see who comes; needs for food and access take a permission more."""
    if role != EDITORS:
        return []
    return ["meetings.change_status", "meetings.manage_registrations", "meetings.view_needs"]
