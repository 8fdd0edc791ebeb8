"""What people do with meetings: one keyword-only function each, checked, audited, in one transaction."""

from plugins.meetings.actions.occurrences import extend_series, synchronise_occurrences
from plugins.meetings.actions.registrations import (
    anonymise_registrations,
    confirm_registration,
    promote_waiting,
    register,
    withdraw_registration,
)
from plugins.meetings.actions.status import (
    Outcome,
    cancel_meeting,
    move_meeting,
    postpone_meeting,
    preview_change,
    reinstate_meeting,
)

__all__ = [
    "Outcome",
    "anonymise_registrations",
    "cancel_meeting",
    "confirm_registration",
    "extend_series",
    "move_meeting",
    "postpone_meeting",
    "preview_change",
    "promote_waiting",
    "register",
    "reinstate_meeting",
    "synchronise_occurrences",
    "withdraw_registration",
]
