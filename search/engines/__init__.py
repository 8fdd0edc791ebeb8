"""The engine the settings name."""

from __future__ import annotations

import functools
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.engines.base import Engine

ENGINES = {
    "embedded": "search.engines.embedded:EmbeddedEngine",
    "elasticsearch": "search.engines.elasticsearch:ElasticsearchEngine",
}


@functools.cache
def _made(name: str) -> Engine:
    if name not in ENGINES:
        raise ImproperlyConfigured(f"TORV_SEARCH_ENGINE is {name!r}; there is {', '.join(ENGINES)}.")
    module, _, attribute = ENGINES[name].partition(":")
    return getattr(import_module(module), attribute)()


def engine() -> Engine:
    """The engine of TORV_SEARCH_ENGINE, one for the process."""
    return _made(settings.TORV_SEARCH_ENGINE)


def forget() -> None:
    """Make the engine anew at its next use; for tests, which give each its own folder."""
    _made.cache_clear()
