"""Three nodes on loopback: one is killed under search load, and nobody notices."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from elasticsearch import Elasticsearch

from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.configuration import Configuration
from search.plan import make_plan
from search.types import Change, Plan, Query
from tests.search.listings import Listings, make_listing, make_listings, make_query
from tests.services.elasticsearch import elasticsearch
from tests.services.fixtures import unavailable
from tests.services.servers import Server, Unavailable, free_port, running_folder

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(600)]

NODES = 3
LISTINGS = 300


@pytest.fixture(scope="module")
def nodes() -> Iterator[list[Server]]:
    """A cluster of three."""
    names = [f"node-{os.getpid()}-{number}" for number in range(NODES)]
    ports = [free_port() for _ in names]
    settings = {
        "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in ports],
        "cluster.initial_master_nodes": names,
        "cluster.name": f"cluster-{os.getpid()}",
        # A node that is gone is given up at once, as on a network that says so.
        "cluster.fault_detection.follower_check.retry_count": 1,
    }
    made = [
        elasticsearch(running_folder() / name, settings, transport=port, memory="256m")
        for name, port in zip(names, ports, strict=True)
    ]
    try:
        with ThreadPoolExecutor(NODES) as pool:
            list(pool.map(lambda node: node.hold(), made))
    except Unavailable as missing:
        unavailable(missing)
    yield made
    for node in made:
        node.discard()


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "the cluster does not go on"
        time.sleep(0.1)


def test_a_node_killed_under_search_load_costs_no_request_and_no_document(nodes):
    hosts = tuple(f"http://127.0.0.1:{node.port}" for node in nodes)
    configuration = Configuration(hosts=hosts, prefix="cluster", timeout=20.0, shards=3, replicas="1")
    rows = make_listings(LISTINGS)
    engine = ElasticsearchEngine(configuration)
    engine.rebuild(Listings(), rows, list)
    with Elasticsearch(list(hosts), request_timeout=60) as admin:
        assert admin.cluster.health(wait_for_nodes=str(NODES), timeout="60s")["number_of_nodes"] == NODES
        assert admin.cluster.health(index="cluster.*", wait_for_status="green", timeout="60s")["status"] == "green"

    done, failed, totals = threading.Event(), [], []
    written: list[str] = []

    def search(seed: int) -> None:
        reader, chance = ElasticsearchEngine(configuration), random.Random(seed)
        while not done.is_set():
            query = make_query(chance)
            try:
                reader.search(Listings(), query, make_plan(query.text, query.language, concepts=False))
                everything = Query("listings", "da", size=0, facets=("kind",))
                totals.append(reader.search(Listings(), everything, Plan("da")).total)
            except Exception as error:
                failed.append(error)

    def write() -> None:
        writer, number = ElasticsearchEngine(configuration), 10_000
        while not done.is_set():
            number += 1
            change = Change(str(number), make_listing(number, random.Random(number)), number)
            try:
                writer.apply(Listings(), [change])
            except Exception:  # the outbox tries again; so do we
                continue
            written.append(str(number))

    threads = [threading.Thread(target=search, args=(seed,)) for seed in range(2)] + [threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(totals) > 10 and len(written) > 2)
        nodes[1].signal(signal.SIGKILL)
        with Elasticsearch([hosts[0], hosts[2]], request_timeout=90) as admin:
            assert admin.cluster.health(wait_for_nodes=str(NODES - 1), timeout="60s")["number_of_nodes"] == NODES - 1
        searched, kept = len(totals), len(written)
        until(lambda: len(totals) > searched + 20 and len(written) > kept + 2)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failed == []
    assert min(totals) >= LISTINGS
    marks = engine.fingerprints(Listings())
    assert set(marks) >= {row.id for row in rows} | set(written)
