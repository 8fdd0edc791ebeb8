"""Addresses of pages that were read by columns."""

from collections.abc import Sequence

from home.models import Page
from torv.languages import OTHERS


class Addresses:
    """Of many pages at a time, for types that have the address of their place in the tree: making an instance of each
    takes longer than all else.
    """

    COLUMNS = ("url_path", *(f"url_path_{language}" for language in OTHERS))

    def __init__(self) -> None:
        self._page = Page()

    def of(self, paths: Sequence[str]) -> str:
        """In the active language; "" for a page that is in no site. `paths`: the values of COLUMNS."""
        for column, path in zip(self.COLUMNS, paths, strict=True):
            setattr(self._page, column, path)
        return self._page.get_url() or ""
