"""Registrations in the editors' interface: who comes to which date, who came, and forgetting people."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from plugins.meetings.actions.registrations import anonymise_registrations, may_manage, withdraw_registration
from plugins.meetings.models import AnonymisationReport, Occurrence, Registration
from plugins.meetings.presenting import whole_time
from plugins.meetings.registration import lists

State = Registration.State
DATES, PEOPLE = 50, 100
REPORTS = 5


class RegistrationsPage(WagtailAdminTemplateMixin, TemplateView):
    """What they share: only for those who manage registrations, and kept by no cache."""

    header_icon = "group"
    page_title = gettext_lazy("Registrations")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("meetings.manage_registrations"):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    def crumbs(self) -> list[dict]:
        return []

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("meetings_registrations"), "label": _("Registrations")},
            *self.crumbs(),
        ]


class DatesView(RegistrationsPage):
    """Every date that people register for, those to come first; and when people were last forgotten."""

    template_name = "meetings_admin/registrations/dates.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        past = self.request.GET.get("past") == "1"
        dates = lists.managed_dates(self.request.user)
        now = timezone.now()
        dates = (
            dates.filter(ends_at__lt=now).order_by("-starts_at")
            if past
            else dates.filter(ends_at__gte=now).order_by("starts_at")
        )
        reports = [
            (report.at, lists.report_words(report.facts)) for report in AnonymisationReport.objects.all()[:REPORTS]
        ]
        found = Paginator(dates, DATES).get_page(self.request.GET.get("p"))
        return super().get_context_data(dates=found, past=past, reports=reports, **kwargs)


class OfADate(RegistrationsPage):
    """What concerns one date, of a meeting that the user manages."""

    occurrence: Occurrence

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.occurrence = get_object_or_404(Occurrence.objects.select_related("page"), pk=self.occurrence_id())

    def occurrence_id(self) -> int:
        return self.kwargs["occurrence"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_manage(request.user, self.occurrence.page):  # type: ignore[arg-type]
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return f"{self.occurrence.page.title}, {whole_time(self.occurrence)}"  # type: ignore[attr-defined]

    def crumbs(self) -> list[dict]:
        return [{"url": "", "label": str(self.occurrence.page.title)}]  # type: ignore[attr-defined]

    def chosen(self) -> Any:
        return lists.people(self.occurrence, self.request.GET.get("state", ""), self.request.GET.get("q", ""))


class PeopleView(OfADate):
    """The list of a date; POST notes who came."""

    template_name = "meetings_admin/registrations/people.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        kwargs["occurrence"] = self.occurrence
        return super().get_context_data(
            people=Paginator(self.chosen(), PEOPLE).get_page(self.request.GET.get("p")),
            states=[choice for choice in State.choices if choice[0] != State.ANONYMISED],
            state=self.request.GET.get("state", ""),
            words=self.request.GET.get("q", ""),
            query=self.request.GET.urlencode(),
            needs=lists.may_view_needs(self.request.user),
            **kwargs,
        )

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """`shown` are the people on the screen, `came` those with a tick: who is not shown stays as noted."""
        shown = {int(pk) for pk in request.POST.getlist("shown") if pk.isdecimal() and len(pk) < 19}
        came = {int(pk) for pk in request.POST.getlist("came") if pk.isdecimal() and len(pk) < 19} & shown
        mine = Registration.objects.filter(occurrence=self.occurrence, state=State.CONFIRMED)
        mine.filter(pk__in=came).update(attended=True)
        mine.filter(pk__in=shown - came).update(attended=False)
        data = {"came": len(came), "shown": len(shown)}
        log(instance=self.occurrence.page, action="meetings.attendance", user=request.user, data=data)
        messages.success(request, _("Noted who came."))
        return redirect(request.get_full_path())


class CsvView(OfADate):
    """The list as a file, with the same filters. Taking it out of the house is logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        needs = lists.may_view_needs(request.user)
        chosen = self.chosen()
        text = lists.as_csv(chosen, needs=needs)
        data = {"people": chosen.count(), "needs": needs}
        log(instance=self.occurrence.page, action="meetings.export", user=request.user, data=data)
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
        day = timezone.localtime(self.occurrence.starts_at).date().isoformat()
        name = f"{self.occurrence.page.slug}-{day}.csv"  # type: ignore[attr-defined]
        response["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "ignore").decode()}"'
        return response


class PersonView(OfADate):
    """One person: what is known, as a file for them; withdrawing for them; forgetting them."""

    template_name = "meetings_admin/registrations/person.html"
    registration: Registration

    def occurrence_id(self) -> int:
        found = Registration.objects.exclude(state=State.ANONYMISED)
        self.registration = get_object_or_404(found, pk=self.kwargs["registration"])
        return self.registration.occurrence_id  # type: ignore[attr-defined]

    def crumbs(self) -> list[dict]:
        url = reverse("meetings_people", args=[self.occurrence.pk])
        title = str(self.occurrence.page.title)  # type: ignore[attr-defined]
        return [{"url": url, "label": title}, {"url": "", "label": self.registration.name}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("format") == "json":
            return self.file()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        kwargs["occurrence"] = self.occurrence
        return super().get_context_data(
            person=self.registration,
            needs=lists.may_view_needs(self.request.user),
            active=self.registration.state in (State.UNCONFIRMED, State.CONFIRMED, State.WAITING),
            **kwargs,
        )

    def file(self) -> HttpResponse:
        """Everything that is stored about the person. It holds their needs, so it takes that permission too."""
        if not lists.may_view_needs(self.request.user):
            raise PermissionDenied
        data = {"registration": str(self.registration.key)}
        log(instance=self.occurrence.page, action="meetings.export", user=self.request.user, data=data)
        known = lists.known_of(self.registration)
        text = json.dumps(known, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="person.json"'
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "withdraw":
            withdraw_registration(registration=self.registration, by=request.user)
            messages.success(request, _("The registration is withdrawn, and the person is told."))
            return redirect(request.path)
        if request.POST.get("do") == "forget" and request.POST.get("sure"):
            # Without a mail: whoever asks to be forgotten wants none.
            with transaction.atomic():
                log(instance=self.occurrence.page, action="meetings.forget", user=request.user, data={})
                withdraw_registration(registration=self.registration, by=request.user)
                anonymise_registrations(registrations=[self.registration], by=request.user)
            messages.success(request, _("The person is forgotten."))
            return redirect("meetings_people", self.occurrence.pk)
        messages.error(request, _("Tick that you are sure."))
        return redirect(request.path)


URLS = [
    path("meetings/registrations/", DatesView.as_view(), name="meetings_registrations"),
    path("meetings/registrations/<int:occurrence>/", PeopleView.as_view(), name="meetings_people"),
    path("meetings/registrations/<int:occurrence>/csv/", CsvView.as_view(), name="meetings_people_csv"),
    path("meetings/registrations/person/<int:registration>/", PersonView.as_view(), name="meetings_person"),
]
