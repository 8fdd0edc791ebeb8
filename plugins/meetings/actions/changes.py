"""What happened to a date, written down: as it was, as it is, who did it, and who is told.

Actions (`status.py`) and edits of the schedule (`occurrences.py`) both end here.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils import timezone

from home.slugs import COLUMNS
from plugins.meetings.models import Occurrence, Registration, Status, StatusChange
from plugins.meetings.models.occurrences import VENUE, venue_line
from torv import outbox
from torv.languages import LANGUAGES, localized

#: The outbox topic of telling people; its payload is the primary keys of the `changes`.
TELL = "meetings.tell"
#: Changes of a date that an edit of its page brings about, beside the actions of `status.py`: another time or place,
#: and being left out of the schedule.
EDIT, REMOVE, REINSTATE = "edit", "remove", "reinstate"

TIMES = ("starts_at", "ends_at", "previous_starts_at", "previous_ends_at")
REASONS = tuple(f"reason_{language}" for language in LANGUAGES)


@dataclass(frozen=True)
class Audience:
    """How many people a change concerns, by the language they are written to in."""

    by_language: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_language.values())


def audience_of(dates: Iterable[Occurrence]) -> Audience:
    """One person with registrations for several dates counts once: it is one mail."""
    coming = (Registration.State.CONFIRMED, Registration.State.WAITING)
    concerned = Registration.objects.filter(occurrence__in=list(dates), state__in=coming)
    counts = concerned.order_by().values("language").annotate(people=Count("email", distinct=True))
    return Audience(dict(counts.values_list("language", "people")))


def record(
    date: Occurrence, action: str, before: dict[str, Any], *, by: Any, reasons: Mapping[str, str] | None = None
) -> StatusChange:
    """Save a changed date, and note what happened to it; `tell` has the people told. In the caller's transaction.

    ``before``: its `snapshot`. Nobody is told of what is over.
    """
    reasons = {language: (reasons or {}).get(language, "") for language in LANGUAGES}
    for language in LANGUAGES:
        setattr(date, f"reason_{language}", reasons[language])
    note_change(date)
    was_over = before["status"] != Status.POSTPONED and moment(before["ends_at"]) < timezone.now()
    too_late = was_over or (date.has_ended and date.takes_place)
    return StatusChange.objects.create(
        occurrence=date, action=action, by=by, reasons=reasons, before=before, after=snapshot(date),
        told=0 if too_late else audience_of([date]).total,
    )  # fmt: skip


def tell(changes: Iterable[StatusChange]) -> None:
    """Have the people told of what one action or edit has changed: one mail to each, for each thing that happened."""
    by_action: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        if change.told:
            by_action[change.action].append(change.pk)
    for keys in by_action.values():
        outbox.enqueue(topic=TELL, key=str(min(keys)), payload={"changes": keys}, once=True)


def last_change(date: Occurrence) -> StatusChange | None:
    """The last change of the status that has not been taken back."""
    taken_back = 0
    for change in date.status_changes.all():  # type: ignore[attr-defined]
        if change.action == REINSTATE:
            taken_back += 1
        elif change.before["status"] == change.after["status"] and change.action == EDIT:
            continue
        elif taken_back:
            taken_back -= 1
        else:
            return change
    return None


# ---- as it was ------------------------------------------------------------------------------------------------------
def snapshot(date: Occurrence) -> dict[str, Any]:
    """Everything about a date that a change may change, as JSON."""
    times = {name: value.isoformat() if (value := getattr(date, name)) else None for name in (*TIMES, "recurrence_id")}
    texts = {name: getattr(date, name) for name in ("status", "previous_venue", *VENUE, *REASONS)}
    return {**times, **texts, "municipality": date.municipality_id, "planned": date.planned}  # type: ignore[attr-defined]


def restore(date: Occurrence, before: Mapping[str, Any]) -> None:
    """Make a date what it was. Where an editor has given it another time since, that time stays."""
    if _schedule_of(before) == _schedule_of(snapshot(date)):
        date.starts_at, date.ends_at = moment(before["starts_at"]), moment(before["ends_at"])
    for name in ("previous_starts_at", "previous_ends_at"):
        setattr(date, name, moment(before[name]) if before[name] else None)
    for name in ("status", "previous_venue", *VENUE):
        setattr(date, name, before[name])
    date.municipality_id = before["municipality"]  # type: ignore[attr-defined]


def _schedule_of(date: Mapping[str, Any]) -> tuple[Any, Any]:
    return date["recurrence_id"], date["planned"].get("ends_at")


def moment(text: str) -> dt.datetime:
    """A time in a snapshot."""
    return dt.datetime.fromisoformat(text)


@dataclass(frozen=True)
class Announced:
    """When and where a date is, as people were told it."""

    when: tuple[str, str]
    where: str
    link: str


def announced(date: Mapping[str, Any]) -> Announced:
    """Of a `snapshot`: its own place, or the page's as it was published."""
    own = any(date[name] for name in ("venue_name", "street", "city", "online_url"))
    place = date if own or not date["planned"] else date["planned"]
    return Announced((date["starts_at"], date["ends_at"]), venue_line(place), place["online_url"])


# ---- what calendars say ---------------------------------------------------------------------------------------------
def note_change(date: Occurrence, at: dt.datetime | None = None) -> bool:
    """Save; where what calendars say has changed, with a higher sequence. Returns whether it has, now or `at`."""
    digest = calendar_digest(date)
    if digest == date.digest:
        return False
    if date.digest:
        date.sequence += 1
    date.digest = digest
    date.changed_at = at or timezone.now()
    date.save()
    return True


def calendar_digest(date: Occurrence) -> str:
    """Of everything that an entry in somebody's calendar says."""
    page: Any = date.page
    place: Any = date.place
    contact = next((contact.email for contact in page.contacts.all() if contact.email), "")
    told = {
        "titles": {language: getattr(page, localized("title", language)) for language in LANGUAGES},
        "texts": {language: getattr(page, localized("introduction", language)) for language in LANGUAGES},
        "when": [date.starts_at.isoformat(), date.ends_at.isoformat(), page.timezone],
        "where": [date.venue, place.online_url],
        "status": [date.status, date.withdrawn],
        "series": [page.recurrence, page.exception_dates],
        "who": [page.organiser, contact],
        "links": [page.registration, *(getattr(page, column) for column in COLUMNS.values())],
        "reasons": [date.reason_da, date.reason_sv, date.reason_en],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
