"""Registrations on the editors' first page."""

from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from plugins.meetings.registration import lists

SHOWN = 6


class RegistrationsPanel(Component):
    """The next dates that people register for, of the meetings that the user manages."""

    name = "registrations"
    template_name = "meetings_admin/registrations/panel.html"
    order = 160

    def __init__(self, user: Any) -> None:
        super().__init__()
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        dates = lists.managed_dates(self.user).filter(ends_at__gte=timezone.now(), withdrawn=False)
        return {"dates": list(dates.order_by("starts_at")[:SHOWN])}
