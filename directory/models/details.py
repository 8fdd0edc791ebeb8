"""What belongs to one enterprise: people, certificates, eligibility, links and pictures."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.images import get_image_model_string

from directory.models.codes import Certification
from directory.models.numbers import validate_phone
from directory.panels import fact, row_panels
from home.models import KeyedChild
from torv.languages import LANGUAGES, localized
from torv.text import is_blank


def has_text(row: models.Model, field: str) -> bool:
    """Whether a translated field says something in any language."""
    return any(not is_blank(getattr(row, localized(field, language))) for language in LANGUAGES)


class Contact(KeyedChild):
    """A person or a role. Only public ones ever leave the editor and its exports."""

    page = ParentalKey("directory.EnterprisePage", on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(
        _("name"), max_length=150, blank=True, help_text=_("Leave empty for a role without a name.")
    )
    title = models.CharField(
        _("title or role"), max_length=150, blank=True, help_text=_("For example: manager, tenders and prices.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True, validators=[validate_phone])
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Shown to everybody. Ask the person before you publish a name.")
    )

    panels = row_panels(["title"], fact("name"), fact("email"), fact("phone"), fact("is_public"))

    class Meta(KeyedChild.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="directory_contact_key")]

    def __str__(self) -> str:
        return self.name or str(self.title or "") or self.email

    def clean(self) -> None:
        super().clean()
        if not self.name and not has_text(self, "title"):
            raise ValidationError({"name": _("Give a name, or the title or role in at least one language.")})
        if self.is_public and not (self.email or self.phone):
            raise ValidationError({"email": _("A public contact needs an e-mail address or a telephone number.")})


class EnterpriseCertification(KeyedChild):
    page = ParentalKey("directory.EnterprisePage", on_delete=models.CASCADE, related_name="certifications")
    certification = models.ForeignKey(
        Certification, verbose_name=_("certification"), on_delete=models.PROTECT, related_name="holders"
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    panels = row_panels([], fact("certification"), fact("valid_until"))

    class Meta(KeyedChild.Meta):
        verbose_name = _("certification of an enterprise")
        verbose_name_plural = _("certifications of enterprises")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="directory_certification_key")]

    def __str__(self) -> str:
        return str(self.certification)

    def is_valid(self, on: dt.date | None = None) -> bool:
        """Whether it holds on that day (default: today); without an end it always does."""
        return self.valid_until is None or self.valid_until >= (on or timezone.localdate())

    @property
    def ends_at(self) -> dt.datetime | None:
        """The moment from which it no longer holds; None without an end."""
        if self.valid_until is None or self.valid_until == dt.date.max:
            return None
        return timezone.make_aware(dt.datetime.combine(self.valid_until + dt.timedelta(days=1), dt.time()))


class Eligibility(KeyedChild):
    """That contracts may be reserved for this enterprise under an article of Directive 2014/24/EU."""

    class Article(models.TextChoices):
        ARTICLE_20 = "20", _("Article 20: sheltered workshops and economic operators with a social aim")
        ARTICLE_77 = "77", _("Article 77: organisations with a public service mission")

    class Status(models.TextChoices):
        CLAIMED = "claimed", _("claimed by the enterprise")
        DOCUMENTED = "documented", _("documented: evidence seen by the editors")

    page = ParentalKey("directory.EnterprisePage", on_delete=models.CASCADE, related_name="eligibilities")
    article = models.CharField(_("article"), max_length=2, choices=Article.choices)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.CLAIMED)
    evidence = models.TextField(
        _("evidence"),
        blank=True,
        help_text=_("For example the share of staff concerned, and the document that shows it."),
    )
    dated = models.DateField(_("dated"), null=True, blank=True)

    panels = row_panels(["evidence"], fact("article"), fact("status"), fact("dated"))

    class Meta(KeyedChild.Meta):
        verbose_name = _("eligibility for reserved contracts")
        verbose_name_plural = _("eligibilities for reserved contracts")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="directory_eligibility_key")]

    def __str__(self) -> str:
        return str(self.get_article_display())

    def clean(self) -> None:
        super().clean()
        if self.status != self.Status.DOCUMENTED:
            return
        errors = {}
        if not has_text(self, "evidence"):
            errors[localized("evidence", LANGUAGES[0])] = _("Say what the evidence is, in at least one language.")
        if not self.dated:
            errors["dated"] = _("Give the date of the evidence.")
        if errors:
            raise ValidationError(errors)


class Link(KeyedChild):
    page = ParentalKey("directory.EnterprisePage", on_delete=models.CASCADE, related_name="links")
    label = models.CharField(_("text of the link"), max_length=150, blank=True)
    url = models.URLField(_("web address"), max_length=500)

    panels = row_panels(["label"], fact("url"))

    class Meta(KeyedChild.Meta):
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="directory_link_key")]

    def __str__(self) -> str:
        return str(self.label or self.url)


class Picture(KeyedChild):
    page = ParentalKey("directory.EnterprisePage", on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(
        get_image_model_string(), verbose_name=_("image"), on_delete=models.CASCADE, related_name="+"
    )
    alt = models.CharField(
        _("description for those who cannot see it"), max_length=250, blank=True,
        help_text=_("What the picture shows, in a few words."),
    )  # fmt: skip

    panels = row_panels(["alt"], fact("image"))

    class Meta(KeyedChild.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="directory_picture_key")]

    def __str__(self) -> str:
        return str(self.alt or self.image)
