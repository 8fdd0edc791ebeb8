"""What is wrong with the site's theme is said at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from .contrasts import weak
from .reading import ThemeError, read


@register("torv")
def theme_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An error when the theme is not there or not a theme; a warning for every two colours that are too alike."""
    try:
        wanted = read(settings.TORV_THEME)
    except ThemeError as error:
        return [Error(f"TORV_THEME: {error}", hint="docs/theming.md says what a theme is.", id="torv.E010")]
    return [
        Warning(f"TORV_THEME: {found}", hint="Make one of the two darker or lighter.", id="torv.W010")
        for found in weak(wanted)
    ]
