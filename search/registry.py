"""Which sources there are. Apps and plugins give theirs through the hook `search_sources`, and facets for those of
others through `search_facets`.

What a plugin gave answers nothing where it fails, and says so in `manage.py plugins`: one broken source must not stop a
search of everything, nor one broken facet the suppliers.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from search.errors import InvalidQuery
from search.facets import AddedFacet, Facet, with_ancestors
from search.sources import Sort, Source
from search.types import Card, Document, TextField
from torv.plugins import plugins

PARAMETERS = frozenset(("q", "show", "sort", "page", "size", "lang"))
"""What a search's address says besides its facets."""

CHUNK = 500  # documents that an added facet is asked about at once

_known: dict[str, Source] = {}
_owners: dict[str, str] = {}


def sources() -> Mapping[str, Source]:
    """name -> Source, core's first, each with the facets that others add to it."""
    if not _known:
        plugins.apply("search_sources", _add)
        for name in list(_known):
            added: list[AddedFacet] = []
            plugins.apply("search_facets", functools.partial(_add_facet, _known[name], added), source=name)
            if added:
                _known[name] = _widened(_known[name], tuple(added))
    return _known


def source(name: str) -> Source:
    """The source of that name; raises InvalidQuery (404) when there is none."""
    found = sources().get(name)
    if found is None:
        raise InvalidQuery(_("There is no search for “%(name)s”.") % {"name": name[:40]}, parameter="show", status=404)
    return found


def facets() -> Mapping[str, Facet]:
    """name -> Facet, of all sources; a name that several use is the first's: core's come first."""
    found: dict[str, Facet] = {}
    for known in sources().values():
        for facet in known.facets:
            found.setdefault(facet.name, facet)
    return found


def blaming(source: Source) -> AbstractContextManager[None]:
    """What is asked of the engine for this source is asked for its plugin: see `plugins.blaming`."""
    return plugins.blaming(_owners[source.name], f"search source {source.name}")


def forget() -> None:
    """Ask the hooks again at the next use; for tests that plug and unplug."""
    _known.clear()
    _owners.clear()


def label(name: str) -> str:
    """The plural label of a source, in the active language."""
    return str(source(name).label)


# -- what is contributed ---------------------------------------------------------------------------------------------


def _add(name: str, given: Source) -> None:
    if not isinstance(given, Source):
        raise TypeError(f"{given!r} is no search.sources.Source")
    if given.name in _known:
        raise ValueError(f"there is a search source {given.name!r} already")
    for what, kind in (("texts", TextField), ("facets", Facet), ("sorts", Sort)):
        values = getattr(given, what)
        if not isinstance(values, tuple) or not all(isinstance(value, kind) for value in values):
            raise TypeError(f"{what} of search source {given.name!r} are no tuple of {kind.__name__}s")
        names = [value.name for value in values]
        if len(set(names)) < len(names) or not all(isinstance(name, str) and name.isidentifier() for name in names):
            raise ValueError(f"{what} of search source {given.name!r} need names of their own: {names}")
    if taken := PARAMETERS & {facet.name for facet in given.facets}:
        raise ValueError(f"no facet can be named {min(taken)!r}: the address of a search says something else by it")
    if given.sort(given.default_sort) is None:
        raise ValueError(f"search source {given.name!r} has no sort {given.default_sort!r}")
    _owners[given.name] = name
    _known[given.name] = given if plugins.is_core(name) else _contained_source(name, given)


def _add_facet(known: Source, added: list[AddedFacet], name: str, facet: AddedFacet) -> None:
    if not isinstance(facet, AddedFacet):
        raise TypeError(f"{facet!r} is no search.facets.AddedFacet")
    if not (isinstance(facet.name, str) and facet.name.isidentifier()):
        raise ValueError(f"{facet.name!r} is no name for a facet")
    if not (plugins.is_core(name) or facet.name == name or facet.name.startswith(f"{name}_")):
        raise ValueError(f"facet {facet.name!r} must be named {name!r} or begin with '{name}_'")
    if facet.name in PARAMETERS or known.facet(facet.name) or any(facet.name == other.name for other in added):
        raise ValueError(f"there is a facet {facet.name!r} of {known.name} already")
    str(facet.label)
    added.append(facet if plugins.is_core(name) else _contained_facet(name, facet))


def _widened(known: Source, added: tuple[AddedFacet, ...]) -> Source:
    """The source with further facets: its documents carry their codes too, and change when what they say does."""
    wide: Any = copy.copy(known)
    wide.facets = (*known.facets, *added)

    def documents(ids: Iterable[str] | None = None) -> Iterator[Document]:
        chunk: list[Document] = []
        for document in known.documents(ids):
            chunk.append(document)
            if len(chunk) == CHUNK:
                yield from _with_codes(chunk, added)
                chunk = []
        yield from _with_codes(chunk, added)

    def watch() -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        watched: dict[type[Model], list[Callable[[Any], Iterable[Any]]]] = {}
        for those in (known.watch(), *(facet.watch() for facet in added)):
            for model, ids in those.items():
                watched.setdefault(model, []).append(ids)
        return {model: functools.partial(_all_of, ids) for model, ids in watched.items()}

    wide.documents, wide.watch = documents, watch
    return wide


