"""What a browser posts of a form, from its HTML."""

from typing import Any

from bs4 import Tag


def filled(form: Tag) -> dict[str, Any]:
    """What is posted when nothing was touched."""
    data: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or field.has_attr("disabled") or "__prefix__" in name:
            continue
        if field.name == "select":
            chosen = [option.get("value", "") for option in field.find_all("option") if option.has_attr("selected")]
            data[name] = chosen[0] if chosen else (field.find("option") or {}).get("value", "")
        elif field.name == "textarea":
            data[name] = field.text.removeprefix("\n")
        elif field.get("type") in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field.get("value", "on"))
        elif field.get("type") not in {"submit", "file"}:
            data[name] = field.get("value", "")
    for name in data:
        if name.endswith("-ORDER"):  # which the editor's script fills in
            data[name] = str(int(name.split("-")[1]) + 1)
    return data
