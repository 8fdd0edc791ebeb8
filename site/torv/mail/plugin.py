"""What the mail room contributes."""

from collections.abc import Iterator

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from torv.mail.panels import MailTroublesPanel
from torv.mail.permissions import may_see
from torv.plugins import hookimpl


@hookimpl
def dashboard_panels(request: HttpRequest) -> Iterator[Component]:
    """Mails in trouble, for those who may try them again."""
    if may_see(request.user):
        yield MailTroublesPanel()
