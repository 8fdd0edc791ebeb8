"""System checks: what is wrong with plugins is said at every start, and stops none; what is odd about the settings of a
site that others reach is said by `check --deploy`."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.http.request import validate_host

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


@register("torv", deploy=True)
def environment_is_heard(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A variable that looks like a setting of ours, and is none: most often a slip of the pen."""
    return [
        Warning(
            f"{name} is set, but nothing reads it.",
            hint=f"Is {meant} meant?" if meant else "docs/operations.md names all that can be set.",
            id="torv.W002",
        )
        for name, meant in settings.ENV.unknown()
    ]


@register("torv", deploy=True)
def links_lead_to_this_site(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The address in mails and calendars is one that this site answers at, and by the way it answers."""
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    found = []
    if not validate_host(address.hostname or "", settings.ALLOWED_HOSTS):
        found.append(f"TORV_BASE_URL is at {address.hostname}, which TORV_ALLOWED_HOSTS does not allow.")
    if settings.SECURE_SSL_REDIRECT and address.scheme != "https":
        found.append("TORV_BASE_URL begins with http:, but the site answers at https: only.")
    return [Warning(message, id="torv.W003") for message in found]


def _trouble(plugin: PluginState) -> CheckMessage:
    return Warning(f"Plugin {plugin.name} ({plugin.origin}) is {plugin.state}: {plugin.reason}", id="torv.W001")