def _with_codes(documents: list[Document], added: tuple[AddedFacet, ...]) -> Iterator[Document]:
    ids = [document.id for document in documents]
    codes = {facet.name: facet.codes(ids) for facet in added} if ids else {}
    for document in documents:
        further = {name: with_ancestors(found.get(document.id, ())) for name, found in codes.items()}
        yield document.but(facets={**document.facets, **further})


def _all_of(functions: list[Callable[[Any], Iterable[Any]]], instance: Any) -> list[Any]:
    return list(dict.fromkeys(number for function in functions for number in function(instance)))


# -- containing ------------------------------------------------------------------------------------------------------


def _contained_source(name: str, given: Source) -> Source:
    """A plugin's source that answers nothing where it fails."""
    found: Any = copy.copy(given)
    where = f"search source {given.name}"
    found.facets = tuple(_contained_facet(name, facet) for facet in given.facets)
    _contain(found, name, where, "queryset", given.model._default_manager.none)
    _contain(found, name, where, "document", lambda: None, _checked_document)
    _contain(found, name, where, "cards", dict, _checked_cards)
    _contain(found, name, where, "by_database", lambda: None)
    _contain(found, name, where, "vocabulary", list, list)
    _contain(found, name, where, "sort_keys", dict, dict)
    _contain(found, name, where, "watch", dict, functools.partial(_checked_watch, name, where))
    read = found.documents

    def documents(ids: Iterable[str] | None = None) -> Iterable[Document]:
        """In one go where they are named; all of them one by one, and where that stops, no more."""
        if ids is None:
            return _until_it_fails(read(None), name, where)
        with plugins.blaming(name, f"{where}, documents"):
            return list(read(ids))
        return []

    found.documents = documents
    return found


def _contained_facet(name: str, given: Any) -> Any:
    """A plugin's facet, the same."""
    found, where = copy.copy(given), f"facet {given.name}"
    _contain(found, name, where, "labels", dict, dict)
    _contain(found, name, where, "canonical", dict, dict)
    _contain(found, name, where, "neighbours", list, list)
    _contain(found, name, where, "complete", list, list)
    if type(given).meanings is not Facet.meanings:
        _contain(found, name, where, "meanings", list, lambda meanings: list(meanings or ()))
    _contain(found, name, where, "order", list, list)
    if isinstance(given, AddedFacet):
        _contain(found, name, where, "codes", dict, _checked_codes)
        _contain(found, name, where, "watch", dict, functools.partial(_checked_watch, name, where))
    return found


def _contain(
    item: Any, name: str, where: str, method: str, nothing: Callable[[], Any], read: Callable[[Any], Any] | None = None
) -> None:
    """Let a method of an instance give `nothing()` where it, or `read` of what it gave, raises."""
    original = getattr(item, method)

    @functools.wraps(original)
    def contained(*args: Any, **kwargs: Any) -> Any:
        with plugins.blaming(name, f"{where}, {method}"):
            found = original(*args, **kwargs)
            return read(found) if read else found
        return nothing()

    setattr(item, method, contained)


def _until_it_fails(documents: Iterable[Document], name: str, where: str) -> Iterator[Document]:
    try:
        yield from documents
    except Exception as error:
        plugins.problem(name, f"{where}, documents", error)


def _checked_document(document: Any) -> Document:
    if not isinstance(document, Document):
        raise TypeError(f"{document!r} is no Document")
    document.fingerprint  # noqa: B018 -- reads all of it: what cannot be written down cannot be indexed
    return document


def _checked_cards(cards: Mapping[str, Card]) -> dict[str, Card]:
    if wrong := [card for card in cards.values() if not isinstance(card, Card)]:
        raise TypeError(f"{wrong[0]!r} is no Card")
    return dict(cards)


def _checked_codes(codes: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found = {number: tuple(those) for number, those in codes.items()}
    if wrong := [code for those in found.values() for code in those if not isinstance(code, str)]:
        raise TypeError(f"code {wrong[0]!r} is no text")
    return found


def _checked_watch(
    name: str, where: str, watched: Mapping[type[Model], Callable[[Any], Iterable[Any]]]
) -> dict[type[Model], Callable[[Any], Iterable[Any]]]:
    def contained(ids: Callable[[Any], Iterable[Any]], instance: Any) -> list[Any]:
        with plugins.blaming(name, f"{where}, watch"):
            return list(ids(instance))
        return []

    if wrong := [model for model in watched if not (isinstance(model, type) and issubclass(model, Model))]:
        raise TypeError(f"{wrong[0]!r} is no model")
    return {model: functools.partial(contained, ids) for model, ids in watched.items()}
