"""A server in trouble, done to a real one: answers stay plain and in time, changes wait, all catch up by themselves."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import gettext, override
from elasticsearch import Elasticsearch

from search import engines, indexing
from search.engines.elasticsearch import ElasticsearchEngine, trouble
from search.engines.elasticsearch.configuration import Configuration
from search.errors import IndexUnavailable, ServerUnavailable
from search.queries import find, parse, suggest
from search.types import Change, Plan, Query
from tests.factories.directory import EnterprisePageFactory, make_offer
from tests.search.engines.impostors import JSON, NODES, PRODUCT, impostor
from tests.search.listings import Listings, make_listing, make_listings
from tests.services.elasticsearch import elasticsearch
from tests.services.fixtures import unavailable
from tests.services.servers import Server, Unavailable, running_folder
from torv import outbox
from torv.outbox.models import OutboxEntry

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(600)]

TIMEOUT = 5.0  # of a search; the machine that runs tests may be slow by itself


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of its own, to be mistreated."""
    made = elasticsearch(running_folder() / f"mistreated-{os.getpid()}", memory="384m")
    try:
        made.hold()
    except Unavailable as missing:
        unavailable(missing)
    yield made
    made.signal(signal.SIGCONT)
    made.discard()


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """Its address; the server is well before and after."""
    yield f"http://127.0.0.1:{server.port}"
    server.signal(signal.SIGCONT)
    if not server.answers(server.port):
        server.restart()
    with Elasticsearch(f"http://127.0.0.1:{server.port}", request_timeout=60) as client:
        for name in client.indices.get_alias(index="*").body:
            client.indices.delete(index=name)


