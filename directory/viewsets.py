"""The directory's part of the editors' menu: enterprises, the code lists, and the report of what needs confirming."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Count, F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import MultiFieldPanel
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.views.pages.listing import IndexView as PageIndexView
from wagtail.admin.views.reports import PageReportView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.viewsets.pages import PageListingViewSet

from directory.models import Category, Certification, CpvCode, EnterprisePage, Place, SocialObjective
from directory.panels import fact, picker, row_panels
from directory.queries import may_import
from torv.languages import LANGUAGES, content_language, fallback_chain, localized

HOLDERS_SHOWN = 20  # enterprises that are named where a category cannot be deleted


class PublicLanguagesColumn(Column):
    """The languages a page is public in; the others struck through, and said so to a screen reader."""

    def __init__(self) -> None:
        super().__init__("public_languages", label=_("Languages"))

    def get_value(self, instance: Any) -> Any:
        public = instance.public_languages
        missing = [language for language in LANGUAGES if language not in public]
        return format_html(
            "{} <s aria-hidden='true'>{}</s>",
            format_html_join(" ", "<strong>{}</strong>", ((language,) for language in public)),
            " ".join(missing),
        )


class EnterpriseIndexView(PageIndexView):
    def get_base_queryset(self) -> QuerySet:
        # The list fetches its pages' own types by itself and keeps annotations only.
        names = [localized("municipality__name", language) for language in fallback_chain(content_language())]
        municipality_name = Coalesce(*names, output_field=CharField())
        return super().get_base_queryset().annotate(offer_count=Count("offers"), municipality_name=municipality_name)


class EnterpriseViewSet(PageListingViewSet):
    model = EnterprisePage
    index_view_class = EnterpriseIndexView
    icon = "group"
    menu_label = _("Enterprises")
    name = "directory_enterprises"
    add_to_admin_menu = False
    list_filter = ["country", "legal_form", "live"]
    columns = [
        *PageListingViewSet.columns[:2],
        Column("municipality_name", label=_("Municipality"), sort_key="municipality_name"),
        Column("offer_count", label=_("Offers"), sort_key="offer_count"),
        PublicLanguagesColumn(),
        DateColumn("last_confirmed", label=_("Last confirmed"), sort_key="last_confirmed"),
        *[column for column in PageListingViewSet.columns[2:] if column.name not in {"parent", "type"}],
    ]


class CategoryIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().annotate(offer_count=Count("offers"))


class CategoryDeleteView(DeleteView):
    """A category stays for as long as offers are in it: they would lose it without a word."""

    template_name = "directory_admin/category_delete.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.offers = self.object.offers.count()

    def form_valid(self, form: Any) -> HttpResponse:
        if self.offers:
            raise PermissionDenied
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.offers:
            context["is_protected"] = True
            holders = EnterprisePage.objects.filter(offers__categories=self.object).distinct().order_by("title")
            context |= {"offers": self.offers, "holders": holders[:HOLDERS_SHOWN]}
        return context


def _edit_url(category: Category) -> str:
    return reverse("directory_categories:edit", args=[category.pk])


class CategoryViewSet(ModelViewSet):
    model = Category
    index_view_class = CategoryIndexView
    delete_view_class = CategoryDeleteView
    name = "directory_categories"
    menu_label = _("Categories")
    icon = "list-ul"
    ordering = ["tree_order"]
    list_per_page = 200
    list_display = [
        TitleColumn("tree_name", label=_("Name"), get_url=_edit_url),
        "path",
        "icon",
        Column("offer_count", label=_("Offers")),
    ]
    search_fields = [f"{name}_{language}" for name in ("name", "synonyms") for language in LANGUAGES] + ["path"]
    copy_view_enabled = False
    panels = [
        MultiFieldPanel([fact("parent"), fact("code"), fact("position"), fact("icon")], heading=_("Place in the tree")),
        picker("cpv_codes", "cpv"),
        *row_panels(["name", "slug", "description", "synonyms"]),
    ]


class CertificationViewSet(ModelViewSet):
    model = Certification
    name = "directory_certifications"
    menu_label = _("Certifications")
    icon = "circle-check"
    list_display = ["name", "code", "url"]
    search_fields = [f"name_{language}" for language in LANGUAGES]
    copy_view_enabled = False
    panels = [fact("code"), fact("url"), fact("position"), *row_panels(["name"])]


class ReferenceViewSet(ModelViewSet):
    """Reference data: looked at here, loaded by a command."""

    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 100


class PlaceViewSet(ReferenceViewSet):
    model = Place
    name = "directory_places"
    menu_label = _("Places")
    icon = "site"
    list_display = ["name", "code", "level"]
    list_filter = ["level"]
    search_fields = [f"name_{language}" for language in LANGUAGES] + ["code"]
    form_fields = ["code", "level", "parent", "name"]
    inspect_view_fields = ["code", "level", "parent", *(f"name_{language}" for language in LANGUAGES)]


class CpvCodeViewSet(ReferenceViewSet):
    model = CpvCode
    name = "directory_cpv"
    menu_label = _("CPV codes")
    icon = "tag"
    list_display = ["code", "label"]
    search_fields = [f"label_{language}" for language in LANGUAGES] + ["code"]
    form_fields = ["code", "label"]
    inspect_view_fields = ["code", "path", *(f"label_{language}" for language in LANGUAGES)]


class SocialObjectiveViewSet(ReferenceViewSet):
    model = SocialObjective
    name = "directory_objectives"
    menu_label = _("Social objectives")
    icon = "pick"
    list_display = ["name", "code"]
    form_fields = ["code", "name"]
    inspect_view_fields = ["code", *(f"name_{language}" for language in LANGUAGES)]


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


class DirectoryGroup(ViewSetGroup):
    menu_label = _("Directory")
    menu_icon = "group"
    menu_order = 150
    items = (
        EnterpriseViewSet,
        CategoryViewSet,
        CertificationViewSet,
        PlaceViewSet,
        CpvCodeViewSet,
        SocialObjectiveViewSet,
    )

    def get_submenu_items(self) -> list[MenuItem]:
        return [
            *super().get_submenu_items(),
            ImportMenuItem(_("Import and export"), reverse("directory_import"), icon_name="upload", order=900),
        ]


class ConfirmationReportView(PageReportView):
    """Live enterprises, those that were confirmed longest ago (or never) first."""

    page_title = _("Enterprises to confirm")
    header_icon = "time"
    index_url_name = "directory_confirmation_report"
    index_results_url_name = "directory_confirmation_report_results"
    model = EnterprisePage
    any_permission_required = ["add", "change", "publish"]
    results_template_name = "directory_admin/confirmation_report_results.html"
    list_export = ["title", "last_confirmed", "key", "city"]
    export_headings = {
        "title": _("Name"),
        "last_confirmed": _("Last confirmed"),
        "key": _("Key"),
        "city": _("Town"),
    }

    def get_queryset(self) -> QuerySet:
        editable = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ["change", "publish"]
        )
        self.queryset = (
            EnterprisePage.objects.filter(pk__in=editable.values("pk"), live=True)
            .select_related("content_type", "latest_revision")
            .prefetch_workflow_states()
            .annotate_approved_schedule()
            .order_by(F("last_confirmed").asc(nulls_first=True), "title")
        )
        return super().get_queryset()
