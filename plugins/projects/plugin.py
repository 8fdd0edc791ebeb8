"""What networks and projects contribute to the site."""

from collections.abc import Iterator
from typing import Any

from plugins.projects.api import router
from plugins.projects.demo.loader import load_projects
from plugins.projects.search import PROJECTS
from search.sources import Source
from torv.plugins import hookimpl


@hookimpl
def search_sources() -> Iterator[Source]:
    """Networks and projects."""
    yield PROJECTS


@hookimpl
def api_routers() -> list[tuple[str, Any]]:
    """`/api/v3/projects/` and `/api/v3/projects/<id>/`."""
    return [("", router)]


@hookimpl
def demo_content(home: Any) -> Iterator[str]:
    """Networks and projects of two regions."""
    yield load_projects(home)
