"""The one table of the outbox."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxEntry(models.Model):
    """One thing to do. `topic` says who does it, `key` what it is about, `payload` (JSON) what else they must know."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        CLAIMED = "claimed", _("being carried out")
        DONE = "done", _("done")
        DEAD = "dead", _("given up")

    topic = models.CharField(_("topic"), max_length=100)
    key = models.CharField(_("key"), max_length=200)
    payload = models.JSONField(_("payload"), default=dict, blank=True)
    # Set for what must happen once only; two entries with the same one cannot both exist.
    idempotency = models.CharField(max_length=310, null=True, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    available_at = models.DateTimeField(_("not before"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, editable=False)
    claimed_by = models.CharField(_("claimed by"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox entries")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["state", "available_at"], name="outbox_state_available"),
            models.Index(fields=["topic", "key", "state"], name="outbox_topic_key_state"),
            models.Index(fields=["topic", "done_at"], name="outbox_topic_done"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key} ({self.state})"


class OutboxStamp(models.Model):
    """One row: the greatest stamp given so far (see `torv.outbox.stamps`)."""

    value = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.value)
