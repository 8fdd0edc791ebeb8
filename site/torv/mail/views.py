"""The editors' report of mails in trouble."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from torv.mail.models import Message
from torv.mail.permissions import may_see
from torv.mail.sending import try_again

PAGE = 50


class TroubleReport(WagtailAdminTemplateMixin, TemplateView):
    """Mails in trouble, with what the server said; POST tries one (`message`) or all of them again."""

    template_name = "torv_mail/report.html"
    page_title = _("Mails in trouble")
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        in_trouble = Message.objects.in_trouble().order_by("-pk")
        page = Paginator(in_trouble, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page_of_messages=page, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted, chosen = Message.objects.in_trouble(), request.POST.get("message", "")
        if chosen:
            wanted = wanted.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else wanted.none()
        logged = list(wanted[:1])
        count = try_again(wanted)
        for message in logged if count else ():
            log(instance=message, action="mail.retry", user=request.user, data={"count": count})
        text = ngettext("%(count)s mail is tried again.", "%(count)s mails are tried again.", count)
        messages.success(request, text % {"count": count})
        return redirect("mail_troubles")
