"""Pages for when something is not there or goes wrong, in the site's own clothes; for programs, problems."""

from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.template import loader
from django.template.exceptions import TemplateDoesNotExist
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from torv.problems import asked_by_program, problem_response


def _language_homes() -> dict[str, str]:
    # A page that is not there is not there in the other languages either: the switcher leads to their front pages.
    return {"da": "/da/", "sv": "/sv/", "en": "/en/"}


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context |= {"language_urls": _language_homes(), "alternates": []}
    return HttpResponse(loader.render_to_string(template, context, request), status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, with the search box: whoever looks for something should find it from here."""
    if asked_by_program(request):
        return problem_response(_("There is nothing at this address."), status=404)
    return _page(request, "404.html", 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 for requests that Django itself refuses; of why it tells only what the sender can mend."""
    asked = request.method in ("GET", "HEAD")
    message = _("The address cannot be read.") if asked else _("What was sent cannot be read.")
    if isinstance(exception, TooManyFieldsSent):
        request.META["QUERY_STRING"] = ""  # so that the page itself can ask what its parameters are
        most = {"most": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}
        message = _("Too much was sent at once. At most %(most)d fields are read.") % most
    if asked_by_program(request):
        return problem_response(message, status=400)
    try:
        return _page(request, "400.html", 400, message=message)
    except Exception:  # a host that is not allowed, a broken database: the plain page still says it
        return HttpResponseBadRequest(loader.render_to_string("500.html"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: what is here is for others."""
    message = _("What is here is only for those who have been given access to it.")
    if asked_by_program(request):
        return problem_response(message, status=403)
    return _page(request, "403.html", 403, message=message)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without the cookie that says it was opened here. Only editors' forms have one."""
    message = _(
        "The form was not sent: your browser keeps no cookies for this site, or the form was opened somewhere else. "
        "Open the page again, and allow its cookies."
    )
    return _page(request, "403.html", 403, message=message)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page of its own that asks neither the database nor the reader's language for anything."""
    if asked_by_program(request):
        return problem_response(_("Something went wrong here. The error has been recorded."), status=500)
    try:
        return HttpResponseServerError(loader.get_template("500.html").render())
    except TemplateDoesNotExist:
        return HttpResponseServerError("<h1>Server Error (500)</h1>")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers should leave alone, and where the list of pages is."""
    lines = [
        "User-agent: *",
        "Disallow: /cms/",
        "Disallow: /api/",
        # Filters multiply without end; the plain lists and every supplier are in the sitemap.
        "Disallow: /*?*",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap_index'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
