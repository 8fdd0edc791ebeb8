"""`manage.py plugin_remove NAME`: take a plugin's content out of the site, while the plugin is still on."""

import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model, ProtectedError

from torv.pages import get_page_model
from torv.plugins import PluginConfig
from torv.protection import Protected


class Command(BaseCommand):
    """List, export, delete, and migrate to zero; without --yes it only lists and exports."""

    help = "Take a plugin's content out of the site, while it is still on. Without --yes it only lists and exports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the plugin's name, as `manage.py plugins` shows it")
        parser.add_argument("--export", metavar="FILE", help="write everything to this JSON file first")
        parser.add_argument("--yes", action="store_true", help="delete, after listing")

    def handle(self, *args: Any, **options: Any) -> None:
        config = _plugin(options["name"])
        pages, others = _content(config)
        for page in pages:
            below = page.get_descendant_count()
            state = ("live" if page.live else "draft") + (f", {below} below" if below else "")
            self.stdout.write(f"{page._meta.label} {page.pk} {page.url_path} {state}")
        for model in others:
            self.stdout.write(f"{model._meta.label}: {model._base_manager.count()}")
        if options["export"]:
            Path(options["export"]).write_text(_export(pages, others), encoding="utf-8")
        if not options["yes"]:
            self.stdout.write("Nothing is deleted yet: add --yes.")
            return
        _refuse_strangers(pages)
        _delete(config, pages)
        self.stdout.write(f"Now add {config.label} to TORV_PLUGINS_DISABLED or uninstall {config.module.__name__}.")


def _plugin(name: str) -> PluginConfig:
    try:
        config = apps.get_app_config(name)
    except LookupError:
        raise CommandError(f"{name} is not on: its content can be removed only while it is.") from None
    if not isinstance(config, PluginConfig):
        raise CommandError(f"{name} is part of the site, not a plugin.")
    return config


def _content(config: PluginConfig) -> tuple[list[Any], list[type[Model]]]:
    """The plugin's pages, deepest first, and its other models."""
    page_model = get_page_model()
    models = list(config.get_models())
    page_types = [model for model in models if issubclass(model, page_model)]
    pages = [page for model in page_types for page in model.objects.all() if page.specific_class is model]
    return sorted(pages, key=lambda page: -page.depth), [model for model in models if model not in page_types]


def _export(pages: list[Any], others: list[type[Model]]) -> str:
    """Everything as JSON. Pages by modelcluster: Django's serializer leaves out what a page inherits, its title first
    of all."""
    rows = [{"model": page._meta.label_lower, "fields": page.serializable_data()} for page in pages]
    rows += serializers.serialize("python", [row for model in others for row in model._base_manager.order_by("pk")])
    return json.dumps(rows, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)


def _refuse_strangers(pages: list[Any]) -> None:
    """Deleting a page deletes what is below it: another's content must not go with this plugin's."""
    ours = {page.pk for page in pages}
    strangers = {below.url_path for page in pages for below in page.get_descendants() if below.pk not in ours}
    if strangers:
        raise CommandError("Move these first, they are below the plugin's pages: " + ", ".join(sorted(strangers)))


def _delete(config: PluginConfig, pages: list[Any]) -> None:
    page_model = get_page_model()
    try:
        with transaction.atomic():
            for page in pages:  # fetched again: treebeard moves numbers about as siblings and children go
                page_model.objects.get(pk=page.pk).specific.delete()
    except ProtectedError as error:
        raise CommandError(f"Something else still needs this plugin's content: {error}") from None
    except Protected as error:
        raise CommandError(error.messages[0]) from None
    call_command("migrate", config.label, "zero", verbosity=0)
    ContentType.objects.filter(app_label=config.label).delete()
