"""One mail to one person, in their language."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from plugins.meetings import calendars, presenting
from plugins.meetings.mails.addresses import absolute
from plugins.meetings.models import Occurrence, Registration
from torv import mail
from torv.text import text_of

#: Which calendar method each mail carries for somebody who has a place.
METHODS = {
    "registered": "REQUEST",
    "promoted": "REQUEST",
    "reminder": "",
    "cancelled": "CANCEL",
    "postponed": "REQUEST",
    "moved": "REQUEST",
    "reinstated": "REQUEST",
    "withdrawn": "CANCEL",
}
#: Mails that somebody may have had enough of.
UNSUBSCRIBABLE = {"reminder"}


class Letter:
    """What mails of one kind share, worked out once for each date and language: 5,000 people speak three."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], dict[str, Any]] = {}

    def _facts(self, date: Occurrence, language: str) -> dict[str, Any]:
        """When and where one date is, and was."""
        if (date.pk, language) not in self._known:
            place: Any = date.place
            with override(language):
                was = ""
                if date.previous_starts_at and date.previous_ends_at:
                    was = presenting.whole_time(date, date.previous_starts_at, date.previous_ends_at)
                self._known[date.pk, language] = {
                    "when": presenting.whole_time(date),
                    "where": date.venue,
                    "online_url": place.online_url,
                    "was_when": was,
                    "was_where": date.previous_venue,
                    "page_url": absolute(presenting.occurrence_url(date)),
                    **_shared(date, language),
                }
        return self._known[date.pk, language]

    def mail(self, name: str, *registrations: Registration, event: str = "", key: Any = None) -> mail.Mail:
        """The mail `name` to one person, of all that they are registered for here, in the order of the dates.

        `event` tells two mails of one name apart, for what is sent once; so does `key`, where that is not to hang on
        which of the registrations still hold.
        """
        from plugins.meetings.registration.tokens import CONFIRM_AGE, link

        registration = registrations[0]
        language, occurrence = registration.language, registration.occurrence
        facts = self._facts(occurrence, language)
        dates = [self._date(one, link(one, "mine")) for one in registrations]
        context = {
            **{name: facts[name] for name in SHARED},
            "dates": dates,
            "several": len(dates) > 1,
            "name": registration.name,
            "mine_url": dates[0]["mine_url"],
        }
        expires_at, guard, headers = None, "", {}
        if name == "confirm":
            until = timezone.now() + dt.timedelta(seconds=CONFIRM_AGE)
            with override(language):
                day = presenting.day_words(presenting.local(occurrence, until))
            context |= {"confirm_url": link(registration, "confirm"), "until": day}
            expires_at = until
        if name == "reminder":
            from plugins.meetings.mails.guards import STILL_COMING

            guard, expires_at = STILL_COMING, occurrence.starts_at
            # What the guard compares with when the mail leaves.
            context |= {"registration": registration.pk, "starts_at": occurrence.starts_at.isoformat()}
        if name in UNSUBSCRIBABLE:
            url = context["unsubscribe_url"] = link(registration, "reminders")
            headers = {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        context["waits"] = all(one.state == Registration.State.WAITING for one in registrations)
        if facts["contact_email"]:
            headers["Reply-To"] = facts["contact_email"]
        in_calendar = [one for one in registrations if _has_place(one) or name == "withdrawn"]
        return mail.Mail(
            key=":".join(part for part in ("meetings", name, str(key or registration.key), event) if part),
            to=registration.email,
            language=language,
            template=f"meetings/mail/{name}",
            context=context,
            attachments=_calendar(name, in_calendar),
            headers=headers,
            about=registration.about,
            guard=guard,
            expires_at=expires_at,
        )

    def _date(self, registration: Registration, mine_url: str) -> dict[str, Any]:
        facts = self._facts(registration.occurrence, registration.language)
        # The link of an online meeting is for those who have a place.
        online = facts["online_url"] if _has_place(registration) else ""
        return {**{name: facts[name] for name in DATE}, "online_url": online, "mine_url": mine_url}


SHARED = ("title", "title_language", "reason", "reason_language", "contact_name", "contact_email")
DATE = ("when", "where", "was_when", "was_where", "page_url")


def _shared(occurrence: Occurrence, language: str) -> dict[str, Any]:
    """What is the same for all dates that a mail is about."""
    page: Any = occurrence.page
    title, reason = text_of(page, "title"), _reason(occurrence, language)
    contact = next((contact for contact in page.contacts.all() if contact.email), None)
    return {
        "title": str(title),
        "title_language": title.language,
        "reason": reason[0],
        "reason_language": reason[1],
        "contact_name": contact.name if contact else "",
        "contact_email": contact.email if contact else "",
    }


def _has_place(registration: Registration) -> bool:
    return registration.state == Registration.State.CONFIRMED


def _calendar(name: str, registrations: Sequence[Registration]) -> list[tuple[str, str, str]]:
    method = METHODS.get(name)
    if not method or not registrations:
        return []
    build = calendars.method_cancel if method == "CANCEL" else calendars.method_request
    person = registrations[0]
    dates = [registration.occurrence for registration in registrations]
    text = build(dates, person.language, email=person.email, name=person.name)
    with override(person.language):
        file_name = _("meeting") if method == "REQUEST" else _("cancellation")
    return [(f"{file_name}.ics", f"text/calendar; method={method}", text)]


def send(name: str, registration: Registration, event: str = "") -> None:
    """Write one mail down, in the caller's transaction."""
    mail.queue_many([Letter().mail(name, registration, event=event)])


def _reason(occurrence: Occurrence, language: str) -> tuple[str, str]:
    from plugins.meetings.views.meeting import reason_of

    reason = reason_of(occurrence, language)
    return str(reason), reason.language


def registration_url(occurrence: Occurrence) -> str:
    """Where the form of a date is sent to."""
    return reverse("meetings:register", args=[occurrence.pk])
