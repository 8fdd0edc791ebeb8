"""System checks: what is wrong with plugins is said at every start, and stops none."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from .plugins.report import TROUBLED, exercise, plugin_states


@register("torv", Tags.compatibility)
def plugins_are_well(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A warning for every plugin that is left out or that failed in something."""
    exercise()
    return [
        Warning(f"Plugin {plugin.name} ({plugin.origin}) is {plugin.state}: {plugin.reason}", id="torv.W001")
        for plugin in plugin_states()
        if plugin.state in TROUBLED
    ]
