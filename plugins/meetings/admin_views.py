"""Changing whether a meeting takes place: choose what, say why in three languages, see who is told, confirm."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from directory.models import Place
from directory.widgets import CodePicker
from plugins.meetings import actions, schedule
from plugins.meetings.actions.changes import announced, moment
from plugins.meetings.actions.status import may_change_status, refusal
from plugins.meetings.models import MeetingPage, Occurrence, Status, StatusChange
from plugins.meetings.models.occurrences import VENUE
from plugins.meetings.presenting import local, whole_time
from plugins.meetings.wording import suggested_reasons
from torv.languages import LANGUAGES
from torv.plugins import plugins

ACTIONS: dict[str, dict[str, Any]] = {
    "cancel": {
        "do": actions.cancel_meeting,
        "label": gettext_lazy("Cancel the meeting"),
        "icon": "cross",
        "help": gettext_lazy("It does not take place. Registration closes; the page stays, with a banner."),
        "done": gettext_lazy("The meeting is cancelled."),
    },
    "postpone": {
        "do": actions.postpone_meeting,
        "label": gettext_lazy("Postpone the meeting"),
        "icon": "time",
        "help": gettext_lazy("It takes place later; the new date is not known yet. Registrations stay."),
        "done": gettext_lazy("The meeting is postponed."),
    },
    "move": {
        "do": actions.move_meeting,
        "label": gettext_lazy("Move the meeting"),
        "icon": "arrow-right",
        "help": gettext_lazy("It has a new time or a new place, which you know. The old one is shown too."),
        "done": gettext_lazy("The meeting is moved."),
    },
    "reinstate": {
        "do": actions.reinstate_meeting,
        "label": gettext_lazy("Reinstate the meeting"),
        "icon": "undo",
        "help": gettext_lazy("Undo the last change: it is what it was before, and everybody is told."),
        "done": gettext_lazy("The meeting takes place."),
    },
}
SHOWN = 8  # dates that are shown before they are changed
#: Where the form shows what an action says about these.
FIELD_OF = {"starts_at": "start_time", "ends_at": "end_time"}


class StatusForm(forms.Form):
    """Which date, why, and whether a news item is written along."""

    date = forms.ChoiceField(label=gettext_lazy("Which date"), required=False)
    reason_da = forms.CharField(label=gettext_lazy("Reason (Danish)"), required=False, max_length=2000)
    reason_sv = forms.CharField(label=gettext_lazy("Reason (Swedish)"), required=False, max_length=2000)
    reason_en = forms.CharField(label=gettext_lazy("Reason (English)"), required=False, max_length=2000)
    also_news = forms.BooleanField(label=gettext_lazy("Also write a news item"), required=False)

    def __init__(self, *args: Any, page: MeetingPage, action: str, dates: list[Occurrence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.action, self.dates = page, action, dates
        for language in LANGUAGES:
            self.fields[f"reason_{language}"].widget = forms.Textarea(attrs={"rows": 3, "lang": language})
        if page.is_series:
            choices = [(str(date.pk), whole_time(date)) for date in dates]
            if action != "move":
                choices.insert(0, ("", _("All dates to come (%(number)d)") % {"number": len(dates)}))
            self.fields["date"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["date"]
        if not any("announce" in plugins.hooks_of(name) for name in plugins.names):
            del self.fields["also_news"]

    @property
    def occurrence(self) -> Occurrence | None:
        chosen = self.cleaned_data.get("date")
        return next((date for date in self.dates if str(date.pk) == chosen), None)

    def arguments(self) -> dict[str, Any]:
        """What the action is called with, besides the meeting and who it is."""
        return {
            "occurrence": self.occurrence,
            "reasons": {language: self.cleaned_data[f"reason_{language}"] for language in LANGUAGES},
        }


class MoveForm(StatusForm):
    """The new time and place. The place is filled in as it is; empty fields leave what is."""

    new_date = forms.DateField(label=gettext_lazy("New date"), required=False, widget=AdminDateInput)
    start_time = forms.TimeField(label=gettext_lazy("From"), required=False, widget=AdminTimeInput)
    end_time = forms.TimeField(label=gettext_lazy("To"), required=False, widget=AdminTimeInput)
    venue_name = forms.CharField(label=gettext_lazy("New venue"), required=False, max_length=200)
    street = forms.CharField(label=gettext_lazy("Street address"), required=False, max_length=200)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), required=False, max_length=10)
    city = forms.CharField(label=gettext_lazy("Town"), required=False, max_length=100)
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Municipality"),
        required=False,
        queryset=Place.objects.filter(level=Place.Level.MUNICIPALITY),
        widget=CodePicker(kind="place", multiple=False),
    )
    online_url = forms.URLField(
        label=gettext_lazy("Link to the online meeting"), required=False, max_length=500, assume_scheme="https"
    )

    field_order = ["date", "new_date", "start_time", "end_time", *VENUE[:-1], "municipality", VENUE[-1]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of a series nobody has said yet which date: it is where the page says.
        place = self.page if self.page.is_series else self.dates[0].place
        self.place = {name: getattr(place, name) for name in VENUE} | {"municipality": place.municipality}
        self.initial = {**self.initial, **self.place}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                data |= self._times(data)
            except ValidationError as error:
                add_errors(self, error)
        return data

    def _times(self, data: dict[str, Any]) -> dict[str, dt.datetime | None]:
        """The new moments, None for those that stay. Local times that do not exist or exist twice are refused."""
        if not any(data.get(name) for name in ("new_date", "start_time", "end_time")):
            return {"starts_at": None, "ends_at": None}
        date = self.occurrence or self.dates[0]
        start, end = local(date, date.starts_at), local(date, date.ends_at)
        day = data.get("new_date") or start.date()
        zone = self.page.timezone
        new_start = dt.datetime.combine(day, data.get("start_time") or start.time())
        starts_at = schedule.instant(new_start, zone, "start_time")
        if not data.get("end_time"):
            return {"starts_at": starts_at, "ends_at": None}
        last = day + (end.date() - start.date())
        ends_at = schedule.instant(dt.datetime.combine(last, data["end_time"]), zone, "end_time")
        return {"starts_at": starts_at, "ends_at": ends_at}

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        given = {name: data[name] for name in self.place}
        times = {"starts_at": data.get("starts_at"), "ends_at": data.get("ends_at")}
        return {**super().arguments(), **times, "venue": given if given != self.place else None}


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Show an action's refusal at the fields that it is about."""
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, texts in found.items():
        field = FIELD_OF.get(name, name)
        form.add_error(field if field in form.fields else None, texts)


