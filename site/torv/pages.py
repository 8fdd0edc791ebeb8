"""The project's base page model, for code that may import no page type."""

from typing import Any

from django.apps import apps
from django.conf import settings


def get_page_model() -> type[Any]:
    """The model that ``WAGTAIL_PAGE_MODEL`` names."""
    return apps.get_model(settings.WAGTAIL_PAGE_MODEL)
