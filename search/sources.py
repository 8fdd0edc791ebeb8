"""Sources: the kinds of things that can be found. A plugin's subclass is all it writes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from search.facets import Facet
from search.types import LANGUAGES, Card, Document, Query, TextField


class Sort:
    """An order of hits. `key` makes an ascending string per language; the engine adds the id so that no two tie."""

    name: str = ""
    label: Any = ""
    by_language: bool = False

    def key(self, document: Document, language: str) -> str:
        """Sort key of a document for readers of `language`; compared bytewise, ascending."""
        raise NotImplementedError


class ByName(Sort):
    """Names in the reader's alphabet."""

    name, label, by_language = "name", _("Name"), True

    def key(self, document: Document, language: str) -> str:
        from search.collation import sort_key

        return sort_key(document.name(language), language)


class Newest(Sort):
    """Latest first; what has no date comes last."""

    name, label = "newest", _("Newest")
    END = 99_999_999_999_999  # later than any date in milliseconds

    def key(self, document: Document, language: str) -> str:
        if document.newest is None:
            return str(self.END)
        since = document.newest - datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
        return f"{self.END - since // datetime.timedelta(milliseconds=1):014d}"


NAME, NEWEST = ByName(), Newest()
RELEVANCE = "relevance"


class Source:
    """One kind of thing that can be found. Registered by the hook `search_sources`; stateless.

    name: in URLs and the API. version: raise it when `document` changes its meaning, and the index is rebuilt.
    default_sort: the order without a text, and the order of equal scores.
    """

    name: str = ""
    label: Any = ""  # plural, "Suppliers"
    kind: str = ""  # of its suggestions, singular: "supplier"
    model: type[Model]
    texts: tuple[TextField, ...] = ()
    facets: tuple[Facet, ...] = ()
    sorts: tuple[Sort, ...] = (NAME, NEWEST)
    default_sort: str = "name"
    version: int = 1

    def queryset(self) -> QuerySet:
        """What may be found, with everything `document` needs prefetched: live, public, nothing else."""
        raise NotImplementedError

    def document(self, instance: Any) -> Document:
        """The document of one instance of `queryset`; pure, no SQL."""
        raise NotImplementedError

    def cards(self, ids: Sequence[str], language: str) -> Mapping[str, Card]:
        """What hits show, by id; ids that are gone are left out. A constant number of SQL queries."""
        raise NotImplementedError

    def by_database(self, query: Query) -> tuple[int, Sequence[str]] | None:
        """(total, ids of the page) while the engine is down: by names and filters alone. None: not even that.

        A constant number of SQL queries. Counts of facets are not given then.
        """
        return None

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        """Model -> function of a changed instance that gives the ids of documents it is part of.

        A saved, deleted, published or moved instance of these models marks those ids; by default the model itself.
        """
        return {self.model: lambda instance: [instance.pk]}

    def vocabulary(self, language: str) -> Iterable[tuple[str, int]]:
        """(text, frequency) of words that "did you mean" may offer, as they are written; read now and then."""
        return ()

    # -- reading, for engines and queries ---------------------------------------------------------------------------
    def facet(self, name: str) -> Facet | None:
        """The facet of that name."""
        return next((facet for facet in self.facets if facet.name == name), None)

    def sort(self, name: str) -> Sort | None:
        """The sort of that name; None for relevance and for unknown names."""
        return next((sort for sort in self.sorts if sort.name == name), None)

    @property
    def sort_names(self) -> tuple[str, ...]:
        return (RELEVANCE, *(sort.name for sort in self.sorts))

    def documents(self, ids: Iterable[str] | None = None) -> Iterable[Document]:
        """Documents of these ids (all when None), read in chunks; without those that a plugin could not make."""
        found = self.queryset()
        if ids is not None:
            found = found.filter(pk__in=list(ids))
            return filter(None, map(self.document, found))
        return filter(None, map(self.document, self.everything()))

    def everything(self) -> Iterable[Any]:
        """All instances of `queryset`, by key, for a rebuild; a source with many may have a faster way to read them."""
        return self.queryset().order_by("pk").iterator(chunk_size=500)

    def sort_keys(self, document: Document) -> dict[str, str]:
        """Index field suffix -> key: "name_da", …, "newest"; each ends in the id, so no two are equal."""
        keys = {}
        for sort in self.sorts:
            for language in LANGUAGES if sort.by_language else ("",):
                name = f"{sort.name}_{language}" if language else sort.name
                keys[name] = f"{sort.key(document, language or LANGUAGES[0])}\x00{document.id:>12}"
        return keys

    def sort_field(self, sort: str, language: str) -> str:
        """The suffix of `sort_keys` to order by for a reader of `language`."""
        found = self.sort(sort) or self.sort(self.default_sort) or self.sorts[0]
        return f"{found.name}_{language}" if found.by_language else found.name
