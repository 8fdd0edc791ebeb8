"""Where mail joins the editors' interface."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from torv.mail.permissions import may_see
from torv.mail.views import TroubleReport


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [path("reports/mail/", TroubleReport.as_view(), name="mail_troubles")]


class TroublesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


@hooks.register("register_reports_menu_item")
def register_report() -> MenuItem:
    return TroublesItem(_("Mails in trouble"), reverse("mail_troubles"), icon_name="mail", order=700)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("mail.retry", _("Try again"), _("Tried mails again"))


@hooks.register("register_permissions")
def register_permissions() -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label="mail", codename="change_message")
