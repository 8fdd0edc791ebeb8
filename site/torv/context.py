"""What every template knows besides its view's own context. No query: menus are a tag, asked for where they stand."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from torv.languages import content_language


def site(request: HttpRequest) -> dict[str, Any]:
    """`reader`: the language of the surroundings. `site_name`."""
    return {
        "reader": content_language(),
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
