"""The calendar: what comes, what was, month by month, and as a feed for calendar programs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from wagtail.url_routing import RouteResult

from home import navigation
from plugins.meetings import calendars, queries, schedule
from plugins.meetings.holidays import holidays
from plugins.meetings.models import CalendarPage, Occurrence
from plugins.meetings.presenting import Entry, entry, local, month_words, short_day
from plugins.meetings.queries import Filters
from plugins.meetings.views.addresses import (
    FEED,
    PAST,
    YEAR_AND_MONTH,
    feed_url,
    in_every_language,
    is_one_of,
)
from torv.languages import content_language
from torv.text import text_of

SIZE = 24  # meetings on a page of a list
MOST_PAGES = 10_000


class Refused(ValueError):
    """Parameters that make no sense; the message says so to the reader."""


def calendar_route(page: CalendarPage, components: list[str]) -> RouteResult | None:
    """The views below the calendar's address; None for its own address and for meetings."""
    if not components:
        return None
    path = "/".join(components)
    if len(components) == 1 and is_one_of(path, PAST):
        return _live(page, view="past")
    if len(components) == 1 and is_one_of(path, FEED):
        return _live(page, view="feed")
    if match := YEAR_AND_MONTH.fullmatch(path):
        year, month = int(match[1]), int(match[2])
        if not (schedule.FIRST_YEAR <= year <= schedule.LAST_YEAR and 1 <= month <= 12):
            raise Http404
        return _live(page, view="month", year=year, month=month)
    return None


def _live(page: CalendarPage, **kwargs: Any) -> RouteResult:
    if not page.live:
        raise Http404
    return RouteResult(page, kwargs=kwargs)


def serve_calendar(request: HttpRequest, page: CalendarPage, view: str, **kwargs: Any) -> HttpResponse:
    """A list (`upcoming`, `past`), a `month` (year, month) or the `feed`.

    400 with a sentence for parameters that make no sense, 404 for a page after the last one.
    """
    choices = _choices(page) if view != "feed" else {}
    try:
        filters, message = read_filters(request.GET, choices), ""
    except Refused as error:
        filters, message = Filters(), str(error)
    if view == "feed":
        if message:
            return HttpResponse(message + "\n", status=400, content_type="text/plain; charset=utf-8")
        return calendars.serve_feed(request, page, filters)
    context = {
        "page": page,
        "view": view,
        "filters": filters,
        "choices": choices,
        "crumbs": navigation.crumbs(page, request),
        **_subscribe(request, page, filters),
    }
    status = 400 if message else 200
    occurrences = filters.apply(queries.with_places(queries.public_occurrences(page)))
    if view == "month":
        context |= _month(request, page, occurrences, filters, **kwargs)
    else:
        try:
            context |= _list(request, page, occurrences, filters, view)
        except Refused as error:
            message, status = str(error), 400
            context |= _list(request, page, occurrences, filters, view, number=1)
        except EmptyPage:
            message, status = _("There are no more meetings than these."), 404
            context |= _list(request, page, occurrences, filters, view, number=1)
    context["message"] = message
    return render(request, page.get_template(request), context, status=status)


# ---- what was asked -------------------------------------------------------------------------------------------------
def _choices(page: CalendarPage) -> dict[str, Any]:
    networks = [{"code": str(n.pk), "name": text_of(n, "title")} for n in queries.networks(page)]
    places = [{"code": place.code, "name": text_of(place, "name")} for place in queries.places(page)]
    return {"networks": networks, "places": places, "online": queries.has_online(page)}


def read_filters(params: Mapping[str, str], choices: dict[str, Any] | None = None) -> Filters:
    """Network and place of a list or feed. Raises Refused for those that there are none of."""
    network, place = params.get("network", "").strip(), params.get("place", "").strip()
    known = {choice["code"] for choice in (choices or {}).get("networks", ())}
    number = int(network) if network in known else queries.network_of(network) if network else None
    if network and number is None:
        raise Refused(_("There is no network “%(code)s” with meetings here.") % {"code": network[:40]})
    offered = {choice["code"] for choice in (choices or {}).get("places", ())}
    if place and place not in offered and not queries.is_place(place):
        raise Refused(_("There is no place “%(code)s” here.") % {"code": place[:40]})
    return Filters(network=number, place=place)


def _query(filters: Filters, **others: Any) -> str:
    given = {"network": filters.network, "place": filters.place, **others}
    return urlencode({name: value for name, value in given.items() if value})


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def _subscribe(request: HttpRequest, page: CalendarPage, filters: Filters) -> dict[str, str]:
    url = feed_url(page, request, query=_query(filters))
    return {"feed": url, "feed_whole": request.build_absolute_uri(url)}


# ---- lists ----------------------------------------------------------------------------------------------------------
def _list(
    request: HttpRequest, page: CalendarPage, occurrences: Any, filters: Filters, view: str, number: int | None = None
) -> dict[str, Any]:
    found = queries.past(occurrences) if view == "past" else queries.upcoming(occurrences)
    typed = request.GET.get("page", "1")
    if number is None:
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
        if not 1 <= number <= MOST_PAGES:
            raise Refused(_("A page's number is a whole number from 1."))
    shown = Paginator(found, SIZE).page(number)
    entries = [entry(occurrence, request) for occurrence in shown]
    addresses = in_every_language(page, request, {code: f"{PAST[code]}/" for code in PAST} if view == "past" else "")
    here = addresses[content_language()]
    context = _addresses(request, addresses, filters, plain=number == 1)
    context |= {
        "groups": _by_month(entries),
        "total": shown.paginator.count,
        "previous": _with(here, _query(filters, page=number - 1)) if shown.has_previous() else "",
        "next": _with(here, _query(filters, page=number + 1)) if shown.has_next() else "",
        "number": number,
        "pages": shown.paginator.num_pages,
        "views": _views(page, request, filters, view),
        "action": here,
    }
    if view == "past":
        context["crumbs"] = [
            *navigation.crumbs(page, request), {"label": _("Past meetings"), "language": "", "url": here},
        ]  # fmt: skip
    return context


