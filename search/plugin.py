"""What search contributes to the site: its part of the API and its line in the readiness report."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from ninja import Router

from torv.plugins import hookimpl
from torv.plugins.hookspecs import HealthCheck, NavigationItem, Unhealthy

LAST = 1000  # in the main menu: after everything that has a page of its own


@hookimpl
def api_routers() -> Iterator[tuple[str, Router]]:
    """`/api/v3/search/…`"""
    from search.api import router

    yield "", router


@hookimpl
def navigation(language: str) -> Iterator[NavigationItem]:
    """The search of everything, whatever else is in the menu."""
    with override(language):
        yield NavigationItem(_("Search"), reverse("search:everything"), position=LAST)


def _index() -> Mapping[str, Any]:
    from search import registry
    from search.engines import engine

    states = [engine().status(source) for source in registry.sources().values()]
    if missing := [state for state in states if not state.ready]:
        reasons = dict.fromkeys(state.problem for state in missing if engine().name != "embedded")
        named = f"No search index that can be used for: {', '.join(state.source for state in missing)}."
        raise Unhealthy(" ".join([*reasons, named]))
    return {"engine": engine().name, "documents": {state.source: state.documents for state in states}}


@hookimpl
def health_checks() -> Iterator[HealthCheck]:
    """Whether search can answer. Pages stay up without it, so a load balancer need not mind."""
    yield HealthCheck("search", _index, required=False)
