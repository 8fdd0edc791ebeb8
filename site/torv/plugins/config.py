"""The base of every plugin's AppConfig. What a plugin raises while the site starts stays the plugin's own trouble."""

import functools
import logging
import pkgutil
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module, machinery, util
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

if TYPE_CHECKING:
    from django.db.models import Model

log = logging.getLogger("torv.plugins")

left_out: dict[str, str] = {}
"""Plugins that were taken out again while the site started: label -> reason."""


class PluginConfig(AppConfig):
    """A Django app that Torv can do without.

    Subclass it in the plugin's `apps.py`, which imports nothing else of Torv's and nothing that needs settings.
    `label` (or the last part of `name`) equals the entry point's name. What the plugin contributes stands in its
    `plugin.py`, which may import models.

    A failing `models.py`, `translation.py` or migration, and models that clash with others', leave the whole plugin
    out; a failing `ready()`, `plugin.py` or `wagtail_hooks.py` costs what that file would have brought.
    """

    def __init__(self, app_name: str, app_module: ModuleType) -> None:
        super().__init__(app_name, app_module)
        # Of the instance and not of the class: whichever class or mixin brings them, these two are called by Django.
        setattr(self, "import_models", functools.partial(self._import_models, self.import_models))  # noqa: B010
        setattr(self, "ready", functools.partial(self._ready, self.ready))  # noqa: B010

    def _import_models(self, import_models: Callable[[], None]) -> None:
        """Django's step while the app registry fills: a plugin whose models cannot be imported leaves it again."""
        try:
            import_models()
        except (Exception, SystemExit) as error:
            self.leave_out("models.py", error)

    def _ready(self, ready: Callable[[], None]) -> None:
        from .registry import plugins

        with plugins.blaming(self.label, "ready"):
            ready()

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

    def check_models(self, taken: set[tuple[str, str]]) -> None:
        """Leave out a plugin whose models Django would refuse: every command would stop for everybody.

        `taken` are the names in the database that core and the plugins before this one use; its own are added.
        """
        from django.core.checks import ERROR
        from django.core.checks.model_checks import check_all_models

        try:
            for error in check_all_models([self]):
                if error.level >= ERROR and not error.is_silenced():
                    raise ImproperlyConfigured(f"{error.msg} ({error.id})")
            names = {name: model._meta.label for model in self.get_models() for name in names_in_database(model)}
            for name in sorted(names.keys() & taken):
                raise ImproperlyConfigured(f"the {name[0]} {name[1]!r} of {names[name]} is there already")
        except (Exception, SystemExit) as error:
            self.leave_out("models.py", error)
        else:
            taken |= names.keys()

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
        from modeltranslation.translator import translator
        from wagtail.models import pages
        from wagtail.snippets import models as snippets

        from .registry import plugins

        left_out[self.label] = f"{where}: {type(error).__name__}: {error}"
        log.error("plugin %s is left out: %s", self.label, where, exc_info=error)
        plugins.discard(self.label)
        models = set(self.apps.all_models.pop(self.label, {}).values())
        pages.PAGE_MODEL_CLASSES[:] = [model for model in pages.PAGE_MODEL_CLASSES if model not in models]
        for model in pages.PAGE_MODEL_CLASSES:  # each keeps which others may stand above and below it
            model._clean_subpage_models = model._clean_parent_page_models = None
        snippets.DEFERRED_REGISTRATIONS[:] = [
            waiting for waiting in snippets.DEFERRED_REGISTRATIONS if waiting[0] not in models
        ]
        translator._registry = {model: how for model, how in translator._registry.items() if model not in models}
        # Django iterates over the old dict at this moment: bind a new one, never change it.
        self.apps.app_configs = {label: app for label, app in self.apps.app_configs.items() if label != self.label}
        self._forget_references(models)
        self.apps.clear_cache()
        for name in [name for name in sys.modules if name.startswith(f"{self.name}.")]:
            del sys.modules[name]
        self.ready = lambda: None  # type: ignore[method-assign]

    def _forget_references(self, models: set[type["Model"]]) -> None:
        """Undo what fields of these models did to the models they refer to, and stop waiting for those not there."""
        for key, waiting in list(self.apps._pending_operations.items()):
            left = [one for one in waiting if _field_of(one) is None or _field_of(one).model not in models]
            self.apps._pending_operations[key] = left
            if not left:
                del self.apps._pending_operations[key]
        for model in models:
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
                target = field.remote_field and field.remote_field.model
                if isinstance(target, type) and target not in models:
                    _forget_accessor(target, field.remote_field)


def missing_tables() -> dict[str, set[str]]:
    """Plugin's label -> tables of its models that are not in the database; nothing where the database is away, or where
    core's own are not there either."""
    from django.db import Error, connection

    labels = {config.label for config in apps.get_app_configs() if isinstance(config, PluginConfig)}
    with suppress(Error), connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if "django_migrations" not in there:
            return {}
        return {label: lacking for label in labels if (lacking := tables_of(apps.get_app_config(label)) - there)}
    return {}


def tables_of(config: AppConfig) -> set[str]:
    """The tables of an app's models."""
    models = config.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy}


def leave_out_unmigrated() -> None:
    """Leave out plugins of which no table is there, in a process that serves.

    Nobody could delete a page or a person: Django would look in those tables for what belongs to them. Such a plugin
    has no content yet, so nothing is missed.
    """
    from django.db import connection

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # asking the database this early is meant here
        missing = missing_tables()
    connection.close()  # a server that forks must not share it
    for label, tables in missing.items():
        config = apps.get_app_config(label)
        if isinstance(config, PluginConfig) and tables == tables_of(config):
            config.leave_out("migrations", ImproperlyConfigured("not applied: run manage.py migrate, and restart"))


def names_in_database(model: type["Model"]) -> Iterator[tuple[str, str]]:
    """(kind, name) of what this model needs for itself in the database."""
    if model._meta.managed and not model._meta.proxy:
        yield "table", model._meta.db_table
    yield from (("index", index.name) for index in model._meta.indexes)
    yield from (("constraint", constraint.name) for constraint in model._meta.constraints)


def _field_of(waiting: Any) -> Any:
    """The field that waits for a model, of one of `Apps._pending_operations`; None for what else waits."""
    while waiting is not None:  # functions around functions, each with some of the arguments
        if "field" in (keywords := getattr(waiting, "keywords", {})):
            return keywords["field"]
        waiting = getattr(waiting, "func", None)
    return None


def _forget_accessor(target: type["Model"], relation: Any) -> None:
    """Take the way back to a model that is gone from the model it refers to; whoever had that name before gets it
    back."""
    name = relation.get_accessor_name()
    if name is None or name not in vars(target):
        return
    delattr(target, name)
    for model in [model for models in apps.all_models.values() for model in models.values()]:
        for field in model._meta.local_fields:
            other = field.remote_field
            if other and other.model is target and other.get_accessor_name() == name:
                field.contribute_to_related_class(target, other)
                return