def _by_month(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Months in the order of the list; what has no date yet stands last, under its own heading."""
    groups: list[dict[str, Any]] = []
    undated = [e for e in entries if e.occurrence.status == "postponed"]
    for one in entries:
        if one in undated:
            continue
        start = local(one.occurrence, one.occurrence.starts_at)
        heading = month_words(start)
        if not groups or groups[-1]["heading"] != heading:
            groups.append({"heading": heading, "entries": []})
        groups[-1]["entries"].append(one)
    if undated:
        groups.append({"heading": _("New date to come"), "entries": undated})
    return groups


def _views(page: CalendarPage, request: HttpRequest, filters: Filters, current: str) -> list[dict[str, Any]]:
    base = page.get_url(request) or "/"
    today, query = timezone.localdate(), _query(filters)
    addresses = {
        "upcoming": (_("Coming meetings"), base),
        "month": (_("Month by month"), f"{base}{today:%Y/%m}/"),
        "past": (_("Past meetings"), f"{base}{PAST[content_language()]}/"),
    }
    return [
        {"label": label, "url": _with(url, query), "current": name == current}
        for name, (label, url) in addresses.items()
    ]


def _addresses(request: HttpRequest, addresses: dict[str, str], filters: Filters, plain: bool) -> dict[str, Any]:
    query = _query(filters)
    absolute = {code: request.build_absolute_uri(url) for code, url in addresses.items()}
    return {
        "language_urls": {code: _with(url, query) for code, url in addresses.items()},
        "alternates": [{"lang_code": c, "location": url} for c, url in absolute.items()] if plain and not query else [],
        "canonical": absolute[content_language()],
    }


# ---- the month ------------------------------------------------------------------------------------------------------
def _month(
    request: HttpRequest, page: CalendarPage, occurrences: Any, filters: Filters, year: int, month: int
) -> dict[str, Any]:
    first_shown, last_shown = queries.month_span(year, month)
    found = [entry(o, request) for o in queries.in_days(occurrences, first_shown, last_shown)]
    first = dt.date(year, month, 1)
    addresses = in_every_language(page, request, f"{year:04}/{month:02}/")
    here = addresses[content_language()]
    context = _addresses(request, addresses, filters, plain=True)
    inside = [one for one in found if _starts(one.occurrence).replace(day=1) == first]
    before, after = first - dt.timedelta(days=1), (first + dt.timedelta(days=32)).replace(day=1)
    context |= {
        "month": month_words(first),
        "month_within": formats.date_format(first, "F Y"),
        "weeks": weeks(found, first_shown, last_shown, first),
        "weekdays": [_weekday(first_shown + dt.timedelta(days=n)) for n in range(7)],
        "groups": [{"heading": "", "entries": inside}] if inside else [],
        "total": len(inside),
        "earlier": _step(page, request, filters, before) if before.year >= schedule.FIRST_YEAR else None,
        "later": _step(page, request, filters, after) if after.year <= schedule.LAST_YEAR else None,
        "views": _views(page, request, filters, "month"),
        "action": here,
        "crumbs": [*navigation.crumbs(page, request), {"label": month_words(first), "language": "", "url": here}],
    }
    return context


def _step(page: CalendarPage, request: HttpRequest, filters: Filters, day: dt.date) -> dict[str, str]:
    url = f"{page.get_url(request)}{day:%Y/%m}/"
    return {"url": _with(url, _query(filters)), "label": month_words(day)}


def _weekday(day: dt.date) -> str:
    return formats.date_format(day, "l")


def _starts(occurrence: Occurrence) -> dt.date:
    return local(occurrence, occurrence.starts_at).date()


def weeks(entries: Sequence[Entry], first: dt.date, last: dt.date, month: dt.date) -> list[dict[str, Any]]:
    """The rows of the month's table: `{number, days: [{date, outside, red, name, slots}]}`."""
    slots: dict[dt.date, list[dict[str, Any]]] = {}
    for one in entries:
        occurrence = one.occurrence
        day, end = _starts(occurrence), local(occurrence, occurrence.ends_at - dt.timedelta(seconds=1)).date()
        label = one.badge.label if one.badge and occurrence.status != "scheduled" else ""
        while day <= end:
            slots.setdefault(day, []).append({"entry": one, "off": one.off, "label": label, "time": one.hours})
            day += dt.timedelta(days=1)
        if occurrence.previous_starts_at:
            old, new = local(occurrence, occurrence.previous_starts_at).date(), _starts(occurrence)
            if old != new:
                moved = _("Moved to %(day)s") % {"day": short_day(new)}
                slots.setdefault(old, []).append({"entry": one, "off": True, "label": moved, "time": ""})
    language, free = content_language(), {}
    for year in {first.year, last.year}:
        free.update(holidays(year, language))
    today, rows = timezone.localdate(), []
    for start in range(0, (last - first).days + 1, 7):
        days = [first + dt.timedelta(days=start + n) for n in range(7)]
        rows.append(
            {
                "number": days[0].isocalendar().week,
                "days": [
                    {
                        "date": day,
                        "outside": day.month != month.month,
                        "month": formats.date_format(day, "F"),
                        "red": day.weekday() == 6 or day in free,
                        "name": free.get(day, ""),
                        "today": day == today,
                        "slots": slots.get(day, []),
                    }
                    for day in days
                ],
            }
        )
    return rows
