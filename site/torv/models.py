"""State of the website project itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Parked(models.Model):
    """A page whose type's plugin is not there. It waits in the tree, hidden and locked, and this row remembers what
    it was."""

    page = models.OneToOneField(settings.WAGTAIL_PAGE_MODEL, on_delete=models.CASCADE, related_name="parked")
    type = models.CharField(max_length=200)  # "fairs.fairpage": the model's label, in lower case
    was_live = models.BooleanField()
    was_locked = models.BooleanField()
    scheduled = models.JSONField(default=dict)  # revision's key -> when it was to go live, ISO 8601

    class Meta:
        verbose_name = _("parked page")
        verbose_name_plural = _("parked pages")

    def __str__(self) -> str:
        return f"{self.page} ({self.type})"
