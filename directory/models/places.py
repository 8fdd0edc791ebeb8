"""Countries, regions and municipalities, as an ancestor path of official codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.paths import PathMixin


class Place(PathMixin, models.Model):
    """Reference data: loaded, never edited. The code is the path: "DK", "DK/1082", "DK/1082/0760"."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("country")
        REGION = "region", _("region")
        MUNICIPALITY = "municipality", _("municipality")

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, db_index=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(_("name"), max_length=100)
    tile_row = models.PositiveSmallIntegerField(_("row on the tile map"), null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField(_("column on the tile map"), null=True, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:  # type: ignore[override]
        return self.code

    @property
    def country(self) -> str:
        return self.code[:2]
