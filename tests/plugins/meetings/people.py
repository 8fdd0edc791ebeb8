"""What the tests of registrations and mails share."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail as sent
from django.utils import timezone

from plugins.meetings.actions import confirm_registration, register
from plugins.meetings.models import Occurrence, Registration
from plugins.meetings.registration import tokens
from tests.factories.meetings import MeetingFactory
from torv import outbox
from torv.outbox.models import OutboxEntry

FACTS = {"name": "Maria Opdigt", "email": "maria@example.org", "language": "da", "consent": "Ja"}


def open_meeting(**values: Any) -> Occurrence:
    """A date that one may register for."""
    meeting = MeetingFactory(
        **{"registration": "here", "title_sv": "Socialt inköp", "title_en": "Social procurement", **values}
    )
    return meeting.occurrences.select_related("page").first()


def somebody(occurrence: Occurrence, number: int = 0, **values: Any) -> Registration:
    """Who has registered and followed the link."""
    facts = {**FACTS, "name": f"Person {number}", "email": f"person{number}@example.org", **values}
    return confirm_registration(registration=register(occurrence=occurrence, **facts))


def drain() -> list[Any]:
    """Send everything that waits, and give the mails sent by this call."""
    before = len(sent.outbox)
    for topic in ("meetings.tell", "mail"):
        OutboxEntry.objects.filter(state="pending", topic=topic).update(available_at=timezone.now())
        outbox.drain(topics=[topic])
    return sent.outbox[before:]


def link_in(email: Any, purpose: str) -> str:
    """The path of a link in the text of a mail."""
    return re.search(rf"https?://[^/\s]+(/\w\w/go/meetings/{purpose}/\S+)", email.body)[1]


def filled(occurrence: Occurrence, monkeypatch: Any, **values: Any) -> dict[str, str]:
    """The form as a person fills it in, not too fast."""
    monkeypatch.setattr(tokens, "FORM_YOUNGEST", -1)
    facts = {"name": "Maria Opdigt", "email": "maria@example.org", "consent": "1"}
    return {**facts, "token": tokens.form_token(occurrence.pk), **values}
