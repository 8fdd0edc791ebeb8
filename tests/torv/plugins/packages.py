"""Packages for tests: tiny ones written into a folder, and the real one under outside/ built as a wheel."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).resolve().parents[3]
OUTSIDE = Path(__file__).resolve().parent / "outside"

APPS = """from torv.plugins import PluginConfig


class Config(PluginConfig):
    name = "{package}"
    label = "{label}"
"""


def write_package(
    folder: Path,
    name: str,
    files: Mapping[str, str] | None = None,
    *,
    requires: str = "torv>=0.1,<1",
    apps: str = APPS,
    label: str = "",
) -> Path:
    """An installed package `torv_<name>` in `folder`: code, metadata and entry point. Returns the folder."""
    package = f"torv_{name}"
    files = {"__init__.py": "", "apps.py": apps.format(package=package, label=label or name), **(files or {})}
    for path, text in files.items():
        file = folder / package / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    metadata = ["Metadata-Version: 2.1", f"Name: torv-{name}", "Version: 1.0"]
    metadata += [f"Requires-Dist: {requires}"] if requires else []
    (info / "METADATA").write_text("\n".join(metadata) + "\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[torv]\n{name} = {package}.apps:Config\n", encoding="utf-8")
    return folder


def build_wheel(project: str, folder: Path) -> Path:
    """Build the wheel of a project under outside/, with its catalogues compiled; returns the file."""
    source = folder / "source"
    shutil.copytree(OUTSIDE / project, source)
    for catalogue in source.rglob("*.po"):
        polib.pofile(str(catalogue)).save_as_mofile(str(catalogue.with_suffix(".mo")))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def install_wheel(wheel: Path, folder: Path) -> Path:
    """What an installer does with a wheel of plain Python: unpack it. Returns the folder for the path."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run_site(
    code: str, *, before: str = "", packages: Path | None = None, timeout: int = 240, **environment: str
) -> dict[str, Any]:
    """Run `code` in a fresh process after django.setup(), with the packages in that folder installed.

    `code` puts what it has found into the dictionary `found`; that comes back (by way of JSON). `before` runs before
    the apps are made ready.
    """
    script = f"import django, json, logging\nlogging.disable(logging.CRITICAL)\n{before}\n"
    script += "django.setup()\nfound = {}\n"
    script += f"{code}\nprint('\\n' + json.dumps(found, default=str))\n"
    done = _run([sys.executable, "-c", script], packages, timeout, environment)
    if done.returncode:
        raise AssertionError(done.stderr[-3000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_manage(
    *arguments: str, packages: Path | None = None, timeout: int = 240, **environment: str
) -> tuple[int, str]:
    """Run `manage.py` in a fresh process: its exit status and everything that it printed."""
    done = _run([sys.executable, "manage.py", *arguments], packages, timeout, environment)
    return done.returncode, done.stdout + done.stderr


def _run(
    command: list[str], packages: Path | None, timeout: int, environment: Mapping[str, str]
) -> subprocess.CompletedProcess:
    path = [str(packages)] if packages else []
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*path, str(ROOT), str(ROOT / "site")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "torv.settings.test",
        **environment,
    }
    return subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=timeout, check=False
    )
