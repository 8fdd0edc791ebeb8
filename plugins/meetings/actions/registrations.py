"""Registering, confirming, withdrawing, moving up the line, and being forgotten.

Whoever changes who has a place locks the date first: places are given one after the other, in the order of the line.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from plugins.meetings import mails
from plugins.meetings.models import AnonymisationReport, MeetingPage, Occurrence, Registration, Status
from plugins.meetings.models.registrations import ABOUT
from plugins.meetings.presenting import RegistrationState, registration_state
from torv import mail
from torv.mail.models import Message

State = Registration.State
COUNTED = (State.UNCONFIRMED, State.CONFIRMED, State.WAITING)
COMING = (State.CONFIRMED, State.WAITING)
#: The link is not sent again within this time, and not more often than this for one registration.
ASK_AGAIN = dt.timedelta(minutes=2)
MOST_ASKED = 5
#: Days after which what was never confirmed is deleted.
KEEP_UNCONFIRMED = 7
CHUNK = 300


class RegistrationClosed(ValidationError):
    """Nobody can register for this date now; `state` says why, in the words of `presenting.RegistrationState`."""

    def __init__(self, state: RegistrationState) -> None:
        super().__init__(closed_words(state))
        self.state = state


def closed_words(state: RegistrationState) -> Any:
    """Why nobody can register, for the reader."""
    if state.state == "over":
        return _("The meeting has begun or has been held: nobody can register any more.")
    if state.reason == "cancelled":
        return _("The meeting is cancelled: nobody can register any more.")
    if state.reason == "postponed":
        return _("The meeting is postponed: registration opens again when there is a new date.")
    if state.reason == "deadline":
        return _("Registration for this meeting has closed.")
    return _("There is no registration for this meeting here.")


@transaction.atomic
def register(
    *,
    occurrence: Occurrence,
    name: str,
    email: str,
    language: str,
    consent: str,
    organisation: str = "",
    dietary_needs: str = "",
    access_needs: str = "",
    may_mail: bool = True,
) -> Registration:
    """Note that somebody wants to come, and ask them by mail whether it was they. It takes no place yet.

    The same address twice is one registration: the newer details count until it is confirmed. Whoever asks is told
    the same either way; a mail tells the owner of the address. ``may_mail=False`` notes it without a mail.
    Raises RegistrationClosed.
    """
    date = _locked(occurrence)
    _check_open(date)
    address = email.strip().lower()
    details = {
        "name": name, "organisation": organisation, "language": language, "consent": consent,
        "dietary_needs": dietary_needs, "access_needs": access_needs,
    }  # fmt: skip
    registration = Registration.objects.filter(occurrence=date, email=address, state__in=COUNTED).first()
    if registration is None:
        registration = Registration(occurrence=date, email=address, **details)
        registration.save()
        _log(date, "register", registration)
    elif registration.state == State.UNCONFIRMED:
        Registration.objects.filter(pk=registration.pk).update(**details)
        registration.refresh_from_db()
    registration.occurrence = date
    now = timezone.now()
    lately = registration.asked_at and registration.asked_at > now - ASK_AGAIN
    if may_mail and not lately and registration.asked < MOST_ASKED:
        registration.asked, registration.asked_at = registration.asked + 1, now
        registration.save(update_fields=["asked", "asked_at"])
        name_of_mail = "confirm" if registration.state == State.UNCONFIRMED else "already"
        mails.send(name_of_mail, registration, event=str(registration.asked))
    return registration


@transaction.atomic
def confirm_registration(*, registration: Registration) -> Registration:
    """Give a place, or one in the line when there is none or others wait. Confirming again changes nothing.

    Raises RegistrationClosed, and ValidationError for a registration that was withdrawn.
    """
    date = _locked(registration.occurrence)
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    registration.occurrence = date
    if registration.state in COMING:
        return registration
    if registration.state != State.UNCONFIRMED:
        raise ValidationError(_("This registration was withdrawn. Register anew if you want to come."))
    _check_open(date, asked_at=registration.created_at)
    _move_up(date)  # whoever waits has come before
    last = date.registrations.aggregate(last=Max("line"))["last"] or 0
    has_place = _free(date) is None or (_free(date) or 0) > 0
    has_place = has_place and not date.registrations.filter(state=State.WAITING).exists()
    registration.line, registration.confirmed_at = last + 1, timezone.now()
    registration.state = State.CONFIRMED if has_place else State.WAITING
    registration.save(update_fields=["line", "confirmed_at", "state"])
    _log(date, "confirm_registration", registration)
    mails.send("registered" if has_place else "waiting", registration)
    mails.keep_the_clock()
    return registration


@transaction.atomic
def withdraw_registration(*, registration: Registration, by: Any = None) -> Registration:
    """Give the place back, to whoever is first in the line. What the person needs is forgotten at once.

    ``by``: the editor who does it for them; None for the person themselves. Withdrawing again changes nothing.
    """
    date = _locked(registration.occurrence)
    if by is not None and not may_manage(by, date.page):  # type: ignore[arg-type]
        raise PermissionDenied
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    registration.occurrence = date
    if registration.state not in COUNTED:
        return registration
    was_coming = registration.state in COMING
    registration.state, registration.withdrawn_at = State.WITHDRAWN, timezone.now()
    registration.dietary_needs = registration.access_needs = ""
    registration.save(update_fields=["state", "withdrawn_at", "dietary_needs", "access_needs"])
    _log(date, "withdraw_registration", registration, by)
    if was_coming and not date.is_over:
        mails.send("withdrawn", registration)
    _move_up(date)
    return registration


@transaction.atomic
def promote_waiting(*, occurrence: Occurrence) -> list[Registration]:
    """Give free places to those who wait, in the order of the line, and tell them. Returns them."""
    return _move_up(_locked(occurrence))


def may_manage(user: Any, meeting: MeetingPage) -> bool:
    """Whoever has the permission for it, and may edit this meeting."""
    allowed = bool(user and user.is_active and user.has_perm("meetings.manage_registrations"))
    return allowed and meeting.permissions_for_user(user).can_edit()


# ---- places ---------------------------------------------------------------------------------------------------------
def _locked(occurrence: Occurrence) -> Occurrence:
    return Occurrence.objects.select_for_update(of=("self",)).select_related("page").get(pk=occurrence.pk)


def _free(date: Occurrence) -> int | None:
    """Places that nobody has; None without a limit, 0 where more came than there is room for now."""
    capacity = date.page.capacity  # type: ignore[attr-defined]
    if capacity is None:
        return None
    return max(0, capacity - date.registrations.filter(state=State.CONFIRMED).count())


def _move_up(date: Occurrence) -> list[Registration]:
    if not date.takes_place or date.starts_at <= timezone.now():
        return []
    free = _free(date)
    if free == 0:
        return []
    waiting = date.registrations.select_for_update().filter(state=State.WAITING).order_by("line", "pk")
    lucky = list(waiting if free is None else waiting[:free])
    for registration in lucky:
        registration.state, registration.occurrence = State.CONFIRMED, date
        registration.save(update_fields=["state"])
        _log(date, "promote_waiting", registration)
        mails.send("promoted", registration)
    return lucky


def _check_open(date: Occurrence, asked_at: dt.datetime | None = None) -> None:
    """Raises RegistrationClosed. Whoever asked before the deadline may confirm after it."""
    page: Any = date.page
    state = registration_state(date)
    if state.reason == "deadline" and asked_at and state.deadline and asked_at <= state.deadline:
        return
    if page.registration != MeetingPage.RegistrationMode.HERE or not state.is_open or not page.live:
        raise RegistrationClosed(state)


def _log(date: Occurrence, action: str, registration: Registration, by: Any = None) -> None:
    """Who is meant stands in no log: the key leads to a registration for as long as there is one."""
    log(instance=date.page, action=f"meetings.{action}", user=by, data={"registration": str(registration.key)})


# ---- forgetting -----------------------------------------------------------------------------------------------------
@transaction.atomic
def anonymise_registrations(
    *, registrations: Iterable[Registration] | None = None, by: Any = None, now: dt.datetime | None = None
) -> AnonymisationReport:
    """Forget people whose meeting was held long ago, or the ones given, for good. Returns the proof.

    What stays: that somebody came, in which language they were written to, and when. Mails to them are erased too,
    and what nobody confirmed is deleted. The proof counts what was done and what a search afterwards still found.
    """
    now = now or timezone.now()
    if registrations is None:
        chosen, unconfirmed = _due(now), _never_confirmed(now)
        needs = _needs_due(now)
    else:
        keys = [registration.pk for registration in registrations]
        chosen = Registration.objects.filter(pk__in=keys).exclude(state=State.ANONYMISED)
        unconfirmed, needs = Registration.objects.none(), Registration.objects.none()
    dropped = [registration.about for registration in unconfirmed]
    mails_erased = mail.erase(about=[*dropped, *mails_without_a_person()])
    unconfirmed.delete()
    needs_erased = needs.update(dietary_needs="", access_needs="")
    by_meeting: dict[str, int] = {}
    while chunk := list(chosen.select_for_update(of=("self",)).select_related("occurrence")[:CHUNK]):
        mails_erased += mail.erase(about=[registration.about for registration in chunk])
        for registration in chunk:
            label = f"{registration.occurrence.page_id} {registration.occurrence.recurrence_id:%Y-%m-%d}"  # type: ignore[attr-defined]
            by_meeting[label] = by_meeting.get(label, 0) + 1
            _forget(registration, now)
        Registration.objects.bulk_update(chunk, FORGOTTEN)
    facts = {
        "anonymised": sum(by_meeting.values()), "by_meeting": by_meeting, "needs_erased": needs_erased,
        "unconfirmed_deleted": len(dropped), "mails_erased": mails_erased,
        "keep_days": settings.TORV_MEETINGS_KEEP_DAYS, "keep_needs_days": settings.TORV_MEETINGS_KEEP_NEEDS_DAYS,
        "left": {
            "overdue": _due(now).count(), "overdue_needs": _needs_due(now).count(),
            "anonymised_with_personal_data": with_personal_data("anonymised").count(),
            "mails_without_a_person": len(mails_without_a_person()),
        },
    }  # fmt: skip
    return AnonymisationReport.objects.create(at=now, by=by, facts=facts)


FORGOTTEN = (
    "name", "email", "organisation", "dietary_needs", "access_needs", "consent", "key", "state", "reminders",
    "anonymised_at",
)  # fmt: skip


def _forget(registration: Registration, now: dt.datetime) -> None:
    for name in ("name", "email", "organisation", "dietary_needs", "access_needs", "consent"):
        setattr(registration, name, "")
    # Logs and mails name the old key: nothing leads from them to this row any more.
    registration.key = uuid.uuid4()
    registration.state, registration.reminders, registration.anonymised_at = State.ANONYMISED, False, now


def with_personal_data(*states: str) -> QuerySet[Registration]:
    """Registrations in which a person can still be read."""
    said = Q()
    for name in ("name", "email", "organisation", "dietary_needs", "access_needs", "consent"):
        said |= ~Q(**{name: ""})
    return Registration.objects.filter(said, state__in=states)


def mails_without_a_person() -> list[str]:
    """What mails that still say something are filed under, where whom they went to is forgotten."""
    said = Message.objects.filter(about__startswith=ABOUT, erased_at=None).order_by().values_list("about", flat=True)
    left: set[str] = set(said.distinct())
    people = Registration.objects.exclude(state=State.ANONYMISED).only("key")
    for start in range(0, len(abouts := sorted(left)), CHUNK):
        keys = filter(None, map(_key_in, abouts[start : start + CHUNK]))
        left -= {person.about for person in people.filter(key__in=list(keys))}
    return sorted(left)


def _key_in(about: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(about.removeprefix(ABOUT))
    except ValueError:
        return None


def _held_before(moment: dt.datetime) -> Q:
    """Dates that were held, or given up, before this. A postponed one is still to come until nobody touches it."""
    postponed = Q(occurrence__status=Status.POSTPONED)
    return (~postponed & Q(occurrence__ends_at__lt=moment)) | (postponed & Q(occurrence__changed_at__lt=moment))


def _due(now: dt.datetime) -> QuerySet[Registration]:
    held = _held_before(now - dt.timedelta(days=settings.TORV_MEETINGS_KEEP_DAYS))
    withdrawn = Q(withdrawn_at__lt=now - dt.timedelta(days=settings.TORV_MEETINGS_KEEP_NEEDS_DAYS))
    return Registration.objects.filter(held | withdrawn).exclude(state=State.ANONYMISED).order_by("pk")


def _needs_due(now: dt.datetime) -> QuerySet[Registration]:
    held = _held_before(now - dt.timedelta(days=settings.TORV_MEETINGS_KEEP_NEEDS_DAYS))
    return Registration.objects.filter(held).exclude(dietary_needs="", access_needs="")


def _never_confirmed(now: dt.datetime) -> QuerySet[Registration]:
    return Registration.objects.filter(
        state=State.UNCONFIRMED, created_at__lt=now - dt.timedelta(days=KEEP_UNCONFIRMED)
    )
