"""The plugin contract: what a plugin imports from Torv to become a part of a site.

>>> from torv.plugins import PluginConfig      # in apps.py
>>> from torv.plugins import hookimpl          # in plugin.py

Core asks through `plugins` (the registry): `plugins.collect(hook, …)`, `plugins.first(…)`, `plugins.apply(…)`. How to
write a plugin, and every hook, is in docs/plugins.md. This module is safe to import while settings are being read.
"""

from .config import PluginConfig
from .markers import hookimpl, hookspec
from .registry import plugins

__all__ = ["PluginConfig", "hookimpl", "hookspec", "plugins"]
