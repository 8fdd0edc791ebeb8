"""The fields of a source's index, and a document as tantivy takes it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson
import tantivy

from search import analysis
from search.engines.phrases import offered_phrases, phrase_tokens
from search.sources import Source
from search.types import LANGUAGES, Document

LAYOUT = 3  # raise it when this file lays fields out differently
TIERS = ("word", "part", "plain")
ID, STORED, FINGERPRINT = "id", "stored", "fingerprint"


def version(source: Source) -> str:
    """What an index must have been built with to be read: this layout, the source's definition, the word tables."""
    definition = [LAYOUT, source.version, [t.name for t in source.texts], [[f.name, f.levels] for f in source.facets]]
    definition += [[s.name, s.by_language] for s in source.sorts]
    digest = hashlib.sha256(json.dumps(definition).encode()).hexdigest()[:8]
    return f"{digest}-{analysis.TABLES_VERSION}"


def text_field(text: str, language: str, tier: str) -> str:
    return f"text_{text}_{language}_{tier}"


def facet_field(facet: str) -> str:
    return f"facet_{facet}"


def upper_field(facet: str) -> str:
    """The upper levels of a facet with many, by themselves: they are counted faster."""
    return f"upper_{facet}"


def sort_field(key: str) -> str:
    return f"sort_{key}"


def phrase_field(language: str) -> str:
    return f"phrase_{language}"


def build_schema(source: Source) -> tantivy.Schema:
    """Text fields are analysed by us and split at blanks; codes, keys and the id are taken as they are."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(STORED, stored=True)
    builder.add_unsigned_field(FINGERPRINT, fast=True)
    for text in source.texts:
        for language in LANGUAGES:
            for tier in TIERS:
                name = text_field(text.name, language, tier)
                builder.add_text_field(name, tokenizer_name="blanks", index_option="freq")
    for language in LANGUAGES:
        builder.add_text_field(phrase_field(language), tokenizer_name="blanks", index_option="basic")
    for facet in source.facets:
        fields = [facet_field(facet.name), *([upper_field(facet.name)] if facet.levels else [])]
        for field in fields:
            builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option="basic")
    for sort in source.sorts:
        for language in LANGUAGES if sort.by_language else ("",):
            name = sort_field(f"{sort.name}_{language}" if language else sort.name)
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def register_tokenizers(index: tantivy.Index) -> None:
    """tantivy keeps tokenizers in memory only: needed after each open."""
    index.register_tokenizer("blanks", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def to_tantivy(source: Source, document: Document) -> tantivy.Document:
    """A document with its texts analysed. The stored part holds what a hit needs: texts, phrases, and codes that may be
    the reason for it."""
    made = tantivy.Document()
    made.add_text(ID, document.id)
    made.add_unsigned(FINGERPRINT, document.fingerprint)
    for language, texts in document.texts.items():
        for name, text in texts.items():
            if text:
                for tier, tokens in zip(TIERS, analysis.index_tokens(text, language), strict=True):
                    if tokens:
                        made.add_text(text_field(name, language, tier), tokens)
    offered = {language: found for language in LANGUAGES if (found := offered_phrases(document, language))}
    for language, found in offered.items():
        made.add_text(phrase_field(language), phrase_tokens(found))
    for name, codes in document.facets.items():
        for code in codes:
            made.add_text(facet_field(name), code)
    for facet in source.facets:
        if facet.levels:
            for code in facet.upper(document.facets.get(facet.name, ())):
                made.add_text(upper_field(facet.name), code)
    for key, value in source.sort_keys(document).items():
        made.add_text(sort_field(key), value)
    reasons = {f.name: list(document.facets.get(f.name, ())) for f in source.facets if f.concepts}
    stored = {"id": document.id, "texts": document.texts, "phrases": offered, "facets": reasons}
    made.add_bytes(STORED, orjson.dumps(stored, default=dict))
    return made


def from_stored(document: tantivy.Document) -> dict[str, Any]:
    """What `to_tantivy` stored: {"id", "texts", "phrases", "facets"}."""
    value: Any = document.get_first(STORED)
    return orjson.loads(bytes(value) if not isinstance(value, bytes | str) else value)
