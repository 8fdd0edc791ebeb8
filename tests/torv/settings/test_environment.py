"""What an operator gives by environment: mistakes are named, and secrets not repeated."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from torv.settings.environment import Environment


@pytest.fixture
def env() -> Environment:
    environment = Environment()
    environment.ENVIRON = {}
    return environment


@pytest.mark.parametrize(
    ("written", "meant"), [("yes", True), ("True", True), ("1", True), ("no", False), ("FALSE", False), ("0", False)]
)
def test_yes_or_no_is_read_in_the_usual_words(env: Environment, written: str, meant: bool) -> None:
    env.ENVIRON["TORV_X"] = written
    assert env.bool("TORV_X", default=not meant) is meant


def test_yes_misspelt_is_not_taken_for_no(env: Environment) -> None:
    env.ENVIRON["TORV_SSL_REDIRECT"] = "ture"
    with pytest.raises(ImproperlyConfigured, match="TORV_SSL_REDIRECT is 'ture'; it must be yes or no"):
        env.bool("TORV_SSL_REDIRECT", default=True)


@pytest.mark.parametrize("written", ["abc", "1.5", "", "1e3"])
def test_whole_number_that_is_none_is_named(env: Environment, written: str) -> None:
    env.ENVIRON["TORV_HSTS_SECONDS"] = written
    with pytest.raises(ImproperlyConfigured, match=f"TORV_HSTS_SECONDS is '{written}'; it must be a whole number"):
        env.number("TORV_HSTS_SECONDS", default=1, least=0)


@pytest.mark.parametrize("written", ["0", "-1"])
def test_number_too_small_is_named(env: Environment, written: str) -> None:
    env.ENVIRON["TORV_EMAIL_TIMEOUT"] = written
    with pytest.raises(ImproperlyConfigured, match=f"TORV_EMAIL_TIMEOUT is {written}; it must be at least 1"):
        env.number("TORV_EMAIL_TIMEOUT", default=20, least=1)


def test_number_that_is_not_a_number_is_refused(env: Environment) -> None:
    env.ENVIRON["TORV_ELASTICSEARCH_TIMEOUT"] = "nan"
    with pytest.raises(ImproperlyConfigured, match="must be a number"):
        env.number("TORV_ELASTICSEARCH_TIMEOUT", default=2.0, least=0.1, cast=float)


@pytest.mark.parametrize(
    "written",
    [
        "nonsense",
        "torv.example.org",
        "ftp://torv.example.org",
        "https://",
        "https://torv.example.org/da/",
        "https://torv.example.org?x=1",
        "https://name:secret@torv.example.org",
        "https://torv.example.org:port",
        "https://torv example.org",
        "https://[torv",
    ],
)
def test_address_of_the_site_that_is_none_is_named(env: Environment, written: str) -> None:
    env.ENVIRON["TORV_BASE_URL"] = written
    with pytest.raises(ImproperlyConfigured, match=r"TORV_BASE_URL is .* it must be like"):
        env.site("TORV_BASE_URL")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://torv.example.org/", "https://torv.example.org"),
        (" http://localhost:8000 ", "http://localhost:8000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_address_of_the_site_has_no_slash_at_its_end(env: Environment, written: str, read: str) -> None:
    env.ENVIRON["TORV_BASE_URL"] = written
    assert env.site("TORV_BASE_URL") == read


@pytest.mark.parametrize(
    "written",
    ["torv", "mysql://torv:hush@localhost/torv", "postgres://torv:hush@localhost:port/torv"],
)
def test_database_that_torv_does_not_run_on_is_refused_without_its_password(env: Environment, written: str) -> None:
    env.ENVIRON["TORV_DATABASE_URL"] = written
    with pytest.raises(ImproperlyConfigured, match="TORV_DATABASE_URL") as raised:
        env.database("TORV_DATABASE_URL", default="sqlite:///torv.sqlite3")
    assert "hush" not in str(raised.value)


def test_database_is_read_from_its_address(env: Environment) -> None:
    env.ENVIRON["TORV_DATABASE_URL"] = "postgres://torv:hush@db:5432/site"
    found: Any = env.database("TORV_DATABASE_URL", default="sqlite:///torv.sqlite3")
    assert (found["ENGINE"], found["HOST"], found["NAME"]) == ("django.db.backends.postgresql", "db", "site")


@pytest.mark.parametrize("written", ["mail.example.org", "http://mail.example.org", "smtp://mail.example.org:port"])
def test_mail_server_that_is_none_is_named(env: Environment, written: str) -> None:
    env.ENVIRON["TORV_EMAIL_URL"] = written
    with pytest.raises(ImproperlyConfigured, match="TORV_EMAIL_URL is no address"):
        env.mail("TORV_EMAIL_URL", default="smtp://localhost:25")


def test_variable_that_nothing_reads_comes_with_what_was_probably_meant(env: Environment) -> None:
    env.ENVIRON |= {"TORV_SITENAME": "Fjordtorvet", "TORV_WEATHER": "fine", "OTHER": "1"}
    env("TORV_SITE_NAME", default="Torv")
    assert env.unknown() == [("TORV_SITENAME", "TORV_SITE_NAME"), ("TORV_WEATHER", None)]
