"""A process that sends mail is killed with -9: everybody gets each mail, and nobody sees one twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.torv.mail.conftest import TEMPLATES
from tests.torv.mail.server import MailServer
from torv import mail
from torv.mail import Mail

pytestmark = pytest.mark.sqlite  # the processes share a copy of the database's file
ROOT = Path(__file__).resolve().parents[3]
PEOPLE = 30

SEND = """
import sys, django
from django.conf import settings
settings.TEMPLATES[0]["DIRS"].append(sys.argv[1])
django.setup()
from torv import outbox
outbox.drain(topics=["mail"])
"""


@pytest.fixture
def database(transactional_db, tmp_path):
    """The test's database with a mail for each of many, in a file that other processes can open."""
    mail.queue_many(
        Mail(key=f"n{number}", to=f"p{number}@example.org", language="da", template="note", context={"title": "x"})
        for number in range(PEOPLE)
    )
    path = tmp_path / "site.sqlite3"
    with sqlite3.connect(path) as file:
        connection.ensure_connection()
        connection.connection.backup(file)
    file.close()
    return path


def start(database: Path, server: MailServer) -> subprocess.Popen:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "torv.settings.dev",
        "TORV_DATABASE_URL": f"sqlite:///{database}",
        "TORV_EMAIL_URL": server.url,
    }
    return subprocess.Popen([sys.executable, "-c", SEND, TEMPLATES], cwd=ROOT, env=environment)


def states(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as file:
        found = dict(file.execute("select state, count(*) from mail_message group by state"))
    file.close()
    return found


@pytest.mark.parametrize("moment", ["before the data", "after the server took it"])
def test_killed_at_the_tenth_mail_everybody_gets_one(database, server: MailServer, moment) -> None:
    inbox, process = server.inbox, start(database, server)

    def die(*args: object) -> None:
        if process.poll() is None and len(inbox.mails) + (moment == "before the data") >= 10:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    if moment == "before the data":
        inbox.on_recipient = die
    else:
        inbox.on_data = die
    process.wait(60)
    assert process.returncode == -signal.SIGKILL
    assert states(database)["sending"] == 1

    assert start(database, server).wait(60) == 0
    assert states(database) == {"sent": PEOPLE}
    assert inbox.delivered() == {f"p{number}@example.org": 1 for number in range(PEOPLE)}
    # The one that the server had taken came again, as the same mail.
    assert len(inbox.mails) == PEOPLE + (moment == "after the server took it")


def test_killed_again_and_again_everybody_gets_one(database, server: MailServer) -> None:
    inbox, kills = server.inbox, 0
    while states(database).get("sent", 0) < PEOPLE:
        process, target = start(database, server), len(inbox.mails) + 10

        def die(mail: object, process: subprocess.Popen = process, target: int = target) -> None:
            if len(inbox.mails) >= target and process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()

        inbox.on_data = die
        kills += process.wait(60) == -signal.SIGKILL
    assert kills >= 2
    assert inbox.delivered() == {f"p{number}@example.org": 1 for number in range(PEOPLE)}
    assert len(inbox.mails) <= PEOPLE + kills
