"""One meeting's page, the page of one date of a series, and the meeting as a file for calendars."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.url_routing import RouteResult

from home import navigation
from plugins.meetings import calendars, jsonld, queries
from plugins.meetings.models import MeetingPage, Occurrence, Status
from plugins.meetings.presenting import (
    date_slug,
    day_words,
    entry,
    leaf_month,
    local,
    registration_state,
    short_day,
    spoken_names,
    status_badge,
    time_within,
    time_words,
    whole_time,
)
from plugins.meetings.views.addresses import DAY, FEED, feed_url, in_every_language, is_one_of, segment
from plugins.meetings.wording import banners
from torv.languages import LANGUAGES, content_language, fallback_chain
from torv.text import Text, text_of

DATES = 12  # dates of a series that its page lists


def meeting_route(page: MeetingPage, components: list[str]) -> RouteResult | None:
    """The calendar file, and the dates of a series; None for the page's own address."""
    if len(components) != 1:
        return None
    if is_one_of(components[0], FEED):
        return _live(page, view="feed")
    if page.is_series and DAY.fullmatch(components[0]):
        return _live(page, view="date", day=components[0])
    return None


def _live(page: MeetingPage, **kwargs: Any) -> RouteResult:
    if not page.live:
        raise Http404
    return RouteResult(page, kwargs=kwargs)


def serve_meeting(request: HttpRequest, page: MeetingPage, view: str, **kwargs: Any) -> HttpResponse:
    """The page (also of a meeting that was cancelled: 200), one `date` (day) of a series, or the `feed`."""
    if view == "feed":
        return calendars.serve_meeting_file(request, page)
    return render(request, page.get_template(request), meeting_context(request, page, kwargs.get("day", "")))


def meeting_context(request: HttpRequest, page: MeetingPage, day: str = "") -> dict[str, Any]:
    """Everything the page shows. A constant number of queries, however many dates and registrations there are.

    :raises Http404: the series has no such date.
    """
    dates = _dates(page, request)
    occurrence = _chosen(page, dates, day)
    chosen_day = date_slug(occurrence) if day and page.is_series else ""
    addresses = in_every_language(page, request, f"{chosen_day}/" if chosen_day else "")
    state = registration_state(occurrence)
    change = occurrence.status_changes.first() if occurrence.pk and occurrence.status != Status.SCHEDULED else None
    context = {
        "page": page,
        "occurrence": occurrence,
        "one_date": bool(chosen_day),
        "place": occurrence.place,
        "registration": state,
        "badge": status_badge(occurrence, state),
        "banners": _banners(occurrence),
        "banner_lead": _banner_lead(occurrence),
        "reason": reason_of(occurrence),
        "change": change,
        "when": whole_time(occurrence),
        "when_within": time_within(occurrence),
        "was": _was(occurrence),
        "leaf": _leaf(occurrence),
        "programme": _programme(page),
        "contacts": list(page.contacts.all()),
        "documents": list(page.documents.select_related("document")),
        "spoken": spoken_names(page.languages_spoken),
        "dates": _other_dates(page, dates, occurrence, chosen_day, request),
        "network": _network(page, request),
        "online": online_words(occurrence),
        "map_url": map_url(occurrence),
        "calendar_file": feed_url(page, request),
        "shown": text_of(page, "introduction").language or text_of(page, "title").language,
        "linked_data": jsonld.script(_linked_data(page, dates, occurrence, chosen_day, request)),
        "crumbs": _crumbs(page, occurrence, chosen_day, request),
    }
    if chosen_day:
        absolute = {code: request.build_absolute_uri(url) for code, url in addresses.items()}
        context["language_urls"] = addresses
        context["alternates"] = [
            {"lang_code": code, "location": absolute[code]} for code in LANGUAGES if page.has_translation(code)
        ]
        context["canonical"] = absolute[page.shown_language]
    return context


# ---- which date -----------------------------------------------------------------------------------------------------
def _dates(page: MeetingPage, request: HttpRequest) -> list[Occurrence]:
    """The meeting's dates in order. A preview has those of the draft's schedule."""
    known: list[Occurrence] = []
    if page.pk:
        rows = queries.with_places(Occurrence.objects.filter(page_id=page.pk, withdrawn=False).order_by("starts_at"))
        known = list(rows.select_related("municipality"))
    if getattr(request, "is_preview", False) or not known:
        by_identity = {occurrence.recurrence_id: occurrence for occurrence in known}
        known = [
            by_identity.get(slot.recurrence_id)
            or Occurrence(recurrence_id=slot.recurrence_id, starts_at=slot.starts_at, ends_at=slot.ends_at)
            for slot in page.slots
        ]
    for occurrence in known:
        occurrence.page = page
    return known


def _chosen(page: MeetingPage, dates: list[Occurrence], day: str) -> Occurrence:
    """The date that was asked for; else the next that takes place, else the next, else the last."""
    if day:
        # Mails that were sent before the series met on another day lead by the old one.
        invited = [o for o in dates if o.invited_as and local(o, o.invited_as).date().isoformat() == day]
        dates = [occurrence for occurrence in dates if date_slug(occurrence) == day] or invited
    if not dates:
        raise Http404
    now = timezone.now()
    coming = [occurrence for occurrence in dates if occurrence.ends_at >= now]
    taking_place = [occurrence for occurrence in coming if occurrence.takes_place]
    return next(iter(taking_place), None) or next(iter(coming), None) or dates[-1]


