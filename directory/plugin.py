"""What the directory contributes to the site."""

from collections.abc import Iterator

from directory.search import OFFERS, SUPPLIERS
from search.sources import Source
from torv.plugins import hookimpl


@hookimpl
def search_sources() -> Iterator[Source]:
    """Suppliers, and what they offer."""
    yield SUPPLIERS
    yield OFFERS
