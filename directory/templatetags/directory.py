"""The directory's address and what the front page shows of it."""

from typing import Any

from django import template
from django.http import HttpRequest

from directory import front as front_page
from directory.models import DirectoryPage

register = template.Library()


def directory_address(request: HttpRequest | None) -> str:
    """The address of the directory in the active language, or "/" where there is none yet. One query a request."""
    if request is not None and hasattr(request, "_directory_page"):
        page = request._directory_page
    else:
        page = DirectoryPage.objects.live().first()
        if request is not None:
            request._directory_page = page  # type: ignore[attr-defined]
    return (page.get_url(request) if page else None) or "/"


@register.simple_tag(takes_context=True)
def directory_url(context: template.Context) -> str:
    """`{% directory_url as address %}`"""
    return directory_address(context.get("request"))


@register.simple_tag(takes_context=True)
def front(context: template.Context) -> dict[str, Any]:
    """Categories with their counts, figures, places and the newest suppliers, for the front page."""
    return front_page.front(context["page"], directory_address(context.get("request")), context.get("request"))
