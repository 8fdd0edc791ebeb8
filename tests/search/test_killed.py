"""A process that is killed with -9 anywhere between the commit and the index loses nothing: the next one catches up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from directory.search import SUPPLIERS
from search import engines
from tests.factories.directory import EnterprisePageFactory

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.sqlite  # the processes share a copy of the database's file

PUBLISH_AND_DIE = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.TORV_SEARCH_PATH = sys.argv[2]
from django.db import transaction
from directory.models import EnterprisePage
from search import engines
from torv.outbox import delivery
engine = engines.engine()
die = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "before the drain":
    delivery.drain = die
elif sys.argv[1] == "before the index":
    engine.apply = die
elif sys.argv[1] == "after the index":
    apply = engine.apply
    engine.apply = lambda *args: (apply(*args), die())
page = EnterprisePage.objects.get()
with transaction.atomic():
    page.title_da = "Nytårsnavn"
    page.save_revision().publish()
"""

FIND = """
import sys
import django
django.setup()
from django.conf import settings
settings.TORV_SEARCH_PATH = sys.argv[1]
from directory.search import SUPPLIERS
from search import indexing
from search.queries import find, parse
print(find(parse({"q": "nytårsnavn"}, "da")).total, bool(indexing.compare(SUPPLIERS)))
"""


@pytest.fixture
def database(db, tmp_path):
    """The test's database, in a file that other processes can open."""
    EnterprisePageFactory(title_da="Gammelt navn")
    path = tmp_path / "site.sqlite3"
    connection.ensure_connection()
    path.write_bytes(connection.connection.serialize())
    return f"sqlite:///{path}"


def run(code: str, database: str, settings: Any, *args: str) -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "TORV_SEARCH_ENGINE": settings.TORV_SEARCH_ENGINE,
        "TORV_ELASTICSEARCH_URL": ",".join(settings.TORV_ELASTICSEARCH_URL),
        "TORV_ELASTICSEARCH_PREFIX": settings.TORV_ELASTICSEARCH_PREFIX,
        "TORV_ELASTICSEARCH_TIMEOUT": "30",
        "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "torv.settings.test",
        "TORV_TEST_DATABASE_URL": database,
    }
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("moment", ["before the drain", "before the index", "after the index"])
def test_a_committed_change_is_found_by_the_next_process(search_engine, database, settings, moment):
    folder = str(settings.TORV_SEARCH_PATH)
    engines.engine().rebuild(SUPPLIERS, SUPPLIERS.documents(), list)
    killed = run(PUBLISH_AND_DIE, database, settings, moment, folder)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    after = run(FIND, database, settings, folder)
    assert after.stdout.split() == ["1", "False"], after.stderr
