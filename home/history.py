"""When each text of a page was last written, from its versions: a translation may be older than its source is."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model
from modelcluster.fields import ParentalKey

from home.stamps import plain
from torv.languages import DEFAULT, LANGUAGES, localized

#: How many versions are looked through; what has not changed in them counts as old.
VERSIONS = 50

#: (accessor of the rows, key of the row, column); ("", "", column) of the page itself
Place = tuple[str, str, str]


def written_at(instance: Model, column: str) -> dt.datetime | None:
    """When this text of a page or of one of its rows last became another; None for long ago, or from the start."""
    page, accessor, key = instance, "", ""
    for field in instance._meta.concrete_fields:
        if isinstance(field, ParentalKey):
            page, accessor = getattr(instance, field.name, None), field.remote_field.get_accessor_name()
            key = str(getattr(instance, "key", ""))
    if page is None or not page.pk:
        return None
    known = page.__dict__.get("_written_at")
    if known is None:
        known = page.__dict__["_written_at"] = _changes(page)
    return known.get((accessor, key, column))


def is_older(instance: Model, field: str, language: str, source: str) -> dt.datetime | None:
    """When the text in ``source`` became another after that in ``language`` was written; None where it did not."""
    changed = written_at(instance, localized(field, source))
    translated = written_at(instance, localized(field, language))
    return changed if changed and (translated is None or translated < changed) else None


def _changes(page: Any) -> dict[Place, dt.datetime]:
    found: dict[Place, dt.datetime] = {}
    later: dict[Place, Any] | None = None
    at: dt.datetime | None = None
    for created, content in page.revisions.order_by("-created_at").values_list("created_at", "content")[:VERSIONS]:
        texts = dict(_texts(content))
        if later is not None and at is not None:
            for place in texts.keys() & later.keys():
                if texts[place] != later[place]:
                    found.setdefault(place, at)
        later, at = texts, created
    return found


def _texts(content: Mapping[str, Any], accessor: str = "", key: str = "") -> Iterator[tuple[Place, Any]]:
    for name, value in content.items():
        base, _underscore, ending = name.rpartition("_")
        if isinstance(value, list) and not accessor:
            for row in value:
                if isinstance(row, Mapping) and row.get("key"):
                    yield from _texts(row, name, str(row["key"]))
        elif ending in LANGUAGES and base in content:
            said = plain(value, DEFAULT) if isinstance(value, str) else value
            yield (accessor, key, name), json.dumps(said or None, sort_keys=True, default=str)
