"""The pages of the calendar and of each meeting."""

from plugins.meetings.views.calendar import calendar_route, serve_calendar
from plugins.meetings.views.meeting import meeting_route, serve_meeting

__all__ = ["calendar_route", "meeting_route", "serve_calendar", "serve_meeting"]
