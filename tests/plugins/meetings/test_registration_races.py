"""Many people at once, in many threads of several processes: places are given once each, in the order of the line."""

from __future__ import annotations

import ast
import time
from collections import Counter
from pathlib import Path

import pytest

from plugins.meetings.actions import confirm_registration
from tests.factories.meetings import RegistrationFactory
from tests.plugins.meetings.people import open_meeting
from tests.plugins.meetings.processes import Database, outcome

PLACES, PEOPLE, PROCESSES = 10, 48, 3

WORK = """
import sys, threading, time, traceback
from pathlib import Path
from django.db import connection
from plugins.meetings.actions import confirm_registration, register, withdraw_registration
from plugins.meetings.models import Occurrence, Registration

tasks, failed = sys.argv[2:], []

def do(task):
    name, number = task.split(":")
    try:
        if name == "register":
            register(occurrence=Occurrence.objects.get(pk=number), name="Maria", email="maria@example.org",
                     language="da", consent="ja")
        else:
            act = confirm_registration if name == "confirm" else withdraw_registration
            act(registration=Registration.objects.get(pk=number))
    except Exception:
        failed.append(traceback.format_exc())
    finally:
        connection.close()

threads = [threading.Thread(target=do, args=[task]) for task in tasks]
Path(sys.argv[1]).touch()
start = Path(sys.argv[1]).parent / "start"
while not start.exists():
    time.sleep(0.01)
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(*failed)
sys.exit(bool(failed))
"""

CROWD = """
import sys, time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from django.db import connection
from django.test import Client
from plugins.meetings.models import Registration
from plugins.meetings.registration import tokens

tokens.FORM_YOUNGEST = -1
date, numbers = int(sys.argv[2]), [int(number) for number in sys.argv[3:]]
token = tokens.form_token(date)

def visit(number):
    office = number % 10 == 0
    client = Client(
        headers={"host": "localhost"}, raise_request_exception=False,
        REMOTE_ADDR="10.9.9.9" if office else f"10.0.{number // 250}.{number % 250}",
    )
    facts = {"name": "Maria", "email": f"v{number}@example.org", "consent": "1", "token": token}
    try:
        sent = client.post(f"/da/go/meetings/register/{date}/", facts).status_code
        if sent != 303:
            return sent, "office" if office else "home", 0
        person = Registration.objects.get(email=facts["email"])
        followed = client.post(f"/da/go/meetings/confirm/{tokens.sign(person, 'confirm')}/").status_code
        return sent, "office" if office else "home", followed
    finally:
        connection.close()

with ThreadPoolExecutor(12) as pool:
    Path(sys.argv[1]).touch()
    start = Path(sys.argv[1]).parent / "start"
    while not start.exists():
        time.sleep(0.01)
    print(dict(Counter(pool.map(visit, numbers))))
"""
VISITORS, FROM_ONE_OFFICE = 90, 5


@pytest.fixture
def meeting(transactional_db, settings, tmp_path: Path):
    settings.TORV_OUTBOX_WORKER = True
    from tests.factories.home import front_page

    front_page()
    return open_meeting(capacity=PLACES)


def at_once(tasks: list[str], folder: Path, code: str = WORK, *first: str, **environment: str) -> Database:
    """Carry the tasks out in threads of several processes, all started at the same moment."""
    database = Database(folder)
    ready = [folder / f"ready-{number}" for number in range(PROCESSES)]
    processes = [
        database.start(code, str(ready[n]), *first, *tasks[n::PROCESSES], **environment) for n in range(PROCESSES)
    ]
    while not all(path.exists() for path in ready) and all(process.poll() is None for process in processes):
        time.sleep(0.05)
    (folder / "start").touch()
    database.said = []
    for process in processes:
        status, out, error = outcome(process)
        assert status == 0, out + error
        database.said.append(out)
    return database


def lines(database: Database) -> list[tuple]:
    return database.rows("select line, state from meetings_registration where line is not null order by line")


def test_more_people_than_places_confirm_at_the_same_moment(meeting, tmp_path) -> None:
    people = RegistrationFactory.create_batch(PEOPLE, occurrence=meeting, state="unconfirmed", confirmed_at=None)
    database = at_once([f"confirm:{person.pk}" for person in people], tmp_path)
    assert lines(database) == [(n, "confirmed" if n <= PLACES else "waiting") for n in range(1, PEOPLE + 1)]
    mails = dict(database.rows("select template, count(*) from mail_message group by template"))
    assert mails == {"meetings/mail/registered": PLACES, "meetings/mail/waiting": PEOPLE - PLACES}


def test_some_withdraw_while_others_confirm(meeting, tmp_path) -> None:
    people = RegistrationFactory.create_batch(PEOPLE, occurrence=meeting, state="unconfirmed", confirmed_at=None)
    for person in people[:24]:
        confirm_registration(registration=person)
    gone = [person.pk for person in people[:24:2]]
    tasks = [f"withdraw:{pk}" for pk in gone] + [f"confirm:{person.pk}" for person in people[24:]]
    database = at_once([task for pair in zip(tasks[::2], tasks[1::2], strict=True) for task in pair], tmp_path)
    still = [(line, state) for line, state in lines(database) if state != "withdrawn"]
    assert len(still) == PEOPLE - len(gone)
    assert [state for _line, state in still] == ["confirmed"] * PLACES + ["waiting"] * (len(still) - PLACES)
    told = dict(database.rows("select template, count(*) from mail_message group by template"))
    assert told["meetings/mail/withdrawn"] == len(gone)
    assert told["meetings/mail/registered"] + told["meetings/mail/promoted"] >= PLACES


def test_one_person_sends_the_form_many_times_at_once(meeting, tmp_path) -> None:
    database = at_once([f"register:{meeting.pk}"] * 24, tmp_path)
    assert database.rows("select email, state from meetings_registration") == [("maria@example.org", "unconfirmed")]
    assert database.rows("select count(*) from mail_message") == [(1,)]


def test_one_link_is_followed_many_times_at_once(meeting, tmp_path) -> None:
    person = RegistrationFactory(occurrence=meeting, state="unconfirmed", confirmed_at=None)
    database = at_once([f"confirm:{person.pk}"] * 24, tmp_path)
    assert lines(database) == [(1, "confirmed")]
    assert database.rows("select count(*) from mail_message") == [(1,)]


def test_a_crowd_at_the_door_is_answered_and_nobody_is_lost(meeting, tmp_path) -> None:
    """By the form and the link, as a web server would call them; every tenth visitor sits in the same office."""
    crowd = [str(number) for number in range(VISITORS)]
    database = at_once(
        crowd, tmp_path, CROWD, str(meeting.pk), TORV_MEETINGS_REGISTRATIONS_PER_HOUR=str(FROM_ONE_OFFICE)
    )
    answers: Counter = Counter()
    for out in database.said:
        answers.update(ast.literal_eval(out))
    office = VISITORS // 10
    assert answers == {
        (303, "home", 303): VISITORS - office,
        (303, "office", 303): FROM_ONE_OFFICE,
        (429, "office", 0): office - FROM_ONE_OFFICE,
    }
    taken = VISITORS - office + FROM_ONE_OFFICE
    assert lines(database) == [(n, "confirmed" if n <= PLACES else "waiting") for n in range(1, taken + 1)]
    mails = dict(database.rows("select template, count(*) from mail_message group by template"))
    assert mails == {
        "meetings/mail/confirm": taken, "meetings/mail/registered": PLACES, "meetings/mail/waiting": taken - PLACES
    }  # fmt: skip
