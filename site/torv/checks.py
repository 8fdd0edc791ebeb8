"""System checks: what is wrong with plugins is said at every start, and stops none."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from .plugins.report import TROUBLED, PluginState, exercise, exercise_on_site, plugin_states


@register("torv", Tags.compatibility)
def plugins_are_well(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A warning for every plugin that is left out or that failed in something."""
    exercise()
    return [_trouble(plugin) for plugin in plugin_states() if plugin.state in TROUBLED]


@register("torv", Tags.database)
def plugins_are_well_on_this_site(databases: Any, **kwargs: Any) -> list[CheckMessage]:
    """The same for what shows only on a site with its pages, and for tables that are not there: with `--database`."""
    if not databases:
        return []
    known = {message.msg for message in plugins_are_well(None)}
    exercise_on_site()
    found = [_trouble(plugin) for plugin in plugin_states(database=True) if plugin.state in TROUBLED]
    return [message for message in found if message.msg not in known]


def _trouble(plugin: PluginState) -> CheckMessage:
    return Warning(f"Plugin {plugin.name} ({plugin.origin}) is {plugin.state}: {plugin.reason}", id="torv.W001")
