"""Everything in the directory as files, for a spreadsheet and for `plan` to read back."""

from collections.abc import Iterator

from django.db.models import QuerySet

from directory.exchange.files import pack, write
from directory.exchange.sheets import CHILD_SHEETS, DRAFT, ENTERPRISES, LIVE, Sheet, child_rows
from directory.models import EnterprisePage
from directory.queries import with_details


def _enterprise_rows(pages: list[EnterprisePage]) -> Iterator[list[str]]:
    for page in pages:
        yield [page.key, LIVE if page.live else DRAFT, *(column.write(page) for column in ENTERPRISES.columns)]


def _child_rows(pages: list[EnterprisePage], sheet: Sheet) -> Iterator[list[str]]:
    for page in pages:
        for row in child_rows(page, sheet):
            yield [str(row.key), page.key, *(column.write(row) for column in sheet.columns)]


def export_files(pages: QuerySet[EnterprisePage] | None = None) -> dict[str, bytes]:
    """``{"enterprises.csv": …, "offers.csv": …, …}`` of these enterprises, by default all.

    What is public of a public enterprise, the draft of one that never was. Private contacts are in it: these files are
    for editors. The number of queries does not depend on how many there are.
    """
    chosen = EnterprisePage.objects.all() if pages is None else pages
    found = list(with_details(chosen).order_by("path"))
    files = {ENTERPRISES.file: write(ENTERPRISES.headers, _enterprise_rows(found))}
    for sheet in CHILD_SHEETS:
        files[sheet.file] = write(sheet.headers, _child_rows(found, sheet))
    return files


def export_zip(pages: QuerySet[EnterprisePage] | None = None) -> bytes:
    return pack(export_files(pages))
