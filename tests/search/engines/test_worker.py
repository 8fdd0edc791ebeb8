"""`manage.py outbox work`: one that is killed loses nothing, one that is asked to end does so between two batches."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections

from directory.search import SUPPLIERS
from search import engines, indexing
from search.queries import find, parse
from tests.factories.directory import EnterprisePageFactory
from torv.outbox.models import OutboxEntry

ROOT = Path(__file__).resolve().parents[3]
#: Fifty in all; most where a write goes to another process, which may have it or not.
KILLS = {"embedded": 15, "elasticsearch": 35}

# The workers see only what is committed. A group of its own: what commits comes last, and empties the tables.
pytestmark = [
    pytest.mark.xdist_group("worker"),
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(params=["embedded", "elasticsearch"])
def site(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Any:
    """A site whose database other processes can open, with a worker that carries out its outbox."""
    ContentType.objects.clear_cache()  # numbers from before the tables were emptied
    environment = {"TORV_SEARCH_ENGINE": request.param, "TORV_OUTBOX_WORKER": "yes"}
    settings.TORV_SEARCH_ENGINE, settings.TORV_OUTBOX_WORKER = request.param, True
    if request.param == "elasticsearch":
        environment["TORV_ELASTICSEARCH_URL"] = request.getfixturevalue("elasticsearch_url")
        environment["TORV_ELASTICSEARCH_PREFIX"] = request.getfixturevalue("new_prefix")()
        environment["TORV_ELASTICSEARCH_TIMEOUT"] = "30"
        settings.TORV_ELASTICSEARCH_URL = environment["TORV_ELASTICSEARCH_URL"].split(",")
        settings.TORV_ELASTICSEARCH_PREFIX = environment["TORV_ELASTICSEARCH_PREFIX"]
        settings.TORV_ELASTICSEARCH_TIMEOUT = 30.0
    engines.forget()
    return environment


class Workers:
    """A process that is ready to be a worker, and forks one whenever it is asked to: starting anew takes seconds."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.search.engines.working", str(_search_path())], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={
                **os.environ, **environment, "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
                "DJANGO_SETTINGS_MODULE": "torv.settings.test", "TORV_TEST_DATABASE_URL": database_url(),
            },
        )  # fmt: skip

    def start(self) -> int:
        """The process id of a new worker."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        while not (line := self.process.stdout.readline()).strip().isdigit():
            assert line, "the process ended"
            self.said.append(line)
        return int(line)

    def close(self) -> None:
        """Ends it; what its workers said is in `said`."""
        self.process.stdin.close()
        self.process.wait(30)
        self.said += self.process.stdout.readlines()
        self.process.stdout.close()


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def until(true: Any, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, list(OutboxEntry.objects.exclude(state="done").values())
        time.sleep(0.05)


def _search_path() -> Path:
    from django.conf import settings

    return Path(settings.TORV_SEARCH_PATH)


def database_url() -> str:
    """Where this test's database is."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    return f"postgres://{said['USER']}:{said['PASSWORD']}@{said['HOST']}:{said['PORT']}/{said['NAME']}"


@contextmanager
def in_a_file(folder: Path) -> Iterator[None]:
    """On SQLite the test's database is in memory: for a while, it is in a file."""
    if connection.vendor != "sqlite":
        yield
        return
    file = folder / "site.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    before, options = connection.settings_dict["NAME"], dict(connection.settings_dict["OPTIONS"])
    memory = connections["default"].connection
    connections["default"].connection = None
    connection.settings_dict["NAME"] = str(file)
    connection.settings_dict["OPTIONS"] = {**options, "timeout": 30, "transaction_mode": "IMMEDIATE",
                                           "init_command": "PRAGMA journal_mode=WAL;"}  # fmt: skip
    try:
        yield
    finally:
        connections["default"].connection.close()
        connection.settings_dict.update(NAME=before, OPTIONS=options)
        connections["default"].connection = memory


def waiting() -> int:
    return OutboxEntry.objects.exclude(state=OutboxEntry.State.DONE).count()


def test_a_worker_killed_at_fifty_random_points_loses_nothing(site, tmp_path):
    chance, kills = random.Random(4), KILLS[site["TORV_SEARCH_ENGINE"]]
    with in_a_file(tmp_path):
        pages = [EnterprisePageFactory(title_da=f"Kantine {number}") for number in range(5)]
        call_command("search", "rebuild", stdout=io.StringIO())
        events = killed_at_work = 0
        workers = Workers(site)
        for kill in range(kills):
            for page in chance.sample(pages, 2):
                page.title_da = f"Kantine {page.pk} nummer {kill}"
                page.save_revision().publish()
                events += 1
            if kill % 10 == 9:
                pages.pop(0).delete()
                pages.append(EnterprisePageFactory(title_da=f"Kantine ny {kill}"))
                events += 2
            pid = workers.start()
            time.sleep(chance.uniform(0, 0.4))
            killed_at_work += waiting() > 0
            os.kill(pid, signal.SIGKILL)
            until(lambda pid=pid: gone(pid))
        last = workers.start()
        until(lambda: not waiting(), 600)  # an entry that failed after many tries waits for minutes
        os.kill(last, signal.SIGTERM)
        until(lambda: gone(last))
        workers.close()
        assert not indexing.compare(SUPPLIERS)
        assert OutboxEntry.objects.filter(state=OutboxEntry.State.DEAD).count() == 0
        assert find(parse({"q": "kantine"}, "da")).total == len(pages)
    assert events >= 2 * kills
    assert killed_at_work > kills / 5  # otherwise the points were not random, but all too late


def test_a_worker_ends_when_asked_and_has_finished_what_it_began(site, tmp_path):
    with in_a_file(tmp_path):
        page = EnterprisePageFactory(title_da="Havnens Kantine")
        call_command("search", "rebuild", stdout=io.StringIO())
        page.title_da = "Fjordens Kantine"
        page.save_revision().publish()
        workers = Workers(site)
        pid = workers.start()
        until(lambda: not waiting())
        os.kill(pid, signal.SIGTERM)
        until(lambda: gone(pid))
        workers.close()
        assert workers.said == ["Working on the outbox.\n", "Stopped.\n"]
        assert find(parse({"q": "fjordens"}, "da")).total == 1
        assert OutboxEntry.objects.filter(state=OutboxEntry.State.CLAIMED).count() == 0
