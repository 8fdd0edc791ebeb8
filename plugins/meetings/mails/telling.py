"""Telling everybody who is registered that a meeting is cancelled, postponed, moved or takes place after all.

The editor's click, or the publishing of an edit, wrote one outbox entry; the mails are written here, a few hundred in
each transaction, one for each person however many dates they are registered for and however often this runs.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, islice
from typing import Any

from django.db.models import Max

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
    """The entries hold primary keys of changes, which one action or edit has made."""
    for entry in entries:
        changes = (
            StatusChange.objects.select_related("occurrence__page")
            .prefetch_related("occurrence__page__contacts")
            .filter(pk__in=entry.payload.get("changes", [entry.key]))
        )
        tell_changes(list(changes.order_by("occurrence__starts_at", "pk")))


def tell_changes(changes: Sequence[StatusChange]) -> int:
    """Write the mails about changes of one kind: one to each person, of all their dates. Returns how many are new.

    What has been overtaken by a newer change is not told any more: nobody should read "cancelled" after it.
    """
    from plugins.meetings.actions.registrations import COMING, promote_waiting

    if not changes:
        return 0
    order = {change.occurrence_id: number for number, change in enumerate(changes)}  # type: ignore[attr-defined]
    newest = StatusChange.objects.filter(occurrence__in=order).order_by().values("occurrence")
    latest = dict(newest.annotate(latest=Max("pk")).values_list("occurrence", "latest"))
    valid = {
        change.occurrence_id: change.occurrence  # type: ignore[attr-defined]
        for change in changes
        if latest[change.occurrence_id] == change.pk and not _too_late(change)  # type: ignore[attr-defined]
    }
    name, event = NAMES[changes[0].action], str(min(change.pk for change in changes))
    # Whoever has withdrawn is not told; but which of their registrations was the first names the mail, which must stay
    # the same however often this runs.
    states = (*COMING, Registration.State.WITHDRAWN)
    found = Registration.objects.filter(occurrence__in=order, state__in=states).order_by("email", "language", "pk")
    letter, written = Letter(), 0
    people = groupby(found.iterator(chunk_size=CHUNK), key=lambda one: (one.email, one.language))
    for chunk in _batched((list(registrations) for _person, registrations in people), CHUNK):
        mails = []
        for registrations in chunk:
            told = [one for one in registrations if one.state in COMING and one.occurrence_id in valid]
            for one in told:
                one.occurrence = valid[one.occurrence_id]
            if told:
                told.sort(key=lambda one: order[one.occurrence_id])
                mails.append(letter.mail(name, *told, event=event, key=registrations[0].key))
        written += mail.queue_many(mails)
    for occurrence in valid.values():
        if occurrence.takes_place:
            promote_waiting(occurrence=occurrence)  # places that became free while nothing was given
    return written


def _too_late(change: StatusChange) -> bool:
    # What had been postponed may be cancelled for good after its old date.
    return change.occurrence.has_ended and change.before["status"] != Status.POSTPONED


def _batched(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
