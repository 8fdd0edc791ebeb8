"""Where the form of every page is sent to."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from home.feedback.actions import FASTEST, TooMuch, read_token, record_feedback, sender

ANSWERS = {"yes": True, "no": False, "": None}
TRAP = "website"
"""A field that no person sees."""


@csrf_exempt  # it needs a cookie, which visitors do not get; the signed token says that a page of ours was shown
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take in an answer and lead on to the thanks; 400 with a sentence for what makes no sense, 429 for too many."""
    text = request.POST.get("page", "")
    try:
        place = read_token(text)
        answer = request.POST.get("useful", "")
        if answer not in ANSWERS:
            raise ValidationError(_("Answer yes or no, or write a comment."))
        if not request.POST.get(TRAP) and timezone.now() - place.made >= FASTEST:
            comment = request.POST.get("comment", "")
            record_feedback(place=place, useful=ANSWERS[answer], comment=comment, sender=sender(request))
    except ValidationError as error:
        return _refuse(request, " ".join(error.messages), 400)
    except TooMuch:
        return _refuse(request, _("Thank you, that is enough for today. Write to us instead."), 429)
    response = HttpResponseRedirect(f"{reverse('feedback:thanks')}?{urlencode({'page': text})}")
    response.status_code = 303
    return response


@require_safe
@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    """Thanks, and the way back."""
    try:
        path = read_token(request.GET.get("page", ""), old=True).path
    except ValidationError:
        path = ""
    if not (path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)):
        path = ""
    return render(request, "home/feedback_thanks.html", {"back": path, "alternates": []})


def _refuse(request: HttpRequest, message: str, status: int) -> HttpResponse:
    return render(request, "400.html", {"message": message, "alternates": []}, status=status)
