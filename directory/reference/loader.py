"""From the files to the database. Every function may run again at any time and says what it did.

Official lists (CPV, places, social objectives) follow the files. Categories and certifications belong to the editors
once they exist: what is missing is added, what is empty is filled, nothing that somebody wrote is changed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import translation

from directory.models import Category, Certification, CpvCode, Place, SocialObjective
from directory.models.cpv import cpv_digits
from directory.models.paths import SEPARATOR, parent_path
from directory.reference import read_tsv, read_yaml
from torv.languages import DEFAULT, LANGUAGES, localized

BATCH = 500

Report = Callable[[int, int], None]  # rows written so far, rows to write


@dataclass(frozen=True)
class Loaded:
    """What one list did: its name for people, and how many rows it added and changed."""

    name: str
    added: int
    changed: int
    total: int


def _silent(done: int, total: int) -> None:
    return None


def load_all(report: Callable[[str], Report] | None = None) -> Iterator[Loaded]:
    """Load every list in order, each all or nothing; `report(name)` gives a progress callback for that list."""
    for name, load in STEPS:
        with translation.override(DEFAULT), transaction.atomic():
            added, changed, total = load(report(name) if report else _silent)
        yield Loaded(name, added, changed, total)


def translated(field: str, row: dict[str, str]) -> dict[str, str]:
    """{"label_da": row["da"], …}"""
    return {localized(field, language): row[language] for language in LANGUAGES}


def cpv_rows() -> dict[str, dict[str, Any]]:
    """Code -> columns of CpvCode. The parent is the nearest shorter code that exists: the list skips some levels."""
    rows = {row["code"]: row for row in read_tsv("cpv.tsv")}
    by_digits = {cpv_digits(code): code for code in rows}
    paths: dict[str, str] = {}
    result = {}
    for digits in sorted(by_digits, key=len):
        code = by_digits[digits]
        above = next((digits[:n] for n in range(len(digits) - 1, 1, -1) if digits[:n] in by_digits), None)
        paths[digits] = f"{paths[above]}{SEPARATOR}{digits}" if above else digits
        result[code] = {
            "path": paths[digits],
            "parent_id": by_digits[above] if above else None,
            **translated("label", rows[code]),
        }
    return result


def place_rows() -> dict[str, dict[str, Any]]:
    """Code -> columns of Place: countries, their regions, their municipalities, with cells on the tile maps."""
    cells = {row["region_code"]: row for row in read_tsv("region_tiles.tsv")}
    cells |= {f"{row['region_code']}/{row['municipality_code']}": row for row in read_tsv("tiles.tsv")}
    names: dict[str, dict[str, str]] = {}
    for row in read_tsv("municipality_names.tsv"):
        names.setdefault(row["code"], {})[row["language"]] = row["name"]
    places: dict[str, tuple[str, dict[str, str]]] = {}
    for row in read_tsv("countries.tsv"):
        places[row["code"]] = (str(Place.Level.COUNTRY), row)
    for row in read_tsv("regions.tsv"):
        places[row["code"]] = (str(Place.Level.REGION), row)
    for row in read_tsv("municipalities.tsv"):
        code = SEPARATOR.join([row["country"], row["region_code"], row["municipality_code"]])
        same = dict.fromkeys(LANGUAGES, row["municipality"])
        places[code] = (str(Place.Level.MUNICIPALITY), same | names.get(code, {}))
    return {
        code: {
            "level": level,
            "parent_id": parent_path(code) or None,
            "tile_row": int(cells[code]["row"]) if code in cells else None,
            "tile_column": int(cells[code]["column"]) if code in cells else None,
            **translated("name", texts),
        }
        for code, (level, texts) in places.items()
    }


def social_objective_rows() -> dict[str, dict[str, Any]]:
    """Code -> columns of SocialObjective, in the list's order but "other" last."""
    rows = sorted(read_tsv("social_objectives.tsv"), key=lambda row: row["code"] == "other")
    return {row["code"]: {"position": n, **translated("name", row)} for n, row in enumerate(rows, start=1)}


def follow(model: type[models.Model], rows: dict[str, dict[str, Any]], report: Report) -> tuple[int, int, int]:
    """Make the table say what the rows say, by primary key: (added, changed, total). Rows not in the list stay."""
    columns = list(next(iter(rows.values())))
    manager = model._base_manager
    there = {values[0]: values[1:] for values in manager.values_list("pk", *columns)}
    added = [code for code in rows if code not in there]
    changed = [code for code, row in rows.items() if code in there and tuple(row.values()) != tuple(there[code])]
    # Modeltranslation keeps the default language's text in the untranslated column too.
    plain = [field.name for field in model._meta.fields if localized(field.name, DEFAULT) in columns]
    objects = [
        model(pk=code, **rows[code], **{name: rows[code][localized(name, DEFAULT)] for name in plain})
        for code in (*added, *changed)
    ]
    for start in range(0, len(objects), BATCH):
        manager.bulk_create(
            objects[start : start + BATCH],
            update_conflicts=True,
            unique_fields=[model._meta.pk.name],
            update_fields=[*(column.removesuffix("_id") for column in columns), *plain],
        )
        report(min(start + BATCH, len(objects)), len(objects))
    return len(added), len(changed), len(rows)


