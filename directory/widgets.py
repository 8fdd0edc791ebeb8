"""The editor's picker for codes: a search field with chosen values below it; without JavaScript a line of codes."""

import json
import re
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.pickers import PICKERS, Picker

_SEPARATORS = re.compile(r"[,;|\n\r\t]+")


def split_codes(text: str) -> list[str]:
    """Codes or names separated by commas, semicolons, bars or lines, each once: "90919300, 98311200"."""
    return list(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip()))


class CodePicker(forms.TextInput):
    """For a ModelMultipleChoiceField, or with ``multiple=False`` a ModelChoiceField, of codes.

    What is posted is a line of codes; names that are unique resolve too. What is unknown reaches the field as it was
    typed, whose own message then names it.
    """

    template_name = "directory_admin/widgets/code_picker.html"

    def __init__(self, kind: str, *, multiple: bool = True, attrs: dict | None = None) -> None:
        self.kind, self.multiple = kind, multiple
        self.choices: Any = ()
        super().__init__(attrs)

    @property
    def picker(self) -> Picker:
        return PICKERS[self.kind]

    def _keys(self, value: Any) -> list[Any]:
        if value in (None, ""):
            return []
        return list(value) if isinstance(value, list | tuple) else [value]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = split_codes(str(data.get(name) or ""))
        found = self.picker.resolve(typed) if typed else {}
        keys = [found[token] if found[token] is not None else token for token in typed]
        if self.multiple:
            return keys
        return ", ".join(map(str, keys)) if len(keys) > 1 else (keys[0] if keys else "")

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        keys = self._keys(value)
        chosen = self.picker.describe(keys)
        known = {choice.key for choice in chosen}
        # A key without a row is what somebody typed wrongly: it is shown again, to be corrected.
        unknown = [str(key) for key in keys if str(key) not in known]
        context = super().get_context(name, ", ".join([choice.code for choice in chosen] + unknown), attrs)
        context["widget"]["attrs"].setdefault("autocomplete", "off")
        context["picker"] = {
            "url": reverse("directory_codes", args=[self.kind]),
            "multiple": self.multiple,
            "chosen": chosen,
            "placeholder": self.picker.placeholder,
            "strings": json.dumps(
                {
                    "remove": _("Remove %(label)s"),
                    "one": _("1 suggestion"),
                    "many": _("%(count)s suggestions"),
                    "none": _("Nothing found"),
                    "failed": _("The search did not answer. Type codes instead, separated by commas."),
                    "added": _("%(label)s added"),
                    "removed": _("%(label)s removed"),
                    "chosen": _("Chosen"),
                }
            ),
        }
        return context

    class Media:
        css = {"all": ["directory/picker.css"]}
        js = ["directory/picker.js"]
