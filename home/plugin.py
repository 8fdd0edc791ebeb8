"""What pages contribute to the site."""

from collections.abc import Iterator
from typing import Any

from search.sources import Source
from torv.plugins import hookimpl


@hookimpl
def search_sources() -> Iterator[Source]:
    """Pages of running text."""
    from home.search import PAGES

    yield PAGES


@hookimpl
def dashboard_panels(request: Any) -> Iterator[Any]:
    """What readers say of pages, for whoever may see it."""
    from home.feedback.panels import FeedbackPanel
    from home.feedback.reports import SEE

    if request.user.has_perm(SEE):
        yield FeedbackPanel()
