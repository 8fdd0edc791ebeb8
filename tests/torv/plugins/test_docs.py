"""docs/plugins.md says of every hook what the code says."""

import dataclasses
import inspect
import re
import tomllib

import pytest

from tests.torv.plugins.hooks import specified
from tests.torv.plugins.packages import OUTSIDE, ROOT
from torv.plugins import hookspecs

TEXT = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
FOLDERS = ("site/torv", "home", "directory", "search", "plugins")
SECTIONS = dict(re.findall(r"^### `(\w+)\(.*?`\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))


def test_every_hook_is_documented_in_the_order_of_the_file() -> None:
    assert list(SECTIONS) == list(specified())


@pytest.mark.parametrize("hook", specified())
def test_the_documented_signature_is_the_specifications(hook: str) -> None:
    signature = f"{hook}{inspect.signature(specified()[hook])}".replace("'", "")
    assert f"### `{signature}`\n" in TEXT


@pytest.mark.parametrize("hook", specified())
def test_every_hook_has_a_docstring_and_an_example(hook: str) -> None:
    assert inspect.getdoc(specified()[hook])
    assert f"@hookimpl\ndef {hook}(" in SECTIONS[hook]


@pytest.mark.parametrize(
    ("item", "hook"),
    [
        ("NavigationItem", "navigation"),
        ("HealthCheck", "health_checks"),
        ("Announcement", "announce"),
        ("FrontPageSection", "front_page_sections"),
        ("RelatedItems", "related_items"),
        ("RelatedItem", "related_items"),
    ],
)
def test_every_field_of_an_item_is_documented(item: str, hook: str) -> None:
    for field in dataclasses.fields(getattr(hookspecs, item)):
        assert f"`{field.name}`" in SECTIONS[hook]


@pytest.mark.parametrize("hook", specified())
def test_somebody_asks_every_hook(hook: str) -> None:
    asked = re.compile(rf"plugins\.(each|items|collect|first|apply)\(\s*\"{hook}\"")
    files = (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    assert any(asked.search(file.read_text(encoding="utf-8")) for file in files)


@pytest.mark.parametrize("hook", specified())
def test_somebody_answers_every_hook(hook: str) -> None:
    """Read from the source: a bundled plugin that is left out by settings is still there for whoever wants it."""
    bundled = [file for folder in FOLDERS for file in (ROOT / folder).rglob("plugin.py")]
    outside = OUTSIDE / "torv-fairs/src/torv_fairs/plugin.py"
    assert any(f"\ndef {hook}(" in file.read_text(encoding="utf-8") for file in [*bundled, outside])


def test_the_template_in_the_documentation_is_the_package_that_the_tests_build() -> None:
    shown = tomllib.loads(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1])
    real = tomllib.loads((OUTSIDE / "torv-fairs" / "pyproject.toml").read_text(encoding="utf-8"))
    for key in ("name", "version", "dependencies", "entry-points"):
        assert shown["project"][key] == real["project"][key]
    assert (shown["build-system"], shown["tool"]) == (real["build-system"], real["tool"])
