"""What readers have said lately, for the editors' first page."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from wagtail.admin.ui.components import Component

from home.models import PageFeedback

DAYS, COMMENTS = 30, 3


class FeedbackPanel(Component):
    """How many found pages useful in the last month, and the newest comments."""

    name = "page_feedback"
    template_name = "home/admin/feedback_panel.html"
    order = 180

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        lately = PageFeedback.objects.filter(at__gte=timezone.now() - dt.timedelta(days=DAYS)).order_by()
        counted = lately.aggregate(yes=Count("pk", filter=Q(useful=True)), no=Count("pk", filter=Q(useful=False)))
        comments = PageFeedback.objects.exclude(comment="").select_related("page")[:COMMENTS]
        return {**counted, "comments": list(comments), "days": DAYS}
