"""What Torv itself shows on the first page of the editors' interface."""

from typing import Any

from wagtail.admin.ui.components import Component

from .plugins.report import TROUBLED, plugin_states


class PluginTroublesPanel(Component):
    """Plugins that are left out or that failed in something; shown to administrators, and only when there are any."""

    name = "plugin_troubles"
    template_name = "torv/cms/plugin_troubles.html"
    order = 10

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"troubled": [plugin for plugin in plugin_states() if plugin.state in TROUBLED]}
