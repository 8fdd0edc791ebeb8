"""/health/live and /health/ready: what a load balancer, a container's supervisor or a person asks.

`live` says that this process answers, and asks nothing else: a supervisor that restarts it because the database is
away would make things worse. `ready` asks every health check and answers 503 when one that is required fails. Both
are plain JSON, and name no host, path, user or secret.
"""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import __version__
from .plugins import plugins
from .plugins.hookspecs import HealthCheck, Unhealthy
from .plugins.report import TROUBLED, plugin_states

log = logging.getLogger("torv.health")


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 with {"status": "ok"} as long as the process answers."""
    return JsonResponse({"status": "ok", "version": __version__})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when readers may be sent here, 503 when not.

    {"status": "ok" | "degraded" | "failing", "version": …, "checks": {name: {"status": "ok" | "failing", "required":
    bool, "ms": number, "reason": …, facts …}}}. "degraded" is a 200: only checks that are not required fail.
    """
    checks, status = {}, "ok"
    for name, check in _checks():
        answer = _ask(check)
        required = check.required and plugins.is_core(name)
        if answer["status"] != "ok":
            status = "failing" if required else "degraded" if status == "ok" else status
        checks[check.name] = {**answer, "required": required}
    body = {"status": status, "version": __version__, "checks": checks}
    return JsonResponse(body, status=503 if status == "failing" else 200)


def _checks() -> Iterator[tuple[str, HealthCheck]]:
    seen = set()
    for name, check in plugins.items("health_checks"):
        if not plugins.is_core(name) and not check.name.startswith(name):
            plugins.problem(
                name, f"health_checks {check.name}", ValueError(f"check {check.name!r} must begin with {name!r}")
            )
        elif check.name not in seen:
            seen.add(check.name)
            yield name, check


def _ask(check: HealthCheck) -> dict[str, Any]:
    began = time.perf_counter()
    answer: dict[str, Any] = {"status": "ok"}
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            answer.update(json.loads(json.dumps(check.check() or {}, cls=DjangoJSONEncoder)))
    except Unhealthy as error:
        answer = {"status": "failing", "reason": str(error)}
    except (Exception, SystemExit) as error:
        log.exception("health check %s failed", check.name)
        answer = {"status": "failing", "reason": type(error).__name__}
    return {**answer, "ms": round((time.perf_counter() - began) * 1000, 1)}


# ------------------------------------------------------------------ the project's own checks


def _database() -> Mapping[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return {"vendor": connection.vendor}


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Of the code, which a process reads once: building the graph takes longer than a health check may."""
    return frozenset(MigrationLoader(connection).graph.nodes)


def _migrations() -> None:
    waiting = len(_known_migrations() - MigrationRecorder(connection).applied_migrations().keys())
    if waiting:
        raise Unhealthy(f"{waiting} migrations are not applied")


def _plugins() -> Mapping[str, Any]:
    states = {plugin.name: plugin.state for plugin in plugin_states(database=True)}
    if troubled := sorted(name for name, state in states.items() if state in TROUBLED):
        raise Unhealthy("in trouble: " + ", ".join(troubled))
    return {"states": states}


CHECKS = (
    HealthCheck("database", _database),
    HealthCheck("migrations", _migrations),
    HealthCheck("plugins", _plugins, required=False),
)
