"""CSV and ZIP files, without a word about what is in them: encodings, delimiters, formulas, and what is wrong where."""

import csv
import difflib
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MAX_BYTES = 10 * 1024 * 1024  # of each file, unpacked
MAX_ROWS = 20_000
MAX_ERRORS = 200  # more are not read by anybody
DELIMITERS = (",", ";")
# What spreadsheets take for a formula, also after spaces, and in the wide forms that some of them understand.
FORMULA = re.compile(r"'*[\s]*[=+\-@＝＋－＠]")


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, where: ``row`` counts as a spreadsheet does (the header is 1; 0 is the file as a whole)."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.row:
            place.append(_("row %(row)s") % {"row": self.row})
        if self.column:
            place.append(_("column %(column)s") % {"column": self.column})
        return f"{', '.join(place)}: {self.message}" if place else self.message


@dataclass
class Table:
    """A file that was read: its columns, and for each row its number and its cells by column."""

    name: str
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


class Unreadable(Exception):
    """A file that cannot be read at all."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(map(str, problems)))


def neutralise(text: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe goes before a formula, and before such an apostrophe."""
    return f"'{text}" if FORMULA.match(text) else text


def restore(text: str) -> str:
    """What `neutralise` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


# ---- writing --------------------------------------------------------------------------------------------------------
def write(columns: list[str], rows: Iterable[list[str]]) -> bytes:
    """A CSV file as spreadsheets open it: UTF-8 with a byte order mark, commas, CRLF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def pack(files: dict[str, bytes]) -> bytes:
    """A ZIP file of these files; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---- reading --------------------------------------------------------------------------------------------------------
def unpack(name: str, content: bytes, wanted: Iterable[str]) -> dict[str, bytes]:
    """The wanted files in a ZIP file, by their bare lower-case name; others are left out.

    :raises Unreadable: not a ZIP file, protected by a password, or more than it should be.
    """
    names = set(wanted)
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                bare = info.filename.replace("\\", "/").rsplit("/", 1)[-1].lower()
                if info.is_dir() or info.filename.startswith("__MACOSX") or bare not in names:
                    continue
                if bare in found:
                    raise Unreadable(Problem(bare, 0, "", _("This file is in the ZIP file twice.")))
                if info.flag_bits & 1:
                    raise Unreadable(Problem(bare, 0, "", _("This file is protected by a password.")))
                with archive.open(info) as file:
                    found[bare] = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise Unreadable(Problem(name, 0, "", _("This is not a ZIP file that can be read."))) from error
    except Exception as error:
        if isinstance(error, Unreadable):
            raise
        # A damaged stream raises the error of its compression library (zlib.error, lzma.LZMAError).
        raise Unreadable(Problem(name, 0, "", _("The ZIP file is damaged."))) from error
    if not found:
        message = _("The ZIP file has none of these files: %(names)s.")
        raise Unreadable(Problem(name, 0, "", message % {"names": ", ".join(sorted(names))}))
    return found


def read(name: str, content: bytes, known: Iterable[str], required: Iterable[str]) -> Table:
    """A CSV file with these columns.

    UTF-8 with or without byte order mark; commas or semicolons; line breaks inside quotes; any order of columns; blank
    rows are left out. White space around column names does not count.

    :raises Unreadable: with everything that is wrong with the file's form.
    """
    text = _decode(name, content)
    known = list(known)
    delimiter = _delimiter(text, known)
    records = _records(name, text, delimiter)
    if not records:
        raise Unreadable(Problem(name, 0, "", _("The file is empty.")))
    columns = [cell.strip().lower() for cell in records[0][1]]
    while columns and not columns[-1]:
        columns.pop()
    problems = _header_problems(name, columns, known, required)
    table = Table(name, columns)
    for number, cells in records[1:]:
        while len(cells) > len(columns) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(columns):
            problems.append(Problem(name, number, "", _width_message(len(cells), len(columns))))
            continue
        table.rows.append((number, {column: restore(cell) for column, cell in zip(columns, cells, strict=True)}))
    if problems:
        raise Unreadable(*problems[:MAX_ERRORS])
    return table


def _width_message(found: int, expected: int) -> str:
    cells = ngettext("%(count)s cell", "%(count)s cells", found) % {"count": found}
    columns = ngettext("%(count)s column", "%(count)s columns", expected) % {"count": expected}
    return _("This row has %(cells)s, but the file has %(columns)s. Is a quotation mark missing?") % {
        "cells": cells,
        "columns": columns,
    }


def _decode(name: str, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        message = _("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024}
        raise Unreadable(Problem(name, 0, "", message))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        message = _("The file is not in UTF-8. In a spreadsheet, save it as “CSV UTF-8”.")
        raise Unreadable(Problem(name, row, "", message)) from error
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        message = _("The file has a character in it that no text has (NUL). In a spreadsheet, save it as “CSV UTF-8”.")
        raise Unreadable(Problem(name, row, "", message))
    return text


def _delimiter(text: str, known: list[str]) -> str:
    """The delimiter under which the header has most columns that we know."""
    header = text.lstrip("\r\n").split("\n", 1)[0]

    def score(delimiter: str) -> int:
        cells = {cell.strip(' "\r').lower() for cell in header.split(delimiter)}
        return len(cells & set(known))

    return max(DELIMITERS, key=score)


def _records(name: str, text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    records = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MAX_ROWS + 1:
                message = _("The file has more than %(count)s rows.") % {"count": MAX_ROWS}
                raise Unreadable(Problem(name, 0, "", message))
            if any(cell.strip() for cell in cells):
                records.append((number, cells))
    except csv.Error as error:
        message = _(
            "From here on the file cannot be read. Is a quotation mark missing or too many, or a cell too long?"
        )
        raise Unreadable(Problem(name, number + 1, "", message)) from error
    return records


def _header_problems(name: str, columns: list[str], known: list[str], required: Iterable[str]) -> list[Problem]:
    problems = []
    for column in required:
        if column not in columns:
            problems.append(Problem(name, 1, column, _("This column is missing.")))
    for position, column in enumerate(columns):
        if column not in known:
            near = difflib.get_close_matches(column, known, n=1, cutoff=0.5)
            if near:
                message = _("There is no such column. Is “%(column)s” meant?") % {"column": near[0]}
            else:
                message = _("There is no such column. The columns are: %(columns)s.") % {"columns": ", ".join(known)}
            problems.append(Problem(name, 1, column or str(position + 1), message))
        elif column in columns[:position]:
            problems.append(Problem(name, 1, column, _("This column is there twice.")))
    return problems


def printable(value: Any) -> str:
    """What somebody wrote, short enough to be quoted in a message."""
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"
