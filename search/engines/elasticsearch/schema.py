"""The mapping of a source's index, and a document as Elasticsearch takes it.

Text fields hold our tokens and are split at blanks; codes, keys and the id are taken as they are. `stored` is kept and
given back, and nothing in it is indexed; everything else is indexed, and not kept.
"""

from __future__ import annotations

import functools
import hashlib
import json
from typing import Any

import orjson
from elasticsearch.dsl import Keyword, Long, Mapping, Object, Text

from search import analysis
from search.engines.phrases import offered_phrases, phrase_tokens
from search.sources import Source
from search.types import LANGUAGES, Document
from torv import __version__

LAYOUT = 3  # raise it when this file lays fields out differently
TIERS = ("word", "part", "plain")
ID, STORED, FINGERPRINT = "id", "stored", "fingerprint"


def version(source: Source) -> str:
    """What an index must have been built with to be read: this layout, the source's definition, the word tables."""
    definition = [LAYOUT, source.version, [t.name for t in source.texts], [[f.name, f.levels] for f in source.facets]]
    definition += [[s.name, s.by_language] for s in source.sorts]
    digest = hashlib.sha256(json.dumps(definition).encode()).hexdigest()[:8]
    return f"{digest}-{analysis.TABLES_VERSION}".lower()


def text_field(text: str, language: str, tier: str) -> str:
    return f"text_{text}_{language}_{tier}"


@functools.cache
def text_fields(text: str, language: str) -> tuple[str, ...]:
    """Those of all tiers."""
    return tuple(text_field(text, language, tier) for tier in TIERS)


def facet_field(facet: str) -> str:
    return f"facet_{facet}"


def upper_field(facet: str) -> str:
    """The upper levels of a facet with many, by themselves: they are counted faster."""
    return f"upper_{facet}"


def sort_field(key: str) -> str:
    return f"sort_{key}"


def phrase_field(language: str) -> str:
    return f"phrase_{language}"


def build_mapping(source: Source) -> Mapping:
    """Every field by name; a field that is not here is refused."""
    mapping = Mapping()
    mapping.meta("dynamic", "strict")
    mapping.meta("_source", includes=[STORED])
    mapping.meta("_meta", version=version(source), made_by=__version__)
    # The id is a field too: `_id` can be neither sorted by nor paged through.
    mapping.field(ID, Keyword())
    mapping.field(FINGERPRINT, Long(index=False))
    mapping.field(STORED, Object(enabled=False))
    for text in source.texts:
        for language in LANGUAGES:
            for tier in TIERS:
                name = text_field(text.name, language, tier)
                mapping.field(name, Text(analyzer="whitespace", index_options="freqs"))
    for language in LANGUAGES:
        # Two to eight letters of a word are indexed by themselves, so that completing is a look-up.
        field = Text(
            analyzer="whitespace", index_options="docs", norms=False, index_prefixes={"min_chars": 2, "max_chars": 8}
        )
        mapping.field(phrase_field(language), field)
    for facet in source.facets:
        # Ordinals are made when a change becomes visible, not by the first visitor after it.
        mapping.field(facet_field(facet.name), Keyword(eager_global_ordinals=True))
        if facet.levels:
            mapping.field(upper_field(facet.name), Keyword(index=False, eager_global_ordinals=True))
    for sort in source.sorts:
        for language in LANGUAGES if sort.by_language else ("",):
            name = sort_field(f"{sort.name}_{language}" if language else sort.name)
            mapping.field(name, Keyword(index=False))
    return mapping


def to_elasticsearch(source: Source, document: Document) -> dict[str, Any]:
    """A document with its texts analysed. `stored` holds what a hit needs: texts, phrases, and codes that may be the
    reason for it."""
    made: dict[str, Any] = {ID: document.id, FINGERPRINT: document.fingerprint}
    known = {text.name for text in source.texts}
    for language, texts in document.texts.items():
        for name, text in texts.items():
            if text and name in known:
                for field, tokens in zip(
                    text_fields(name, language), analysis.index_tokens(text, language), strict=True
                ):
                    if tokens:
                        made[field] = tokens
    offered = {language: found for language in LANGUAGES if (found := offered_phrases(document, language))}
    for language, found in offered.items():
        made[phrase_field(language)] = phrase_tokens(found)
    for facet in source.facets:
        if codes := document.facets.get(facet.name):
            made[facet_field(facet.name)] = list(codes)
            if facet.levels:
                made[upper_field(facet.name)] = facet.upper(codes)
    for key, value in source.sort_keys(document).items():
        made[sort_field(key)] = value
    reasons = {f.name: list(document.facets.get(f.name, ())) for f in source.facets if f.concepts}
    texts = {language: dict(texts) for language, texts in document.texts.items()}
    made[STORED] = {"id": document.id, "texts": texts, "phrases": offered, "facets": reasons}
    return made


def to_json(source: Source, document: Document) -> bytes:
    """`to_elasticsearch`, ready to be sent."""
    return orjson.dumps(to_elasticsearch(source, document))
