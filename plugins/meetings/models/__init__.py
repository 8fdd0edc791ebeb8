from plugins.meetings.models.occurrences import Occurrence, Status, StatusChange
from plugins.meetings.models.pages import CalendarPage, MeetingContact, MeetingDocument, MeetingPage, ProgrammeItem
from plugins.meetings.models.registrations import AnonymisationReport, Registration, RegistrationCount

__all__ = [
    "AnonymisationReport",
    "CalendarPage",
    "MeetingContact",
    "MeetingDocument",
    "MeetingPage",
    "Occurrence",
    "ProgrammeItem",
    "Registration",
    "RegistrationCount",
    "Status",
    "StatusChange",
]
