"""How fast the calendar is: `python benchmarks/meetings.py 2000`.

For each number of meetings (a tenth of them series, a tenth changed): the feed when nobody has asked for it yet, the
feed again, a reader whose copy is still right, the list, a month, and the queries of each. Everything is made in a
temporary folder; nothing of the site is touched.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site"), str(ROOT / "benchmarks")]
REQUESTS = 20


def set_up(folder: str) -> None:
    os.environ |= {
        "TORV_VAR": folder, "TORV_SECRET_KEY": "only for this run", "DJANGO_SETTINGS_MODULE": "torv.settings.dev",
        "TORV_OUTBOX_WORKER": "true",  # nobody searches here: what the search must learn can wait
    }  # fmt: skip
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)


def fill(number: int) -> None:
    """That many meetings around today, each in three languages."""
    from content import _root
    from django.utils import timezone

    from plugins.meetings.models import CalendarPage, MeetingPage, Occurrence

    home = _root().get_parent().specific
    titles = {"title_da": "Møder", "title_sv": "Träffar", "title_en": "Meetings"}
    slugs = {"slug": "moeder", "slug_sv": "traffar", "slug_en": "meetings"}
    calendar = CalendarPage.objects.first() or home.add_child(instance=CalendarPage(**titles, **slugs))
    today, now = timezone.localdate(), timezone.now()
    cancelled = []
    for index in range(number):
        texts = {
            f"{name}_{language}": f"{name} {index} in {language}, rather long, as such things are"
            for name in ("title", "introduction")
            for language in ("da", "sv", "en")
        }
        page = MeetingPage(
            slug=f"m{index}", date=today + dt.timedelta(days=index % 400 - 200), start_time=dt.time(9 + index % 8),
            end_time=dt.time(18), venue_name=f"House {index}", city="Skjern", live=True, last_published_at=now,
            recurrence="FREQ=WEEKLY;COUNT=4" if index % 10 == 0 else "", **texts,
        )  # fmt: skip
        calendar.add_child(instance=page)  # its dates come with it
        if index % 10 == 1:
            cancelled.append(page.pk)
    Occurrence.objects.filter(page__in=cancelled).update(status="cancelled", sequence=1, reason_da="Sygdom")


def measure(address: str, requests: int, **headers: str) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, spent = Client(headers={"host": "localhost"}), []
    response: Any = None
    for _ in range(requests):
        start = time.perf_counter()
        response = client.get(address, headers=headers)
        spent.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers=headers)
    return {
        "ms": statistics.median(spent),
        "kB": len(response.content) / 1000,
        "queries": len(captured),
        "status": response.status_code,
        "tag": response.get("ETag", ""),
    }


def main(numbers: list[int]) -> None:
    from django.core.cache import cache
    from django.utils import timezone

    from plugins.meetings.models import MeetingPage

    feed = "/da/moeder/kalender.ics"
    print("| meetings | request | median ms | kB | queries |\n|---:|---|---:|---:|---:|")
    for number in numbers:
        MeetingPage.objects.all().delete()
        fill(number)
        measure("/da/moeder/", 1)
        cache.clear()
        found = {"feed, first reader": measure(feed, 1)}
        found["feed, the next ones"] = measure(feed, REQUESTS)
        tag = found["feed, the next ones"]["tag"]
        found["feed, a copy that is still right"] = measure(feed, REQUESTS, **{"if-none-match": tag})
        found["list"] = measure("/da/moeder/", REQUESTS)
        found["month"] = measure(f"/da/moeder/{timezone.localdate():%Y/%m}/", REQUESTS)
        found["API"] = measure("/api/v3/meetings/?size=100", REQUESTS)
        for name, row in found.items():
            print(f"| {number:,} | {name} | {row['ms']:.1f} | {row['kB']:.0f} | {row['queries']} |", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        set_up(folder)
        main([int(argument) for argument in sys.argv[1:]] or [2_000])
