"""What editors read and carry out of the house: lists, files, and all that is known of one person."""

import csv
import io
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.exchange.files import neutralise
from plugins.meetings.actions.registrations import may_manage
from plugins.meetings.models import MeetingPage, Occurrence, Registration
from plugins.meetings.presenting import whole_time
from torv.mail.models import Message

State = Registration.State
NEEDS = ("dietary_needs", "access_needs")


def may_view_needs(user: Any) -> bool:
    """What somebody eats or cannot do may tell of their health or belief: a permission of its own."""
    return bool(user and user.is_active and user.has_perm("meetings.view_needs"))


def managed_dates(user: Any) -> QuerySet[Occurrence]:
    """Dates with registration here, of the meetings that this user may manage, with how many are in which state."""
    pages = [page.pk for page in MeetingPage.objects.filter(registration="here") if may_manage(user, page)]
    counts = {
        str(name): Count("registrations", filter=Q(registrations__state=name))
        for name in (State.CONFIRMED, State.WAITING, State.UNCONFIRMED)
    }
    came = Count("registrations", filter=Q(registrations__attended=True))
    return Occurrence.objects.filter(page__in=pages).select_related("page").annotate(**counts, came=came)


def people(occurrence: Occurrence, state: str = "", words: str = "") -> QuerySet[Registration]:
    """The registrations of a date in the order of the line; who was forgotten is left out unless asked for."""
    found = Registration.objects.filter(occurrence=occurrence).order_by("line", "pk")
    found = found.filter(state=state) if state in State.values else found.exclude(state=State.ANONYMISED)
    if words.strip():
        word = words.strip()[:100]
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(organisation__icontains=word))
    return found


def as_csv(registrations: QuerySet[Registration], *, needs: bool) -> str:
    """A file for spreadsheets: no cell is a formula. `needs`: with what people eat and need."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    names = ["line", "state", "name", "organisation", "email", "language", "confirmed_at", "attended"]
    names += NEEDS if needs else ()
    writer.writerow(names)
    for registration in registrations:
        writer.writerow([neutralise(_cell(registration, name)) for name in names])
    return "\ufeff" + file.getvalue()


def _cell(registration: Registration, name: str) -> str:
    value = getattr(registration, name)
    if value is None:
        return ""
    if name == "confirmed_at":
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return {True: "1", False: "0"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def known_of(registration: Registration) -> dict[str, Any]:
    """Everything that is stored about one person, for the person: by address, all their registrations and mails."""
    mine = [registration]
    if registration.email:
        mine = list(Registration.objects.filter(email=registration.email).select_related("occurrence__page"))
    fields = [
        field.name
        for field in Registration._meta.concrete_fields
        if field.name not in ("id", "occurrence", "line", "asked", "asked_at")
    ]
    return {
        "registrations": [
            {
                "meeting": str(one.occurrence.page.title),  # type: ignore[attr-defined]
                "when": whole_time(one.occurrence),
                **{name: _plain(getattr(one, name)) for name in fields},
            }
            for one in mine
        ],
        "mails": [
            {
                "written": _plain(message.created_at),
                "sent": _plain(message.sent_at),
                "subject": message.subject,
                "state": message.state,
            }
            for message in Message.objects.filter(about__in=[one.about for one in mine])
        ],
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def report_words(facts: dict[str, Any]) -> str:
    """A proof report in one sentence."""
    left = sum(facts["left"].values())
    return _(
        "%(anonymised)d anonymised, needs of %(needs)d erased, %(unconfirmed)d never confirmed deleted, "
        "%(mails)d mails erased; %(left)d left that should not be."
    ) % {
        "anonymised": facts["anonymised"], "needs": facts["needs_erased"],
        "unconfirmed": facts["unconfirmed_deleted"], "mails": facts["mails_erased"], "left": left,
    }  # fmt: skip
