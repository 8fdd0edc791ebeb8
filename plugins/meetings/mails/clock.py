"""What the time of day sets off: reminders, and forgetting people, once an hour while anybody is registered; and once a
day, while there are series, that they are spelled out further."""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from plugins.meetings.mails.composing import Letter
from plugins.meetings.models import AnonymisationReport, MeetingPage, Occurrence, Registration, Status
from torv import mail, outbox
from torv.outbox.models import OutboxEntry

logger = logging.getLogger(__name__)

TOPIC = "meetings.clock"
KEY = "hour"
SERIES = "meetings.series"
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


def keep_series_going() -> None:
    """Let the outbox call `next_day` in a day, unless it is going to."""
    waiting = OutboxEntry.objects.filter(topic=SERIES, state=OutboxEntry.State.PENDING)
    if not waiting.exists():
        outbox.enqueue(topic=SERIES, key="day", not_before=timezone.now() + DAY)


def next_day(entries: Sequence[OutboxEntry]) -> None:
    """A day has passed."""
    extend_all()
    if MeetingPage.objects.live().exclude(recurrence="").exists():
        keep_series_going()


def extend_all() -> int:
    """Spell every published series out as far as is due. Returns how many dates are new."""
    from plugins.meetings.actions.occurrences import extend_series

    new = 0
    for page in MeetingPage.objects.live().exclude(recurrence="").iterator():
        try:
            new += extend_series(page=page)
        except ValidationError:
            logger.warning("Meeting %s goes on no further: its rule cannot be read.", page.pk)
    return new


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
        letter = Letter()
        people = Registration.objects.filter(
            occurrence=date, state=Registration.State.CONFIRMED, reminders=True, confirmed_at__lt=date.starts_at - ahead
        )
        event = f"{date.starts_at:%Y%m%dT%H%M}"
        written += mail.queue_many(
            letter.mail("reminder", person, event=event) for person in _of(date, people.iterator())
        )
    return written


def _of(date: Occurrence, people: Iterable[Registration]) -> Iterator[Registration]:
    for person in people:
        person.occurrence = date
        yield person
