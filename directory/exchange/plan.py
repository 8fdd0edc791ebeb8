"""What importing files would change, and everything that is wrong with them. Nothing is written here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.exchange.columns import CellError, Column, Lookups
from directory.exchange.files import MAX_ERRORS, Problem, Table, Unreadable, printable, read
from directory.exchange.sheets import (
    BY_FILE,
    CHILD_SHEETS,
    DRAFT,
    ENTERPRISE,
    ENTERPRISES,
    KEY,
    LIVE,
    STATUS,
    Sheet,
    child_rows,
    row_key,
)
from directory.models import DirectoryPage, EnterprisePage
from directory.queries import the_directory, with_details
from home.slugs import COLUMNS, slug_from, slugs_of
from torv.languages import DEFAULT, LANGUAGES, in_every_language, localized

LONGEST_SLUG = 200  # of those made from names
# Where a page is in the tree is not known before it is written.
_UNPLACED = ("path", "depth", "url_path", "content_type", "locale", "translation_key", "slug")


@dataclass
class RowChange:
    """A row inside an enterprise: its values that differ."""

    sheet: Sheet
    key: UUID
    row: int
    is_new: bool
    values: list[tuple[Column, Any]]


@dataclass
class EnterpriseChange:
    """An enterprise: its values that differ, and its rows that do."""

    key: str
    row: int
    page: EnterprisePage | None  # None: it will be made
    publish: bool = False
    values: list[tuple[Column, Any]] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.page is None

    def __bool__(self) -> bool:
        return bool(self.is_new or self.publish or self.values or self.rows)

    def apply(self, page: EnterprisePage) -> None:
        """Alter this page, in memory: the public one, or a draft of it."""
        for column, value in self.values:
            column.assign(page, value)
        for change in self.rows:
            self._apply_row(page, change)

    @staticmethod
    def _apply_row(page: EnterprisePage, change: RowChange) -> None:
        manager = getattr(page, change.sheet.accessor)
        present = child_rows(page, change.sheet)
        row = next((candidate for candidate in present if candidate.key == change.key), None)
        if row is None:
            if not change.is_new:
                return  # a draft in which the row was deleted keeps it deleted
            last = max((candidate.sort_order or 0 for candidate in present), default=-1)
            row = change.sheet.model(key=change.key, sort_order=last + 1)
        for column, value in change.values:
            column.assign(row, value)
        manager.add(row)

    def describe(self) -> list[str]:
        """What differs, as headers: ["city", "offers.csv: name_da"]."""
        found = [column.name for column, _value in self.values]
        for change in self.rows:
            found += [f"{change.sheet.file}: {column.name}" for column, _value in change.values]
        return list(dict.fromkeys(found))


@dataclass
class Plan:
    """The outcome of reading files: what would change, or what is wrong. ``applied`` once it has been written."""

    changes: list[EnterpriseChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0
    applied: bool = False
    more_problems: int = 0
    """Problems that are not among ``problems``: nobody reads more at a time."""

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def created(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.created

    @property
    def rows_created(self) -> int:
        return sum(row.is_new for change in self.changes for row in change.rows)

    @property
    def rows_changed(self) -> int:
        return sum(not row.is_new for change in self.changes for row in change.rows)


def make_plan(files: dict[str, bytes]) -> Plan:
    """Compare files, given by name, with the database. Problems are in the answer, none is raised."""
    planner = _Planner()
    try:
        planner.read(files)
        if not planner.problems:
            planner.compare()
        if not planner.problems:
            planner.validate()
    except Unreadable as error:
        planner.problems += error.problems
    changes = [change for change in planner.changes.values() if change]
    problems = sorted(set(planner.problems))
    return Plan(
        changes,
        problems[:MAX_ERRORS],
        unchanged=len(planner.changes) - len(changes),
        more_problems=max(0, len(problems) - MAX_ERRORS),
    )


class _Planner:
    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.problems: list[Problem] = []
        self.changes: dict[str, EnterpriseChange] = {}
        self.lookups = Lookups()
        self.directory: DirectoryPage | None = None
        self.blank = EnterprisePage()  # what a new enterprise is compared with: making a page takes a millisecond

    def problem(self, sheet: Sheet, row: int, column: str, message: str) -> None:
        self.problems.append(Problem(sheet.file, row, column, message))

    # ---- reading ----------------------------------------------------------------------------------------------------
    def read(self, files: dict[str, bytes]) -> None:
        for name, content in files.items():
            sheet = BY_FILE.get(name)
            if sheet is None:
                message = _("We know no file of this name. The names are: %(names)s.") % {"names": ", ".join(BY_FILE)}
                self.problems.append(Problem(name, 0, "", message))
                continue
            required = (KEY, ENTERPRISE) if sheet.accessor else (KEY,)
            try:
                self.tables[name] = read(name, content, sheet.headers, required)
            except Unreadable as error:
                self.problems += error.problems
        if not files:
            self.problems.append(Problem("", 0, "", _("Choose at least one file.")))

    # ---- comparing --------------------------------------------------------------------------------------------------
    def compare(self) -> None:
        self.directory = directory = the_directory()
        if directory is None:
            raise Unreadable(Problem("", 0, "", _("The site has no directory yet.")))
        pages = self._pages()
        for row, cells in self._keyed_rows(ENTERPRISES):
            self._compare_enterprise(row, cells, pages.get(cells[KEY]))
        for sheet in CHILD_SHEETS:
            for row, cells in self._keyed_rows(sheet):
                self._compare_row(sheet, row, cells, pages)
        self._check_slugs(directory)

    def _pages(self) -> dict[str, EnterprisePage]:
        keys = {
            cells[KEY if name == ENTERPRISES.file else ENTERPRISE].strip()
            for name, table in self.tables.items()
            for _row, cells in table.rows
        }
        return {page.key: page for page in with_details(EnterprisePage.objects.filter(key__in=keys))}

    def _keyed_rows(self, sheet: Sheet) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a file that say which they are, each once."""
        table = self.tables.get(sheet.file)
        seen: dict[tuple[str, str], int] = {}
        for row, cells in table.rows if table else ():
            for name in (KEY, ENTERPRISE) if sheet.accessor else (KEY,):
                cells[name] = cells[name].strip()
            identity = (cells.get(ENTERPRISE, ""), cells[KEY])
            if not cells[KEY]:
                self.problem(sheet, row, KEY, _("Every row needs a key."))
            elif identity in seen:
                message = _("Row %(row)s has this key too.") % {"row": seen[identity]}
                self.problem(sheet, row, KEY, message)
            else:
                seen[identity] = row
                yield row, cells

    def _differences(self, sheet: Sheet, row: int, cells: dict[str, str], instance: Any) -> list[tuple[Column, Any]]:
        found = []
        for column in sheet.columns:
            if column.name not in cells or column.same(cells[column.name], instance):
                continue
            cell = cells[column.name]
            try:
                if column.required and not cell.strip():
                    raise CellError(_("This cell may not be empty."))
                found.append((column, column.read(cell, self.lookups)))
            except CellError as error:
                self.problem(sheet, row, column.name, str(error))
        return found

    def _compare_enterprise(self, row: int, cells: dict[str, str], page: EnterprisePage | None) -> None:
        change = EnterpriseChange(cells[KEY], row, page)
        change.values = self._differences(ENTERPRISES, row, cells, page or self.blank)
        status = cells.get(STATUS, "").strip().casefold()
        if status not in {"", LIVE, DRAFT}:
            message = _("“%(value)s” is none of: %(values)s.")
            values = {"value": printable(cells[STATUS]), "values": f"{LIVE}, {DRAFT}"}
            self.problem(ENTERPRISES, row, STATUS, message % values)
        is_live = page is not None and page.live
        change.publish = status == LIVE and not is_live
        if status == DRAFT and is_live:
            message = _("This enterprise is public. An import takes nothing off the site: unpublish it in the editor.")
            self.problem(ENTERPRISES, row, STATUS, message)
        self.changes[cells[KEY]] = change

    def _compare_row(self, sheet: Sheet, row: int, cells: dict[str, str], pages: dict[str, EnterprisePage]) -> None:
        owner = cells[ENTERPRISE]
        page = pages.get(owner)
        if owner not in self.changes:
            if page is None:
                message = _("There is no enterprise with the key “%(key)s”.") % {"key": printable(owner)}
                self.problem(sheet, row, ENTERPRISE, message)
                return
            self.changes[owner] = EnterpriseChange(owner, 0, page)
        key = row_key(sheet, owner, cells[KEY])
        change = self.changes[owner]
        if any(other.sheet is sheet and other.key == key for other in change.rows):
            self.problem(sheet, row, KEY, _("Another row means the same one."))
            return
        present = next((child for child in child_rows(page, sheet) if child.key == key), None) if page else None
        values = self._differences(sheet, row, cells, present or sheet.model())
        if present is None or values:
            change.rows.append(RowChange(sheet, key, row, present is None, values))

    def _check_slugs(self, directory: DirectoryPage) -> None:
        """Give new enterprises a slug, and see that no two pages beside each other have the same one."""
        taken: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        siblings = EnterprisePage.objects.child_of(directory).values_list("key", *COLUMNS.values())
        mine = {change.key for change in self.changes.values() if change.is_new or _slugs_of(change)}
        for key, *slugs in siblings:
            if key not in mine:
                self._take(taken, key, dict(zip(LANGUAGES, slugs, strict=True)))
        for key in [key for key in self.changes if key in mine]:
            change = self.changes[key]
            slugs = (slugs_of(change.page) if change.page else dict.fromkeys(LANGUAGES, "")) | _slugs_of(change)
            if not slugs[DEFAULT]:
                slugs[DEFAULT] = _free_slug(change, taken)
                column = next(c for c in ENTERPRISES.columns if c.field == "slug")
                change.values = [(c, v) for c, v in change.values if c is not column] + [(column, slugs[DEFAULT])]
            for language in self._take(taken, key, slugs):
                message = _("Another enterprise has this slug.")
                self.problem(ENTERPRISES, change.row, f"slug_{language}", message)

    @staticmethod
    def _take(taken: dict[str, dict[str, str]], key: str, slugs: dict[str, str]) -> list[str]:
        """Note this page's slugs; answers with the languages whose slug another page has."""
        clashes = []
        for language in LANGUAGES:
            slug = slugs[language] or slugs[DEFAULT]
            if taken[language].setdefault(slug, key) != key:
                clashes.append(language if slugs[language] else DEFAULT)
        return list(dict.fromkeys(clashes))

    # ---- validating -------------------------------------------------------------------------------------------------
    def validate(self) -> None:
        for change in self.changes.values():
            page = change.page or self._new(change.key)
            change.apply(page)
            if change.is_new:  # that its key and slugs are nobody else's is known by now
                self._clean(ENTERPRISES, change.row, page, exclude=_UNPLACED, validate_unique=False)
            elif change.values:
                self._clean(ENTERPRISES, change.row, page)
            by_key = {
                (sheet.file, child.key): child
                for sheet in CHILD_SHEETS
                if change.rows
                for child in child_rows(page, sheet)
            }
            for row in change.rows:
                self._clean(row.sheet, row.row, by_key[row.sheet.file, row.key], exclude=("page",))

    def _new(self, key: str) -> EnterprisePage:
        locale = self.directory.locale_id if self.directory else None  # otherwise each page would look for it
        return EnterprisePage(key=key, locale_id=locale)

    def _clean(
        self, sheet: Sheet, row: int, instance: Any, exclude: tuple[str, ...] = (), validate_unique: bool = True
    ) -> None:
        try:
            instance.full_clean(exclude=exclude, validate_unique=validate_unique)
        except ValidationError as error:
            self.problems += problems_of(error, sheet, row)


