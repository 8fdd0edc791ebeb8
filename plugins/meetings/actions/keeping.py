"""What was announced stays on the site while anybody waits for it; who goes with it is forgotten in the mails too.

Not only editors delete and unpublish: this is asked wherever it is done, see `signals.py`.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from home.models import Page
from plugins.meetings.actions.changes import audience_of
from plugins.meetings.actions.registrations import COMING
from plugins.meetings.models import Occurrence, Registration, Status
from plugins.meetings.presenting import time_within
from torv import mail
from torv.protection import Protected


def waited_for(page: Page) -> QuerySet[Occurrence]:
    """Dates to come, of meetings at or below this page, for which people are registered or which are cancelled."""
    to_come = Q(ends_at__gte=timezone.now()) | Q(status=Status.POSTPONED)
    people = Exists(Registration.objects.filter(occurrence=OuterRef("pk"), state__in=COMING))
    dates = Occurrence.objects.filter(to_come, page__path__startswith=page.path, withdrawn=False)
    return dates.filter(people | Q(status=Status.CANCELLED)).select_related("page").order_by("starts_at", "pk")


def check_may_go(page: Page) -> None:
    """Whether this page, with those below it, may be deleted or unpublished.

    :raises Protected: people are registered for a date to come, who would never hear of it; or one is cancelled, which
        calendars must go on saying until it is over.
    """
    dates = list(waited_for(page))
    if not dates:
        return
    on = [date for date in dates if date.status != Status.CANCELLED]
    meeting: Any = (on or dates)[0].page
    if not on:
        sentence = _(
            "“%(meeting)s” is cancelled (%(day)s). It stays until that day is over, so that everybody’s calendar and "
            "whoever was registered find it so."
        )
        words = {"meeting": meeting.get_admin_display_title(), "day": time_within(dates[0])}
        raise Protected(meeting, sentence % words)
    people = audience_of(date for date in on if date.page == meeting).total
    sentence = ngettext(
        "%(number)d person is registered for “%(meeting)s”. Cancel it first: then the person is told.",
        "%(number)d people are registered for “%(meeting)s”. Cancel it first: then they are told.",
        people,
    )
    way = (gettext_lazy("Change status"), reverse("meetings_status", args=[meeting.pk]))
    raise Protected(meeting, sentence % {"number": people, "meeting": meeting.get_admin_display_title()}, way)


def forget_with(date: Occurrence) -> None:
    """A date is being deleted, and with it who was registered: so is what was written to them."""
    people = Registration.objects.filter(occurrence=date)
    mail.erase(about=[person.about for person in people.only("key").iterator()])
