"""A site that was migrated and has nothing yet."""

import pytest
from django.test import Client

ADDRESSES = (
    "/da/",
    "/sv/",
    "/en/",
    "/robots.txt",
    "/sitemap.xml",
    "/cms/login/",
    "/api/v3/pages/",
    "/api/v3/openapi.json",
)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_site_that_was_only_migrated_answers(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_its_search_finds_nothing_and_says_so(client: Client) -> None:
    for address in ("/da/soeg/?q=mad", "/api/v3/search/suppliers/?q=mad"):
        assert client.get(address).status_code == 200
