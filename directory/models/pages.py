"""The directory and the enterprises in it."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.search import index
from wagtail.url_routing import RouteResult

from directory.api import ContactsField, FactsField, OffersField
from directory.models.categories import Category
from directory.models.codes import SocialObjective
from directory.models.languages import SpokenLanguagesField, validate_spoken_languages
from directory.models.numbers import (
    DENMARK,
    SWEDEN,
    format_company_number,
    is_personal_number,
    validate_company_number,
)
from directory.models.places import Place
from directory.panels import fact, picker
from home.models import Page
from home.panels import EDIT_SHARED, TranslatedInlinePanel
from torv.languages import LANGUAGES, content_language, localized

#: The address segment before a category's slug, per language.
CATEGORY_SEGMENT = {"da": "kategori", "sv": "kategori", "en": "category"}

SUMMARY_LENGTH = 300


def new_key() -> str:
    return str(uuid.uuid4())


class DirectoryPage(Page):
    """The search page of all suppliers; its categories are addresses below it."""

    introduction = models.TextField(_("introduction"), blank=True)

    translated_panels = ["introduction"]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["directory.EnterprisePage"]
    max_count_per_parent = 1
    template = "directory/directory_page.html"
    menu_shortcuts = [(_("Services and products"), {"show": "offers"})]

    class Meta(Page.Meta):
        verbose_name = _("directory")
        verbose_name_plural = _("directories")
        permissions = ()  # type: ignore[assignment]
        unique_together = ()

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        if len(path_components) == 2 and path_components[0] in CATEGORY_SEGMENT.values():
            if not self.live:
                raise Http404
            category = Category.at(path_components[1])
            if category is None:
                raise Http404
            return RouteResult(self, kwargs={"category": category})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, category: Category | None = None) -> HttpResponse:
        from directory.views import serve_directory

        return serve_directory(request, self, category=category)

    def resolve_subpage(self, path: str) -> Category:
        """What stands below the directory: asked by redirects, so that those to a category that is gone lead here.

        :raises Resolver404: nothing.
        """
        category = Category.at(path.strip("/").rpartition("/")[2])
        if category is None:
            raise Resolver404({"path": path})
        return category

    def category_path(self, category: Category, language: str) -> str:
        """What follows the directory's address: "kategori/stadning/"."""
        return f"{CATEGORY_SEGMENT[content_language(language)]}/{category.slug_in(language)}/"

    def category_url(self, category: Category, language: str, request: HttpRequest | None = None) -> str:
        """The address of a category's page in this language: "/sv/leverantorer/kategori/stadning/"."""
        with override(language):
            base = self.get_url(request) or "/"
        return base + self.category_path(category, language)


