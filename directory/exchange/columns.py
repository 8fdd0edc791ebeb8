"""What a cell means: how a value is written into it, and how it is read back.

A column is told in which field errors are reported, so that a message of the model finds its cell.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import nh3
from django.db import models
from django.utils.html import escape
from django.utils.translation import gettext as _

from directory.exchange.files import printable
from directory.models.languages import SPOKEN_CODES
from directory.pickers import PICKERS
from directory.widgets import split_codes
from torv.languages import LANGUAGES, localized

TRUE_WORDS = frozenset({"yes", "ja", "true", "1", "x", "sand", "sant"})
FALSE_WORDS = frozenset({"no", "nej", "false", "0", "falsk", "falskt"})
_RICH_TAGS = {"p", "br", "h3", "b", "i", "ul", "ol", "li", "a"}
_RICH_ATTRIBUTES = {
    "a": {"href", "id", "linktype"},
    **{tag: {"data-block-key"} for tag in ("p", "h3", "li", "ul", "ol")},
}
_RICH_SYNONYMS = (("strong", "b"), ("em", "i"), ("h2", "h3"), ("h4", "h3"))


class CellError(Exception):
    """A cell that cannot be read; the message says why, in the active language."""


class Lookups:
    """Codes and what they stand for; each kind is read from the database once, when it is first asked for."""

    def __init__(self) -> None:
        self.of_kind = cache(lambda kind: PICKERS[kind].resolver())
        self.rows = cache(self._rows)

    @staticmethod
    def _rows(model: type[models.Model], field: str) -> dict[str, models.Model]:
        return {str(getattr(row, field)).casefold(): row for row in model._default_manager.all()}


class Column:
    """A column of plain text. ``name`` is the header, ``field`` the model's field."""

    def __init__(self, name: str, field: str = "", *, required: bool = False) -> None:
        self.name, self.field, self.required = name, field or name, required

    def write(self, row: Any) -> str:
        """The cell for this row of the database."""
        value = getattr(row, self.field)
        return "" if value is None else str(value)

    def read(self, cell: str, lookups: Lookups) -> Any:
        """The value in this cell.

        :raises CellError: there is none.
        """
        return cell.strip()

    def assign(self, row: Any, value: Any) -> None:
        setattr(row, self.field, value)

    def same(self, cell: str, row: Any) -> bool:
        """Whether the cell says what the row holds already; the way lines are broken does not count."""
        return _lines(cell) == _lines(self.write(row))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class LongText(Column):
    def read(self, cell: str, lookups: Lookups) -> str:
        return _lines(cell).strip()


class RichText(Column):
    """The editor's HTML. Plain text becomes paragraphs; tags that the editor does not know are taken off."""

    def read(self, cell: str, lookups: Lookups) -> str:
        text = _lines(cell).strip()
        if not re.search(r"</?[a-zA-Z][^>]*>", text):
            return "".join(f"<p>{escape(block.strip())}</p>" for block in re.split(r"\n\s*\n", text) if block.strip())
        for written, kept in _RICH_SYNONYMS:
            text = re.sub(rf"<(/?){written}(?=[\s>])", rf"<\1{kept}", text)
        return nh3.clean(
            text,
            tags=_RICH_TAGS,
            attributes=_RICH_ATTRIBUTES,
            link_rel=None,
            url_schemes={"http", "https", "mailto", "tel"},
        )


class Choice(Column):
    def __init__(self, name: str, choices: type[models.TextChoices], **options: Any) -> None:
        super().__init__(name, **options)
        self.choices = choices

    def read(self, cell: str, lookups: Lookups) -> str:
        wanted = cell.strip().casefold()
        if not wanted and not self.required:
            return ""
        for value, label in self.choices.choices:
            if wanted in {value.casefold(), str(label).casefold()}:
                return value
        raise CellError(
            _("“%(value)s” is none of: %(values)s.")
            % {"value": printable(cell), "values": ", ".join(self.choices.values)}
        )


