"""Views in the editors' admin: the search behind the code pickers, import and export."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from directory.actions import confirm_listing, import_enterprises
from directory.actions.listings import may_confirm
from directory.exchange.exporting import export_zip
from directory.exchange.files import Unreadable, pack, unpack
from directory.exchange.sheets import BY_FILE, ENTERPRISES, OFFERS, SHEETS
from directory.models import EnterprisePage, ImportUpload
from directory.pickers import PICKERS
from directory.queries import may_import

UPLOADS_KEPT = dt.timedelta(days=1)
CHANGES_SHOWN = 100


def codes(request: HttpRequest, kind: str) -> HttpResponse:
    """``{"items": [{"code", "label", "language", "parents", "matched", …}]}`` for ``?q=``."""
    picker = PICKERS.get(kind)
    if picker is None:
        raise Http404
    response = JsonResponse({"items": [asdict(choice) for choice in picker.search(request.GET.get("q", ""))]})
    response["Cache-Control"] = "private, max-age=60"
    return response


class ConfirmView(WagtailAdminTemplateMixin, TemplateView):
    """Ask whether everything in a listing is right, and note the day of the yes."""

    template_name = "directory_admin/confirm.html"
    header_icon = "check"
    page_title = _("Confirm the listing")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.enterprise = get_object_or_404(EnterprisePage, id=kwargs["page"])  # no "pk": a number may be too large
        if not may_confirm(self.enterprise, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.enterprise.pk])
        return [
            {"url": edit, "label": self.enterprise.get_admin_display_title()},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(enterprise=self.enterprise, **kwargs)

    def post(self, request: HttpRequest, page: int) -> HttpResponse:
        try:
            confirm_listing(enterprise=self.enterprise, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, _("Noted that everything is right."))
        return redirect("wagtailadmin_pages:edit", page)


class UploadForm(forms.Form):
    enterprises = forms.FileField(
        label=_("Enterprises"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"})
    )
    offers = forms.FileField(
        label=_("Services and products"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    archive = forms.FileField(
        label=_("Or everything in one ZIP file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=_("As it is exported; files that are left out change nothing."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in self.fields) and not self.errors:
            raise forms.ValidationError(_("Choose at least one file."))
        data["files"] = {}
        if data.get("archive"):
            try:
                data["files"] = unpack(data["archive"].name, data["archive"].read(), BY_FILE)
            except Unreadable as error:
                self.add_error("archive", [problem.message for problem in error.problems])
        for name, sheet in (("enterprises", ENTERPRISES), ("offers", OFFERS)):
            if data.get(name):
                data["files"][sheet.file] = data[name].read()
        return data


class ImportPage(WagtailAdminTemplateMixin, TemplateView):
    """What the pages of an import have in common: who may open them, and their heading."""

    header_icon = "upload"
    page_title = _("Import and export")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": self.page_title}]


class ImportView(ImportPage):
    """Choose files; what they would do is shown next."""

    template_name = "directory_admin/import.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(**{"form": UploadForm(), "sheets": SHEETS, **kwargs})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        ImportUpload.objects.filter(created_at__lt=timezone.now() - UPLOADS_KEPT).delete()
        upload = ImportUpload.objects.create(user=request.user, content=pack(form.cleaned_data["files"]))
        return redirect("directory_import_review", upload.pk)


class ReviewView(ImportPage):
    """What the files would change, or what is wrong with them; then the editor's yes."""

    template_name = "directory_admin/import_review.html"
    page_title = _("Check the import")

    def files(self) -> dict[str, bytes]:
        upload = get_object_or_404(ImportUpload, pk=self.kwargs["upload"], user=self.request.user)
        return unpack("", bytes(upload.content), BY_FILE)

    def get_context_data(self, **kwargs: Any) -> dict:
        plan = kwargs.pop("plan", None) or import_enterprises(files=self.files(), user=self.request.user, dry_run=True)
        shown = plan.changes[:CHANGES_SHOWN]
        return super().get_context_data(plan=plan, shown=shown, hidden=len(plan.changes) - len(shown), **kwargs)

    def post(self, request: HttpRequest, upload: Any) -> HttpResponse:
        plan = import_enterprises(files=self.files(), user=request.user)
        if not plan.applied:
            return self.render_to_response(self.get_context_data(plan=plan), status=422)
        ImportUpload.objects.filter(pk=upload).delete()
        count = len(plan.changes)
        text = ngettext("%(count)s enterprise was imported.", "%(count)s enterprises were imported.", count)
        messages.success(request, text % {"count": count})
        return redirect("directory_enterprises:index")


def export(request: HttpRequest) -> HttpResponse:
    """All enterprises and what belongs to them, private contacts too, as a ZIP file of CSV files."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if not may_import(request.user):
        raise PermissionDenied
    response = HttpResponse(export_zip(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="torv-{timezone.localdate().isoformat()}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response
