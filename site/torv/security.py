"""Headers that every answer carries, and the promise that a visitor gets no cookie.

Visitors' pages run nothing but our own files: no inline script or style, nothing from elsewhere. The editors' interface
is Wagtail's, which still writes some of its scripts and styles into its pages.
"""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

CMS_PREFIX = "/cms/"

Policy = Mapping[str, tuple[str, ...]]

VISITORS: Policy = {
    "default-src": ("'self'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}

EDITORS: Policy = {
    **VISITORS,
    "script-src": ("'self'", "'unsafe-inline'"),
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:", "blob:"),
    "base-uri": ("'self'",),
    "frame-src": ("'self'",),
    "frame-ancestors": ("'self'",),  # the preview beside the form
}

# What editors see beside the form is what visitors will get, so it is held to the same; only the frame is ours.
PREVIEW: Policy = {**VISITORS, "frame-ancestors": ("'self'",)}

SENSORS = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone")
UNUSED = (*SENSORS, "midi", "payment", "usb", "interest-cohort", "browsing-topics")


def policy_text(policy: Policy) -> str:
    """The value of a Content-Security-Policy header."""
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())


class SecurityHeadersMiddleware:
    """Content-Security-Policy and Permissions-Policy; a view that sets its own keeps it. The rest is Django's
    middleware's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.visitors, self.editors, self.preview = map(policy_text, (VISITORS, EDITORS, PREVIEW))
        self.permissions = ", ".join(f"{feature}=()" for feature in UNUSED)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self._policy(request))
        response.setdefault("Permissions-Policy", self.permissions)
        return response

    def _policy(self, request: HttpRequest) -> str:
        if getattr(request, "is_dummy", False):  # Wagtail makes one for a preview, and sends it through the middleware
            return self.preview
        return self.editors if request.path_info.startswith(CMS_PREFIX) else self.visitors


class VisitorsMiddleware:
    """Whoever brings no session gets an answer that does not vary by cookie, so that a cache between us may keep it.

    Something on the way (authentication, messages) may have looked whether there is a session, and Django then says
    `Vary: Cookie`. For readers without one there was none to find. An answer to somebody with a session is marked as
    theirs alone instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(CMS_PREFIX) or not _varies_by_cookie(response):
            return response
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            patch_cache_control(response, private=True)
        else:
            _forget_cookie(response)
        return response


def _varying(response: HttpResponse) -> list[str]:
    return [name.strip() for name in response.get("Vary", "").split(",") if name.strip()]


def _varies_by_cookie(response: HttpResponse) -> bool:
    return "cookie" in (name.lower() for name in _varying(response))


def _forget_cookie(response: HttpResponse) -> None:
    rest = [name for name in _varying(response) if name.lower() != "cookie"]
    if rest:
        response["Vary"] = ", ".join(rest)
    else:
        del response["Vary"]
