"""The whole demonstration in the tests' database: loaded once for a run of tests, copied by whoever needs it next.

Loading publishes some hundred pages one by one, as an editor would, and takes the better part of a minute. The first
test process that needs it does that and keeps what it got, rows and files, where the others find it.
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils.translation import override
from wagtail.models import Site

from directory.demo.site import load_all
from directory.reference import loader as reference


@contextmanager
def whole_demo(kept: Path) -> Iterator[list[str]]:
    """The demo and the reference data, in a transaction that is rolled back; the lines that loading it answered.

    `kept`: a folder that all processes of this run share.
    """
    kept.mkdir(parents=True, exist_ok=True)
    rows, media = kept / "rows.pickle", kept / "media"
    with override("da"), transaction.atomic():
        with (kept / "lock").open("ab") as lock:
            flock(lock, LOCK_EX)
            if not rows.exists():
                list(reference.load_all())
                lines = load_all()
                shutil.copytree(settings.MEDIA_ROOT, media, dirs_exist_ok=True)
                rows.write_bytes(pickle.dumps((lines, dict(_rows()))))
        lines, tables = pickle.loads(rows.read_bytes())
        shutil.copytree(media, settings.MEDIA_ROOT, dirs_exist_ok=True)
        _replace(tables)
        yield lines
        transaction.set_rollback(True)
    _forget()


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _rows() -> Iterator[tuple[str, Any]]:
    """Table -> (columns, rows as the database keeps them; on PostgreSQL as it copies them out)."""
    for table in _tables():
        with connection.cursor() as cursor:
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            names = ", ".join(map(connection.ops.quote_name, columns))
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {connection.ops.quote_name(table)} ({names}) TO STDOUT") as copy:
                    yield table, (columns, b"".join(map(bytes, copy)))
            else:
                as_stored = ", ".join(f"+{connection.ops.quote_name(column)}" for column in columns)  # not converted
                cursor.execute(f"SELECT {as_stored} FROM {connection.ops.quote_name(table)}")
                yield table, (columns, cursor.fetchall())


def _replace(tables: dict[str, Any]) -> None:
    """Put these rows in the place of all there are."""
    with connection.cursor() as cursor:  # foreign keys are looked at when a transaction ends
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        for table, (columns, rows) in tables.items():
            quoted, names = connection.ops.quote_name(table), ", ".join(map(connection.ops.quote_name, columns))
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {quoted} ({names}) FROM STDIN") as copy:
                    copy.write(rows)
            elif rows:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {quoted} ({names}) VALUES ({marks})", rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # what autovacuum does for a site: inside a transaction it has not seen it
    _forget()


def _forget() -> None:
    """Rows that are remembered outside the database are others now."""
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
