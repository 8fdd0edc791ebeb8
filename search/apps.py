from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from search import checks  # noqa: F401
        from search.indexing import register_meanings, register_topics
        from search.signals import connect
        from torv import serving
        from torv.plugins.report import exercising

        register_topics()
        register_meanings()
        connect()
        serving.starting.connect(read_tables, dispatch_uid="search.read_tables")
        exercising.connect(exercise, dispatch_uid="search.exercise")


def exercise(**arguments: Any) -> None:
    """Ask each source for a few of its documents and what a reader would see of them."""
    from itertools import islice

    from search.registry import blaming, sources

    for source in sources().values():
        with blaming(source):
            ids = [document.id for document in islice(source.documents(), 3)]
            source.cards(ids, "da")
            next(iter(source.vocabulary("da")), None)


def read_tables(**arguments: Any) -> None:
    """The dictionaries of every language and the words of the codes: half a second that the first search would wait."""
    from search import concepts
    from search.analysis import query_tokens
    from search.types import LANGUAGES

    for language in LANGUAGES:
        query_tokens("search", language)
    concepts.load()
