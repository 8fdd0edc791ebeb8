"""What readers have said of pages, for editors."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.feedback.actions import delete_feedback
from home.models import Page, PageFeedback

PAGES, COMMENTS = 100, 50
SEE, THROW_AWAY = "home.view_pagefeedback", "home.delete_pagefeedback"


class FeedbackReport(WagtailAdminTemplateMixin, TemplateView):
    """Yes and no page by page, the least useful first, and the comments, newest first."""

    template_name = "home/admin/feedback.html"
    page_title = gettext_lazy("Page feedback")
    header_icon = "comment"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(SEE):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        comments = PageFeedback.objects.exclude(comment="").select_related("page")
        return {
            **super().get_context_data(**kwargs),
            "pages": list(pages_by_usefulness()[:PAGES]),
            "comments": Paginator(comments, COMMENTS).get_page(self.request.GET.get("p")),
            "may_delete": self.request.user.has_perm(THROW_AWAY),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Throw one answer away."""
        if not request.user.has_perm(THROW_AWAY):
            return permission_denied(request)
        number = request.POST.get("feedback", "")
        known = number if number.isascii() and number.isdigit() and len(number) < 19 else 0
        delete_feedback(feedback=get_object_or_404(PageFeedback, pk=known), by=request.user)
        messages.success(request, _("The feedback is deleted."))
        return redirect(request.path)


def pages_by_usefulness() -> Any:
    """Pages that somebody has answered for, with `yes`, `no` and `comments`; those with most "no" first."""
    return (
        Page.objects.filter(feedback__isnull=False)
        .annotate(
            yes=Count("feedback", filter=Q(feedback__useful=True)),
            no=Count("feedback", filter=Q(feedback__useful=False)),
            comments=Count("feedback", filter=~Q(feedback__comment="")),
        )
        .order_by("-no", "-comments", "-yes", "pk")
    )
