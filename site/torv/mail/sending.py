"""Sending what was written down: the outbox hands over rows, this hands them to the mail server.

Three kinds of failure: the server cannot be spoken to (the batch waits, uncounted), it refuses a mail for now (that
mail waits, longer each time), it refuses a mail for good (given up, shown to editors).
"""

import contextlib
import datetime as dt
import logging
import smtplib
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db.models import F
from django.utils import timezone

from torv import outbox
from torv.mail.apps import TOPIC
from torv.mail.models import Message
from torv.mail.rendering import render
from torv.mail.writing import erase_old
from torv.outbox.models import OutboxEntry

log = logging.getLogger(__name__)

State = Message.State
#: Minutes between attempts at a mail that is refused for now; after the last one it is given up (two days).
PAUSES = (1, 5, 15, 60, 240, 720, 720, 1440)
#: Seconds to wait for a server that cannot be spoken to, longer each time.
SERVER_PAUSES = (10.0, 30.0, 60.0, 300.0, 600.0)
#: Seconds after which a batch makes way; well below the time after which its claim would count as abandoned.
LONGEST_BATCH = 240.0
_ERASE_EVERY = 3600.0
# About the server, not about the mail: it is shutting down, or wants a log-in that we do not have.
_SERVER_CODES = {421, 530, 534, 535, 538}

Guard = Callable[[Message], str]
_guards: dict[str, Guard] = {}
_failures = [0]  # in a row, at reaching the server
_last_erased = [0.0]


class _Unreachable(Exception):
    """The server cannot be spoken to, or speaks to nobody."""


def guard(name: str, reason_not_to: Guard) -> None:
    """Register a function that is asked when a mail that names it is about to leave: "" or why it is not needed any
    more. Call it in `AppConfig.ready`."""
    _guards[name] = reason_not_to


def deliver(entries: Sequence[OutboxEntry]) -> None:
    """Send the mails that the entries name (their keys are primary keys). Raises Postpone when the server is away."""
    started = time.monotonic()
    wanted = [int(entry.key) for entry in entries]
    connection = get_connection()
    try:
        for message in Message.objects.unsent().filter(pk__in=wanted).order_by("pk"):
            if time.monotonic() - started > LONGEST_BATCH:
                raise outbox.Postpone(0, "The rest of a slow batch")
            _deliver(message, connection)
    except _Unreachable as error:
        reason = str(error)
        Message.objects.unsent().filter(pk__in=wanted).exclude(state=State.RETRYING).update(
            state=State.QUEUED, error=reason
        )
        pause = SERVER_PAUSES[min(_failures[0], len(SERVER_PAUSES) - 1)]
        _failures[0] += 1
        log.warning("Mail waits for %g s: %s", pause, reason)
        raise outbox.Postpone(pause, reason) from error
    finally:
        _close(connection)
    if time.monotonic() - _last_erased[0] > _ERASE_EVERY or not _last_erased[0]:
        _last_erased[0] = time.monotonic()
        erase_old()


def _deliver(message: Message, connection: Any) -> None:
    mine = Message.objects.unsent().filter(pk=message.pk)
    if reason := _not_needed(message):
        mine.update(state=State.DROPPED, error=reason)
        return
    try:
        email = render(message)
    except Exception as error:  # a mail that cannot be written must not hold up the others
        log.exception("Mail %s cannot be written", message.key)
        mine.update(state=State.FAILED, attempts=F("attempts") + 1, error=_words(error))
        return
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise _Unreachable(_words(error)) from error
    # Noted before the server is spoken to: whoever finds the row in this state knows that its fate is unknown.
    if not mine.update(state=State.SENDING, attempts=F("attempts") + 1, subject=email.subject[:250]):
        return  # erased at this moment
    try:
        connection.send_messages([email])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        code, words = _answer(error)
        if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
            _close(connection)  # whatever state it is in
        if code in _SERVER_CODES:
            _close(connection)
            mine.update(attempts=F("attempts") - 1)
            raise _Unreachable(words) from error
        _refused(message, code, words)
    else:
        _failures[0] = 0
        Message.objects.filter(pk=message.pk).update(state=State.SENT, sent_at=timezone.now(), error="")


def _not_needed(message: Message) -> str:
    if message.expires_at and message.expires_at < timezone.now():
        return "Too late to be of use"
    asked = _guards.get(message.guard)
    if message.guard and asked is None:
        return f"Nobody can say whether it is still wanted: {message.guard} is not installed"
    return asked(message) if asked else ""


def _refused(message: Message, code: int, words: str) -> None:
    """The server refused this mail, or the connection broke while it was being sent."""
    attempts = message.attempts + 1
    row = Message.objects.filter(pk=message.pk)
    if 500 <= code < 600 or attempts > len(PAUSES):
        row.update(state=State.FAILED, error=words)
        return
    row.update(state=State.RETRYING, error=words)
    later = timezone.now() + dt.timedelta(minutes=PAUSES[attempts - 1])
    outbox.enqueue(topic=TOPIC, key=str(message.pk), not_before=later)


def _answer(error: Exception) -> tuple[int, str]:
    """The server's code (0 without one; 554 for what no server would take), and its words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()), (0, b""))
        return code, _said(code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _said(error.smtp_code, error.smtp_error)
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return 554, _words(error)
    return 0, _words(error)


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{code} {text}"[:1000]


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(map(str, error.messages))[:1000]
    return f"{type(error).__name__}: {error}"[:1000]


def _close(connection: Any) -> None:
    with contextlib.suppress(Exception):
        connection.close()


def try_again(messages: Any) -> int:
    """Give mails in trouble another round, at once. `messages` is a queryset; what is sent or erased is left alone."""
    again = list(
        messages.filter(erased_at=None, state__in=(*Message.UNSENT, State.FAILED)).values_list("pk", flat=True)
    )
    Message.objects.filter(pk__in=again).exclude(state=State.SENDING).update(state=State.QUEUED, attempts=0, error="")
    keys = [str(pk) for pk in again]
    OutboxEntry.objects.filter(topic=TOPIC, key__in=keys, state=OutboxEntry.State.PENDING).update(
        available_at=timezone.now()
    )
    outbox.enqueue_many(topic=TOPIC, keys=keys)
    return len(again)
