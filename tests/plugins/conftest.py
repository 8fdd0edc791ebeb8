"""A plugin that is left out by setting takes its own tests with it; all others must still pass.

So a test outside a plugin's folder never needs that plugin, and one that needs several lies in `together`.
"""

from django.conf import settings

collect_ignore = list(settings.TORV_PLUGINS_DISABLED)