def load_cpv(report: Report = _silent) -> tuple[int, int, int]:
    return follow(CpvCode, cpv_rows(), report)


def load_places(report: Report = _silent) -> tuple[int, int, int]:
    return follow(Place, place_rows(), report)


def load_social_objectives(report: Report = _silent) -> tuple[int, int, int]:
    return follow(SocialObjective, social_objective_rows(), report)


def load_certifications(report: Report = _silent) -> tuple[int, int, int]:
    entries = read_yaml("certifications.yaml")
    there = {certification.code: certification for certification in Certification.objects.all()}
    added = changed = 0
    for position, entry in enumerate(entries, start=1):
        certification = there.get(entry["code"])
        texts = translated("name", entry["name"])
        if certification is None:
            Certification(code=entry["code"], position=position, **texts).save()
            added += 1
        elif _fill(certification, texts):
            certification.save()
            changed += 1
        report(position, len(entries))
    return added, changed, len(entries)


def load_categories(report: Report = _silent) -> tuple[int, int, int]:
    entries = list(category_entries())
    tree = _CategoryTree({path for path, _position, _entry in entries})
    for done, (path, position, entry) in enumerate(entries, start=1):
        tree.load(path, position, entry)
        report(done, len(entries))
    return tree.added, tree.changed, len(entries)


def category_entries(
    entries: list[dict[str, Any]] | None = None, above: str = ""
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(path, position among siblings, entry) of every category in the file, parents first."""
    for position, entry in enumerate(read_yaml("categories.yaml") if entries is None else entries, start=1):
        path = f"{above}{SEPARATOR}{entry['code']}" if above else entry["code"]
        yield path, position, entry
        yield from category_entries(entry.get("children", []), path)


class _CategoryTree:
    """The categories as they are, read once, while the file is laid over them."""

    def __init__(self, listed: set[str]) -> None:
        self.listed = listed  # the paths in the file
        self.by_path = {category.path: category for category in Category.objects.select_related("parent")}
        self.with_cpv = set(Category.cpv_codes.through.objects.values_list("category_id", flat=True).distinct())
        self.slugs = {
            (language, getattr(category, localized("slug", language)))
            for category in self.by_path.values()
            for language in LANGUAGES
        }
        self.placed: dict[str, Category] = {}  # path in the file -> the category, wherever editors moved it
        self.added = self.changed = 0

    def load(self, path: str, position: int, entry: dict[str, Any]) -> None:
        category = self.by_path.get(path) or self._moved(entry["code"])
        texts = self._texts(entry)
        if category is None:
            for language in LANGUAGES:
                name = localized("slug", language)
                texts[name] = self._free_slug(language, texts[name], entry["code"])
            parent = self.placed.get(parent_path(path))
            category = Category(code=entry["code"], parent=parent, position=position, icon=entry["icon"], **texts)
            category.save()
            category.cpv_codes.set(entry["cpv"])
            self.added += 1
        elif self._complete(category, texts, entry):
            self.changed += 1
        self.placed[path] = category

    def _moved(self, code: str) -> Category | None:
        """The one category with this code that the file does not know at its place: editors moved it there."""
        found = [c for path, c in self.by_path.items() if c.code == code and path not in self.listed]
        return found[0] if len(found) == 1 else None

    def _texts(self, entry: dict[str, Any]) -> dict[str, str]:
        words = {language: "\n".join(entry["synonyms"][language]) for language in LANGUAGES}
        return {
            **translated("name", entry["name"]),
            **translated("slug", entry["slug"]),
            **translated("description", entry["description"]),
            **translated("synonyms", words),
        }

    def _complete(self, category: Category, texts: dict[str, str], entry: dict[str, Any]) -> bool:
        """Fill what is empty; whether anything was."""
        for language in LANGUAGES:
            name = localized("slug", language)
            if not getattr(category, name):
                texts[name] = self._free_slug(language, texts[name], entry["code"])
        filled = _fill(category, {**texts, "icon": entry["icon"]})
        if filled:
            category.save()
        if category.pk not in self.with_cpv:
            category.cpv_codes.set(entry["cpv"])
            filled = True
        return filled

    def _free_slug(self, language: str, slug: str, code: str) -> str:
        """The slug, with the code behind it when somebody else has it already."""
        if (language, slug) in self.slugs:
            slug = f"{slug}-{code}"
        self.slugs.add((language, slug))
        return slug


def _fill(instance: models.Model, values: dict[str, str]) -> bool:
    """Set those attributes that are empty; whether any was."""
    empty = {name: value for name, value in values.items() if value and not getattr(instance, name)}
    for name, value in empty.items():
        setattr(instance, name, value)
    return bool(empty)


STEPS: tuple[tuple[str, Callable[[Report], tuple[int, int, int]]], ...] = (
    ("CPV codes", load_cpv),
    ("Places", load_places),
    ("Social objectives", load_social_objectives),
    ("Certifications", load_certifications),
    ("Categories", load_categories),
)
