"""A meeting in schema.org's words, for search engines: an Event that says whether it takes place.

A series is an EventSeries with its dates as `subEvent`; each date has a page of its own, an Event with `superEvent`.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from plugins.meetings.models import MeetingPage, Occurrence, Status
from plugins.meetings.presenting import date_slug, deadline_of, local, registration_state
from torv.text import text_of

VOCABULARY = "https://schema.org"
STATES = {
    Status.SCHEDULED: "EventScheduled",
    Status.CANCELLED: "EventCancelled",
    Status.POSTPONED: "EventPostponed",
    Status.MOVED: "EventRescheduled",
}
_FREE = re.compile(r"(gratis|kostnadsfri|fri entr[eé]|free|ingen|none|0)\b", re.IGNORECASE)
_PRICE = re.compile(r"\D*?(\d{1,3}(?:[. \u00a0]\d{3})+|\d+)(?:[,.](\d\d))?\D*")
_CURRENCIES = {"EUR": r"€|\beuro?\b", "SEK": r"\bsek\b", "DKK": r"\bdkk\b"}


#: What is told of each date of a series; the rest stands on the date's own page.
BRIEFLY = (
    "@type", "@id", "name", "url", "startDate", "endDate", "eventStatus", "previousStartDate", "eventAttendanceMode",
    "location", "organizer", "offers",
)  # fmt: skip


def script(data: dict[str, Any]) -> str:
    """JSON for a script element: safe inside HTML."""
    text = json.dumps({"@context": VOCABULARY, **data}, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def event(page: MeetingPage, occurrence: Occurrence, request: HttpRequest) -> dict[str, Any]:
    """schema.org/Event of one date. Without what is not known."""
    title, introduction = text_of(page, "title"), text_of(page, "introduction")
    # A new place at the old time is no new date: vocabulary and search engines call only that rescheduled.
    status: Any = Status(occurrence.status)
    if status == Status.MOVED and not occurrence.previous_starts_at:
        status = Status.SCHEDULED
    if occurrence.withdrawn:
        status = Status.CANCELLED
    data = {
        "@type": "Event",
        "@id": f"{page.get_canonical_url(request)}#{date_slug(occurrence)}",
        "name": str(title),
        "description": str(introduction),
        "inLanguage": page.languages_spoken,
        "url": _url(page, occurrence, request),
        "startDate": _moment(occurrence, occurrence.starts_at),
        "endDate": _moment(occurrence, occurrence.ends_at),
        "eventStatus": f"{VOCABULARY}/{STATES[status]}",
        "eventAttendanceMode": f"{VOCABULARY}/{_mode(occurrence)}",
        "location": _location(page, occurrence, request),
        "organizer": _organizer(page, request),
        "audience": _audience(page),
        "maximumAttendeeCapacity": page.capacity,
        "offers": _offer(page, occurrence, request),
    }
    if status == Status.MOVED:
        data["eventStatus"] = f"{VOCABULARY}/EventRescheduled"
        data["previousStartDate"] = _moment(occurrence, occurrence.previous_starts_at)
    elif status == Status.POSTPONED:
        # Search engines want a start for as long as there is no new one: it is the one that does not hold any more.
        data["previousStartDate"] = _moment(occurrence, occurrence.starts_at)
    if page.is_series:
        data["superEvent"] = {"@type": "EventSeries", **_series(page, request)}
    return _known(data)


def series(page: MeetingPage, dates: Sequence[Occurrence], request: HttpRequest) -> dict[str, Any]:
    """schema.org/EventSeries of these dates, in order."""
    first = event(page, dates[0], request)
    events = [first, *(event(page, date, request) for date in dates[1:])]
    common = ("description", "inLanguage", "location", "organizer", "audience")
    data = {
        "@type": "EventSeries",
        **_series(page, request),
        **{name: first.get(name) for name in common},
        "startDate": _moment(dates[0], min(date.starts_at for date in dates)),
        "endDate": _moment(dates[0], max(date.ends_at for date in dates)),
        "subEvent": [{name: one[name] for name in BRIEFLY if name in one} for one in events],
    }
    return _known(data)


def _series(page: MeetingPage, request: HttpRequest) -> dict[str, str]:
    url = page.get_canonical_url(request)
    return {"@id": f"{url}#series", "name": str(text_of(page, "title")), "url": url}


def _url(page: MeetingPage, occurrence: Occurrence, request: HttpRequest) -> str:
    url = page.get_canonical_url(request)
    return f"{url}{date_slug(occurrence)}/" if page.is_series else url


def _known(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, [], {})}


def _moment(occurrence: Occurrence, moment: Any) -> str:
    return local(occurrence, moment).isoformat(timespec="seconds")


def _mode(occurrence: Occurrence) -> str:
    online, there = bool(occurrence.place.online_url), bool(occurrence.venue)  # type: ignore[attr-defined]
    if online and there:
        return "MixedEventAttendanceMode"
    return "OnlineEventAttendanceMode" if online else "OfflineEventAttendanceMode"


def _location(page: MeetingPage, occurrence: Occurrence, request: HttpRequest) -> Any:
    place: Any = occurrence.place
    found: list[dict[str, Any]] = []
    if occurrence.venue:
        address = {
            "@type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": place.postal_code,
            "addressLocality": place.city,
            "addressCountry": "SE" if page.timezone == "Europe/Stockholm" else "DK",
        }
        found.append(
            {
                "@type": "Place",
                "name": place.venue_name or place.city,
                "address": {name: value for name, value in address.items() if value},
            }
        )
    if place.online_url:
        # A link that only registered people are given is not told here.
        hidden = page.registration == MeetingPage.RegistrationMode.HERE
        found.append(
            {"@type": "VirtualLocation", "url": page.get_canonical_url(request) if hidden else place.online_url}
        )
    return found[0] if len(found) == 1 else found


def _organizer(page: MeetingPage, request: HttpRequest) -> dict[str, str]:
    name = page.organiser
    network: Any = page.network if page.network and page.network.live else None
    if not name and network:
        name = str(text_of(network, "title"))
    found = {"@type": "Organization", "name": name or settings.WAGTAIL_SITE_NAME}
    if network:
        found["url"] = network.get_full_url(request) or ""
    return {key: value for key, value in found.items() if value}


def _audience(page: MeetingPage) -> dict[str, str]:
    text = str(text_of(page, "target_group"))
    return {"@type": "Audience", "audienceType": text} if text else {}


def _offer(page: MeetingPage, occurrence: Occurrence, request: HttpRequest) -> dict[str, Any]:
    """What it costs: as written, and as a number where there is one."""
    cost = str(text_of(page, "cost"))
    if not cost:
        return {}
    offer: dict[str, Any] = {"@type": "Offer", "description": cost, "url": page.get_canonical_url(request)}
    if price := price_of(cost):
        offer["price"] = price
        offer["priceCurrency"] = _currency(page, cost)
    state = registration_state(occurrence)
    if state.is_open or state.state == "elsewhere":
        full = state.state == "waiting"
        offer["availability"] = f"{VOCABULARY}/{'SoldOut' if full else 'InStock'}"
    if deadline := deadline_of(occurrence):
        offer["validThrough"] = _moment(occurrence, deadline)
    return offer


def price_of(cost: str) -> str:
    """A cost in words as schema.org's number: "1250", "99.50", "0"; "" where there is none or more than one."""
    text = cost.strip()
    free = _FREE.match(text)
    if not free and (match := _PRICE.fullmatch(text)):
        return re.sub(r"\D", "", match[1]) + (f".{match[2]}" if match[2] else "")
    return "0" if free and not re.search(r"[1-9]", text) else ""


def _currency(page: MeetingPage, cost: str) -> str:
    named = (code for code, words in _CURRENCIES.items() if re.search(words, cost, re.IGNORECASE))
    return next(named, "SEK" if page.timezone == "Europe/Stockholm" else "DKK")
