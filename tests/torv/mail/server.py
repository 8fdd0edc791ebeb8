"""A real mail server on a free port: it keeps what it took, and refuses what it is told to refuse."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.services.servers import free_port


class Inbox:
    """What the server took: `mails`, in order. `refuse[address]` holds the answers it gives before it takes one.

    `on_data` is called with each mail when it is stored but not yet answered, `on_recipient` before it is sent.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuse: dict[str, list[str]] = {}
        self.refuse_data: dict[str, list[str]] = {}
        self.on_data: Callable[[EmailMessage], None] = lambda mail: None
        self.on_recipient: Callable[[str], None] = lambda address: None
        self.sessions: set[Any] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.sessions.add(session.peer)
        self.on_recipient(address)
        if answers := self.refuse.get(address):
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if answers := self.refuse_data.get(envelope.rcpt_tos[0]):
            return answers.pop(0)
        mail = email.message_from_bytes(envelope.content.replace(b"\r\n", b"\n"), policy=email.policy.default)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        self.on_data(mail)
        return "250 taken"

    def delivered(self) -> Counter[str]:
        """Address -> mails that the person sees: a mail program shows one of those with the same Message-ID."""
        return Counter(to for to, _identity in {(mail["To"], mail["Message-ID"]) for mail in self.mails})


class MailServer:
    """`with MailServer() as inbox:`; `port` is the same after `stop` and `start`."""

    def __init__(self) -> None:
        self.port = free_port()
        self.inbox = Inbox()
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(self.inbox, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"
