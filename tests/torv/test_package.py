"""Torv as a package: what a plugin depends on, and what a site is installed from without a checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.torv.plugins.packages import ROOT

KINDS = {".py", ".html", ".txt", ".css", ".js", ".svg", ".woff2", ".yaml", ".tsv", ".po", ".json", ".marisa", ".gz"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return set(zipfile.ZipFile(next(folder.glob("torv-*.whl"))).namelist())


def below(*folders: str) -> set[str]:
    """The files in these folders of the checkout that a site needs."""
    files = (file for folder in folders for file in (ROOT / folder).rglob("*"))
    kept = (file for file in files if file.suffix in KINDS and "__pycache__" not in file.parts)
    return {str(file.relative_to(ROOT)) for file in kept}


def test_the_wheel_holds_code_templates_tables_and_static_files(wheel: set[str]) -> None:
    assert below("home", "directory", "search", "plugins") <= wheel
    assert {str(Path(name).relative_to("site")) for name in below("site/torv")} <= wheel
    assert {
        f"torv/project/{Path(name).relative_to('site')}" for name in below("site/templates", "site/static")
    } <= wheel


def test_the_wheel_holds_compiled_catalogues_of_every_language(wheel: set[str]) -> None:
    assert {f"torv/project/locale/{language}/LC_MESSAGES/django.mo" for language in ("da", "sv", "en")} <= wheel


def test_the_wheel_names_the_bundled_plugins(wheel: set[str]) -> None:
    assert "torv/project/pyproject.toml" in wheel
