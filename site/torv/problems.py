"""Why a request of a program cannot be answered: one shape for everybody who answers under /api/ (RFC 9457)."""

from collections.abc import Collection
from http import HTTPStatus
from typing import Any, Protocol

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema, Status

#: Below it programs ask, and get problems instead of pages.
API = "/api/"
#: How a number is described that is read as text, so that a wrong one is refused in the reader's language.
INTEGER: dict[str, Any] = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}
LONGEST = 40  # signs of what was asked that a sentence repeats
LONGEST_NUMBER = 9  # digits


class Problem(Schema):
    """Why a request cannot be answered, in the shape of all problems of this API (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="A sentence in the language of the request.")
    parameter: str = Field(description="The parameter it is about, or an empty string.")


class Refusal(Protocol):
    """An exception with a translated sentence, the parameter it is about ("" for none), and a status."""

    message: str
    parameter: str
    status: int


class InvalidRequest(ValueError):
    """A request that makes no sense (422) or asks for what is not there (404). See `Refusal`."""

    def __init__(self, parameter: str, message: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> None:
        super().__init__(message)
        self.parameter, self.message, self.status = parameter, message, int(status)


def problem_body(detail: str, parameter: str = "", status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> dict[str, Any]:
    """The shape of `Problem`."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": int(status), "detail": detail, "parameter": parameter}


def problem_response(detail: str, parameter: str = "", status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> JsonResponse:
    """A whole answer, for what no operation answers itself."""
    return JsonResponse(problem_body(detail, parameter, status), status=int(status))


def asked_by_program(request: HttpRequest) -> bool:
    """Whether the answer is for a program, which cannot read a page."""
    return request.path_info.startswith(API)


def refused(error: Refusal) -> Status:
    """What an operation returns instead of an answer."""
    return Status(error.status, problem_body(error.message, error.parameter, error.status))


# ---- reading what was asked -----------------------------------------------------------------------------------------
def check_names(request: HttpRequest, parameters: type[Schema]) -> None:
    """Refuse a parameter that the operation does not have: ignored, a misspelt one would pass all off as some.

    :raises InvalidRequest: it names the first such parameter.
    """
    names = {field.alias or name for name, field in parameters.model_fields.items()}
    for name in request.GET:
        if name not in names:
            shown = ", ".join(sorted(names))
            sentence = _("There is no parameter “%(name)s” here; there is %(known)s.")
            raise InvalidRequest(name[:LONGEST], sentence % {"name": name[:LONGEST], "known": shown})


def one_of(text: str | None, parameter: str, known: Collection[str]) -> str:
    """What was asked for, one of `known`; "" where nothing was.

    :raises InvalidRequest: it is none of them.
    """
    if not text or text in known:
        return text or ""
    sentence = _("“%(value)s” cannot be chosen for “%(parameter)s”; there is %(known)s.")
    words = {"value": text[:LONGEST], "parameter": parameter, "known": ", ".join(known)}
    raise InvalidRequest(parameter, sentence % words)


def whole_number(text: str | None, parameter: str, default: int, most: int) -> int:
    """The number from 1 to `most` that was asked for; `default` where nothing was.

    :raises InvalidRequest: it is no such number.
    """
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER and 1 <= int(text) <= most):
        message = _("“%(text)s” is no whole number from 1 to %(most)d.") % {"text": text[:LONGEST], "most": most}
        raise InvalidRequest(parameter, message)
    return int(text)
