"""Meetings in the editors' interface."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from plugins.meetings import admin_views
from plugins.meetings.actions.changes import audience_of
from plugins.meetings.actions.keeping import check_may_go
from plugins.meetings.actions.status import may_change_status
from plugins.meetings.models import CalendarPage, MeetingPage, Occurrence
from plugins.meetings.registration import admin_views as registrations


@hooks.register("register_log_actions")
def name_changes_of_status(actions: Any) -> None:
    actions.register_action("meetings.cancel", _("Cancel meeting"), _("Cancelled the meeting"))
    actions.register_action("meetings.postpone", _("Postpone meeting"), _("Postponed the meeting"))
    actions.register_action("meetings.move", _("Move meeting"), _("Moved the meeting"))
    actions.register_action("meetings.reinstate", _("Reinstate meeting"), _("Reinstated the meeting"))
    actions.register_action("meetings.edit", _("Tell of an edit"), _("Told people of a new time or place"))
    actions.register_action("meetings.attendance", _("Attendance"), _("Noted who came"))
    actions.register_action("meetings.export", _("Export"), _("Took registrations out as a file"))
    actions.register_action("meetings.forget", _("Forget"), _("Erased somebody’s registration"))
    actions.register_action("meetings.register", _("Register"), _("Somebody registered"))
    actions.register_action("meetings.confirm_registration", _("Confirm"), _("A registration was confirmed"))
    actions.register_action("meetings.withdraw_registration", _("Withdraw"), _("A registration was withdrawn"))
    actions.register_action("meetings.promote_waiting", _("Give a place"), _("Somebody moved up from the waiting list"))


@hooks.register("register_admin_urls")
def status_urls() -> list[Any]:
    return [
        path("meetings/<int:page_id>/status/", admin_views.ChooseView.as_view(), name="meetings_status"),
        path("meetings/<int:page_id>/status/<slug:action>/", admin_views.ChangeView.as_view(), name="meetings_change"),
        *registrations.URLS,
    ]


class ChangeStatusItem(ActionMenuItem):
    """Beside "Publish": for what is announced already."""

    name = "action-change-status"
    label = _("Change status")
    icon_name = "calendar-alt"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return bool(
            isinstance(page, MeetingPage) and page.live and may_change_status(context["request"].user, page)
        )  # fmt: skip

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("meetings_status", args=[parent_context["page"].pk])


@hooks.register("register_page_action_menu_item")
def change_status_in_the_editor() -> ActionMenuItem:
    return ChangeStatusItem(order=45)


@hooks.register("register_page_header_buttons")
def change_status_in_the_header(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    yield from _button(page, user)


@hooks.register("register_page_listing_more_buttons")
def change_status_in_lists(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    yield from _button(page, user)


def _button(page: Any, user: Any) -> Iterator[Button]:
    if isinstance(page, MeetingPage) and page.live and may_change_status(user, page):
        url = reverse("meetings_status", args=[page.pk])
        yield Button(_("Change status"), url, icon_name="calendar-alt", priority=35)


@hooks.register("before_delete_page")
def say_that_it_is_waited_for(request: HttpRequest, page: Any) -> None:
    """Before the editor is asked to confirm; raises Protected, as the deletion itself would."""
    check_may_go(page)


@hooks.register("before_unpublish_page")
def say_that_one_below_is_waited_for(request: HttpRequest, page: Any) -> None:
    """Before the first of many is unpublished."""
    if request.POST.get("include_descendants"):
        check_may_go(page)


@hooks.register("after_publish_page")
def say_who_is_told(request: HttpRequest, page: Any) -> None:
    """An edit of when or where a meeting is has been told with the publishing itself."""
    scheduled = page.go_live_at and page.go_live_at > timezone.now()
    if not isinstance(page, MeetingPage) or scheduled or not page.last_published_at:
        return
    told_of = {"status_changes__at__gte": page.last_published_at, "status_changes__told__gt": 0}
    if told := audience_of(page.occurrences.filter(**told_of)).total:
        text = ngettext(
            "%(number)d registered person is told of the new time or place.",
            "%(number)d registered people are told of the new time or place.",
            told,
        )
        messages.info(request, text % {"number": told})


@hooks.register("construct_explorer_page_queryset")
def status_in_lists(parent_page: Any, pages: QuerySet, request: HttpRequest) -> QuerySet:
    """The status stands beside the titles: one query for the whole list."""
    if not isinstance(parent_page.specific_deferred, CalendarPage):
        return pages
    dates = Occurrence.objects.filter(page=OuterRef("pk"), withdrawn=False).order_by("starts_at")
    coming, last = dates.filter(ends_at__gte=timezone.now()), dates.order_by("-starts_at")
    return pages.annotate(
        date_status=Coalesce(Subquery(coming.values("status")[:1]), Subquery(last.values("status")[:1])),
        date_start=Coalesce(Subquery(coming.values("starts_at")[:1]), Subquery(last.values("starts_at")[:1])),
    )


class RegistrationsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("meetings.manage_registrations")


@hooks.register("register_admin_menu_item")
def registrations_in_the_menu() -> MenuItem:
    return RegistrationsItem(_("Registrations"), reverse("meetings_registrations"), icon_name="group", order=320)


@hooks.register("register_permissions")
def permissions_of_meetings() -> QuerySet:
    """So that administrators can give them to groups."""
    names = ("change_status", "manage_registrations", "view_needs")
    return Permission.objects.filter(content_type__app_label="meetings", codename__in=names)
