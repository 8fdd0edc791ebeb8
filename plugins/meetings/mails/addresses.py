"""Whole addresses, for readers who are not on the site."""

from django.conf import settings


def absolute(path: str) -> str:
    """A path of this site with its host; an address that has one is left alone."""
    return path if path.startswith("http") else settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path
