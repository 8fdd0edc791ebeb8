"""How fast search on Elasticsearch is, against what it makes the server do.

    python benchmarks/elasticsearch.py 100000 300000

For each number of offers, on a server of its own with one node on this machine's disk (needs what the tests need):

- a rebuild (database, analysis, sending) against `helpers.parallel_bulk` of the same documents, ready made, and against
  Wagtail's `update_index` of the same offers;
- a request over HTTP (Django's whole stack) against the bare `_search` it makes, sent again by urllib3;
- six facets, two of them selected: our one request against Wagtail's backend, which makes one for each;
- the time from a publication to a search that finds it; memory of a web process, and what the server holds.

Everything is made in temporary folders; nothing of the site is touched.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# This folder comes last: in it is a file that is called like the client.
sys.path[:1] = [str(ROOT), str(ROOT / "site")]
sys.path.append(str(ROOT / "benchmarks"))
REQUESTS, WARM_UP, PUBLICATIONS = 150, 30, 15
SELECTED = {"place": ("DK", "SE/12"), "kind": ("service",)}
MEMORY = "1g"  # of the server's heap


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def memory() -> float:
    """Resident megabytes of this process, without what it shares with the file cache."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def timed(what: str, act: Callable[[], Any]) -> float:
    """Seconds that it takes, also said on standard error."""
    begun = time.perf_counter()
    act()
    spent = time.perf_counter() - begun
    print(f"  {what}: {spent:.1f} s", file=sys.stderr, flush=True)
    return spent


def requests() -> list[dict[str, Any]]:
    """What buyers ask: one or two words, some with filters."""
    chance = random.Random(3)
    words = [
        "rengøring", "kantine", "skole", "vask", "havepleje", "flytning", "reparation", "städning", "lunch", "trädgård",
        "möbler",
    ]  # fmt: skip
    found = []
    for _ in range(REQUESTS + WARM_UP):
        asked: dict[str, Any] = {
            "q": " ".join(chance.sample(words, chance.choice([1, 1, 2]))),
            "lang": chance.choice(["da", "sv"]),
        }
        if chance.random() < 0.5:
            asked["place"] = chance.choice(["DK", "SE", "DK/1082"])
        if chance.random() < 0.3:
            asked["kind"] = "service"
        found.append(asked)
    return found


# -- filling ---------------------------------------------------------------------------------------------------------


def make(offers: int) -> dict[str, Any]:
    """Make the content, in a process of its own: what follows must not be slowed by what it leaves in memory."""
    import content
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    timed(f"making {offers:,} offers", lambda: content.fill(offers))
    return {"offers": offers}


def build(offers: int) -> dict[str, Any]:
    """Fill an index with the content in three ways."""
    import wagtail_peer
    from elasticsearch import helpers

    from directory.search import OFFERS, SUPPLIERS
    from search import indexing
    from search.engines import engine
    from search.engines.elasticsearch.configuration import Configuration
    from search.engines.elasticsearch.indexes import Indexes
    from search.engines.elasticsearch.schema import to_elasticsearch

    made: Any = engine()
    found: dict[str, Any] = {}
    client = made.client.options(request_timeout=300)
    bare = Indexes(OFFERS, Configuration(hosts=made.configuration.hosts, prefix=f"bare{offers}", replicas="0"))
    # Before what is measured, or whoever comes first pays for what a process and a server do only at first.
    timed("rebuild of suppliers", lambda: indexing.rebuild(SUPPLIERS))

    # The documents are kept while they pass, so that they need not be read once more.
    passed: list[Any] = []
    read = OFFERS.documents

    def keeping(ids: Any = None) -> Iterator[Any]:
        for document in read(ids):
            passed.append(document)
            yield document

    OFFERS.documents = keeping  # type: ignore[method-assign]
    found["rebuild"] = timed("rebuild of offers", lambda: indexing.rebuild(OFFERS))
    OFFERS.documents = read  # type: ignore[method-assign]
    passed = passed[: made.status(OFFERS).documents]  # what was changed meanwhile, and read again, is behind these
    found["documents"] = len(passed)

    ready = []
    while passed:
        ready.append(to_elasticsearch(OFFERS, passed.pop()))
    name = bare.create(client)

    def raw_bulk(documents: list[dict[str, Any]]) -> None:
        actions = ({"_index": name, "_id": document["id"], "_source": document} for document in documents)
        for ok, _result in helpers.parallel_bulk(client, actions, thread_count=os.cpu_count() or 2, chunk_size=1_000):
            assert ok
        bare.serve(client, name)

    found["raw_bulk"] = timed("raw bulk of ready documents", lambda: raw_bulk(ready))
    client.indices.delete(index=name)
    ready.clear()
    gc.collect()

    peer = wagtail_peer.backend(made.configuration.hosts[0])
    found["update_index"] = timed("Wagtail's update_index", lambda: wagtail_peer.update_index(peer))
    held = peer.es.count(index=peer.get_index_for_model(wagtail_peer.Peer).name)["count"]
    assert held == found["documents"], (held, found)

    found["index_mb"] = made.status(OFFERS).size / 1e6
    return found


