"""Word analysis for Danish, Swedish and English, shared by every search engine.

>>> index_tokens("Rengøringsservice", "da").part
'rengøring service %rengøre'
>>> [w.text for w in query_tokens("städning i Örebro", "sv")]
['städning', 'i', 'örebro']

See docs/search-analysis.md for what it does, why, and how well.
"""

import functools
from typing import NamedTuple

from .analyser import ALT, FAMILY, LANGUAGES, LEMMA, PART, PLAIN, WEIGHTS, Token, analyser
from .tables import TablesMissing, check_tables, tables_version
from .words import MAX_WORD, Span, normal, plain, spans, words

__all__ = [
    "ALT",
    "FAMILY",
    "LANGUAGES",
    "LEMMA",
    "PART",
    "PLAIN",
    "TABLES_VERSION",
    "WEIGHTS",
    "Fields",
    "QueryWord",
    "Span",
    "TablesMissing",
    "Token",
    "analyse",
    "check_tables",
    "index_tokens",
    "normal",
    "plain",
    "query_tokens",
    "spans",
    "words",
]

TABLES_VERSION: str

SHORT = 300  # characters of a text that is likely to be met again
KEPT_WORDS = 50_000  # of each language


def __getattr__(name: str) -> str:
    # Read when first asked for, so that a missing table is the system check's sentence and not an import error.
    if name == "TABLES_VERSION":
        return tables_version()
    raise AttributeError(name)


class Fields(NamedTuple):
    """Space-joined tokens for three whitespace-analysed fields."""

    word: str  # lemmas in the order of the text, so phrases can be searched here; weight 1
    part: str  # other readings, compound parts, `%` families; weight 0.5
    plain: str  # `~` forms without diacritics; weight 0.25, asked only when the typed word is unknown


class QueryWord(NamedTuple):
    """One word of a query.

    `tokens`: (token, weight), any of which may match: lemmas in `word` and `part`, `%` families in `part`, `~` forms in
    `plain`.  `parts`: the smallest parts of a compound; `part_groups`: for each of them the tokens of which one must
    match, a fallback for when the word itself finds nothing.  `plain`: the `~` tokens among `tokens`, empty when the
    word is `known` with certainty.  `weak`: a function word (og, i, the), which a document need not contain when other
    words match.
    """

    text: str
    tokens: tuple[tuple[str, float], ...]
    parts: tuple[str, ...]
    plain: tuple[str, ...]
    part_groups: tuple[tuple[str, ...], ...]
    known: bool
    weak: bool


def index_tokens(text: str, language: str) -> Fields:
    """The three fields of a document's text.  Never fails on a text, whatever is in it."""
    return (_repeated if len(text) <= SHORT else _index_tokens)(text, language)


def _index_tokens(text: str, language: str) -> Fields:
    found = list(map(_tokens_of(language).__getitem__, words(text)))
    main, part, bare = zip(*found, strict=True) if found else ((), (), ())
    return Fields(" ".join(main), " ".join(filter(None, part)), " ".join(filter(None, bare)))


# Places, categories and certificates are the same texts in thousands of documents.
_repeated = functools.lru_cache(5_000)(_index_tokens)


class _TokensOf(dict[str, tuple[str, str, str]]):
    """Word -> its tokens in the three fields.  A plain dictionary: a rebuild asks for a hundred words of a document."""

    def __init__(self, language: str) -> None:
        self.tokens = analyser(language).tokens

    def __missing__(self, word: str) -> tuple[str, str, str]:
        main: list[str] = []
        part: list[str] = []
        bare: list[str] = []
        for token in self.tokens(word):
            (main if token.kind == LEMMA else bare if token.kind == PLAIN else part).append(token.text)
        found = (" ".join(main), " ".join(part), " ".join(bare))
        if len(word) <= MAX_WORD:  # what is no word of a living language is not worth remembering
            if len(self) >= KEPT_WORDS:
                self.clear()
            self[word] = found
        return found


_tokens_of = functools.cache(_TokensOf)


def query_tokens(text: str, language: str) -> list[QueryWord]:
    """What was typed, word by word and in order; all words that are not `weak` should match."""
    return [_query_word(word, language) for word in words(text)]


@functools.lru_cache(10_000)
def _query_word(word: str, language: str) -> QueryWord:
    tool = analyser(language)
    tokens = tool.query_tokens(word)
    groups = tool.part_groups(word)
    return QueryWord(
        text=word,
        tokens=tuple((token, WEIGHTS[kind]) for token, kind in tokens),
        parts=tuple(group[0] for group in groups),
        plain=tuple(token for token, kind in tokens if kind == PLAIN),
        part_groups=groups,
        known=tool.reading(word).known,
        weak=word in tool.function_words,
    )


def analyse(word: str, language: str) -> list[tuple[str, float, str]]:
    """[(token, weight, kind)] of a word or a text as a document has them; kind: lemma, alt, part, family, plain."""
    tool = analyser(language)
    return [(t.text, WEIGHTS[t.kind], t.kind) for w in words(word) for t in tool.tokens(w)]
