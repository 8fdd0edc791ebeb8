"""The words search is spoken in: values that pass between pages, sources, analysis and engines.

All are frozen and do no more than read themselves. Codes are ancestor paths (`DK/1082/0751`, `clean/schools`,
`90/909/9091`); languages are `da`, `sv`, `en`.
"""

from __future__ import annotations

import datetime
import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson

LANGUAGES = ("da", "sv", "en")
DEFAULT_SIZE = 20
MAX_SIZE = 100
MAX_TEXT = 200
MAX_DEPTH = 10_000  # hits that can be paged through; beyond it a page is empty

NOTHING: Mapping[str, Any] = {}


class Label(NamedTuple):
    """A text and the language it is written in, so that a page can mark foreign words."""

    text: str
    language: str


NO_LABEL = Label("", "")


# -- what goes into the index ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextField:
    """One text of a source. `weight` multiplies its score; `snippet` texts may be shown as the excerpt of a hit."""

    name: str
    weight: float = 1.0
    label: Any = ""  # lazy translation, for "why it matched"
    snippet: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One findable thing, in plain text.

    texts: language -> TextField name -> text; only languages in which the thing is public.
    facets: facet name -> codes, each with all its ancestors.
    names: language -> name to sort by and to complete; a missing language falls back in the order of `texts`.
    phrases: language -> further phrases autocomplete may offer (names of offers).
    changes_at: when it becomes another by itself, because a day in it passes; it is then read anew.
    """

    id: str
    texts: Mapping[str, Mapping[str, str]]
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    newest: datetime.datetime | None = None
    changes_at: datetime.datetime | None = None
    _mark: int | None = field(default=None, init=False, repr=False, compare=False)

    def name(self, language: str) -> str:
        """The name shown to a reader of `language`: their own, else the first there is."""
        return self.names.get(language) or next(iter(self.names.values()), "")

    def but(self, **changes: Any) -> Document:
        """The same with something else."""
        return replace(self, **changes)

    @property
    def fingerprint(self) -> int:
        """63 bits that differ when anything of the document does; engines keep it, `search check` compares it."""
        if self._mark is None:
            newest = self.newest.isoformat() if self.newest else ""
            parts = [self.id, self.texts, self.facets, self.names, self.phrases, newest]
            data = orjson.dumps(parts, default=list, option=orjson.OPT_SORT_KEYS)
            mark = int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big") >> 1
            object.__setattr__(self, "_mark", mark)
        return self._mark  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Change:
    """What an engine must make true: this document is in the index, or (None) no document of that id is.

    `stamp` tells when it was read: of two changes of one id the one with the greater stamp counts, whichever is written
    last. 0: it counts when it comes.
    """

    id: str
    document: Document | None = None
    stamp: int = 0


# -- what is asked ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Query:
    """A validated request. Made by `search.queries.parse`; code may also build it directly.

    filters: facet name -> canonical codes. facets: the facets to count, None for all of the source's.
    unfold: those of which all values are counted, though they have more levels than are shown at once.
    """

    source: str
    language: str
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    size: int = DEFAULT_SIZE
    facets: tuple[str, ...] | None = None
    unfold: tuple[str, ...] = ()

    @property
    def offset(self) -> int:
        """Number of hits before this page."""
        return (self.page - 1) * self.size

    def has(self, facet: str, code: str) -> bool:
        """Whether that value is selected."""
        return code in self.filters.get(facet, ())

    def adding(self, facet: str, code: str) -> Query:
        """The same query with one more selected value, on page 1."""
        codes = tuple(dict.fromkeys((*self.filters.get(facet, ()), code)))
        return replace(self, filters={**self.filters, facet: codes}, page=1)

    def removing(self, facet: str, code: str | None = None) -> Query:
        """The same query without that value (without the whole facet when no code is given), on page 1."""
        rest = tuple(c for c in self.filters.get(facet, ()) if code is not None and c != code)
        filters = {name: codes for name, codes in self.filters.items() if name != facet}
        return replace(self, filters={**filters, facet: rest} if rest else filters, page=1)

    def but(self, **changes: Any) -> Query:
        """The same query with other `text`, `sort`, `source`, `page` …; anything but a page change starts on page 1."""
        return replace(self, **{"page": 1, **changes})

    def parameters(self, *, default_source: str = "suppliers") -> list[tuple[str, str]]:
        """URL parameters that `parse` reads back; the same names in all languages, defaults left out."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, code) for name, codes in self.filters.items() for code in codes]
        pairs += [("unfold", name) for name in self.unfold]
        if self.source != default_source:
            pairs.append(("show", self.source))
        if self.sort != "relevance":
            pairs.append(("sort", self.sort))
        if self.size not in (0, DEFAULT_SIZE):
            pairs.append(("size", str(self.size)))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    @property
    def querystring(self) -> str:
        """`?q=…&place=…`, or "?" when everything is at its default (a link that empties the state)."""
        return "?" + urlencode(self.parameters(), safe="/")


