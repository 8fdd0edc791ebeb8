"""System checks: what would keep search from answering, said at start-up in one sentence each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from search.analysis import TablesMissing, check_tables


@register("search")
def word_tables_are_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The word tables that texts and queries are analysed with."""
    try:
        check_tables()
    except TablesMissing as error:
        return [Error(str(error), id="search.E001")]
    return []


@register("search")
def index_folder_is_writable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The embedded engine's folder, or the nearest one above it that exists."""
    if settings.TORV_SEARCH_ENGINE != "embedded":
        return []
    folder = Path(settings.TORV_SEARCH_PATH)
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The search index cannot be written: {existing} is not a folder this process may write in.",
            hint="Set TORV_VAR to a folder that it may, or change that folder's owner.",
            id="search.E002",
        )
    ]


@register("search")
def engine_is_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """TORV_SEARCH_ENGINE names an engine."""
    from search.engines import ENGINES

    if settings.TORV_SEARCH_ENGINE in ENGINES:
        return []
    known = ", ".join(sorted(ENGINES))
    return [Error(f"TORV_SEARCH_ENGINE is {settings.TORV_SEARCH_ENGINE!r}; there is {known}.", id="search.E003")]


@register("search")
def elasticsearch_settings_are_right(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """TORV_ELASTICSEARCH_…, without asking the server."""
    if settings.TORV_SEARCH_ENGINE != "elasticsearch":
        return []
    from search.engines.elasticsearch.configuration import Configuration

    return [Error(mistake, id="search.E004") for mistake in Configuration.from_settings().mistakes]


@register("search")
def elasticsearch_answers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The server is there, is Elasticsearch of a supported version, and lets us in. Only a warning: pages stay up."""
    if settings.TORV_SEARCH_ENGINE != "elasticsearch":
        return []
    from search.engines.elasticsearch import ElasticsearchEngine

    if problem := ElasticsearchEngine().problem():
        return [Warning(problem, hint="Search is limited until this is mended.", id="search.W005")]
    return []


@register("search")
def indexes_are_of_this_version(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An index that other code or other word tables made, newer or older. One that is missing is no mistake: a new
    site has none, and a small one is built when it is first asked for."""
    from search.engines import ENGINES, engine
    from search.errors import IndexOutdated, IndexUnavailable
    from search.registry import sources
    from search.types import LANGUAGES, Plan, Query

    if settings.TORV_SEARCH_ENGINE not in ENGINES:
        return []
    found: list[CheckMessage] = []
    for source in sources().values():
        try:
            engine().search(source, Query(source.name, LANGUAGES[0], size=0, facets=()), Plan(LANGUAGES[0]))
        except IndexOutdated as error:
            hint = "`manage.py search rebuild` builds one for this version; the other version keeps its own."
            found.append(Warning(str(error), hint=hint, id="search.W006"))
        except IndexUnavailable:  # the server has a check of its own
            continue
    return found
