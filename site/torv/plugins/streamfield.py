"""A StreamField that plugins extend.

Its migrations hold no blocks, so a plugin that comes or goes changes no migration. A block whose plugin is not there
is carried along as an `absent` block: not shown, not offered, not editable, and given back unchanged when the page is
saved. Stock StreamField drops it without a word.
"""

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.core import signing
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register as register_adapter
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.fields import StreamField

from .registry import plugins

ABSENT = "absent"
"""The one block type that stands for every block whose plugin is not there."""

_SALT = "torv.plugins.absent"


class AbsentBlock(blocks.FieldBlock):
    """Carries {"type": …, "value": …} of an unknown block through the editor's form.

    The form field is signed: what comes back to life with the plugin is what was there, never what somebody wrote
    into the form.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(
            widget=forms.HiddenInput,
            error_messages={"required": _("This block cannot be added. Remove it, or leave it as it was.")},
        )
        super().__init__(**kwargs)

    def value_for_form(self, value: dict | None) -> str:
        return signing.dumps(value, salt=_SALT) if value else ""

    def value_from_form(self, value: str) -> dict | None:
        try:
            return signing.loads(value, salt=_SALT) if value else None
        except signing.BadSignature:
            return None

    def render(self, value: Any, context: dict | None = None) -> SafeString:
        return mark_safe("")

    def get_prep_value(self, value: Any) -> Any:
        return value

    class Meta:
        label = _("Block of a plugin that is not installed (kept as it is)")
        icon = "warning"
        default = None


class PluginStreamBlock(blocks.StreamBlock):
    """A StreamBlock that wraps unknown blocks when it reads and unwraps them when it writes."""

    def to_python(self, value: Any) -> blocks.StreamValue:
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return super().to_python(value)
        if isinstance(value, list):
            value = [self._wrap(child) for child in value]
        return super().to_python(value)

    def get_prep_value(self, value: Any) -> list[dict] | None:
        written = super().get_prep_value(value)
        if not written:
            return written
        kept = (child for child in written if child["type"] != ABSENT or child["value"])
        return [{**child["value"], "id": child["id"]} if child["type"] == ABSENT else child for child in kept]

    def get_api_representation(self, value: Any, context: dict | None = None) -> list[dict] | None:
        shown = super().get_api_representation(value, context)
        return shown and [child for child in shown if child["type"] != ABSENT]

    def _wrap(self, child: Any) -> Any:
        if not isinstance(child, dict) or "type" not in child or child["type"] in self.child_blocks:
            return child
        return {"type": ABSENT, "value": {"type": child["type"], "value": child.get("value")}, "id": child.get("id")}


class PluginStreamBlockAdapter(StreamBlockAdapter):
    """Tells the editor's JavaScript that no absent block may be added; those that are there stay."""

    def js_args(self, block: blocks.StreamBlock) -> list[Any]:
        arguments = super().js_args(block)
        meta = arguments[-1]
        meta["blockCounts"] = {**(meta.get("blockCounts") or {}), ABSENT: {"max_num": 0}}
        return arguments


register_adapter(PluginStreamBlockAdapter(), PluginStreamBlock)


class PluginStreamField(StreamField):
    """A StreamField with the blocks given here and those of the `stream_blocks` hook for "app_label.Model.field"."""

    def __init__(self, block_types: Any = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(block_types, *args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        # Not StreamField's own, which would take every block apart: makemigrations would stop at one that cannot be.
        return super(StreamField, self).deconstruct()

    @property
    def place(self) -> str:
        """What hooks know this field by; the same for each of its translations."""
        original: Any = getattr(self, "translated_field", self)
        return f"{self.model._meta.label}.{original.name}"

    @cached_property
    def stream_block(self) -> PluginStreamBlock:
        children = dict(self.block_types_arg)
        model = getattr(self, "model", None)
        if model is not None and model.__module__ != "__fake__":  # a migration's model knows no plugins
            if not plugins.loaded:
                raise RuntimeError(f"{self.place} was read before plugins were loaded")

            def add(name: str, item: tuple[str, blocks.Block]) -> None:
                key, block = item
                if not (plugins.is_core(name) or key.startswith(f"{name}_")):
                    raise ValueError(f"block {key!r} must begin with '{name}_'")
                if key in children or key == ABSENT:
                    raise ValueError(f"there is a block {key!r} already")
                children[key] = block if plugins.is_core(name) else _contained(block, name)

            plugins.apply("stream_blocks", add, field=self.place)
        children[ABSENT] = AbsentBlock()
        block = PluginStreamBlock(list(children.items()))
        block.set_meta_options(self.block_opts)
        return block


def _contained(block: blocks.Block, name: str) -> blocks.Block:
    """A plugin's block that shows, says and refers to nothing where it fails in that. What it stores is not touched."""

    def contain(method: str, nothing: Callable[[], Any]) -> None:
        original = getattr(block, method)

        @functools.wraps(original)
        def contained(*args: Any, **kwargs: Any) -> Any:
            with plugins.blaming(name, f"block {block.name}, {method}"):
                found = original(*args, **kwargs)
                return list(found) if isinstance(found, Iterator) else found
            return nothing()

        setattr(block, method, contained)

    contain("render", SafeString)
    contain("get_searchable_content", list)
    contain("get_api_representation", lambda: None)
    contain("extract_references", list)
    return block


def plugin_stream_fields() -> list[PluginStreamField]:
    """Every PluginStreamField of every model, translations included."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, PluginStreamField)
    ]


def forget_blocks() -> None:
    """Drop the blocks that fields have put together, and the editors' forms that were built on them."""
    for field in plugin_stream_fields():
        field.__dict__.pop("stream_block", None)
        edit_handler: Any = getattr(field.model, "get_edit_handler", None)
        if hasattr(edit_handler, "cache_clear"):
            edit_handler.cache_clear()
