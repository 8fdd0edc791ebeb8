"""/health/live and /health/ready."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from torv import health
from torv.plugins import hookimpl, plugins
from torv.plugins.hookspecs import HealthCheck, Unhealthy

LIVE, READY = "/health/live", "/health/ready"
SECRET = "postgres://torv:s3cret@db.internal/torv"


def plugged(*checks: HealthCheck) -> Any:
    class Checks:
        @hookimpl
        def health_checks(self) -> list[HealthCheck]:
            return list(checks)

    return plugins.plugged(Checks(), "fairs")


def failing(error: Exception) -> Any:
    def check() -> None:
        raise error

    return check


@pytest.fixture
def broken_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of the project's own that fails with a message full of secrets."""
    broken = HealthCheck("database", failing(RuntimeError(SECRET)))
    monkeypatch.setattr("torv.plugin.CHECKS", (broken,))


def test_live_answers_without_a_query(client: Client) -> None:
    response = client.get(LIVE)
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_ready_asks_the_database_the_migrations_and_the_plugins(client: Client) -> None:
    response = client.get(READY)
    assert response.status_code == 200
    checks = response.json()["checks"]
    assert {"database", "migrations", "plugins"} <= checks.keys()
    assert {name: checks[name]["status"] for name in ("database", "migrations", "plugins")} == {
        "database": "ok",
        "migrations": "ok",
        "plugins": "ok",
    }


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_not_ready(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="torv").delete()
    response = client.get(READY)
    assert (response.status_code, response.json()["status"]) == (503, "failing")
    assert "migrations are not applied" in response.json()["checks"]["migrations"]["reason"]


@pytest.mark.django_db
@pytest.mark.usefixtures("broken_core")
def test_a_required_check_that_fails_is_not_ready_and_tells_no_secret(client: Client) -> None:
    response = client.get(READY)
    assert response.status_code == 503
    assert response.json()["checks"]["database"]["reason"] == "RuntimeError"
    assert "s3cret" not in response.content.decode()


@pytest.mark.django_db
def test_a_plugins_check_that_fails_degrades_and_never_more(client: Client) -> None:
    with plugged(HealthCheck("fairs", failing(Unhealthy("no fair is open")), required=True)):
        response = client.get(READY)
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"]["fairs"] == {
        "status": "failing",
        "reason": "no fair is open",
        "required": False,
        "ms": response.json()["checks"]["fairs"]["ms"],
    }


@pytest.mark.django_db
def test_a_check_tells_its_facts(client: Client) -> None:
    with plugged(HealthCheck("fairs-open", lambda: {"open": 3})):
        assert client.get(READY).json()["checks"]["fairs-open"]["open"] == 3


@pytest.mark.django_db
def test_a_plugin_cannot_answer_for_another(client: Client) -> None:
    with plugged(HealthCheck("database", lambda: {"faked": True})):
        assert "faked" not in client.get(READY).json()["checks"]["database"]
        assert "must begin with 'fairs'" in plugins.problems_of("fairs")["health_checks database"]


@pytest.mark.django_db
def test_facts_that_are_no_json_fail_that_check_alone(client: Client) -> None:
    with plugged(HealthCheck("fairs", lambda: {"open": object()})):
        response = client.get(READY)
    assert response.status_code == 200
    assert response.json()["checks"]["fairs"]["status"] == "failing"


@pytest.mark.django_db
def test_a_plugin_in_trouble_degrades(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from torv.plugins.report import PluginState

    state = PluginState("kites", "torv-kites", "1.0", "broken", (), "models.py: RuntimeError: " + SECRET)
    monkeypatch.setattr(health, "plugin_states", lambda **options: [state])
    response = client.get(READY)
    assert response.json()["checks"]["plugins"]["reason"] == "in trouble: kites"
    assert "s3cret" not in response.content.decode()


@pytest.mark.parametrize("address", [LIVE, READY])
@pytest.mark.django_db
def test_health_is_never_cached_and_sets_no_cookie(client: Client, address: str) -> None:
    response = client.get(address)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_ready_makes_few_queries(client: Client) -> None:
    client.get(READY)
    with CaptureQueriesContext(connection) as captured:
        client.get(READY)
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 8, asked
