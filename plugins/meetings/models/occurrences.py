"""Whether, when and where each meeting really takes place.

An occurrence is no part of the page's drafts: a draft that is published late can never undo a cancellation.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models.places import Place

#: What says where a meeting is: on its page, and on a date that has a place of its own.
VENUE = ("venue_name", "street", "postal_code", "city", "online_url")


def venue_line(place: Mapping[str, Any]) -> str:
    """The place in one line: "Erhvervsskolen, Vestergade 42, 8900 Skjern"; "" for a meeting that is only online."""
    town = " ".join(part for part in (place["postal_code"], place["city"]) if part)
    return ", ".join(part for part in (place["venue_name"], place["street"], town) if part)


class Status(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    CANCELLED = "cancelled", _("cancelled")
    POSTPONED = "postponed", _("postponed")
    MOVED = "moved", _("moved")


class Occurrence(models.Model):
    """One meeting: the only one of its page, or one of a series. ``recurrence_id`` is its identity: the start that the
    schedule gave it. ``sequence`` rises with every change that calendars must take over."""

    page = models.ForeignKey("meetings.MeetingPage", on_delete=models.CASCADE, related_name="occurrences")
    recurrence_id = models.DateTimeField(_("planned start"), editable=False)
    starts_at = models.DateTimeField(_("start"), db_index=True)
    ends_at = models.DateTimeField(_("end"), db_index=True)
    # Its own place, where it differs from the page's.
    venue_name = models.CharField(_("venue"), max_length=200, blank=True)
    street = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    municipality = models.ForeignKey(
        Place, verbose_name=_("municipality"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    online_url = models.URLField(_("link to the online meeting"), blank=True, max_length=500)

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.SCHEDULED, db_index=True
    )
    reason_da = models.TextField(_("reason (Danish)"), blank=True)
    reason_sv = models.TextField(_("reason (Swedish)"), blank=True)
    reason_en = models.TextField(_("reason (English)"), blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    previous_starts_at = models.DateTimeField(null=True, editable=False)
    previous_ends_at = models.DateTimeField(null=True, editable=False)
    previous_venue = models.CharField(max_length=600, blank=True, editable=False)
    # What the page said about this date when it was last published: its end, and where. An edit is told by comparing
    # with it. Empty: no longer in the schedule.
    planned = models.JSONField(default=dict, editable=False)
    # By which RECURRENCE-ID people know this date of a series from their mails, where the schedule calls it otherwise.
    invited_as = models.DateTimeField(null=True, editable=False)
    # Of what calendars say about it: another one means that they must take a change over.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    # Taken out of the schedule by an editor. Kept, so that subscribed calendars and registered people learn of it.
    withdrawn = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("meeting date")
        verbose_name_plural = _("meeting dates")
        ordering = ["starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "recurrence_id"], name="meetings_occurrence_identity")]

    def __str__(self) -> str:
        return f"{self.page} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def has_own_venue(self) -> bool:
        return bool(self.venue_name or self.street or self.city or self.online_url)

    @property
    def place(self) -> models.Model:
        """Whose venue counts: its own, or the page's."""
        return self if self.has_own_venue else self.page

    @property
    def venue(self) -> str:
        return venue_line({name: getattr(self.place, name) for name in VENUE})

    @property
    def takes_place(self) -> bool:
        """Whether somebody who goes there at that time meets others."""
        return self.status in (Status.SCHEDULED, Status.MOVED) and not self.withdrawn

    @property
    def has_ended(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for it any more. What is postponed is waited for, however long ago its old date was."""
        return self.has_ended and self.status != Status.POSTPONED


def series_goes_on(dates: Iterable[Occurrence]) -> bool:
    """Whether a series has more dates than these, if its rule gives any: not one that has been given up to its end."""
    planned = [date for date in dates if date.planned]
    last = max(planned, key=lambda date: date.recurrence_id, default=None)
    return last is None or last.takes_place


class StatusChange(models.Model):
    """What happened to a meeting: who did what and when, what it was before, and how many people were told."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="status_changes")
    action = models.CharField(_("action"), max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reasons = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    told = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.occurrence}"
