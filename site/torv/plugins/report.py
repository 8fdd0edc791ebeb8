"""What became of each plugin: the one answer behind `manage.py plugins`, the system check, the dashboard and
/health/ready."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import get_resolver

from .config import left_out
from .discovery import BROKEN, CORE, INCOMPATIBLE, ON
from .registry import plugins

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
    """Ask the hooks that are asked once per process, so that what is wrong with them is known before the first reader
    comes."""
    from .streamfield import plugin_stream_fields

    get_resolver().url_patterns  # noqa: B018 -- reads the URLconf, where routers join the API
    for field in plugin_stream_fields():
        field.stream_block  # noqa: B018


def plugin_states() -> list[PluginState]:
    """Every plugin that discovery found or that settings name, in the order in which they are called."""
    states = []
    for plugin in settings.TORV_PLUGINS.plugins:
        state, reason = plugin.state, plugin.reason
        if state == ON and plugin.name in left_out:
            state, reason = BROKEN, left_out[plugin.name]
        elif state == ON and (problems := plugins.problems_of(plugin.name)):
            state, reason = DEGRADED, "; ".join(problems.values())
        hooks = tuple(plugins.hooks_of(plugin.name)) if state in (ON, DEGRADED) else ()
        states.append(PluginState(plugin.name, plugin.package, plugin.version, state, hooks, reason))
    return states