def _other_dates(
    page: MeetingPage, dates: list[Occurrence], chosen: Occurrence, day: str, request: HttpRequest
) -> list[dict[str, Any]]:
    if not page.is_series:
        return []
    return [{"entry": entry(o, request), "current": bool(day) and o is chosen} for o in _shown(dates)]


def _shown(dates: list[Occurrence]) -> list[Occurrence]:
    """Those of a series that its page tells of: the next, or the last there were."""
    now = timezone.now()
    coming = [occurrence for occurrence in dates if occurrence.ends_at >= now]
    return coming[:DATES] or dates[-DATES:]


def _linked_data(
    page: MeetingPage, dates: list[Occurrence], chosen: Occurrence, day: str, request: HttpRequest
) -> dict[str, Any]:
    if page.is_series and not day:
        return jsonld.series(page, _shown(dates), request)
    return jsonld.event(page, chosen, request)


def _crumbs(page: MeetingPage, occurrence: Occurrence, day: str, request: HttpRequest) -> list[dict[str, str]]:
    found = navigation.crumbs(page, request)
    if day:
        label = short_day(local(occurrence, occurrence.recurrence_id))
        found.append({"label": label, "language": "", "url": request.path})
    return found


# ---- what is said about it ------------------------------------------------------------------------------------------
def reason_of(occurrence: Occurrence, language: str | None = None) -> Text:
    """Why it was changed, for the reader, or in the language that stands in."""
    for candidate in fallback_chain(content_language(language)):
        if text := getattr(occurrence, f"reason_{candidate}").strip():
            return Text(text, candidate)
    return Text("", "")


def _banners(occurrence: Occurrence) -> dict[str, Any]:
    """`word`: in the reader's language. `others`: (language, word) of the other ones. {} where there is nothing."""
    words = banners(occurrence.status)
    if not words:
        return {}
    reader = content_language()
    return {
        "word": words[reader],
        "others": [(code, words[code]) for code in LANGUAGES if code != reader],
        "stop": occurrence.status == Status.CANCELLED,
    }


def _banner_lead(occurrence: Occurrence) -> str:
    day = day_words(local(occurrence, occurrence.starts_at))
    if occurrence.status == Status.CANCELLED:
        return _("The meeting on %(day)s is not held.") % {"day": day}
    if occurrence.status == Status.POSTPONED:
        return _("The meeting on %(day)s is postponed. A new date is to come.") % {"day": day}
    if occurrence.status == Status.MOVED and occurrence.previous_starts_at:
        return _("The meeting has a new time: %(time)s.") % {"time": time_within(occurrence)}
    if occurrence.status == Status.MOVED:
        return _("The meeting has a new place: %(place)s.") % {"place": occurrence.venue or _("online")}
    return ""


def _was(occurrence: Occurrence) -> dict[str, str]:
    """The time and place that a moved meeting had, and the time of one that does not take place."""
    found = {}
    if occurrence.previous_starts_at and occurrence.previous_ends_at:
        found["when"] = whole_time(occurrence, occurrence.previous_starts_at, occurrence.previous_ends_at)
    if occurrence.previous_venue:
        found["where"] = occurrence.previous_venue
    return found


def _leaf(occurrence: Occurrence) -> dict[str, str]:
    start = local(occurrence, occurrence.starts_at)
    return {"iso": start.isoformat(timespec="minutes"), "day": str(start.day), "month": leaf_month(start)}


def _programme(page: MeetingPage) -> list[dict[str, Any]]:
    """Each item until the next one starts, the last until the meeting ends."""
    items = sorted(page.programme.all(), key=lambda item: (item.sort_order or 0, item.starts))
    found = []
    for place, item in enumerate(items):
        end = items[place + 1].starts if place + 1 < len(items) else page.end_time
        time = time_words(item.starts) + (f"–{time_words(end)}" if end > item.starts else "")
        found.append({"time": time, "title": text_of(item, "title"), "speakers": item.speakers})
    return found


def _network(page: MeetingPage, request: HttpRequest) -> dict[str, Any]:
    """Whose meeting it is, with the way to its other meetings; {} for nobody's or a page that is not public."""
    network: Any = page.network
    if network is None or not network.live:
        return {}
    calendar = (page.get_url(request) or "/").rstrip("/").rpartition("/")[0]
    return {
        "name": text_of(network, "title"),
        "url": network.get_url(request) or "/",
        "meetings": f"{calendar}/?network={network.pk}",
        "calendar": f"{calendar}/{segment(FEED)}?network={network.pk}",
    }


def online_words(occurrence: Occurrence) -> dict[str, str]:
    """`url` of the online meeting; without one where only registered people are given it."""
    place: Any = occurrence.place
    page: Any = occurrence.page
    if not place.online_url:
        return {}
    if page.registration == MeetingPage.RegistrationMode.HERE:
        return {"text": _("The link comes with the confirmation.")}
    return {"url": place.online_url}


def map_url(occurrence: Occurrence) -> str:
    """A plain link to the place on a map; nothing of it is loaded with the page."""
    return f"https://www.openstreetmap.org/search?query={quote(occurrence.venue)}" if occurrence.venue else ""
