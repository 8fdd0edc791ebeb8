"""What an engine does, and all that it does. Its types and exceptions stay behind this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from search.types import Answer, Change, Document, Plan, Query, Replay, Status

if TYPE_CHECKING:
    from search.sources import Source


class Engine(Protocol):
    """Keeps the documents of each source and answers plans about them.

    Every method may raise `search.errors.IndexUnavailable`, and nothing else for a well-formed call.
    """

    name: str

    def search(self, source: Source, query: Query, plan: Plan) -> Answer:
        """Matches of the plan and the filters: OR within a facet, AND across; a facet's counts leave its own out.

        Counts every facet in `query.facets` (all of the source's when None). `query.size` may be 0: count only.
        Equal scores keep their order from page to page and commit to commit: paging repeats and loses nothing.
        """

    def suggest(self, source: Source, prefix: str, language: str, limit: int) -> Sequence[tuple[str, str, str]]:
        """(phrase, id, language) whose words start with the words of `prefix`, best first; own language first."""

    def apply(self, source: Source, changes: Sequence[Change]) -> None:
        """Make the changes true for every reader's next search; durable when this returns."""

    def rebuild(self, source: Source, documents: Iterable[Document], replay: Replay) -> int:
        """Build a new index beside the old one, replay what changed meanwhile, swap. Returns documents indexed.

        Readers answer from the old index until the swap. `replay` gives the changes since the rebuild began; it is
        called when no other writer can slip in between it and the swap.
        """

    def rollback(self, source: Source) -> str:
        """Use the index again that was in use before this one; returns its name. It is as old as when it was replaced:
        compare and mend it. Raises IndexMissing when there is none that this version of the code can use.
        """

    def fingerprints(self, source: Source) -> Mapping[str, int]:
        """id -> `Document.fingerprint` of every document in the index, to compare with the database."""

    def status(self, source: Source) -> Status:
        """The state of the index; never raises."""
