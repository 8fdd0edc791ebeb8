"""Which sources there are. Apps and plugins give theirs through the hook `search_sources`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from search.errors import InvalidQuery
from search.sources import Source
from torv.plugins import plugins

_known: dict[str, Source] = {}


def sources() -> Mapping[str, Source]:
    """name -> Source, core's first; a name that is given twice belongs to the first that gave it."""
    if not _known:
        for source in plugins.collect("search_sources"):
            _known.setdefault(source.name, source)
    return _known


def source(name: str) -> Source:
    """The source of that name; raises InvalidQuery (404) when there is none."""
    found = sources().get(name)
    if found is None:
        raise InvalidQuery(_("There is no search for “%(name)s”.") % {"name": name[:40]}, parameter="show", status=404)
    return found


def forget() -> None:
    """Ask the hooks again at the next use; for tests that plug and unplug."""
    _known.clear()


def label(name: str) -> str:
    """The plural label of a source, in the active language."""
    return str(source(name).label)
