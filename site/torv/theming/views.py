"""The style sheet, font and logo of a theme, under an address that changes with what they say."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .reading import theme


@require_safe
def theme_file(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """A file of the site's theme; kept by browsers for ever, unless the address is that of an earlier one."""
    worn = theme()
    file = worn.files.get(name)
    if file is None:
        raise Http404
    response = HttpResponse(file.content, content_type=file.content_type)
    current = digest == worn.digest
    response["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response
