"""Other processes on the test's database: in a file on SQLite, the test's own on PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parents[3]


class Database:
    """What the test has committed, as other processes see it; `rows` reads what they made of it."""

    said: list[str]  # by each process, once it has ended

    def __init__(self, folder: Path) -> None:
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            self.path = folder / "site.sqlite3"
            with sqlite3.connect(self.path) as file:
                connection.connection.backup(file)
            # As a site's database is from its first start: no process turns it while others have it open.
            file.execute("PRAGMA journal_mode=WAL")
            file.close()
            self.url = f"sqlite:///{self.path}"
        else:
            facts = connection.settings_dict
            self.url = f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"

    def rows(self, sql: str) -> list[tuple]:
        if connection.vendor == "sqlite":
            with sqlite3.connect(self.path) as file:
                found = file.execute(sql).fetchall()
            file.close()
            return found
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def start(self, code: str, *args: str, **environment: str) -> subprocess.Popen:
        values = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "torv.settings.dev",
            "TORV_DATABASE_URL": self.url,
            "TORV_OUTBOX_WORKER": "1",  # nothing is carried out that is not asked for
            "TORV_LOG_LEVEL": "ERROR",
            **environment,
        }
        return subprocess.Popen(
            [sys.executable, "-c", "import django\ndjango.setup()\n" + code, *args],
            cwd=ROOT, env=values, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


def outcome(process: subprocess.Popen) -> Any:
    """Wait for it; its exit status and what it said."""
    out, error = process.communicate(timeout=200)
    return process.returncode, out, error
