"""On the first page of the editors' interface: mails that do not get through."""

from typing import Any

from wagtail.admin.ui.components import Component

from torv.mail.models import Message

SHOWN = 5


class MailTroublesPanel(Component):
    """How many mails are in trouble, and what the server said about the latest; nothing when all is well."""

    name = "mail_troubles"
    template_name = "torv_mail/panel.html"
    order = 20

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        in_trouble = Message.objects.in_trouble()
        return {"count": in_trouble.count(), "latest": in_trouble.order_by("-pk")[:SHOWN]}
