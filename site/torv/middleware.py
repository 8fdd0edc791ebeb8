"""What every request goes through: what no text holds, the language of the answer, what programs may ask, the answer
for what is not there. The language comes from the address for readers, from `lang=` or Accept-Language for programs."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from torv.parking import is_waiting
from torv.problems import API, LONGEST_NUMBER, asked_by_program, problem_response
from torv.views import bad_request, not_found

#: Addresses without a language. Django would send a 404 below them on to /da/…, which Wagtail's catch-all makes valid.
MACHINES = (API, "/cms/", "/documents/", "/health/", "/media/", "/static/", "/theme/")


class NoNullMiddleware:
    """The character NUL in an address becomes the sign for what cannot be read, "\ufffd".

    No text has it, and PostgreSQL refuses to compare with it: each look-up of what was asked for would have to think of
    that. So it is one more word that nothing is called. Forms refuse it themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            request.path_info = request.path_info.replace("\0", "\ufffd")
            request.path = request.path.replace("\0", "\ufffd")
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\0" in query:
            unread = quote("\ufffd")
            request.META["QUERY_STRING"] = query.replace("%00", unread).replace("\0", unread)
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """Django's LocaleMiddleware, which adds a language only to addresses that people read."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == HTTPStatus.NOT_FOUND and request.path_info.startswith(MACHINES):
            return response
        return super().process_response(request, response)


class ReadableMiddleware:
    """More parameters than are read are refused before anybody asks for one, and in the language of the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.GET  # noqa: B018
        except SuspiciousOperation as error:
            return bad_request(request, error)
        return self.get_response(request)


class ApiLanguageMiddleware:
    """``lang=`` chooses the language of an API answer; without it Accept-Language does, as LocaleMiddleware read it.

    Another language than the site has is refused: silence would pass one language off as another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not asked_by_program(request):
            return self.get_response(request)
        language, known = request.GET.get("lang"), dict(settings.LANGUAGES)
        if language and language not in known:
            sentence = _("There is no language “%(code)s” here; there is %(known)s.")
            return problem_response(sentence % {"code": language[:20], "known": ", ".join(known)}, "lang")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        return response


class ApiMethodsMiddleware:
    """HEAD and OPTIONS wherever the API answers GET, and words for a method that it does not answer.

    Its operations know only the methods that they were written for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not asked_by_program(request):
            return self.get_response(request)
        if request.method == "HEAD":
            return self._without_body(request)
        response = self.get_response(request)
        return self._named(request, response) if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED else response

    def _without_body(self, request: HttpRequest) -> HttpResponse:
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        response["Content-Length"] = str(len(response.content))
        response.content = b""
        return response

    def _named(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        methods = {name for name in response["Allow"].split(", ") if name} | {"OPTIONS"}
        allowed = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
        if request.method == "OPTIONS":
            answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
        else:
            sentence = _("This address answers %(methods)s.") % {"methods": allowed}
            answer = problem_response(sentence, status=HTTPStatus.METHOD_NOT_ALLOWED)
        answer["Allow"] = allowed
        return answer


class ApiParkedMiddleware:
    """A parked page cannot be read or written by a program that would be given it: it is told why, whatever it asks.

    Core takes the page for what it is now, a bare title, and would publish, rewrite or delete it. Who has no token is
    told by core that there is nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        asked = str(kwargs.get("page_id", ""))
        if not (asked_by_program(request) and asked.isdecimal() and len(asked) <= LONGEST_NUMBER):
            return None
        if not is_waiting(int(asked)):
            return None
        if "Authorization" not in request.headers:
            return not_found(request)
        return problem_response(_("This page waits for a plugin that is not installed."), status=HTTPStatus.GONE)


class FilesMiddleware(GZipMiddleware):
    """Compresses static files on their way out, where nothing has compressed them beforehand: in development."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        whole = request.method == "GET" and response.status_code == HTTPStatus.OK
        return super().process_response(request, response) if whole else response


class OwnRefusalsMiddleware:
    """With DEBUG on Django answers what is not there, and what it will not read, with pages for developers; this keeps
    the site's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            resolve(request.path_info)
        except Resolver404 as error:
            return not_found(request, error)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            return not_found(request, exception)
        if isinstance(exception, SuspiciousOperation):
            return bad_request(request, exception)
        return None
