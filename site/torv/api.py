"""Wagtail's API v3 with the routers of core apps and plugins in it.

The URLconf imports `api` from here: routers must join before `api.urls` is read, which a process does once.
"""

from collections.abc import Iterable
from itertools import count

from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from wagtail.api.v3.urls import api

from .plugins import plugins
from .problems import problem_response

__all__ = ["api"]


_numbers = count()
_operations: dict[str, str] = {}
"""operationId -> path, of everything that has joined."""


def _operations_of(routers: Iterable[tuple[str, Router]]) -> dict[str, str]:
    """operationId -> path. Building what the document says of them, and their addresses, raises what is wrong with
    them: apart, because in the one API it would be wrong with everybody."""
    apart = NinjaAPI(urls_namespace=f"apart-{len(_operations)}-{next(_numbers)}")
    for prefix, router in routers:
        apart.add_router(prefix, router)
    apart.urls  # noqa: B018
    document = apart.get_openapi_schema(path_prefix="")
    return {
        operation["operationId"]: path
        for path, operations in document["paths"].items()
        for operation in operations.values()
    }


def _join(name: str, item: tuple[str, Router]) -> None:
    prefix, router = item
    path = f"/{name}{prefix}"
    operations = _operations_of([(path, router)])
    if taken := operations.keys() & _operations.keys():
        raise ValueError(f"operation_id {min(taken)!r} is the one of {_operations[min(taken)]}")
    if taken := set(operations.values()) & set(_operations.values()):
        raise ValueError(f"there is {min(taken)} already")
    api.add_router(path, router, tags=[name])
    _operations.update(operations)


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
