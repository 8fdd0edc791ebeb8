"""Files that wait for an editor's yes."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportUpload(models.Model):
    """Files that an editor uploaded and has not confirmed yet: a ZIP file of them, kept for a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("uploaded files")
        verbose_name_plural = _("uploaded files")

    def __str__(self) -> str:
        return str(self.pk)
