"""One mail to one person, in their language."""

import datetime as dt
from functools import lru_cache
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
    """What the mails about one date share, worked out once for each language: 5,000 people speak three."""

    def __init__(self, occurrence: Occurrence) -> None:
        self.occurrence = occurrence
        self._facts = lru_cache(maxsize=None)(self._facts_in)

    def _facts_in(self, language: str) -> dict[str, Any]:
        page: Any = self.occurrence.page
        place: Any = self.occurrence.place
        with override(language):
            title, reason = text_of(page, "title"), _reason(self.occurrence, language)
            was = ""
            if self.occurrence.previous_starts_at and self.occurrence.previous_ends_at:
                was = presenting.whole_time(
                    self.occurrence, self.occurrence.previous_starts_at, self.occurrence.previous_ends_at
                )
            contact = next((contact for contact in page.contacts.all() if contact.email), None)
            return {
                "title": str(title),
                "title_language": title.language,
                "when": presenting.whole_time(self.occurrence),
                "where": self.occurrence.venue,
                "online_url": place.online_url,
                "was_when": was,
                "was_where": self.occurrence.previous_venue,
                "reason": reason[0],
                "reason_language": reason[1],
                "page_url": absolute(presenting.occurrence_url(self.occurrence)),
                "contact_name": contact.name if contact else "",
                "contact_email": contact.email if contact else "",
            }

    def mail(self, name: str, registration: Registration, event: str = "") -> mail.Mail:
        """The mail `name` to this person. `event` tells two mails of one name apart, for what is sent once."""
        from plugins.meetings.registration.tokens import CONFIRM_AGE, link

        language = registration.language
        facts = self._facts(language)
        context = {**facts, "name": registration.name, "mine_url": link(registration, "mine")}
        expires_at, guard, headers = None, "", {}
        if name == "confirm":
            until = timezone.now() + dt.timedelta(seconds=CONFIRM_AGE)
            with override(language):
                day = presenting.day_words(presenting.local(self.occurrence, until))
            context |= {"confirm_url": link(registration, "confirm"), "until": day}
            expires_at = until
        if name == "reminder":
            from plugins.meetings.mails.guards import STILL_COMING

            guard, expires_at = STILL_COMING, self.occurrence.starts_at
            # What the guard compares with when the mail leaves.
            context |= {"registration": registration.pk, "starts_at": self.occurrence.starts_at.isoformat()}
        if name in UNSUBSCRIBABLE:
            url = context["unsubscribe_url"] = link(registration, "reminders")
            headers = {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        has_place = registration.state == Registration.State.CONFIRMED
        context["waits"] = registration.state == Registration.State.WAITING
        if not has_place:
            context["online_url"] = ""  # the link is for those who have a place
        if facts["contact_email"]:
            headers["Reply-To"] = facts["contact_email"]
        return mail.Mail(
            key=":".join(part for part in ("meetings", name, str(registration.key), event) if part),
            to=registration.email,
            language=language,
            template=f"meetings/mail/{name}",
            context=context,
            attachments=self._calendar(name, registration, has_place or name == "withdrawn"),
            headers=headers,
            about=registration.about,
            guard=guard,
            expires_at=expires_at,
        )

    def _calendar(self, name: str, registration: Registration, in_calendar: bool) -> list[tuple[str, str, str]]:
        method = METHODS.get(name)
        if not method or not in_calendar:
            return []
        build = calendars.method_cancel if method == "CANCEL" else calendars.method_request
        text = build(self.occurrence, registration.language, email=registration.email, name=registration.name)
        with override(registration.language):
            file_name = _("meeting") if method == "REQUEST" else _("cancellation")
        return [(f"{file_name}.ics", f"text/calendar; method={method}", text)]


def send(name: str, registration: Registration, event: str = "") -> None:
    """Write one mail down, in the caller's transaction."""
    mail.queue_many([Letter(registration.occurrence).mail(name, registration, event)])


def _reason(occurrence: Occurrence, language: str) -> tuple[str, str]:
    from plugins.meetings.views.meeting import reason_of

    reason = reason_of(occurrence, language)
    return str(reason), reason.language


def registration_url(occurrence: Occurrence) -> str:
    """Where the form of a date is sent to."""
    return reverse("meetings:register", args=[occurrence.pk])
