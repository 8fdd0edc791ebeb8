"""What `check --deploy` says of the settings of a site that others reach."""

from typing import Any

import pytest

from torv.checks import environment_is_heard, links_lead_to_this_site

SITE = {
    "ALLOWED_HOSTS": ["torv.example.org", ".example.com"],
    "WAGTAILADMIN_BASE_URL": "https://torv.example.org",
    "SECURE_SSL_REDIRECT": True,
}


def said(settings: Any, **changes: Any) -> list[str]:
    for name, value in (SITE | changes).items():
        setattr(settings, name, value)
    return [str(message.msg) for message in links_lead_to_this_site(None)]


@pytest.mark.parametrize(
    "address", ["https://torv.example.org", "https://torv.example.com", "https://torv.example.org:8443"]
)
def test_links_to_the_site_itself_are_right(settings: Any, address: str) -> None:
    assert said(settings, WAGTAILADMIN_BASE_URL=address) == []


def test_links_to_another_host_are_told(settings: Any) -> None:
    (message,) = said(settings, WAGTAILADMIN_BASE_URL="https://torv.example.net")
    assert "torv.example.net, which TORV_ALLOWED_HOSTS does not allow" in message


def test_links_without_tls_are_told_where_the_site_has_it(settings: Any) -> None:
    (message,) = said(settings, WAGTAILADMIN_BASE_URL="http://torv.example.org")
    assert "begins with http:" in message


def test_links_without_tls_are_right_where_the_site_has_none(settings: Any) -> None:
    assert said(settings, WAGTAILADMIN_BASE_URL="http://torv.example.org", SECURE_SSL_REDIRECT=False) == []


def test_setting_that_nothing_reads_is_told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.ENV.ENVIRON, "TORV_SITENAME", "Fjordtorvet")
    found = {message.msg: message.hint for message in environment_is_heard(None)}
    assert found["TORV_SITENAME is set, but nothing reads it."] == "Is TORV_SITE_NAME meant?"
