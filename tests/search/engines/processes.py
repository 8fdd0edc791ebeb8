"""What the tests of several processes run in the other process: started with `python -m`, spoken to over pipes."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import django
from django.conf import settings

if not settings.configured:
    django.setup()

from search.engines.embedded import EmbeddedEngine
from search.types import Change, Plan, Query
from tests.search.listings import Listings, make_listing, make_listings

EVERYTHING = Query("listings", "da", size=100, facets=("kind",))


def read(engine: EmbeddedEngine, source: Listings) -> None:
    """For each line on stdin: search, and answer with the ids."""
    for _line in sys.stdin:
        print(",".join(hit.id for hit in engine.search(source, EVERYTHING, Plan("da")).hits), flush=True)


def read_on(engine: EmbeddedEngine, source: Listings) -> None:
    """Search until stdin closes; then tell how often, and how often it went wrong."""
    import threading

    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    print("ready", flush=True)
    searches = errors = 0
    builds = set()
    while not done.is_set():
        try:
            answer = engine.search(source, EVERYTHING, Plan("da"))
            errors += answer.total != 50 or len(answer.hits) != 50
        except Exception:
            errors += 1
        builds.add(engine.store(source).current)
        searches += 1
    print(searches, errors, len(builds), flush=True)


def write_on(engine: EmbeddedEngine, source: Listings) -> None:
    """Add documents one by one for ever, and say each number once it is committed."""
    number = 1000
    while True:
        number += 1
        document = replace(make_listing(1, random.Random(number)), id=str(number))
        engine.apply(source, [Change(str(number), document)])
        print(number, flush=True)


def rebuild_slowly(engine: EmbeddedEngine, source: Listings) -> None:
    """Begin a rebuild that does not end."""

    def documents():
        for document in make_listings(50):
            yield document
            print("building", flush=True)
            time.sleep(0.05)
        time.sleep(600)

    engine.rebuild(source, documents(), list)


if __name__ == "__main__":
    {"read": read, "read_on": read_on, "write_on": write_on, "rebuild_slowly": rebuild_slowly}[sys.argv[1]](
        EmbeddedEngine(Path(sys.argv[2])), Listings()
    )
