"""Wagtail's API v3 with the routers of core apps and plugins in it.

The URLconf imports `api` from here: routers must join before `api.urls` is read, which a process does once.
"""

from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from wagtail.api.v3.urls import api

from .plugins import plugins
from .problems import problem_response

__all__ = ["api"]


def _join(name: str, item: tuple[str, Router]) -> None:
    prefix, router = item
    api.add_router(f"/{name}{prefix}", router, tags=[name])


plugins.apply("api_routers", _join)
# The documentation page would ask somebody else's server whether our document is valid.
api.docs.settings["validatorUrl"] = None


def _too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    """A number that no database can hold is the caller's mistake, also where Wagtail's own lists pass it on."""
    if request.method not in ("GET", "HEAD"):  # what is written may break a rule of the database for other reasons
        raise error
    return problem_response(_("A number in the request is too large."))


# PostgreSQL calls it a DataError; SQLite an OverflowError or, in a limit, a "datatype mismatch" of integrity.
for _failure in (OverflowError, DataError, IntegrityError):
    api.add_exception_handler(_failure, _too_large)
