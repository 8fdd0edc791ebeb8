"""The process that tells 500 people of a cancellation is killed with -9: everybody gets one mail."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from plugins.meetings.actions import cancel_meeting
from plugins.meetings.models import Registration
from tests.plugins.meetings.people import open_meeting
from tests.plugins.meetings.processes import Database, outcome
from tests.torv.mail.server import MailServer

PEOPLE = 500

TELL = """
import os, signal, sys
from torv import mail, outbox
left, write = [int(sys.argv[1])], mail.queue_many

def queue_many(mails):
    left[0] -= 1
    if left[0] == 0 and sys.argv[2] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    written = write(mails)
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return written

mail.queue_many = queue_many
outbox.drain(topics=["meetings.tell"])
"""

SEND = """
from torv import outbox
outbox.drain(topics=["meetings.tell"])
outbox.drain(topics=["mail"])
"""


@pytest.fixture
def database(transactional_db, settings, tmp_path: Path, django_user_model) -> Database:
    """A meeting that was cancelled with one click, and nobody told yet."""
    settings.TORV_OUTBOX_WORKER = True
    from tests.factories.home import front_page

    front_page()
    date = open_meeting()
    Registration.objects.bulk_create(
        Registration(
            occurrence=date, name=f"Person {n}", email=f"p{n}@example.org", language=("da", "sv", "en")[n % 3],
            state="confirmed", line=n + 1,
        )
        for n in range(PEOPLE)
    )  # fmt: skip
    editor = django_user_model.objects.create_superuser("editor")
    cancel_meeting(meeting=date.page, by=editor, reasons={"da": "Storm."})
    return Database(tmp_path)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_mails_are_written_everybody_gets_one(database, moment) -> None:
    status, _out, error = outcome(database.start(TELL, "2", moment))
    assert status == -signal.SIGKILL, error
    written = database.rows("select count(*) from mail_message")
    assert written == [(200 if moment == "before" else 400,)]
    server = MailServer()
    server.start()
    try:
        status, _out, error = outcome(database.start(SEND, TORV_EMAIL_URL=server.url))
    finally:
        server.stop()
    assert status == 0, error
    assert server.inbox.delivered() == {f"p{n}@example.org": 1 for n in range(PEOPLE)}
    assert len(server.inbox.mails) == PEOPLE
    assert {mail["To"]: mail["Content-Language"] for mail in server.inbox.mails} == {
        f"p{n}@example.org": ("da", "sv", "en")[n % 3] for n in range(PEOPLE)
    }
