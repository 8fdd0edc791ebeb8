"""What the editor of a meeting shows beside its fields, and the editors' first page."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component

SHOWN = 8  # dates of a series in the editor
NEXT = 6  # meetings on the editors' first page


class StatusPanel(Panel):
    """Whether the meeting takes place, date by date, and the way to change it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "meetings_admin/panels/status.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from plugins.meetings.actions.changes import audience_of

            page = self.instance
            dates, registered = [], 0
            if page.pk:
                found = (
                    page.occurrences.filter(withdrawn=False).order_by("starts_at").prefetch_related("status_changes")
                )
                coming = [date for date in found if not date.is_over]
                registered = audience_of(coming).total
                dates = (coming or list(found)[-SHOWN:])[:SHOWN]
                for date in dates:
                    date.page = page
            url = reverse("meetings_status", args=[page.pk]) if dates else ""
            shown = {"dates": dates, "registered": registered, "url": url, "page": page}
            return {**super().get_context_data(parent_context), **shown}


class NextMeetingsPanel(Component):
    """The next meetings with the number of people who have registered, for the editors' first page."""

    name = "next_meetings"
    template_name = "meetings_admin/panels/next.html"
    order = 150

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        from plugins.meetings import queries
        from plugins.meetings.models import Status

        dates = queries.with_places(queries.public_occurrences()).exclude(status=Status.CANCELLED)
        coming = dates.filter(ends_at__gte=timezone.now())
        return {"dates": list(coming[:NEXT])}
