"""The registration form on a meeting's page."""

from typing import Any

from django import template
from django.urls import reverse

from plugins.meetings.models import Occurrence
from plugins.meetings.registration.forms import RegistrationForm, consent_text

register = template.Library()


@register.simple_tag
def registration_form(occurrence: Occurrence) -> dict[str, Any] | None:
    """`{% registration_form occurrence as box %}`: an empty `form`, where it is sent (`action`), and the `consent`."""
    if not occurrence.pk:  # the preview of a meeting that was never published
        return None
    form = RegistrationForm(occurrence=occurrence)
    return {"form": form, "action": reverse("meetings:register", args=[occurrence.pk]), "consent": consent_text()}
