"""Where the directory joins Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter

from directory import admin_views
from directory.actions.listings import may_confirm
from directory.models import EnterprisePage
from directory.viewsets import ConfirmationReportView, DirectoryGroup


@hooks.register("register_admin_viewset")
def register_directory() -> DirectoryGroup:
    return DirectoryGroup()


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path("directory/codes/<slug:kind>/", admin_views.codes, name="directory_codes"),
        path("directory/import/", admin_views.ImportView.as_view(), name="directory_import"),
        path("directory/import/<uuid:upload>/", admin_views.ReviewView.as_view(), name="directory_import_review"),
        path("directory/export/", admin_views.export, name="directory_export"),
        path("directory/confirm/<int:page>/", admin_views.ConfirmView.as_view(), name="directory_confirm"),
        path("reports/directory-confirmation/", ConfirmationReportView.as_view(), name="directory_confirmation_report"),
        path(
            "reports/directory-confirmation/results/",
            ConfirmationReportView.as_view(results_only=True),
            name="directory_confirmation_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def register_confirmation_report() -> MenuItem:
    return MenuItem(_("Enterprises to confirm"), reverse("directory_confirmation_report"), icon_name="time", order=650)


@hooks.register("register_page_header_buttons")
def confirm_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if issubclass(page.specific_class or type(page), EnterprisePage) and may_confirm(page, user):
        url = reverse("directory_confirm", args=[page.pk])
        yield Button(_("Confirm the listing"), url, icon_name="check", priority=5)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("directory.confirm", _("Confirm"), _("Confirmed that the listing is right"))
    actions.register_action("directory.own", _("Give to owner"), _("Made somebody owner of the listing"))
    actions.register_action("directory.disown", _("Take from owner"), _("Ended somebody’s ownership of the listing"))

    @actions.register_action("directory.import")
    class ImportFormatter(LogFormatter):
        label = _("Import")

        def format_message(self, log_entry: Any) -> Any:
            return _("Imported from a file")
