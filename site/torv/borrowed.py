"""What the packages we build on say to people, where they do not say it in every language of the site.

Volunteers translate Wagtail, and have done a fifth of it into Danish. An editor reads it all day, so what the installed
version lacks stands in catalogues of our own, `locale/wagtail`, which `python -m torv.catalogues` keeps and checks with
those of the site. A message that a package does translate may be added there by hand: ours is heard first. It stays
until no package says it any more.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import django
import polib

from torv import catalogues
from torv.catalogues import ROOT, Key, Message

FOLDER = "locale/wagtail"
LANGUAGES = tuple(language for language in catalogues.LANGUAGES if language != catalogues.SOURCE_LANGUAGE)
DOMAINS = ("django", "djangojs")
#: Not applications here, so that Django reads no catalogue of theirs; Wagtail shows what they say.
LIBRARIES = ("django_filters", "modelsearch", "treebeard")


@dataclass(frozen=True)
class Package:
    """An installed package: its name, its folder, and whether Django reads the catalogues in it."""

    name: str
    folder: Path
    is_read: bool = True


def installed_packages() -> list[Package]:
    """The applications of others in the site's settings, and the libraries that they show."""
    from torv.settings import base

    ours = {"torv", *catalogues.FOLDERS}
    names = [
        name
        for name in base.INSTALLED_APPS
        if name.partition(".")[0] not in ours and name not in base.TORV_PLUGINS.apps
    ]
    return [*(_package(name) for name in names), *(_package(name, is_read=False) for name in LIBRARIES)]


def _package(name: str, is_read: bool = True) -> Package:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No package {name} is installed")
    return Package(name, Path(spec.submodule_search_locations[0]), is_read)


def said(packages: Iterable[Package], domain: str) -> dict[Key, Message]:
    """Every message of the packages. Those of scripts are in their English catalogue: the scripts come bundled."""
    found: dict[Key, Message] = {}
    for package in sorted(packages, key=lambda package: package.name):
        messages = _scripts_messages(package) if domain == "djangojs" else _source_messages(package)
        for message, name in messages:
            catalogues.collect(found, message, f"{package.name.replace('.', '/')}/{name}")
    return found


def _source_messages(package: Package) -> Iterator[tuple[Message, str]]:
    for path in _files(package.folder):
        name = path.relative_to(package.folder).as_posix()
        for message in catalogues.file_messages(path, name):
            yield message, name


def _files(folder: Path) -> Iterator[Path]:
    """The files of a package without those of packages in it that are applications of their own."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif path.name not in ("locale", "test") and not (path / "apps.py").exists() and not (path / "locale").exists():
            yield from _files(path)


def _scripts_messages(package: Package) -> Iterator[tuple[Message, str]]:
    path = package.folder / "locale" / catalogues.SOURCE_LANGUAGE / "LC_MESSAGES" / "djangojs.po"
    for entry in polib.pofile(str(path)) if path.exists() else []:
        for name in dict.fromkeys(name for name, _line in entry.occurrences):
            yield Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""), name


def wanted(path: Path, messages: Mapping[Key, Message], known: Container[tuple[str, str, bool]]) -> dict[Key, Message]:
    """The messages that our catalogue at the path should have: those that are not known elsewhere, and those it has."""
    ours = {(entry.msgctxt or "", entry.msgid) for entry in catalogues.read(path)}
    # With one form, a message is found among those with two; with two, only among those.
    return {
        key: message
        for key, message in messages.items()
        if key in ours or ((*key, True) not in known and (message.plural or (*key, False) not in known))
    }


def translated(packages: Iterable[Package], language: str, domain: str) -> set[tuple[str, str, bool]]:
    """What Django finds in the packages' catalogues and in its own: context, message, and whether it has two forms."""
    folders = [package.folder for package in packages if package.is_read]
    if domain == "django":
        folders.append(Path(django.__path__[0], "conf"))
    found = set()
    for folder in folders:
        # As compiled, which is what Django reads: nothing fuzzy is in it.
        path = folder / "locale" / language / "LC_MESSAGES" / f"{domain}.mo"
        for entry in polib.mofile(str(path)) if path.exists() else []:
            if catalogues.is_translated(entry):
                found.add((entry.msgctxt or "", entry.msgid, bool(entry.msgid_plural)))
    return found


def _catalogues(root: Path, packages: Iterable[Package] | None) -> Iterator[tuple[Path, dict[Key, Message], str]]:
    """Each of our catalogues: its path, the messages it should have, its language."""
    packages = installed_packages() if packages is None else list(packages)
    for domain in DOMAINS:
        messages = said(packages, domain)
        for language in LANGUAGES:
            path = root / FOLDER / language / "LC_MESSAGES" / f"{domain}.po"
            yield path, wanted(path, messages, translated(packages, language, domain)), language


def update(root: Path = ROOT, packages: Iterable[Package] | None = None) -> None:
    """Write our catalogues anew for the packages; translations of what they still say are kept."""
    for path, messages, language in _catalogues(root, packages):
        catalogues.write(path, messages, language)


def check(root: Path = ROOT, packages: Iterable[Package] | None = None) -> list[str]:
    """What is wrong with our catalogues, one sentence each; nothing when every message is translated by someone."""
    return [
        problem
        for path, messages, language in _catalogues(root, packages)
        for problem in catalogues.problems(path, messages, language, gone="is no longer said by any package")
    ]
