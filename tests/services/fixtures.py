"""Fixtures for the real servers: missing in CI is a failure, missing elsewhere is a skip that says what to install."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import pytest

from tests.services.servers import Unavailable


def unavailable(missing: Unavailable) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{missing} CI runs every test.", pytrace=False)
    pytest.skip(str(missing))


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The address of a real Elasticsearch; that of TORV_ELASTICSEARCH_URL if it is set."""
    from tests.services import elasticsearch

    if given := os.environ.get("TORV_ELASTICSEARCH_URL"):
        yield given
        return
    server = elasticsearch.shared()
    try:
        port = server.hold()
    except Unavailable as missing:
        unavailable(missing)
    yield f"http://127.0.0.1:{port}"
    server.release()


def remove_indexes(url: str, prefix: str) -> None:
    """Remove what a test left: only what is named with its own prefix, each by its full name."""
    from elasticsearch import Elasticsearch

    with Elasticsearch(url.split(","), request_timeout=60) as client:
        for name in client.indices.get_alias(index=f"{prefix}.*", expand_wildcards="all").body:
            client.indices.delete(index=name, ignore_unavailable=True)
        for template in client.options(ignore_status=404).indices.get_index_template(name=f"{prefix}.*")[
            "index_templates"
        ]:
            client.indices.delete_index_template(name=template["name"])


@pytest.fixture(scope="session")
def new_prefix(elasticsearch_url: str) -> Iterator[Callable[[], str]]:
    """Gives index prefixes that nobody else has; what is made under them is removed at the end."""
    given: list[str] = []

    def new() -> str:
        given.append(f"t{uuid.uuid4().hex[:12]}")
        return given[-1]

    yield new
    for prefix in given:
        remove_indexes(elasticsearch_url, prefix)
