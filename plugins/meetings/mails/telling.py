"""Telling everybody who is registered that a meeting is cancelled, postponed, moved or takes place after all.

The editor's click, or the publishing of an edit, wrote one outbox entry; the mails are written here, a few hundred in
each transaction, one for each change and person however often this runs.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from plugins.meetings.mails.composing import Letter
from plugins.meetings.models import Registration, Status, StatusChange
from torv import mail
from torv.outbox.models import OutboxEntry

CHUNK = 200

NAMES = {
    "cancel": "cancelled",
    "remove": "cancelled",
    "postpone": "postponed",
    "move": "moved",
    "edit": "moved",
    "reinstate": "reinstated",
}


def tell(entries: Sequence[OutboxEntry]) -> None:
    """The entries' keys are primary keys of changes."""
    for entry in entries:
        change = (
            StatusChange.objects.select_related("occurrence__page")
            .prefetch_related("occurrence__page__contacts")
            .filter(pk=entry.key)
            .first()
        )
        if change is not None:
            tell_change(change)


def tell_change(change: StatusChange) -> int:
    """Write the mails about one change. Returns how many are new.

    What has been overtaken by a newer change is not told any more: nobody should read "cancelled" after it.
    """
    from plugins.meetings.actions.registrations import COMING, promote_waiting

    occurrence = change.occurrence
    # What had been postponed may be cancelled for good after its old date.
    too_late = occurrence.has_ended and change.before["status"] != Status.POSTPONED
    if too_late or occurrence.status_changes.filter(pk__gt=change.pk).exists():
        return 0
    letter, written = Letter(occurrence), 0
    people = Registration.objects.filter(occurrence=occurrence, state__in=COMING).order_by("pk")
    for chunk in _batched(people.iterator(chunk_size=CHUNK), CHUNK):
        written += mail.queue_many(letter.mail(NAMES[change.action], person, f"{change.pk}") for person in chunk)
    if occurrence.takes_place:
        promote_waiting(occurrence=occurrence)  # places that became free while nothing was given
    return written


def _batched(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
