"""What is asked once more when a mail is about to leave."""

import datetime as dt
from typing import Any

from django.utils import timezone

from plugins.meetings.models import Registration

STILL_COMING = "meetings.still_coming"


def still_coming(message: Any) -> str:
    """Why a reminder should not leave; "" when it should. The meeting may have been cancelled since it was written."""
    found = Registration.objects.select_related("occurrence__page").filter(pk=message.context.get("registration"))
    registration = found.first()
    if registration is None or registration.state != Registration.State.CONFIRMED:
        return "The person does not come any more"
    if not registration.reminders:
        return "The person wants no reminders"
    occurrence = registration.occurrence
    if not occurrence.takes_place:
        return "The meeting does not take place"
    if occurrence.starts_at != dt.datetime.fromisoformat(message.context["starts_at"]):
        return "The meeting has been moved"
    if occurrence.starts_at <= timezone.now():
        return "The meeting has begun"
    return ""