class StatusPage(WagtailAdminTemplateMixin, TemplateView):
    """What both steps share: the meeting, and that whoever asks may change its status."""

    header_icon = "calendar-alt"
    page_title = gettext_lazy("Change status")
    meeting: MeetingPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.meeting = get_object_or_404(MeetingPage, pk=kwargs["page_id"])
        if not may_change_status(request.user, self.meeting):
            return permission_denied(request)
        dates = self.meeting.occurrences.filter(withdrawn=False).prefetch_related("status_changes__by")
        self.dates = list(dates.order_by("starts_at"))
        if self.meeting.is_series:
            self.dates = [date for date in self.dates if not date.has_ended]
        for date in self.dates:
            date.page = self.meeting
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.meeting.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.meeting.pk])
        return [
            {"url": reverse("wagtailadmin_explore", args=[self.meeting.get_parent().pk]), "label": _("Meetings")},
            {"url": edit, "label": self.meeting.get_admin_display_title()},
            {"url": "", "label": self.page_title},
        ]

    def possible(self, action: str) -> list[Occurrence]:
        return [date for date in self.dates if not refusal(action, date)]


class ChooseView(StatusPage):
    """What can be done to this meeting now."""

    template_name = "meetings_admin/status.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        choices = [{"name": name, **facts} for name, facts in ACTIONS.items() if self.possible(name)]
        dates = [
            {"when": whole_time(date), "date": date, "change": next(iter(date.status_changes.all()), None)}
            for date in self.dates
        ]
        return super().get_context_data(**{"choices": choices, "dates": dates, "meeting": self.meeting, **kwargs})


class ChangeView(StatusPage):
    """The form of one action, what it would do, and doing it."""

    template_name = "meetings_admin/change.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if kwargs["action"] not in ACTIONS:
            raise Http404
        self.action = kwargs["action"]
        return super().dispatch(request, *args, **kwargs)

    def form(self, data: Any = None) -> StatusForm:
        kind = MoveForm if self.action == "move" else StatusForm
        reasons = {f"reason_{language}": text for language, text in suggested_reasons(self.action).items()}
        return kind(data, page=self.meeting, action=self.action, dates=self.possible(self.action), initial=reasons)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.possible(self.action):
            messages.error(request, _("This cannot be done to the meeting as it is now."))
            return redirect("meetings_status", self.meeting.pk)
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        # Whatever is refused is refused before anybody is asked to confirm it.
        outcome = self.attempt(form, for_real=False) if form.is_valid() else None
        if outcome is None:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if "confirm" not in request.POST:
            return self.render_to_response(self.get_context_data(form=form, preview=_preview(outcome)))
        outcome = self.attempt(form, for_real=True)
        if outcome is None:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        told = outcome.audience.total
        text = ngettext("%(number)d person is told.", "%(number)d people are told.", told) % {"number": told}
        messages.success(request, f"{ACTIONS[self.action]['done']} {text}")
        return redirect("wagtailadmin_pages:edit", self.meeting.pk)

    def attempt(self, form: StatusForm, *, for_real: bool) -> actions.Outcome | None:
        """Do it, or see what doing it would do; None when it is refused, which the form then says."""
        news = for_real and bool(form.cleaned_data.get("also_news"))
        try:
            with transaction.atomic():
                outcome = ACTIONS[self.action]["do"](
                    meeting=self.meeting, by=self.request.user, also_news=news, **form.arguments()
                )
                if not for_real:
                    transaction.set_rollback(True)
        except ValidationError as error:
            add_errors(form, error)
            return None
        return outcome

    def get_context_data(self, **kwargs: Any) -> dict:
        facts = {"action": self.action, "meeting": self.meeting, **ACTIONS[self.action]}
        return super().get_context_data(**{**facts, **kwargs})


def _preview(outcome: actions.Outcome) -> dict[str, Any]:
    """What an action would do: how many people are told, by language; and which dates become what."""
    names = dict(settings.LANGUAGES)
    lines = [
        {"language": capfirst(str(names.get(code, code))), "code": code, "number": number}
        for code, number in sorted(outcome.audience.by_language.items())
    ]
    results = [_result(change) for change in outcome.changes[:SHOWN]]
    more = len(outcome.changes) - len(results)
    return {
        "total": outcome.audience.total,
        "lines": lines,
        "dates": len(outcome.changes),
        "results": results,
        "more": more,
    }


def _result(change: StatusChange) -> dict[str, str]:
    """`was` and `when`, with the place; and the `status`."""
    date = change.occurrence
    before = announced(change.before)
    place: Any = date.place
    return {
        "was": " · ".join(filter(None, (whole_time(date, *map(moment, before.when)), before.where, before.link))),
        "when": " · ".join(filter(None, (whole_time(date), date.venue, place.online_url))),
        "status": capfirst(str(Status(date.status).label)),
    }
