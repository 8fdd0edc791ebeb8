"""The contract suite runs on every engine: each is given a source of generated listings, indexed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search.engines.base import Engine
from search.engines.embedded import EmbeddedEngine
from tests.search.listings import Listings, make_listings

MANY = 400

#: Engine name -> makes an empty one. A new engine adds itself here and runs the whole suite.
ENGINES: dict[str, Callable[[pytest.FixtureRequest, Path], Engine]] = {
    "embedded": lambda request, folder: EmbeddedEngine(folder),
    "elasticsearch": lambda request, folder: elasticsearch_engine(request),
}


def elasticsearch_engine(request: pytest.FixtureRequest, **configuration: Any) -> Engine:
    """An engine under a prefix of its own on the real server."""
    from search.engines.elasticsearch import ElasticsearchEngine
    from search.engines.elasticsearch.configuration import Configuration

    url, prefix = request.getfixturevalue("elasticsearch_url"), request.getfixturevalue("new_prefix")()
    # The machine that runs tests may be slow: what is slow on purpose is tested by itself.
    asked = {"hosts": tuple(url.split(",")), "prefix": prefix, "timeout": 30.0, **configuration}
    return ElasticsearchEngine(Configuration(**asked))


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """An engine without any index."""
    return ENGINES[request.param](request, tmp_path / "index")


@pytest.fixture(scope="module", params=sorted(ENGINES))
def indexed(request: pytest.FixtureRequest, tmp_path_factory: Any) -> tuple[Engine, Listings]:
    """An engine that holds the generated listings; not to be changed."""
    source = Listings(make_listings(MANY))
    made = ENGINES[request.param](request, tmp_path_factory.mktemp("index"))
    made.rebuild(source, source.rows.values(), list)
    return made, source
