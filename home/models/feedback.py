"""What readers say of a page. Nothing in it tells who they are."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.models.base import Page
from torv.languages import LANGUAGES


class PageFeedback(models.Model):
    """One answer to "Was this page useful?"."""

    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="feedback")
    language = models.CharField(_("language"), max_length=2, choices=[(code, code) for code in LANGUAGES])
    useful = models.BooleanField(_("useful"), null=True)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    # A keyed hash that is another one tomorrow; emptied when its day is over.
    sender = models.CharField(max_length=64, blank=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.page_id} {self.at:%Y-%m-%d}"
