"""Old addresses lead on, whatever stood below them and whatever was asked there."""

from urllib.parse import quote, urlsplit

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site


class RedirectMiddleware:
    """Wagtail's middleware of this name, and what it does not know.

    Pages give out more than their own address: categories, months, feeds. What is not there is looked for below the
    page that has moved, and the query ("state in the address") is kept.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        return _exact(request) or _below(request) or response


def _exact(request: HttpRequest) -> HttpResponse | None:
    asked = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    path = urlsplit(asked).path
    if asked != path and (redirect := get_redirect(request, asked)):
        return _to(redirect.link, redirect.is_permanent)
    redirect = get_redirect(request, path)
    if redirect is None:
        return None
    # An editor who sends readers to an address of their own choice has said all of it.
    return _to(redirect.link, redirect.is_permanent, request.GET if redirect.redirect_page_id else None)


def _below(request: HttpRequest) -> HttpResponse | None:
    """Where a page is now that stood above this address, when it has something there."""
    names = [name for name in request.path_info.split("/") if name]
    above = {"/" + "/".join(names[:count]): names[count:] for count in range(1, len(names))}
    pages = Redirect.get_for_site(Site.find_for_request(request)).filter(
        old_path__in=above, automatically_created=True, redirect_page_route_path="", redirect_page__live=True
    )
    for redirect in sorted(pages.select_related("redirect_page"), key=lambda found: -len(found.old_path)):
        page, below = redirect.redirect_page.specific, above[redirect.old_path]
        slash = "" if "." in below[-1] else "/"
        url = (page.get_url(request) or "/") + "/".join(map(quote, below)) + slash
        try:
            page.route(request, below)
        except Http404:
            # It may have been renamed there since.
            later = get_redirect(request, Redirect.normalise_path(url))
            url = later.link if later else None
        if url:
            return _to(url, redirect.is_permanent, request.GET)
    return None


def _to(url: str | None, is_permanent: bool, asked: QueryDict | None = None) -> HttpResponse | None:
    if not url:
        return None
    url = f"{url}?{asked.urlencode(safe='/')}" if asked and "?" not in url else url
    return HttpResponsePermanentRedirect(url) if is_permanent else HttpResponseRedirect(url)
