"""Torv's own app. It stands first in INSTALLED_APPS, so that its `ready()` runs before modeltranslation's and
Wagtail's."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_migrate
from django.utils.module_loading import module_has_submodule

from . import serving


class TorvConfig(AppConfig):
    """Brings the plugins in, in the order that lets each use what core has prepared, and none spoil another's start."""

    name = "torv"
    verbose_name = "Torv"

    def ready(self) -> None:
        from .plugins import PluginConfig, plugins
        from .plugins.config import leave_out_unmigrated, names_in_database

        core = [config for config in apps.get_app_configs() if config.label in settings.TORV_PLUGINS.core]
        for config in core:  # the base page's translated fields are registered before any plugin's page builds on them
            if module_has_submodule(config.module, "translation"):
                import_module(f"{config.name}.translation")
        for config in _plugin_configs(PluginConfig):
            config.import_translations()
        for config in _plugin_configs(PluginConfig):
            config.import_migrations()
        plugins.load(core, _plugin_configs(PluginConfig))
        taken = {name for model in apps.get_models() for name in names_in_database(model) if not _is_plugins(model)}
        for config in _plugin_configs(PluginConfig):  # running text asks plugins for blocks, so they are loaded by now
            config.check_models(taken)
        if serving.serves():
            leave_out_unmigrated()
        for config in _plugin_configs(PluginConfig):
            config.import_what_others_import()
        from . import checks  # noqa: F401
        from .protection import connect
        from .theming import checks as theme_checks  # noqa: F401

        connect()
        post_migrate.connect(park_after_migrate, sender=self, dispatch_uid="torv.parking")


def _is_plugins(model: type[Model]) -> bool:
    from .plugins import PluginConfig

    return isinstance(apps.get_app_config(model._meta.app_label), PluginConfig)


def _plugin_configs(kind: type) -> list[Any]:
    """Asked anew at each step: a plugin that failed in one is no longer there in the next."""
    return [config for config in apps.get_app_configs() if isinstance(config, kind)]


def park_after_migrate(using: str, **kwargs: Any) -> None:
    """Park the pages of plugins that are gone and wake those of plugins that are back: a deploy does it by itself."""
    from django.db import DEFAULT_DB_ALIAS

    from .parking import is_migrated, park

    if using == DEFAULT_DB_ALIAS and is_migrated():
        park()
