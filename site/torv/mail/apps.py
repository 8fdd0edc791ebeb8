"""The app of mails."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

TOPIC = "mail"
#: Mails sent over one connection.
BATCH = 100


class MailConfig(AppConfig):
    name = "torv.mail"
    label = "mail"
    verbose_name = _("Mail")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from torv import outbox
        from torv.mail.sending import deliver

        outbox.register(TOPIC, deliver, batch=BATCH, slow=True)
