"""Tests keep to what they are about, so that leaving a plugin out leaves tests that pass.

`TORV_PLUGINS_DISABLED=news pytest` shows it for one plugin; this holds it for all at the price of reading the files.
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((TESTS.parent / "pyproject.toml").read_text(encoding="utf-8"))
PLUGINS = set(PROJECT["project"]["entry-points"]["torv"])


def imported(file: Path) -> Iterator[str]:
    """Names of modules, as far as they are written out: "plugins.news.models"."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def needed(file: Path) -> set[str]:
    parts = [name.removeprefix("tests.").split(".") for name in imported(file)]
    return {part[1] for part in parts if part[0] in ("plugins", "factories") and len(part) > 1} & PLUGINS


def allowed(file: Path) -> set[str]:
    """A plugin's own folder and factories, and what the name of a file in `together` says."""
    where = file.relative_to(TESTS).parts
    if where[:2] == ("plugins", "together"):
        return PLUGINS & set(file.stem.split("_"))
    return PLUGINS & {file.stem} if where[0] == "factories" else PLUGINS & set(where[1:2])


def test_every_bundled_plugin_has_tests_in_a_folder_of_its_name() -> None:
    assert all((TESTS / "plugins" / name).is_dir() for name in PLUGINS)


def test_no_test_needs_a_plugin_that_is_not_its_own() -> None:
    excess = {file.relative_to(TESTS).as_posix(): needed(file) - allowed(file) for file in TESTS.rglob("*.py")}
    assert {file: plugins for file, plugins in excess.items() if plugins} == {}
