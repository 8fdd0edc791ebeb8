"""What must stay for now. Whoever tries to delete it is told why: an editor, a program, code.

Of one thing the site itself sees to it: rows of a plugin that is absent still refer to pages, pictures and people. The
database holds on to what they refer to, and would say so in a 500, long after "deleted" was announced.
"""

import functools
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.db.models.signals import pre_delete
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

CMS_PREFIX = "/cms/"
#: Apps, beside the site's own, whose rows plugins refer to.
OTHERS = ("auth", "wagtailimages", "wagtaildocs")


class Protected(ValidationError):
    """`instance` stays, for the reason in the sentence. `way`: (label, address) of what to do instead."""

    def __init__(self, instance: Model, sentence: Any, way: tuple[Any, str] | None = None) -> None:
        super().__init__(sentence, code="protected")
        self.instance, self.way = instance, way


class ProtectionMiddleware:
    """An editor who tries it reads the sentence where they can do something about it. Programs get it as a 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Protected) or not request.path_info.startswith(CMS_PREFIX):
            return None
        from wagtail.admin import messages
        from wagtail.admin.admin_url_finder import AdminURLFinder

        way = [messages.button(exception.way[1], exception.way[0])] if exception.way else None
        messages.error(request, exception.messages[0], buttons=way)
        return redirect(AdminURLFinder(request.user).get_edit_url(exception.instance) or "wagtailadmin_home")


# ---- rows of absent plugins -----------------------------------------------------------------------------------------
def connect() -> None:
    for model in watched():
        pre_delete.connect(refuse_what_is_referred_to, sender=model, dispatch_uid="torv.protection")


def watched() -> Iterator[type[Model]]:
    """Models of the site to which plugins may refer."""
    content = [label for label in settings.TORV_PLUGINS.core if label not in ("torv", "outbox", "mail", "search")]
    for label in (*content, *OTHERS):
        yield from apps.get_app_config(label).get_models()


def refuse_what_is_referred_to(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """:raises Protected: a row in a table of nobody refers to it."""
    found = references_to(sender._meta.db_table)
    absent = sorted({table.partition("_")[0] for table, column, to in found if _refers(table, column, to, instance)})
    if absent:
        sentence = _(
            "“%(object)s” cannot be deleted: plugins that are not installed now still refer to it (%(plugins)s). "
            "Bring them back first, or remove them for good."
        )
        raise Protected(instance, sentence % {"object": instance, "plugins": ", ".join(absent)})


@functools.cache
def references_to(target: str) -> tuple[tuple[str, str, str], ...]:
    """(table, its column, the column it refers to) of tables that no installed app has. Which those are changes with
    the installation, so a process looks once."""
    return tuple((table, column, to) for table, column, other, to in _strangers_references() if other == target)


@functools.cache
def _strangers_references() -> tuple[tuple[str, str, str, str], ...]:
    known = {*connection.introspection.django_table_names(), "django_migrations"}
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - known)
        return tuple(
            (table, column, other, to)
            for table in tables
            for column, (to, other, *_rest) in connection.introspection.get_relations(cursor, table).items()
        )


def _refers(table: str, column: str, to: str, instance: Model) -> bool:
    field = next(field for field in type(instance)._meta.concrete_fields if field.column == to)
    value = field.get_db_prep_value(getattr(instance, field.attname), connection)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {quote(table)} WHERE {quote(column)} = %s LIMIT 1", [value])  # noqa: S608
        return cursor.fetchone() is not None