# -- asking ----------------------------------------------------------------------------------------------------------


def ask(offers: int) -> dict[str, Any]:
    """What a web process does, and what it takes."""
    import urllib3
    from django.conf import settings
    from django.test import Client

    from directory.search import OFFERS
    from search.engines import engine
    from torv import serving

    serving.start()  # as a web process does
    made: Any = engine()
    sent: list[dict[str, Any]] = []
    send = made._ask

    def remember(source: Any, indexes: Any, body: dict[str, Any], text: str) -> Any:
        sent.append(body)
        return send(source, indexes, body, text)

    pool = urllib3.PoolManager()
    alias = made.indexes(OFFERS).alias
    address = f"{settings.TORV_ELASTICSEARCH_URL[0]}/{alias}/_search?allow_partial_search_results=false"

    def post(body: dict[str, Any]) -> float:
        data = json.dumps(body).encode()
        begun = time.perf_counter()
        reply = pool.request("POST", address, body=data, headers={"Content-Type": "application/json"})
        json.loads(reply.data)
        assert reply.status == 200, reply.data[:300]
        return (time.perf_counter() - begun) * 1000

    browser, whole, raw = Client(), [], []
    made._ask = remember
    for place, asked in enumerate(requests()):
        sent.clear()
        begun = time.perf_counter()
        answer = browser.get("/api/v3/search/offers/", asked)
        spent = (time.perf_counter() - begun) * 1000
        assert answer.status_code == 200, answer.content
        assert not answer.json()["degraded"]
        again = sum(post(body) for body in sent)
        if place >= WARM_UP:
            whole.append(spent)
            raw.append(again)
    made._ask = send
    found = {"http": whole, "search": raw, "memory": memory()}
    found |= facets(made)
    published = [publish(number) for number in range(PUBLICATIONS)]
    found["visible"], found["visible_search"] = [list(spent) for spent in zip(*published, strict=True)]
    stats = made.client.nodes.stats(metric="jvm")["nodes"]
    found["heap_mb"] = next(iter(stats.values()))["jvm"]["mem"]["heap_used_in_bytes"] / 1e6
    return found


def facets(made: Any) -> dict[str, list[float]]:
    """Six facets, two of them selected, with words and without: our request, and Wagtail's six. Each as it comes (ours
    counts the upper levels of CPV codes, Wagtail's the first ten values), and both counting every value.
    """
    import wagtail_peer

    from directory.search import OFFERS
    from search.plan import make_plan
    from search.types import Query

    peer = wagtail_peer.backend(made.configuration.hosts[0])
    theirs = peer.get_index_for_model(wagtail_peer.Peer).name
    for name in (theirs, made.status(OFFERS).index):  # or who asks again is answered from memory
        made.client.indices.put_settings(index=name, settings={"index.requests.cache.enable": False})
    found: dict[str, list[float]] = {}
    for place, asked in enumerate(requests()):
        for text, whole in ((asked["q"], False), ("", False), (asked["q"], True), ("", True)):
            language, unfold = asked["lang"], ("cpv",) if whole else ()
            query = Query(
                "offers", language, text=text, filters=SELECTED, facets=wagtail_peer.FACETS, size=0, unfold=unfold
            )
            begun = time.perf_counter()
            answer = made.search(OFFERS, query, make_plan(text, language))
            between = time.perf_counter()
            peers = wagtail_peer.counts(peer, text, SELECTED, whole=whole)
            ended = time.perf_counter()
            if not text and whole:  # the same documents: the same counts ("0" stands for none)
                assert answer.counts == {
                    name: {c: n for c, n in some.items() if c != "0"} for name, some in peers.items()
                }
            if place >= WARM_UP:
                kind = f"{'words' if text else 'all'}_{'whole' if whole else 'usual'}"
                found.setdefault(f"ours_{kind}", []).append((between - begun) * 1000)
                found.setdefault(f"theirs_{kind}", []).append((ended - between) * 1000)
                if text and not whole:
                    found.setdefault("ours_hits", []).append(answer.total)
                    found.setdefault("theirs_hits", []).append(wagtail_peer.total(peer, text, SELECTED))
    return found


def publish(number: int) -> tuple[float, float]:
    """Milliseconds from the click on "publish" to a search that finds it, and how many of them are in the index and
    the search: the others are the page's own."""
    from directory.models import EnterprisePage
    from search.engines import engine
    from search.queries import find, parse

    made: Any = engine()
    writing = [0.0]
    apply = made.apply

    def apply_timed(*args: Any) -> None:
        begun = time.perf_counter()
        apply(*args)
        writing[0] += time.perf_counter() - begun

    page = EnterprisePage.objects.all()[number]
    page.title_da = f"Nytårskur {number}"
    query = parse({"q": f"nytårskur {number}"}, "da")
    made.apply = apply_timed
    try:
        begun = time.perf_counter()
        page.save_revision().publish()
        published = time.perf_counter()
        while not any(hit.id == str(page.pk) for hit in find(query).hits):
            assert time.perf_counter() - begun < 60, "it does not appear"
            time.sleep(0.005)
        seen = time.perf_counter()
    finally:
        made.apply = apply
    return (seen - begun) * 1000, (seen - published + min(writing[0], published - begun)) * 1000


