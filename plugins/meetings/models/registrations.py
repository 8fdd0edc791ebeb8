"""Who comes to a meeting. Personal data: kept as long as the meeting needs it, then anonymised."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plugins.meetings.models.occurrences import Occurrence

#: What mails to registered people are filed under begins so.
ABOUT = "meetings:"


class Registration(models.Model):
    """A person's wish to come, without an account. It counts once the link in the mail has been followed."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("not yet confirmed")
        CONFIRMED = "confirmed", _("registered")
        WAITING = "waiting", _("on the waiting list")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ANONYMISED = "anonymised", _("anonymised")

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="registrations")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.UNCONFIRMED, db_index=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, editable=False)
    # Health and belief may be read from these: their own permission, and the first to be erased.
    dietary_needs = models.TextField(_("dietary needs"), blank=True, max_length=500)
    access_needs = models.TextField(_("access needs"), blank=True, max_length=500)
    consent = models.TextField(_("what was agreed to"), blank=True)
    reminders = models.BooleanField(_("wants reminders"), default=True)
    # The place in the line for this date, drawn when the link in the mail was followed: whoever came first goes first.
    line = models.PositiveIntegerField(null=True, editable=False)
    # How often the link was sent, and when last: a second click sends no second mail.
    asked = models.PositiveSmallIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    attended = models.BooleanField(_("attended"), null=True, blank=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["occurrence", "state", "line"], name="meetings_registration_line")]
        constraints = [
            # One place for one address. The empty one is what anonymised people have.
            models.UniqueConstraint(
                fields=["occurrence", "email"],
                condition=models.Q(state__in=["unconfirmed", "confirmed", "waiting"]),
                name="meetings_registration_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name or self.key} ({self.get_state_display()})"

    @property
    def about(self) -> str:
        """What mails to this person are filed under."""
        return f"{ABOUT}{self.key}"


class RegistrationCount(models.Model):
    """How many registrations came from one place in one hour. `bucket` is a keyed hash: nobody can be read from it."""

    bucket = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.bucket[:8]} {self.count}"


class AnonymisationReport(models.Model):
    """The proof that personal data were erased in time: what was done, and what a check afterwards still found."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
