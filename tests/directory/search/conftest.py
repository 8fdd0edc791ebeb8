"""Set-up that the tests of search share."""

from tests.search.both import search_engine, searched_server  # noqa: F401
