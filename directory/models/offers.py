"""What an enterprise sells."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.images import get_image_model_string

from directory.models.categories import Category
from directory.models.cpv import CpvCode
from directory.models.details import has_text
from directory.models.places import Place
from directory.panels import fact, picker, row_panels
from home.models import KeyedChild
from torv.languages import DEFAULT, localized


class Offer(KeyedChild, ClusterableModel):
    """A service or a product. Drafts, revisions and copies of its enterprise's page carry it with its codes."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("service")
        PRODUCT = "product", _("product")

    page = ParentalKey("directory.EnterprisePage", on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SERVICE)
    name = models.CharField(_("name"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    capacity = models.CharField(
        _("capacity"), max_length=250, blank=True, help_text=_("For example: up to 9,000 m² a day.")
    )
    lead_time = models.CharField(
        _("lead time"), max_length=250, blank=True, help_text=_("For example: delivered in 5 working days.")
    )
    categories = ParentalManyToManyField(Category, verbose_name=_("categories"), blank=True, related_name="offers")
    cpv_codes = ParentalManyToManyField(CpvCode, verbose_name=_("CPV codes"), blank=True, related_name="offers")
    areas = ParentalManyToManyField(
        Place, verbose_name=_("area served"), blank=True, related_name="+",
        help_text=_("Only if it is narrower than the enterprise’s own."),
    )  # fmt: skip
    picture = models.ForeignKey(
        get_image_model_string(), verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    panels = row_panels(
        ["name", "description", "capacity", "lead_time"],
        fact("kind"),
        picker("categories", "category"),
        picker("cpv_codes", "cpv"),
        picker("areas", "place"),
        fact("picture"),
    )

    class Meta(KeyedChild.Meta):
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="directory_offer_key")]

    def __str__(self) -> str:
        return str(self.name or "")

    def clean(self) -> None:
        super().clean()
        if not has_text(self, "name"):
            raise ValidationError({localized("name", DEFAULT): _("Give the offer a name in at least one language.")})
