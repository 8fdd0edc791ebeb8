"""The common procurement vocabulary: what public buyers call things in a notice."""

import re

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.paths import PathMixin

CPV_LENGTH = 8


def cpv_digits(code: str) -> str:
    """The significant digits: "90919300" -> "909193", "90000000" -> "90". The first two always count."""
    return code[:2] + code[2:].rstrip("0")


def canonical_cpv(typed: str) -> str:
    """The eight digits of what somebody typed or pasted, "" when it cannot be a CPV code.

    Accepts a check digit ("90919300-2"), spaces, a path ("90/909/909193"), the significant digits alone, and seven
    digits, which is what a spreadsheet leaves of "03111000".
    """
    typed = typed.strip().rsplit("/", 1)[-1]
    match = re.fullmatch(r"([0-9][0-9 ]*)(?:-[0-9])?", typed)
    if not match:
        return ""
    digits = match[1].replace(" ", "")
    if len(digits) == CPV_LENGTH - 1 and digits.endswith("0"):
        digits = "0" + digits
    if not 2 <= len(digits) <= CPV_LENGTH:
        return ""
    return digits.ljust(CPV_LENGTH, "0")


class CpvCode(PathMixin, models.Model):
    """One of the 9,454 codes. Reference data: loaded, never edited."""

    code = models.CharField(
        _("code"), max_length=CPV_LENGTH, primary_key=True, validators=[RegexValidator(r"^\d{8}\Z")]
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(
        _("path"), max_length=60, unique=True, help_text=_("Significant digits, ancestors first: 90/909/9091.")
    )
    label = models.CharField(_("label"), max_length=400)

    class Meta:
        verbose_name = _("CPV code")
        verbose_name_plural = _("CPV codes")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