class EnterprisePage(Page):
    """A social enterprise. Its title is its name."""

    class Country(models.TextChoices):
        DENMARK = DENMARK, _("Denmark")
        SWEDEN = SWEDEN, _("Sweden")

    class LegalForm(models.TextChoices):
        ASSOCIATION = "association", _("association")
        COOPERATIVE = "cooperative", _("cooperative or economic association")
        FOUNDATION = "foundation", _("foundation")
        SELF_GOVERNING = "self-governing", _("self-governing institution")
        LIMITED = "limited", _("limited company")
        LIMITED_PROFIT = "limited-profit", _("limited company with limited distribution of profit")
        PARTNERSHIP = "partnership", _("partnership")
        SOLE_TRADER = "sole-trader", _("sole trader")
        PUBLIC = "public", _("part of a municipality or region")
        OTHER = "other", _("other legal form")

    key = models.CharField(
        _("key"), max_length=64, unique=True, default=new_key, editable=False,
        validators=[RegexValidator(r"^[\w.:\-]+\Z", _("A key has letters, digits and . : - _ only."))],
        help_text=_("Its identity in files that are imported and exported."),
    )  # fmt: skip
    summary = models.TextField(
        _("summary"), blank=True, max_length=SUMMARY_LENGTH, validators=[MaxLengthValidator(SUMMARY_LENGTH)],
        help_text=_("What the enterprise does, in two sentences. Shown in search results."),
    )  # fmt: skip
    description = RichTextField(_("description"), blank=True, features=["h3", "bold", "italic", "ol", "ul", "link"])
    purpose = models.TextField(_("social purpose"), blank=True, help_text=_("Whom the enterprise helps, and how."))

    social_purposes = ParentalManyToManyField(
        SocialObjective, verbose_name=_("social objectives"), blank=True, related_name="enterprises"
    )
    legal_form = models.CharField(_("legal form"), max_length=20, blank=True, choices=LegalForm.choices)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices, default=Country.DENMARK)
    company_number = models.CharField(
        _("company number"), max_length=20, blank=True,
        help_text=_("CVR number or organisation number. Never a personal identity number."),
    )  # fmt: skip
    street = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    municipality = models.ForeignKey(
        Place, verbose_name=_("municipality"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="enterprises", limit_choices_to={"level": Place.Level.MUNICIPALITY},
    )  # fmt: skip
    areas = ParentalManyToManyField(
        Place, verbose_name=_("areas served"), blank=True, related_name="served_by",
        help_text=_("Municipalities, regions or whole countries."),
    )  # fmt: skip
    languages_spoken = SpokenLanguagesField(
        _("languages spoken"), default=list, blank=True, validators=[validate_spoken_languages]
    )
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    employees_target_group = models.PositiveIntegerField(
        _("disabled or disadvantaged among them"), null=True, blank=True
    )
    website = models.URLField(_("website"), blank=True, max_length=500)
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    last_confirmed = models.DateField(
        _("last confirmed"), null=True, blank=True, help_text=_("When the enterprise last said that all this is right.")
    )

    translated_panels = ["summary", "description", "purpose"]
    shared_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([fact("country"), fact("company_number"), fact("legal_form")]),
                fact("street"),
                FieldRowPanel([fact("postal_code"), fact("city")]),
                picker("municipality", "place", multiple=False),
                picker("areas", "place"),
            ],
            heading=_("Who and where"),
        ),
        TranslatedInlinePanel("offers", heading=_("Services and products"), label=_("Offer")),
        TranslatedInlinePanel("contacts", heading=_("Contacts"), label=_("Contact")),
        MultiFieldPanel(
            [
                fact("social_purposes", widget=forms.CheckboxSelectMultiple),
                FieldRowPanel([fact("employees"), fact("employees_target_group")]),
                fact("languages_spoken"),
                fact("website"),
                fact("logo"),
                FieldPanel("last_confirmed", read_only=True, permission=EDIT_SHARED),
            ],
            heading=_("About the enterprise"),
        ),
        TranslatedInlinePanel("eligibilities", heading=_("Reserved contracts"), label=_("Eligibility")),
        TranslatedInlinePanel("certifications", heading=_("Certifications"), label=_("Certification")),
        TranslatedInlinePanel("links", heading=_("Links"), label=_("Link")),
        TranslatedInlinePanel("pictures", heading=_("Pictures"), label=_("Picture")),
    ]
    search_fields = [
        *Page.search_fields,
        *(index.SearchField(localized("summary", language)) for language in LANGUAGES),
        index.FilterField("country"),
        index.FilterField("municipality"),
    ]
    api_fields = [
        *Page.api_fields,
        APIField("facts", serializer=FactsField()),
        APIField("offers", serializer=OffersField()),
        APIField("contacts", serializer=ContactsField()),
    ]
    exclude_fields_in_copy = [*Page.exclude_fields_in_copy, "key"]
    parent_page_types = ["directory.DirectoryPage"]
    subpage_types: list[str] = []
    template = "directory/enterprise_page.html"

    class Meta(Page.Meta):
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        permissions = ()  # type: ignore[assignment]
        unique_together = ()

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.company_number:
            try:
                self.company_number = validate_company_number(self.country, self.company_number)
            except ValidationError as error:
                errors["company_number"] = error
        if self.municipality_id and not self.municipality_id.startswith(f"{self.country}/"):
            errors["municipality"] = _("This municipality is in another country than the enterprise.")
        if self.employees_target_group is not None and self.employees_target_group > (self.employees or 0):
            errors["employees_target_group"] = _("There cannot be more of them than there are employees.")
        if self.last_confirmed and self.last_confirmed > timezone.localdate():
            errors["last_confirmed"] = _("This date has not come yet.")
        if errors:
            raise ValidationError(errors)

    def with_content_json(self, content: dict) -> Any:
        draft = super().with_content_json(content)
        draft.key = self.key  # belongs to the row, not to a draft of it: a copy's revisions were made by its source
        return draft

    @property
    def public_company_number(self) -> str:
        """The number as it is written in its country; "" for none and for anything shaped like a person's."""
        if not self.company_number or is_personal_number(self.country, self.company_number):
            return ""
        return format_company_number(self.country, self.company_number)

    @property
    def public_contacts(self) -> list[Any]:
        """The contacts anybody may see, in the editor's order."""
        return [contact for contact in self.contacts.all() if contact.is_public]

    def serve(self, request: HttpRequest) -> HttpResponse:
        from directory.views import serve_enterprise

        return serve_enterprise(request, self)
