"""A rebuild that does not end, in a process of its own: `python -m tests.search.engines.rebuilding PROCESSES`.

Says `loading` when some documents are in the new index, and then, for each process that helps, its number."""

import multiprocessing
import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402

from search.engines.elasticsearch import ElasticsearchEngine, building  # noqa: E402
from tests.search.listings import Listings, make_listings  # noqa: E402

if __name__ == "__main__":
    settings.TORV_SEARCH_PROCESSES = int(sys.argv[1])
    building.CHUNK, building.WORTH_IT = 5, 10

    def documents():
        yield from make_listings(30 if settings.TORV_SEARCH_PROCESSES > 1 else 8)
        helpers = [child.pid for child in multiprocessing.active_children()]
        print("loading", *helpers, flush=True)
        time.sleep(600)

    ElasticsearchEngine().rebuild(Listings(), documents(), list)
