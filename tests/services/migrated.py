"""A migrated SQLite database, made once for all test runs of this state of the migrations.

Migrating takes some twenty seconds of a processor, nearly all of it for Wagtail's own steps, and every test process
would do it again. It is made with all plugins: a site that switches one off has that plugin's tables too.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

from tests.services.servers import cache_folder

ROOT = Path(__file__).resolve().parents[2]
# What decides which tables there are: other packages' migrations through their versions.
SOURCES = ("requirements/*.lock", "site/torv/settings/*.py", "**/migrations/*.py", "**/translation.py", "*/apps.py")


def migrated() -> Path:
    """The file of the database. To be read only; several processes may ask at once."""
    folder = cache_folder() / "databases"
    folder.mkdir(exist_ok=True)
    file = folder / f"{_digest()}.sqlite3"
    with (folder / "lock").open("ab") as lock:
        flock(lock, LOCK_EX)
        if not file.exists():
            for outdated in folder.glob("*.sqlite3"):
                outdated.unlink()
            making = file.with_suffix(".part")
            making.unlink(missing_ok=True)
            environment = {name: value for name, value in os.environ.items() if name != "TORV_PLUGINS_DISABLED"}
            environment |= {
                "DJANGO_SETTINGS_MODULE": "torv.settings.test",
                "TORV_TEST_DATABASE_URL": f"sqlite:///{making}",
            }
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, cwd=ROOT, env=environment)
            making.rename(file)
    return file


def fill(name: str) -> sqlite3.Connection:
    """Copy it into the database of this name, a file or one in memory, which lives while the connection is open."""
    connection = sqlite3.connect(name, uri=True)
    with sqlite3.connect(f"file:{migrated()}?mode=ro", uri=True) as source:
        source.backup(connection)
    source.close()
    return connection


def _digest() -> str:
    found = hashlib.sha256(sys.version.encode())
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            if ".venv" not in file.parts:
                found.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return found.hexdigest()[:16]
