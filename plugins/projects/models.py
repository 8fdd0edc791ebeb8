"""Networks and projects, and the people, organisations and documents that belong to them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.search import index

from directory.models.rows import ContactRow, DocumentRow
from directory.panels import fact, row_panels
from home.models import KeyedChild, Page
from home.panels import TranslatedInlinePanel
from torv.languages import LANGUAGES, localized
from torv.text import is_blank

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class ProjectIndexPage(Page):
    """All networks and projects: those that run, then those that have ended."""

    introduction = models.TextField(_("introduction"), blank=True)

    translated_panels = ["introduction"]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["projects.ProjectPage"]
    template = "projects/project_index_page.html"

    class Meta:
        verbose_name = _("list of networks and projects")
        verbose_name_plural = _("lists of networks and projects")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.projects.presenting import index_context

        return {**super().get_context(request, *args, **kwargs), **index_context(self, request)}


class ProjectPage(Page):
    """A network or a project. One that has ended stays where it was, and says so."""

    class Kind(models.TextChoices):
        NETWORK = "network", _("Network")
        PROJECT = "project", _("Project")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PROJECT)
    introduction = models.TextField(_("introduction"), blank=True, max_length=500)
    purpose = RichTextField(_("purpose"), blank=True, features=FEATURES)
    goals = RichTextField(_("goals"), blank=True, features=FEATURES)
    target_group = models.CharField(_("for whom"), max_length=300, blank=True)
    run_by = models.CharField(_("carried out by"), max_length=300, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("After it the page is marked as ended, and stays.")
    )
    website = models.URLField(_("website"), blank=True)

    translated_panels = ["introduction", "purpose", "goals", "target_group", "run_by"]
    shared_panels = [
        MultiFieldPanel(
            [fact("kind"), FieldRowPanel([fact("starts_on"), fact("ends_on")]), fact("website")], heading=_("Facts")
        ),
        TranslatedInlinePanel("steering_group", heading=_("Steering group"), label=_("Member")),
        TranslatedInlinePanel("partners", heading=_("Partners"), label=_("Partner")),
        TranslatedInlinePanel("funders", heading=_("Funders"), label=_("Funder")),
        TranslatedInlinePanel("contacts", heading=_("Contacts"), label=_("Contact")),
        TranslatedInlinePanel("documents", heading=_("Documents"), label=_("Document")),
    ]
    search_fields = [
        *Page.search_fields,
        *(
            index.SearchField(localized(name, language))
            for name in ("introduction", "purpose", "goals")
            for language in LANGUAGES
        ),
    ]
    parent_page_types = ["projects.ProjectIndexPage"]
    subpage_types: list[str] = []
    template = "projects/project_page.html"

    class Meta:
        verbose_name = _("network or project")
        verbose_name_plural = _("networks and projects")

    def clean(self) -> None:
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("It ends before it begins.")})

    @property
    def has_ended(self) -> bool:
        return bool(self.ends_on and self.ends_on < timezone.localdate())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.projects.presenting import project_context

        return {**super().get_context(request, *args, **kwargs), **project_context(self, request)}


class SteeringMember(KeyedChild):
    """Who decides: a person, or an organisation that has a seat."""

    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="steering_group")
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)

    panels = row_panels(["role"], fact("name"), fact("organisation"))

    class Meta(KeyedChild.Meta):
        verbose_name = _("member of the steering group")
        verbose_name_plural = _("members of the steering group")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="projects_steering_key")]

    def __str__(self) -> str:
        return self.name


class Organisation(KeyedChild):
    """A partner or funder: its name may differ between languages, its logo does not."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    logo = models.ForeignKey(
        get_image_model_string(), verbose_name=_("logo"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    panels = row_panels(["name"], fact("website"), fact("logo"))

    class Meta(KeyedChild.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if all(is_blank(getattr(self, localized("name", language))) for language in LANGUAGES):
            raise ValidationError(_("Give it a name in at least one language."))


class Partner(Organisation):
    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="partners")

    class Meta(Organisation.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="projects_partner_key")]


class Funder(Organisation):
    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="funders")

    class Meta(Organisation.Meta):
        verbose_name = _("funder")
        verbose_name_plural = _("funders")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="projects_funder_key")]


class ProjectContact(ContactRow):
    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="contacts")

    class Meta(ContactRow.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="projects_contact_key")]


class ProjectDocument(DocumentRow):
    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="documents")

    class Meta(DocumentRow.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="projects_document_key")]