@pytest.fixture
def site(db: None, url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site on that server, with one supplier; changes are tried again soon."""
    settings.TORV_SEARCH_ENGINE = "elasticsearch"
    settings.TORV_ELASTICSEARCH_URL = [url]
    settings.TORV_ELASTICSEARCH_PREFIX = "site"
    settings.TORV_ELASTICSEARCH_TIMEOUT = TIMEOUT
    monkeypatch.setattr(indexing, "AGAIN", 0.2)
    engines.forget()
    page = EnterprisePageFactory(title_da="Havnens Kantine", offers=[make_offer(name_da="Rengøring")])
    call_command("search", "rebuild", stdout=io.StringIO())
    assert found("kantine") == (1, False)
    return page


def found(text: str) -> tuple[int, bool]:
    results = find(parse({"q": text}, "da"))
    return results.total, results.degraded


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come back by itself"
        time.sleep(0.2)


def rename(page: Any, title: str) -> None:
    page.title_da = title
    page.save_revision().publish()


def waiting() -> int:
    return OutboxEntry.objects.exclude(state=OutboxEntry.State.DONE).count()


def caught_up() -> bool:
    outbox.drain()
    return not waiting()


def agrees() -> bool:
    return not any(indexing.compare(source) for source in indexing.registry.sources().values())


def test_while_the_server_is_down_pages_answer_by_names_and_filters_and_changes_wait(server, site, client):
    server.signal(signal.SIGKILL)
    began = time.monotonic()
    assert found("havnens") == (1, True)
    assert time.monotonic() - began < 2 * TIMEOUT
    notices = set()
    for language in ("da", "sv", "en"):
        response = client.get(f"/api/v3/search/suppliers/?q=havnens&lang={language}")
        assert (response.status_code, response.json()["degraded"], response.json()["total"]) == (200, True, 1)
        with override(language):
            notices.add(gettext("Search is limited right now."))
            page = client.get(reverse("search:everything"), {"q": "havnens"})
            assert page.status_code == 200
            assert gettext("Search is limited right now.") in page.content.decode()
    assert len(notices) == 3
    assert client.get("/api/v3/search/suppliers/?q=findes-ikke").json()["items"] == []
    assert (
        client.get("/health/ready").json()["checks"]["search"]["reason"].startswith("Elasticsearch cannot be reached.")
    )
    rename(site, "Fjordens Kantine")
    outbox.drain()
    assert waiting()
    server.restart()
    until(caught_up)
    until(lambda: found("fjordens") == (1, False))
    assert agrees()


def test_a_server_that_hangs_costs_a_deadline_and_no_more(server, site):
    server.signal(signal.SIGSTOP)
    began = time.monotonic()
    assert found("havnens") == (1, True)
    assert time.monotonic() - began < 2 * TIMEOUT + 1
    assert suggest("havn", "da") is not None
    began = time.monotonic()
    assert found("havnens") == (1, True)  # the breaker is open: nobody waits any more
    assert time.monotonic() - began < 1
    server.signal(signal.SIGCONT)
    until(lambda: found("kantine") == (1, False))


def test_a_read_only_index_is_searched_and_takes_changes_later(site, url):
    with Elasticsearch(url) as admin:
        admin.indices.put_settings(index="site.*", settings={"index.blocks.read_only_allow_delete": True})
        rename(site, "Fjordens Kantine")
        outbox.drain()
        assert waiting()
        assert "its disk is full" in OutboxEntry.objects.exclude(error="").first().error
        assert found("havnens") == (1, False)
        admin.indices.put_settings(index="site.*", settings={"index.blocks.read_only_allow_delete": None})
    until(caught_up)
    assert found("fjordens") == (1, False)
    assert agrees()


def test_a_red_index_makes_search_limited_not_wrong(site, url):
    suppliers = indexing.registry.source("suppliers")
    alias = engines.engine().indexes(suppliers).alias
    with Elasticsearch(url, request_timeout=30) as admin:
        name = engines.engine().status(suppliers).index
        admin.cluster.put_settings(persistent={"cluster.routing.allocation.enable": "none"})
        try:  # its shard is lost, and there is no place for another
            admin.indices.delete(index=name)
            admin.indices.create(index=name, aliases={alias: {}}, wait_for_active_shards=0)
            assert admin.cluster.health(index=name, timeout="1s")["status"] == "red"
            assert found("havnens") == (1, True)
            assert "missing from the cluster" in engines.engine().status(suppliers).problem
            rename(site, "Fjordens Kantine")
            outbox.drain()
            assert waiting()
        finally:
            admin.cluster.put_settings(persistent={"cluster.routing.allocation.enable": None})
    until(caught_up)
    until(lambda: found("fjordens") == (1, False))
    call_command("search", "check", "--repair", stdout=io.StringIO())
    assert agrees()


def test_an_index_with_a_wrong_mapping_is_built_anew(site, url):
    source = indexing.registry.source("suppliers")
    indexes = engines.engine().indexes(source)
    with Elasticsearch(url) as admin:
        admin.indices.delete(index=engines.engine().status(source).index)
        admin.indices.delete_index_template(name="site.suppliers")
        admin.indices.create(index=f"{indexes.alias}.wrong", aliases={indexes.alias: {}})
    engines.forget()
    assert found("kantine") == (1, False)
    assert agrees()


def test_an_index_that_is_lost_is_built_anew(site, url):
    with Elasticsearch(url) as admin:
        for name in admin.indices.get_alias(index="site.suppliers.*").body:
            admin.indices.delete(index=name)
    assert found("kantine") == (1, False)


def test_a_source_that_the_database_cannot_search_answers_503(site, server, client, monkeypatch):
    from directory.search import SUPPLIERS

    monkeypatch.setattr(type(SUPPLIERS), "by_database", lambda self, query: None)
    server.signal(signal.SIGSTOP)
    response = client.get("/api/v3/search/suppliers/?q=havnens")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.json()["detail"]


# -- the wrong server ------------------------------------------------------------------------------------------------


SECURITY = json.dumps({"error": {"type": "security_exception", "reason": "no"}, "status": 401})


@pytest.mark.parametrize(
    ("status", "body", "headers", "sentence"),
    [
        (200, "<html>Hello</html>", {"Content-Type": "text/html"}, "is not Elasticsearch"),
        (404, "<html>Not here</html>", {"Content-Type": "text/html"}, "is not Elasticsearch"),
        (200, '{"version": {"distribution": "opensearch", "number": "2.1"}}', JSON, "is not Elasticsearch"),
        (200, '{"nodes": ', PRODUCT, "is not Elasticsearch"),
        (401, SECURITY, PRODUCT, "refuses the credentials"),
        (401, SECURITY, JSON, "refuses the credentials"),
        (200, NODES % "7.17.9", PRODUCT, "is 7.17.9; 8.19 and 9.x are supported"),
        (200, NODES % "10.0.0", PRODUCT, "is 10.0.0; 8.19 and 9.x are supported"),
        (503, "", JSON, "Elasticsearch answered 503"),
    ],
)
def test_a_wrong_server_is_one_clear_sentence(status, body, headers, sentence):
    with impostor(status, body, headers) as url:
        engine = ElasticsearchEngine(Configuration(hosts=(url,), timeout=2))
        assert sentence in engine.problem()
        with pytest.raises(IndexUnavailable):
            engine.search(Listings(), Query("listings", "da"), Plan("da"))
        with pytest.raises(IndexUnavailable):
            engine.apply(Listings(), [Change("1", make_listing(1, random.Random(1)))])
        assert not engine.status(Listings()).ready


@pytest.mark.parametrize("version", ["8.19.0", "8.19.21", "9.0.0", "9.4.1-SNAPSHOT"])
def test_supported_versions_are_no_problem(version):
    with impostor(200, NODES % version, PRODUCT) as url:
        assert ElasticsearchEngine(Configuration(hosts=(url,))).problem() == ""


def test_the_system_check_names_what_is_wrong(settings):
    from search.checks import elasticsearch_answers, elasticsearch_settings_are_right

    assert elasticsearch_answers(None) == []
    settings.TORV_SEARCH_ENGINE = "elasticsearch"
    settings.TORV_ELASTICSEARCH_URL = ["http://127.0.0.1:1"]
    assert [m.msg for m in elasticsearch_answers(None)] == ["Elasticsearch cannot be reached."]
    settings.TORV_ELASTICSEARCH_URL = ["127.0.0.1:9200"]
    assert [m.id for m in elasticsearch_settings_are_right(None)] == ["search.E004"]


# -- the worker ------------------------------------------------------------------------------------------------------


def test_the_breaker_lets_one_request_try_after_a_pause():
    breaker = trouble.Breaker(failures=2, first=0.05)
    for _ in range(2):
        breaker.enter()
        breaker.failed("Away.")
    with pytest.raises(ServerUnavailable, match="Away"):
        breaker.enter()
    time.sleep(0.06)
    breaker.enter()
    with pytest.raises(ServerUnavailable):
        breaker.enter()
    breaker.succeeded()
    breaker.enter()
    assert not breaker.open


def test_a_rebuild_while_the_server_is_down_fails_with_a_sentence(url, server):
    engine = ElasticsearchEngine(Configuration(hosts=("http://127.0.0.1:1",)))
    with pytest.raises(ServerUnavailable, match="cannot be reached"):
        engine.rebuild(Listings(), make_listings(3), list)
