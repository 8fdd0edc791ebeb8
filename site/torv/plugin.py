"""What the website project itself contributes, by the same door as everybody."""

from collections.abc import Iterator

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from .health import CHECKS
from .panels import PluginTroublesPanel
from .plugins import hookimpl
from .plugins.hookspecs import HealthCheck


@hookimpl
def dashboard_panels(request: HttpRequest) -> Iterator[Component]:
    """The plugins' troubles, for those who can do something about them."""
    if request.user.is_superuser:
        yield PluginTroublesPanel()


@hookimpl
def health_checks() -> tuple[HealthCheck, ...]:
    """The database, its migrations and the plugins."""
    return CHECKS
