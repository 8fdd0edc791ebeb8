"""What the time of day sets off: reminders, and forgetting people. Once an hour, while anybody is registered."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from plugins.meetings.mails.composing import Letter
from plugins.meetings.models import AnonymisationReport, Occurrence, Registration, Status
from torv import mail, outbox
from torv.outbox.models import OutboxEntry

TOPIC = "meetings.clock"
KEY = "hour"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def keep_the_clock() -> None:
    """Let the outbox call `strike` in an hour, unless it is going to."""
    waiting = OutboxEntry.objects.filter(topic=TOPIC, key=KEY, state=OutboxEntry.State.PENDING)
    if not waiting.exists():
        outbox.enqueue(topic=TOPIC, key=KEY, not_before=timezone.now() + HOUR)


def strike(entries: Sequence[OutboxEntry]) -> None:
    """An hour has passed."""
    from plugins.meetings.actions.registrations import anonymise_registrations

    remind()
    last = AnonymisationReport.objects.first()
    if last is None or last.at < timezone.now() - DAY:
        anonymise_registrations()
    if Registration.objects.exclude(state=Registration.State.ANONYMISED).exists():
        keep_the_clock()


def remind(now: dt.datetime | None = None) -> int:
    """Write reminders of the meetings of the next `TORV_MEETINGS_REMIND_HOURS`. Returns how many are new.

    Never of a meeting that is cancelled, postponed or taken out of the schedule; once for each time that it has; and
    not to somebody who has registered only now.
    """
    now = now or timezone.now()
    ahead = dt.timedelta(hours=settings.TORV_MEETINGS_REMIND_HOURS)
    dates = Occurrence.objects.filter(
        starts_at__gt=now, starts_at__lte=now + ahead, withdrawn=False, page__live=True,
        status__in=(Status.SCHEDULED, Status.MOVED),
    )  # fmt: skip
    written = 0
    for date in dates.select_related("page").prefetch_related("page__contacts"):
        letter = Letter(date)
        people = Registration.objects.filter(
            occurrence=date, state=Registration.State.CONFIRMED, reminders=True, confirmed_at__lt=date.starts_at - ahead
        )
        event = f"{date.starts_at:%Y%m%dT%H%M}"
        written += mail.queue_many(letter.mail("reminder", person, event) for person in people.iterator())
    return written
