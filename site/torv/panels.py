"""What Torv itself shows on the first page of the editors' interface."""

from typing import Any

from django.forms import Media
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from wagtail.admin.ui.components import Component

from .plugins import plugins
from .plugins.report import TROUBLED, plugin_states


class PluginPanel(Component):
    """A panel that a plugin, or a core app, gave; one that fails while it is rendered is not shown."""

    def __init__(self, name: str, panel: Any) -> None:
        self._name, self._panel = name, panel
        self.order = getattr(panel, "order", 100)

    @property
    def media(self) -> Media:
        with plugins.blaming(self._name, f"media of {type(self._panel).__name__}"):
            return Media() + getattr(self._panel, "media", Media())
        return Media()

    def render_html(self, parent_context: Any = None) -> SafeString:
        with plugins.blaming(self._name, f"panel {type(self._panel).__name__}"):
            return conditional_escape(self._panel.render_html(parent_context))
        return SafeString()


class PluginTroublesPanel(Component):
    """Plugins that are left out or that failed in something; shown to administrators, and only when there are any."""

    name = "plugin_troubles"
    template_name = "torv/cms/plugin_troubles.html"
    order = 10

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"troubled": [plugin for plugin in plugin_states(database=True) if plugin.state in TROUBLED]}
