"""The same tests on both engines.

A test asks for `search_engine` (its name), or a module for all of its tests, by
`pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("search_engine")]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search import engines

BOTH = ("embedded", "elasticsearch")


@pytest.fixture(scope="session")
def searched_server(elasticsearch_url: str, new_prefix: Callable[[], str]) -> Iterator[tuple[Elasticsearch, str]]:
    """The server and one prefix for a whole test process: templates and the index of locks are made once."""
    with Elasticsearch(elasticsearch_url.split(","), request_timeout=60) as client:
        yield client, new_prefix()


@pytest.fixture(params=BOTH)
def search_engine(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """The name of the site's engine in this test. There is no index yet; what the test makes on the server is removed
    after it."""
    settings.TORV_SEARCH_ENGINE = request.param
    if request.param == "embedded":
        yield request.param
        return
    server, prefix = request.getfixturevalue("searched_server")
    settings.TORV_ELASTICSEARCH_URL = request.getfixturevalue("elasticsearch_url").split(",")
    settings.TORV_ELASTICSEARCH_PREFIX = prefix
    settings.TORV_ELASTICSEARCH_TIMEOUT = 30.0  # the machine that runs tests may be slow; what is slow is tested alone
    settings.TORV_ELASTICSEARCH_REPLICAS = "0"
    engines.forget()
    yield request.param
    made = [name for name in server.indices.get_alias(index=f"{prefix}.*").body if not name.endswith(".locks")]
    if made:
        server.indices.delete(index=made)