# -- what is answered ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Why:
    """One reason a hit is there.

    field: TextField name, or the facet's name for a concept. label: that field's label, translated at render.
    word: what was typed. matched: the word as it stands in the document, or the label of the concept.
    relation: exact | inflected | part | family | plain | translated | concept.
    language: of `matched`. via: the code for `concept` ("90/909/9091"), else "".
    """

    field: str
    label: Any
    word: str
    matched: str
    relation: str
    language: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A small mark on a card. Its `kind` is its look: eligibility, certification, offer; ok, warn, stop with `icon`.

    language: of the label, "" for the reader's.
    """

    kind: str
    label: str
    icon: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What a hit shows; comes from its source, texts plain (escaped by the template). A language "" is the reader's."""

    title: str
    language: str  # of the title
    url: str
    icon: str = ""
    summary: str = ""
    summary_language: str = ""
    place: str = ""
    place_language: str = ""
    badges: tuple[Badge, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `language` is the language it is shown in; `snippet` is safe HTML with <mark>, or ""."""

    id: str
    language: str
    score: float
    why: tuple[Why, ...]
    title: str  # safe HTML with <mark>
    snippet: str
    snippet_language: str
    card: Card


@dataclass(slots=True)  # not frozen: an answer may hold thousands, and freezing makes each four times as slow to make
class Bucket:
    """One value of a facet. `count` is what selecting it alone in this facet would find."""

    code: str
    label: str
    language: str  # of the label
    count: int
    selected: bool
    parent: str | None
    depth: int = 0


@dataclass(frozen=True)
class FacetResult:
    """The values of one facet that have a count, and those that are selected; parents before children."""

    name: str
    label: str
    display: str  # "tree" | "list" | "map" | "pictograms"
    buckets: tuple[Bucket, ...]
    folded: bool = False  # its box opens on request

    @property
    def selected(self) -> tuple[Bucket, ...]:
        return tuple(b for b in self.buckets if b.selected)

    @property
    def roots(self) -> tuple[Bucket, ...]:
        return self.children(None)

    def children(self, code: str | None) -> tuple[Bucket, ...]:
        """Buckets right below `code`; None gives the top."""
        by_parent: dict[str | None, list[Bucket]] | None = self.__dict__.get("_by_parent")
        if by_parent is None:
            by_parent = {}
            for bucket in self.buckets:
                by_parent.setdefault(bucket.parent, []).append(bucket)
            object.__setattr__(self, "_by_parent", by_parent)
        return tuple(by_parent.get(code, ()))

    def open(self, code: str) -> bool:
        """Whether a value below `code` is selected, so that a tree shows it unfolded."""
        return any(b.code.startswith(code + "/") for b in self.selected)


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of zero hits: another query, what it changes, and how much it finds.

    kind: parent (a wider category or code) | neighbour (a place beside) | unfiltered | fewer (without a word).
    """

    kind: str
    label: str
    language: str
    count: int
    query: Query


@dataclass(frozen=True)
class Results:
    """The answer to a query; `degraded` says that it is limited because the engine cannot answer now.

    `answered`: False when nothing could be looked up at all, so that an empty answer says nothing (503 in the API).
    """

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, FacetResult]
    engine: str
    suggestion: str | None = None
    ways: tuple[Way, ...] = ()
    degraded: bool = False
    answered: bool = True

    @property
    def pages(self) -> int:
        """Number of pages, at least 1."""
        return max(1, math.ceil(min(self.total, MAX_DEPTH) / self.query.size))

    @property
    def beyond(self) -> bool:
        """Whether a page past the last one was asked for (a page view answers 404)."""
        return self.query.page > self.pages


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion. kind: category | supplier | offer | word (a source's name in the singular where it has one).

    `url` is where it leads when it is one thing; otherwise the text is searched for (with `code` as category filter).
    """

    text: str
    kind: str
    language: str
    url: str = ""
    code: str = ""


# -- between queries and engines -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause:
    """A token that satisfies a word: in the fields of `language` and `tier` (word | part | plain), times `weight`."""

    language: str
    tier: str
    token: str
    weight: float
    translated: bool = False  # the token stands for the typed word in another language


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word: satisfied by any clause, or by any way of `together`: clause groups of which each must be met.

    An optional word (a function word beside content words) only adds to the score.
    """

    text: str
    clauses: tuple[Clause, ...]
    together: tuple[tuple[tuple[Clause, ...], ...], ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """A code that means the whole query: a document that carries it matches, with a fixed score. `label` says which."""

    facet: str
    code: str
    weight: float
    label: Label = NO_LABEL


@dataclass(frozen=True)
class Plan:
    """The analysed text: a document matches when all words that are not optional do, or when any concept does."""

    language: str
    words: tuple[Word, ...] = ()
    concepts: tuple[Concept, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.words and not self.concepts


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as the engine has it: its id, score, the indexed texts and facet codes."""

    id: str
    score: float
    texts: Mapping[str, Mapping[str, str]]
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What an engine says: all matches counted, one page of them, and codes -> counts of each facet asked for."""

    total: int
    hits: tuple[Found, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Status:
    """The state of one source's index. `problem` is a sentence, or "" when it can be searched."""

    engine: str
    source: str
    ready: bool
    documents: int = 0
    index: str = ""
    problem: str = ""
    size: int = 0  # bytes


Progress = Callable[[int], None]
Replay = Callable[[], Iterable[Change]]
