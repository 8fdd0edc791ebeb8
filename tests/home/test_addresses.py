"""Addresses of pages that were read by columns are those that the pages give themselves."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from home.addresses import Addresses
from home.models import Page
from tests.factories.home import PageFactory
from torv.languages import LANGUAGES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
def test_addresses_are_those_of_the_pages(home_page, language):
    PageFactory(title_da="Om os", title_sv="Om oss", slug="om-os", slug_sv="om-oss")
    PageFactory(title_da="Kontakt", slug="kontakt")
    addresses = Addresses()
    with override(language):
        for page in Page.objects.filter(depth__gt=1):
            paths = Page.objects.filter(pk=page.pk).values_list(*Addresses.COLUMNS).get()
            assert addresses.of(paths) == page.get_url()
            assert addresses.of(paths).startswith(f"/{language}/")


def test_a_page_that_is_in_no_site_has_none(home_page):
    root = Page.objects.get(depth=1)
    assert Addresses().of(Page.objects.filter(pk=root.pk).values_list(*Addresses.COLUMNS).get()) == ""
