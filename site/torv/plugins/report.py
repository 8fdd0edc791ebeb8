"""What became of each plugin: the one answer behind `manage.py plugins`, the system check, the dashboard and
/health/ready."""

from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.dispatch import Signal
from django.http import HttpRequest
from django.urls import get_resolver
from django.utils.translation import override

from .config import left_out, missing_tables
from .discovery import BROKEN, CORE, INCOMPATIBLE, ON
from .registry import plugins

#: Sent where the database may be asked too: ask what plugins contribute to you for something of each.
exercising = Signal()

DEGRADED = "degraded"
"""The plugin is on, and something of it failed."""

TROUBLED = (BROKEN, INCOMPATIBLE, DEGRADED)


@dataclass(frozen=True)
class PluginState:
    """One plugin, as it is now."""

    name: str
    package: str
    version: str
    """Empty for bundled ones: they are of this version."""
    state: str
    """"on", "disabled", "incompatible", "broken" (left out) or "degraded" (on, but something of it failed)."""
    hooks: tuple[str, ...]
    reason: str

    @property
    def origin(self) -> str:
        """Where it comes from, for people: "torv-fairs 0.3.0"."""
        return f"{self.package or CORE} {self.version}".strip()


def exercise() -> None:
    """Ask the hooks that need no database, so that what is wrong with them is known before the first reader comes."""
    from .streamfield import plugin_stream_fields

    get_resolver().url_patterns  # noqa: B018 -- reads the URLconf, where routers join the API
    for field in plugin_stream_fields():
        field.stream_block  # noqa: B018
    for language, _name in settings.LANGUAGES:
        with override(language):
            plugins.collect("navigation", language=language)
    for role in ("Editors", "Owners"):
        plugins.collect("role_permissions", role=role)
    plugins.collect("health_checks")


def exercise_on_site() -> None:
    """Ask those too that need a page or a reader: show the front page in each language, and an administrator's first
    page. Nothing is kept of what that writes; nothing is asked where the database is away or not migrated."""
    from torv.pages import get_page_model
    from torv.panels import PluginPanel

    exercise()
    with suppress(DatabaseError), transaction.atomic():
        front = get_page_model().objects.filter(depth=2).specific().first()
        for language, _name in settings.LANGUAGES if front is not None else ():
            with override(language):
                front.make_preview_request(preview_mode=language)
                plugins.collect("related_items", page=front, language=language)
                request = HttpRequest()
                request.user = get_user_model()(is_active=True, is_superuser=True)
                for item in plugins.items("dashboard_panels", request=request):
                    PluginPanel(*item).render_html({"request": request})
        exercising.send(sender=None)
        transaction.set_rollback(True)


def plugin_states(*, database: bool = False) -> list[PluginState]:
    """Every plugin that discovery found or that settings name, in the order in which they are called.

    With `database` those that are not migrated are named too: one query.
    """
    states = []
    missing = missing_tables() if database else {}
    for plugin in settings.TORV_PLUGINS.plugins:
        state, reason = plugin.state, plugin.reason
        problems = list(plugins.problems_of(plugin.name).values())
        if plugin.name in missing:
            problems.insert(0, f"the database lacks {', '.join(sorted(missing[plugin.name]))}: run manage.py migrate")
        if state == ON and plugin.name in left_out:
            state, reason = BROKEN, left_out[plugin.name]
        elif state == ON and problems:
            state, reason = DEGRADED, "; ".join(problems)
        hooks = tuple(plugins.hooks_of(plugin.name)) if state in (ON, DEGRADED) else ()
        states.append(PluginState(plugin.name, plugin.package, plugin.version, state, hooks, reason))
    return states
