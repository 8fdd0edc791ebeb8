"""Writing mails down, and forgetting them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from torv import outbox
from torv.mail.apps import TOPIC
from torv.mail.models import Message

CHUNK = 200  # mails in one statement: SQLite takes a limited number of parameters


@dataclass(frozen=True)
class Mail:
    """What to send. The texts come from `<template>.subject.txt`, `<template>.txt` and `<template>.html`."""

    key: str
    """Says which mail this is, for ever: one with this key is sent once."""
    to: str
    language: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON."""
    attachments: Sequence[tuple[str, str, str]] = ()
    """(file name, MIME type, text). A calendar is shown by mail programs as an invitation too."""
    headers: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    """Whom it concerns, for `erase`."""
    guard: str = ""
    """The name of a function that says, when the mail is about to leave, why it should not (see `mail.guard`)."""
    expires_at: dt.datetime | None = None
    """After this it is not worth sending."""


def queue(
    *,
    key: str,
    to: str,
    language: str,
    template: str,
    context: Mapping[str, Any] | None = None,
    attachments: Sequence[tuple[str, str, str]] = (),
    headers: Mapping[str, str] | None = None,
    about: str = "",
    guard: str = "",
    expires_at: dt.datetime | None = None,
) -> bool:
    """Send one mail after the surrounding transaction. Answers whether the key is new."""
    mail = Mail(key, to, language, template, context or {}, attachments, headers or {}, about, guard, expires_at)
    return bool(queue_many([mail]))


@transaction.atomic
def queue_many(mails: Iterable[Mail]) -> int:
    """The same for many, in a few statements for each hundred. Returns how many keys are new."""
    remaining, new = iter(mails), 0
    while chunk := {mail.key: mail for mail in islice(remaining, CHUNK)}:
        known = set(Message.objects.filter(key__in=chunk).values_list("key", flat=True))
        fresh = [mail for key, mail in chunk.items() if key not in known]
        # Somebody else may write the same key at this moment: the first one counts.
        Message.objects.bulk_create([_row(mail) for mail in fresh], ignore_conflicts=True)
        waiting = Message.objects.filter(key__in=[mail.key for mail in fresh], state=Message.State.QUEUED)
        outbox.enqueue_many(topic=TOPIC, keys=map(str, waiting.order_by("pk").values_list("pk", flat=True)))
        new += len(fresh)
    return new


def _row(mail: Mail) -> Message:
    return Message(
        key=mail.key, to=mail.to, language=mail.language, template=mail.template, context=dict(mail.context),
        attachments=[list(attachment) for attachment in mail.attachments], headers=dict(mail.headers),
        about=mail.about, guard=mail.guard, expires_at=mail.expires_at,
    )  # fmt: skip


def erase(*, about: Iterable[str]) -> int:
    """Forget what was written to somebody and to whom; what has not left yet never will. Returns how many mails."""
    erased = 0
    remaining = iter(about)
    while chunk := list(islice(remaining, CHUNK)):
        erased += _erase(Message.objects.filter(about__in=chunk, erased_at=None))
    return erased


def erase_old(now: dt.datetime | None = None) -> int:
    """Forget what mails said that left, or were given up, `TORV_MAIL_KEEP_DAYS` ago; not that they were sent."""
    before = (now or timezone.now()) - dt.timedelta(days=settings.TORV_MAIL_KEEP_DAYS)
    over = Q(sent_at__lt=before) | Q(state__in=(Message.State.FAILED, Message.State.DROPPED), created_at__lt=before)
    return _erase(Message.objects.filter(over, erased_at=None))


def _erase(messages: QuerySet[Message]) -> int:
    with transaction.atomic():
        messages.filter(state__in=Message.UNSENT).update(state=Message.State.DROPPED)
        return messages.update(
            to="", subject="", context={}, attachments=[], headers={}, error="", erased_at=timezone.now()
        )
