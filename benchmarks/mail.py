"""How fast people register and are told: `python benchmarks/mail.py 5000 10000`.

The first number: people who are registered when an editor cancels the meeting. Measured are the editor's click, the
writing of the mails, and how many of them one worker hands to a mail server in a second. The second number: people who
send the form one after the other, in one process. Everything is made in a temporary folder; `TORV_DATABASE_URL` names
another database than SQLite.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site"), str(ROOT / "benchmarks")]

SERVER = """
import sys, time
from aiosmtpd.controller import Controller

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"

Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("up", flush=True)
time.sleep(3600)
"""


def set_up(folder: str, port: int) -> None:
    os.environ |= {
        "TORV_VAR": folder, "TORV_SECRET_KEY": "only for this run", "DJANGO_SETTINGS_MODULE": "torv.settings.dev",
        "TORV_EMAIL_URL": f"smtp://127.0.0.1:{port}", "TORV_OUTBOX_WORKER": "true",
        "TORV_MEETINGS_REGISTRATIONS_PER_HOUR": "1000000000",
    }  # fmt: skip
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)


def meeting() -> Any:
    from content import _root
    from django.utils import timezone

    from plugins.meetings.models import CalendarPage, MeetingPage

    home = _root().get_parent().specific
    calendar = home.add_child(instance=CalendarPage(title_da="Møder", slug="moeder"))
    page = calendar.add_child(
        instance=MeetingPage(
            title_da="Møde", title_sv="Träff", title_en="Meeting", slug="moede", registration="here", city="Skjern",
            date=timezone.localdate() + timezone.timedelta(days=30), start_time="10:00", end_time="14:00",
        )
    )  # fmt: skip
    page.refresh_from_db()
    page.save_revision().publish()
    return MeetingPage.objects.get(pk=page.pk)


def cancel(page: Any, people: int) -> None:
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from plugins.meetings.models import Registration
    from torv import outbox
    from torv.mail.models import Message

    date = page.occurrences.get()
    Registration.objects.bulk_create(
        [
            Registration(
                occurrence=date, name=f"Person {n}", email=f"p{n}@example.org", language=("da", "sv", "en")[n % 3],
                state="confirmed", line=n + 1,
            )
            for n in range(people)
        ],
        batch_size=500,
    )  # fmt: skip
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.create_superuser("editor"))
    url = reverse("meetings_change", args=[page.pk, "cancel"])
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        answer = client.post(url, {"reason_da": "Storm", "confirm": "yes"})
        click = time.perf_counter() - start
    assert answer.status_code == 302, answer.status_code
    show("the editor's click", f"{click * 1000:.0f} ms, {len(captured)} queries")
    start = time.perf_counter()
    outbox.drain(topics=["meetings.tell"])
    writing = time.perf_counter() - start
    written = Message.objects.count()
    show("writing the mails", f"{writing:.1f} s for {written:,}, {written / writing:.0f}/s")
    start = time.perf_counter()
    outbox.drain(topics=["mail"])
    sending = time.perf_counter() - start
    sent = Message.objects.filter(state="sent").count()
    show("sending by one worker", f"{sending:.1f} s for {sent:,}, {sent / sending:.0f}/s")


def register(date: Any, people: int) -> None:
    from django.test import Client

    from plugins.meetings.models import Registration
    from plugins.meetings.registration import tokens
    from torv.mail.models import Message

    tokens.FORM_YOUNGEST = -1
    client, answers = Client(headers={"host": "localhost"}), Counter()
    token, url = tokens.form_token(date.pk), f"/da/go/meetings/register/{date.pk}/"
    mails = Message.objects.count()
    start = time.perf_counter()
    for n in range(people):
        facts = {"name": f"Person {n}", "email": f"q{n}@example.org", "consent": "1", "token": token}
        answers[client.post(url, facts).status_code] += 1
    spent = time.perf_counter() - start
    kept = Registration.objects.filter(email__startswith="q").count()
    show("registering", f"{spent:.1f} s for {people:,}, {people / spent * 60:,.0f} a minute; answers {dict(answers)}")
    show("kept", f"{kept:,} registrations, {Message.objects.count() - mails:,} mails to confirm")


def show(what: str, words: str) -> None:
    print(f"| {what} | {words} |", flush=True)


def main(people: int, forms: int) -> None:
    from tests.services.servers import free_port

    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        server.stdout.readline()
        with tempfile.TemporaryDirectory() as folder:
            set_up(folder, port)
            page = meeting()
            register(page.occurrences.get(), forms)
            cancel(page, people)
    finally:
        server.kill()


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers if len(numbers) == 2 else (5_000, 10_000)))
