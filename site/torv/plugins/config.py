"""The base of every plugin's AppConfig. What a plugin raises while the site starts stays the plugin's own trouble."""

import functools
import logging
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module, machinery, util
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule

log = logging.getLogger("torv.plugins")

left_out: dict[str, str] = {}
"""Plugins that were taken out again while the site started: label -> reason."""


class PluginConfig(AppConfig):
    """A Django app that Torv can do without.

    Subclass it in the plugin's `apps.py`, which imports nothing else of Torv's and nothing that needs settings.
    `label` (or the last part of `name`) equals the entry point's name. What the plugin contributes stands in its
    `plugin.py`, which may import models.

    A failing `models.py`, `translation.py` or migration leaves the whole plugin out; a failing `ready()`, `plugin.py`
    or `wagtail_hooks.py` costs what that file would have brought.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        ready = cls.__dict__.get("ready")
        if ready is None:
            return

        @functools.wraps(ready)
        def isolated(self: "PluginConfig") -> None:
            from .registry import plugins

            try:
                ready(self)
            except (Exception, SystemExit) as error:
                plugins.problem(self.label, "ready", error)

        setattr(cls, "ready", isolated)  # noqa: B010

    def import_models(self) -> None:
        """Django's step while the app registry fills: a plugin whose models cannot be imported leaves it again."""
        try:
            super().import_models()
        except (Exception, SystemExit) as error:
            self.leave_out("models.py", error)

    def import_translations(self) -> None:
        """Import `translation.py` before modeltranslation does, which would stop the site when it raises."""
        from modeltranslation.translator import translator

        before = dict(translator._registry)
        try:
            if module_has_submodule(self.module, "translation"):
                import_module(f"{self.name}.translation")
        except (Exception, SystemExit) as error:
            translator._registry = before
            self.leave_out("translation.py", error)

    def import_migrations(self) -> None:
        """Import the migrations before `migrate` does, which stops for everybody when one cannot be imported."""
        try:
            if module_has_submodule(self.module, "migrations"):
                package = import_module(f"{self.name}.migrations")
                for module in pkgutil.iter_modules(package.__path__):
                    import_module(f"{package.__name__}.{module.name}")
        except (Exception, SystemExit) as error:
            self.leave_out("migrations", error)

    def import_what_others_import(self) -> None:
        """Import what Wagtail and the template engine import from every app, before they do, at their first use.

        They would stop, for everybody, at the first that raises: an empty module is left behind in its place.
        """
        from .registry import plugins

        for where, name in self._imported_by_others():
            try:
                import_module(name)
            except (Exception, SystemExit) as error:
                sys.modules[name] = util.module_from_spec(machinery.ModuleSpec(name, None))
                plugins.problem(self.label, where, error)

    def _imported_by_others(self) -> Iterator[tuple[str, str]]:
        """(what people call it, module's name)."""
        for submodule in ("wagtail_hooks", "image_formats"):
            if module_has_submodule(self.module, submodule):
                yield f"{submodule}.py", f"{self.name}.{submodule}"
        if module_has_submodule(self.module, "templatetags"):
            path = [str(Path(folder) / "templatetags") for folder in self.module.__path__]
            for module in pkgutil.iter_modules(path):
                yield f"templatetags/{module.name}.py", f"{self.name}.templatetags.{module.name}"

    def leave_out(self, where: str, error: Exception | SystemExit) -> None:
        """Take this app out of the registry that `populate()` is filling or walking through right now."""
        from wagtail.models import pages

        left_out[self.label] = f"{where}: {type(error).__name__}: {error}"
        log.error("plugin %s is left out: %s", self.label, where, exc_info=error)
        models = set(self.apps.all_models.pop(self.label, {}).values())
        pages.PAGE_MODEL_CLASSES[:] = [model for model in pages.PAGE_MODEL_CLASSES if model not in models]
        # Django iterates over the old dict at this moment: bind a new one, never change it.
        self.apps.app_configs = {label: app for label, app in self.apps.app_configs.items() if label != self.label}
        self.apps.clear_cache()
        for name in [name for name in sys.modules if name.startswith(f"{self.name}.")]:
            del sys.modules[name]
        self.ready = lambda: None  # type: ignore[method-assign]
