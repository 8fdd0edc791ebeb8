"""Every mail that the site sends or has sent."""

import datetime as dt
import uuid
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: After this long in the queue a mail counts as being in trouble.
SLOW = dt.timedelta(minutes=15)


def new_message_id() -> str:
    """ "<…@example.org>", of the domain that the site writes from. Drawn once for a row."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


class MessageQuerySet(models.QuerySet["Message"]):
    def unsent(self) -> "MessageQuerySet":
        return self.filter(state__in=Message.UNSENT)

    def in_trouble(self) -> "MessageQuerySet":
        """What was given up, what is being tried again, and what should have left long ago."""
        states = Message.State
        late = Q(state__in=(states.QUEUED, states.SENDING), created_at__lt=timezone.now() - SLOW)
        return self.filter(Q(state__in=(states.FAILED, states.RETRYING)) | late)


class Message(models.Model):
    """A mail to one person about one event. `key` makes it unique: asking for it again changes nothing.

    queued -> sending -> sent; sending -> retrying -> sending …; sending -> failed. `sending` is noted before the
    server is spoken to, so that a row found in it later is one whose fate is unknown.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        RETRYING = "retrying", _("refused for now, will be tried again")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")
        DROPPED = "dropped", _("not needed any more")

    UNSENT = (State.QUEUED, State.SENDING, State.RETRYING)

    key = models.CharField(_("key"), max_length=200, unique=True)
    # Whom or what it concerns, for those who must erase it: "meetings:" and the key of a registration.
    about = models.CharField(_("about"), max_length=200, blank=True, db_index=True)
    to = models.CharField(_("to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    template = models.CharField(_("template"), max_length=200)
    context = models.JSONField(default=dict, blank=True)
    attachments = models.JSONField(default=list, blank=True)  # of [name, MIME type, text]
    headers = models.JSONField(default=dict, blank=True)
    guard = models.CharField(max_length=100, blank=True)
    message_id = models.CharField("Message-ID", max_length=320, unique=True, default=new_message_id, editable=False)
    subject = models.CharField(_("subject"), max_length=250, blank=True)  # as it was last sent
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.TextField(_("what the mail server said"), blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    expires_at = models.DateTimeField(_("not after"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    objects: Any = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "created_at"], name="mail_state_created")]

    def __str__(self) -> str:
        return f"{self.key} ({self.get_state_display()})"