class YesNo(Column):
    def write(self, row: Any) -> str:
        return "yes" if getattr(row, self.field) else "no"

    def read(self, cell: str, lookups: Lookups) -> bool:
        word = cell.strip().casefold()
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS or not word:
            return False
        raise CellError(_("“%(value)s” is neither yes nor no.") % {"value": printable(cell)})


class Number(Column):
    def read(self, cell: str, lookups: Lookups) -> int | None:
        text = re.sub(r"[\s.']", "", cell)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise CellError(_("“%(value)s” is not a whole number.") % {"value": printable(cell)})
        return int(text)


class Date(Column):
    """ISO 8601 ("2027-12-31"); the Danish and Swedish way, day first, is understood too."""

    def write(self, row: Any) -> str:
        value = getattr(row, self.field)
        return value if isinstance(value, str) else value.isoformat() if value else ""

    def read(self, cell: str, lookups: Lookups) -> dt.date | None:
        text = cell.strip()
        if not text:
            return None
        iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
        day_first = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text)
        try:
            if iso:
                return dt.date(*map(int, iso.groups()))
            if day_first:
                day, month, year = map(int, day_first.groups())
                return dt.date(year, month, day)
        except ValueError:
            pass
        raise CellError(_("“%(value)s” is not a date. Write it as 2027-12-31.") % {"value": printable(cell)})


class Codes(Column):
    """Many codes, or one with ``multiple=False``, of a picker's kind; names that are unique are understood too."""

    def __init__(self, name: str, kind: str, *, multiple: bool = True, code: str = "pk", **options: Any) -> None:
        super().__init__(name, **options)
        self.kind, self.multiple, self.code = kind, multiple, code

    def find(self, lookups: Lookups) -> Callable[[str], Any]:
        return lookups.of_kind(self.kind)

    def write(self, row: Any) -> str:
        found: Iterable[Any]
        if self.multiple:
            found = getattr(row, self.field).all()
        else:
            found = [getattr(row, self.field)] if getattr(row, f"{self.field}_id") else []
        return ", ".join(sorted(str(getattr(item, self.code)) for item in found))

    def read(self, cell: str, lookups: Lookups) -> Any:
        typed = split_codes(cell)
        if not typed:
            return [] if self.multiple else None
        find = self.find(lookups)
        found = {token: find(token) for token in typed}
        if unknown := [printable(token) for token, item in found.items() if item is None]:
            raise CellError(_("We do not know: %(codes)s.") % {"codes": ", ".join(unknown)})
        items = list(dict.fromkeys(found.values()))
        if self.multiple:
            return items
        if len(items) > 1:
            raise CellError(_("Only one is possible here, not %(count)s.") % {"count": len(items)})
        return items[0]


class ListedCodes(Codes):
    """As `Codes`, from a short list without a picker."""

    def __init__(self, name: str, model: Any, *, code: str, **options: Any) -> None:
        super().__init__(name, kind="", code=code, **options)
        self.model = model

    def find(self, lookups: Lookups) -> Callable[[str], Any]:
        rows = lookups.rows(self.model, self.code)
        return lambda token: rows.get(token.casefold())


class SpokenLanguages(Column):
    def write(self, row: Any) -> str:
        return ", ".join(getattr(row, self.field) or [])

    def read(self, cell: str, lookups: Lookups) -> list[str]:
        codes = [code.lower() for code in split_codes(cell)]
        if unknown := [printable(code) for code in codes if code not in SPOKEN_CODES]:
            raise CellError(_("We do not know: %(codes)s.") % {"codes": ", ".join(unknown)})
        return list(dict.fromkeys(codes))


def translated(kind: type[Column], name: str, field: str = "") -> list[Column]:
    """The columns of a translated field, one for each language."""
    return [kind(localized(name, language), localized(field or name, language)) for language in LANGUAGES]
