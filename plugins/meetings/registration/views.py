"""The pages of a registration. What changes something is a POST: programs that read mail follow links by themselves."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from plugins.meetings import presenting
from plugins.meetings.actions.registrations import (
    RegistrationClosed,
    closed_words,
    confirm_registration,
    register,
    withdraw_registration,
)
from plugins.meetings.models import MeetingPage, Occurrence, Registration
from plugins.meetings.queries import with_places
from plugins.meetings.registration import limits, tokens
from plugins.meetings.registration.forms import RegistrationForm, consent_text
from torv.languages import LANGUAGES, content_language

State = Registration.State
View = Callable[..., HttpResponse]


def of_a_person(view: View) -> View:
    """For pages that speak of one person: kept by no cache, named to no other site, found by no search engine."""

    @csrf_exempt  # there is no cookie to forge with: the form and the links are signed
    @require_http_methods(["GET", "HEAD", "POST"])
    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


# ---- registering ----------------------------------------------------------------------------------------------------
@of_a_person
def register_view(request: HttpRequest, occurrence: int) -> HttpResponse:
    """The form by itself, and where every form is sent to. 303 when it was taken, 422 with what is wrong, 409 when
    registration is closed, 429 for too many at once."""
    date = _date(request, occurrence)
    state = presenting.registration_state(date)
    page: Any = date.page
    if page.registration == MeetingPage.RegistrationMode.ELSEWHERE and state.url:
        return redirect(presenting.occurrence_url(date, request))
    if request.method != "POST":
        form = RegistrationForm(occurrence=date)
        return _form(request, date, form, 200 if state.is_open else 409)
    form = RegistrationForm(request.POST, occurrence=date)
    if not form.is_valid():
        return _form(request, date, form, 422)
    if not limits.take("sender", limits.sender(request), settings.TORV_MEETINGS_REGISTRATIONS_PER_HOUR):
        form.add_error(None, _("Many registrations come from your network just now. Send this one again in an hour."))
        response = _form(request, date, form, 429)
        response["Retry-After"] = "3600"
        return response
    facts = form.facts()
    # The answer is the same: whoever floods somebody's mailbox need not know that it no longer works.
    may_mail = limits.take("mail", facts["email"].lower(), limits.MAILS_PER_HOUR)
    try:
        register(occurrence=date, language=content_language(), consent=consent_text(), may_mail=may_mail, **facts)
    except RegistrationClosed as closed:
        form.add_error(None, closed.messages)
        return _form(request, date, form, 409)
    return _see(reverse("meetings:sent", args=[date.pk]))


@of_a_person
def sent_view(request: HttpRequest, occurrence: int) -> HttpResponse:
    """What to do next: look into the mailbox."""
    return _page(request, "sent", _date(request, occurrence))


def _form(request: HttpRequest, date: Occurrence, form: RegistrationForm, status: int) -> HttpResponse:
    state = presenting.registration_state(date)
    context = {"form": form, "registration": state, "consent": consent_text()}
    if not state.is_open:
        context["closed"] = closed_words(state)
    return _page(request, "form", date, context, status)


# ---- the links in mails ---------------------------------------------------------------------------------------------
@of_a_person
def confirm_view(request: HttpRequest, token: str) -> HttpResponse:
    """A button that confirms. 410 for a link that is too old, 404 for one that nobody was sent, 409 when closed."""
    try:
        registration = _registration(token, "confirm")
    except tokens.Unusable as error:
        return _unusable(request, error)
    if registration.state in (State.CONFIRMED, State.WAITING):
        return _see(tokens.path(registration, "mine"))
    if request.method == "POST":
        try:
            confirm_registration(registration=registration)
        except ValidationError as error:
            return _page(request, "refused", registration.occurrence, {"messages": error.messages}, 409)
        return _see(tokens.path(registration, "mine"))
    return _page(request, "confirm", registration.occurrence, {"person": registration})


@of_a_person
def mine_view(request: HttpRequest, token: str) -> HttpResponse:
    """What is registered, and a button to withdraw it."""
    try:
        registration = _registration(token, "mine")
    except tokens.Unusable as error:
        return _unusable(request, error)
    if request.method == "POST":
        withdraw_registration(registration=registration)
        return _see(request.get_full_path())
    return _page(request, "mine", registration.occurrence, {"person": registration, **_mine(registration)})


@of_a_person
def reminders_view(request: HttpRequest, token: str) -> HttpResponse:
    """A button that ends reminders. A mail program's one click is a POST too (RFC 8058)."""
    try:
        registration = _registration(token, "reminders")
    except tokens.Unusable as error:
        return _unusable(request, error)
    if request.method == "POST":
        Registration.objects.filter(pk=registration.pk).update(reminders=False)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse(status=204)
        return _see(request.get_full_path())
    return _page(request, "reminders", registration.occurrence, {"person": registration})


def _registration(token: str, purpose: str) -> Registration:
    """Raises Unusable. A person who was forgotten has no link any more."""
    found = Registration.objects.select_related("occurrence__page").filter(key=tokens.read(token, purpose)).first()
    if found is None:
        raise tokens.Unusable("stale")
    return found


def _mine(registration: Registration) -> dict[str, Any]:
    ahead = 0
    if registration.state == State.WAITING:
        waiting = Registration.objects.filter(occurrence=registration.occurrence_id, state=State.WAITING)  # type: ignore[attr-defined]
        ahead = waiting.filter(line__lt=registration.line or 0).count()
    active = registration.state in (State.UNCONFIRMED, State.CONFIRMED, State.WAITING)
    return {"place_in_line": ahead + 1, "active": active and not registration.occurrence.is_over}


def _unusable(request: HttpRequest, error: tokens.Unusable) -> HttpResponse:
    context = {"stale": error.why == "stale", **_surroundings(request)}
    status = 410 if error.why == "stale" else 404
    return render(request, "meetings/registration/unusable.html", context, status=status)


# ---- every page -----------------------------------------------------------------------------------------------------
def _date(request: HttpRequest, pk: int) -> Occurrence:
    """A date of a published page that whoever asks may read. Raises Http404."""
    dates = with_places(Occurrence.objects.select_related("page").filter(withdrawn=False, page__live=True))
    try:
        date = get_object_or_404(dates, pk=pk)
    except OverflowError as error:
        raise Http404 from error
    page: Any = date.page
    if not all(restriction.accept_request(request) for restriction in page.get_view_restrictions()):
        raise Http404
    return date


def _page(
    request: HttpRequest, name: str, date: Occurrence, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    page: Any = date.page
    shown = {
        "meeting": page,
        "occurrence": date,
        "when": presenting.whole_time(date),
        "meeting_url": presenting.occurrence_url(date, request) if page.live else "",
        **_surroundings(request),
        **(context or {}),
    }
    return render(request, f"meetings/registration/{name}.html", shown, status=status)


def _surroundings(request: HttpRequest) -> dict[str, Any]:
    """The same page in the other languages; for no search engine."""
    rest = request.path.split("/", 2)[-1]
    return {"language_urls": {code: f"/{code}/{rest}" for code in LANGUAGES}, "alternates": []}


def _see(url: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response["Location"] = url
    return response


URLS = [
    path("register/<int:occurrence>/", register_view, name="register"),
    path("register/<int:occurrence>/sent/", sent_view, name="sent"),
    path("confirm/<str:token>/", confirm_view, name="confirm"),
    path("registration/<str:token>/", mine_view, name="mine"),
    path("reminders/<str:token>/", reminders_view, name="reminders"),
]
