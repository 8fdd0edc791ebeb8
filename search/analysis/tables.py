"""Where the built word tables lie, whether they are whole, and which version of the analysis they make.

`TABLES_VERSION` is part of every index name: other tables, other lists or other rules make other tokens, so they need
another index.
"""

import functools
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "tables"
LISTS = Path(__file__).parent / "lists"
MANIFEST = "manifest.json"  # of the word tables, which decide the tokens
CONCEPTS = "concepts.json"  # of the concept tables, which do not
RULES = 2  # raise it when the code makes other tokens from the same tables and lists
REMEDY = "restore search/analysis/tables/ from the repository or rebuild it with `python -m search.analysis.build`."


class TablesMissing(Exception):
    """A word table is missing or damaged; the message is one sentence that says which and what to do."""


@functools.cache
def manifest(folder: Path = TABLES, name: str = MANIFEST) -> dict[str, Any]:
    """What the build wrote about its tables: {"files": {name: {"size", "sha256"}}, "sources": {…}}."""
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
        if found["files"]:
            return found
        raise ValueError("no files")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TablesMissing(f"The search's word tables have no readable {name} in {folder}: {REMEDY}") from error


def table(name: str, folder: Path = TABLES, listed: str = MANIFEST) -> Path:
    """Path of one table, its presence and size checked (cheap: the full check is `check_tables`)."""
    path, expected = folder / name, manifest(folder, listed)["files"].get(name)
    if expected is None or not path.is_file():
        raise TablesMissing(f"The search's word table {name} is missing from {folder}: {REMEDY}")
    if path.stat().st_size != expected["size"]:
        raise TablesMissing(f"The search's word table {name} is damaged (its size differs): {REMEDY}")
    return path


def check_tables(folder: Path = TABLES) -> None:
    """Raise `TablesMissing` unless every table is there and is what was built (reads some 10 MB)."""
    for listed in (MANIFEST, CONCEPTS):
        for name, expected in sorted(manifest(folder, listed)["files"].items()):
            if hashlib.sha256(table(name, folder, listed).read_bytes()).hexdigest() != expected["sha256"]:
                raise TablesMissing(f"The search's word table {name} is damaged (its content differs): {REMEDY}")


@functools.cache
def tables_version(folder: Path = TABLES) -> str:
    """Ten hexadecimal digits that change whenever the same text could give other tokens."""
    digest = hashlib.sha256(f"rules {RULES}\n".encode())
    for name, entry in sorted(manifest(folder)["files"].items()):
        digest.update(f"{name} {entry['sha256']}\n".encode())
    for path in sorted(LISTS.glob("*_*.txt")):  # translations.txt makes no tokens
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def rows(name: str) -> Iterator[list[str]]:
    """Lines of a hand-kept list as fields: blanks separate them, `#` starts a comment; no list has no lines."""
    path = LISTS / name
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = line.split("#")[0].split()
            if fields:
                yield fields