def problems_of(error: ValidationError, sheet: Sheet, row: int) -> list[Problem]:
    """What a model says about a row, at the cells it means."""
    if not hasattr(error, "error_dict"):
        return [Problem(sheet.file, row, "", message) for message in error.messages]
    found = []
    for name, messages in error.message_dict.items():
        variants = in_every_language(name)
        if any(variant in error.message_dict for variant in variants):
            continue  # the column that mirrors a translated field says the same as the field of the language
        column = sheet.column_of(name) or sheet.column_of(variants[0])
        found += [Problem(sheet.file, row, column, message) for message in messages]
    return found


def _slugs_of(change: EnterpriseChange) -> dict[str, str]:
    """The slugs that the file gives this enterprise, by language."""
    return {
        column.name.removeprefix("slug_"): value for column, value in change.values if column.name.startswith("slug_")
    }


def _free_slug(change: EnterpriseChange, taken: dict[str, dict[str, str]]) -> str:
    """A slug from the enterprise's name, with a number when it is taken: the file's other rows are in no table yet."""
    values = {column.field: value for column, value in change.values}
    name, language = "", DEFAULT
    for candidate in LANGUAGES:
        title = values.get(localized("title", candidate)) or getattr(change.page, localized("title", candidate), "")
        if title:
            name, language = title, candidate
            break
    stem = slug_from(name, language, LONGEST_SLUG) or slugify(change.key) or "virksomhed"
    slug, number = stem, 2
    while any(slug in taken[each] for each in LANGUAGES):
        slug, number = f"{stem}-{number}", number + 1
    return slug
