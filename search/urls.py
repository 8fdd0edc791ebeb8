"""The search of everything. Its address is in the reader's language."""

from django.urls import path
from django.utils.functional import lazy
from django.utils.translation import get_language

from search import views

app_name = "search"

# Addresses are promises: they stand here, not in a message catalogue that somebody may improve.
ADDRESSES = {"da": "soeg/", "sv": "sok/", "en": "search/"}


def _address() -> str:
    return ADDRESSES.get((get_language() or "")[:2], "search/")


urlpatterns = [path(lazy(_address, str)(), views.everything, name="everything")]
