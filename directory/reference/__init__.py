"""Reference data of the directory, as files: CPV codes, places and their tile maps, categories, certifications.

Nothing here touches the database; `directory.reference.loader` puts the files into it. See README.md for the sources.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
_SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster, where it was built


def read_tsv(name: str) -> list[dict[str, str]]:
    """The rows of "cpv.tsv" and the like, by the names in its first line."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def read_yaml(name: str) -> Any:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_SAFE_LOADER)  # noqa: S506 - safe in both forms


@cache
def _short_names() -> dict[str, str]:
    return {row["code"]: row["short_name"] for row in read_tsv("short_names.tsv")}


def short_name(place_code: str, name: str) -> str:
    """What fits on a tile of the map: "Ringk.-Skjern" for Ringkøbing-Skjern, the name itself where it is short."""
    return _short_names().get(place_code, name)


@cache
def social_service_codes() -> frozenset[str]:
    """The CPV codes of social, health and cultural services that Article 77 of Directive 2014/24/EU lets reserve."""
    return frozenset(row["code"] for row in read_tsv("cpv_art77_social.tsv"))
