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

        register_topics()
        register_meanings()
        connect()
        serving.starting.connect(read_tables, dispatch_uid="search.read_tables")


def read_tables(**arguments: Any) -> None:
    """The dictionaries of every language and the words of the codes: half a second that the first search would wait."""
    from search import concepts
    from search.analysis import query_tokens
    from search.types import LANGUAGES

    for language in LANGUAGES:
        query_tokens("search", language)
    concepts.load()
