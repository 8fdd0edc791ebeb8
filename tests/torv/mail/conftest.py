from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.torv.mail.server import Inbox, MailServer
from torv import mail, outbox
from torv.mail import sending
from torv.mail.models import Message

TEMPLATES = str(Path(__file__).parent / "templates")


@pytest.fixture(autouse=True)
def _templates_of_these_tests(settings: Any) -> None:
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], TEMPLATES]
    settings.TEMPLATES = templates


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A running mail server that the site sends to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    server = MailServer()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    monkeypatch.setattr(sending, "_failures", [0])
    server.start()
    yield server
    server.stop()


@pytest.fixture
def inbox(server: MailServer) -> Inbox:
    return server.inbox


@pytest.fixture
def send(db: None) -> Any:
    """Queue a mail and let the outbox send it; gives the row."""

    def send(key: str = "one", to: str = "maria@example.org", **values: Any) -> Message:
        values = {"language": "da", "template": "note", "context": {"title": "Møde", "text": "Vi ses."}, **values}
        mail.queue(key=key, to=to, **values)
        outbox.drain(topics=["mail"])
        return Message.objects.get(key=key)

    return send
