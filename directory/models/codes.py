"""Short code lists: why an enterprise exists, and what it is certified for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SocialObjective(models.Model):
    """A social objective of the eForms code list ("opp", "acc-all"). Reference data: loaded, never edited."""

    code = models.CharField(_("code"), max_length=30, primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("social objective")
        verbose_name_plural = _("social objectives")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Certification(models.Model):
    """A certificate or label a supplier can hold ("iso-14001"). Its code is what the facet and the CSV files use."""

    code = models.SlugField(_("code"), max_length=50, unique=True, help_text=_("Stays the same for ever."))
    name = models.CharField(_("name"), max_length=150)
    url = models.URLField(_("web address"), blank=True, help_text=_("Where the certificate is explained."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name
