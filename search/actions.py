"""What others do to search: say that something changed."""

from __future__ import annotations

from collections.abc import Iterable

from search.indexing import topic_of
from search.sources import Source
from torv import outbox


def mark_changed(*, source: Source | str, ids: Iterable[object]) -> int:
    """Note, in the transaction that changes content, that these things must be found as they then are, or no longer.

    Costs a row for each; asking twice costs nothing more. Returns the number of ids.
    """
    return outbox.enqueue_many(topic=topic_of(source), keys=(str(number) for number in ids))