# -- telling ---------------------------------------------------------------------------------------------------------


def table(rows: list[dict[str, Any]]) -> str:
    lines = ["| | " + " | ".join(f"{row['documents']:,} offers" for row in rows) + " |", "|---|" + "---:|" * len(rows)]

    def line(name: str, cell: Callable[[dict[str, Any]], str]) -> None:
        lines.append(f"| {name} | " + " | ".join(cell(row) for row in rows) + " |")

    def p(row: dict[str, Any], name: str, share: float = 0.5) -> float:
        return percentile(row[name], share)

    line("HTTP request, p50 / p95 ms", lambda r: f"{p(r, 'http'):.0f} / {p(r, 'http', 0.95):.0f}")
    line("bare `_search`, p50 / p95 ms", lambda r: f"{p(r, 'search'):.0f} / {p(r, 'search', 0.95):.0f}")
    line("HTTP : bare (p50; aim at most 1.3)", lambda r: f"{p(r, 'http') / p(r, 'search'):.2f}")
    line("HTTP : bare (all requests together)", lambda r: f"{sum(r['http']) / sum(r['search']):.2f}")
    for kind, what in (
        ("words_usual", "six facets with words"),
        ("all_usual", "six facets without words"),
        ("words_whole", "the same, every value, with words"),
        ("all_whole", "the same, every value, without words"),
    ):
        ours, theirs = f"ours_{kind}", f"theirs_{kind}"
        line(f"{what}, Torv, p50 ms", lambda r, o=ours: f"{p(r, o):.0f}")
        line(f"{what}, Wagtail's backend, p50 ms", lambda r, t=theirs: f"{p(r, t):.0f}")
        line("Wagtail : Torv (aim at least 3)", lambda r, o=ours, t=theirs: f"{p(r, t) / p(r, o):.1f}")
    line(
        "documents that the words find, Torv / Wagtail's backend, p50",
        lambda r: f"{p(r, 'ours_hits'):,.0f} / {p(r, 'theirs_hits'):,.0f}",
    )
    line("rebuild, s (documents/s)", lambda r: f"{r['rebuild']:.1f} ({r['documents'] / r['rebuild']:.0f})")
    line("raw `parallel_bulk` of ready documents, s", lambda r: f"{r['raw_bulk']:.1f}")
    line("raw : rebuild (aim at least 0.7)", lambda r: f"{r['raw_bulk'] / r['rebuild']:.2f}")
    line("Wagtail's `update_index`, s", lambda r: f"{r['update_index']:.1f}")
    line("`update_index` : rebuild (aim at least 2)", lambda r: f"{r['update_index'] / r['rebuild']:.2f}")
    line("publication to visible, p50 / p95 ms", lambda r: f"{p(r, 'visible'):.0f} / {p(r, 'visible', 0.95):.0f}")
    line(
        "of that in the index and the search, p50 / p95 ms",
        lambda r: f"{p(r, 'visible_search'):.0f} / {p(r, 'visible_search', 0.95):.0f}",
    )
    line("memory of a web process, MB", lambda r: f"{r['memory']:.0f}")
    line(f"the server's heap in use, of {MEMORY}, MB", lambda r: f"{r['heap_mb']:.0f}")
    line("index of offers, MB", lambda r: f"{r['index_mb']:.0f}")
    return "\n".join(lines)


def stage(name: str, size: int, environment: dict[str, str]) -> dict[str, Any]:
    """One part of the work in a process of its own: asking must not be slowed by what building left in memory."""
    command = [sys.executable, __file__, "--stage", name, str(size)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


STAGES = {"make": make, "build": build, "ask": ask}


def main() -> None:
    from tests.services.elasticsearch import elasticsearch
    from tests.services.servers import cache_folder

    sizes = [int(size) for size in sys.argv[1:]] or [100_000, 300_000]
    server = elasticsearch(cache_folder() / "running" / f"benchmark-{os.getpid()}", memory=MEMORY, brief=False)
    url = f"http://127.0.0.1:{server.hold()}"
    rows = []
    try:
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                environment = {
                    **os.environ, "TORV_VAR": folder, "DJANGO_SETTINGS_MODULE": "torv.settings.dev",
                    "TORV_SEARCH_ENGINE": "elasticsearch", "TORV_ELASTICSEARCH_URL": url,
                    "TORV_ELASTICSEARCH_PREFIX": f"bench{size}", "TORV_ELASTICSEARCH_TIMEOUT": "60",
                }  # fmt: skip
                print(f"{size:,} offers", file=sys.stderr, flush=True)
                stages = [stage(name, size, environment) for name in STAGES]
                rows.append({name: value for found in stages for name, value in found.items()})
                # What is measured is kept, whatever becomes of a greater number.
                print(table(rows[-1:]), file=sys.stderr, flush=True)
    finally:
        server.discard()
    print(table(rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        import django

        django.setup()
        print(json.dumps(STAGES[sys.argv[2]](int(sys.argv[3]))))
    else:
        main()
