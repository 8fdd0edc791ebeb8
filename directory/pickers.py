"""Finding CPV codes, places and categories by code or by word, for the editor's pickers and for imported files.

All three answer the same questions, so the widget, its JSON endpoint and the importer know only `Picker`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from directory.models.cpv import CPV_LENGTH, canonical_cpv
from directory.models.paths import lineage, parent_path
from torv.languages import LANGUAGES, localized
from torv.text import text_of

LIMIT = 30
MAX_QUERY = 100


@dataclass(frozen=True)
class Choice:
    """What a picker shows: `key` is the primary key, `code` what is typed; `parents` are labels, broadest first.

    `matched` is the label in another language that the query was found in, "" when the shown one holds it.
    """

    key: str
    code: str
    label: str
    language: str
    parents: tuple[str, ...] = ()
    matched: str = ""
    matched_language: str = ""


def spellings(word: str) -> set[str]:
    """The spellings of a word under which SQLite, which folds ASCII letters only, finds it in a label."""
    return {word, word.lower(), word.upper(), word.capitalize()}


class Picker:
    """One kind of code. `path` is the ancestor path of a row, `code` what people type for it."""

    name: str
    label: Any
    placeholder: Any
    text_field = "name"
    path_field = "path"
    extra_fields: tuple[str, ...] = ()  # other translated fields that are searched

    def queryset(self) -> QuerySet:
        raise NotImplementedError

    def code(self, row: Any) -> str:
        return row.pk

    def path(self, row: Any) -> str:
        return row.path

    def rank(self, row: Any) -> tuple:
        return (self.path(row).count("/"), self.path(row))

    def ancestors(self, rows: list[Any]) -> dict[str, str]:
        """Labels of the ancestors of all rows by path, in one query."""
        wanted = {path for row in rows for path in lineage(parent_path(self.path(row))) if path}
        if not wanted:
            return {}
        found = self.queryset().filter(**{f"{self.path_field}__in": wanted})
        return {self.path(row): text_of(row, self.text_field).text for row in found}

    # ---- asking -----------------------------------------------------------------------------------------------------
    def search(self, query: str, limit: int = LIMIT) -> list[Choice]:
        """The best choices for a code or for words in any language; [] for an empty query."""
        words = query.replace("\x00", "")[:MAX_QUERY].split()
        if not words:
            return []
        by_word = Q()
        for word in words:
            anywhere = Q()
            for field in (self.text_field, *self.extra_fields):
                for language in LANGUAGES:
                    for spelling in spellings(word):
                        anywhere |= Q(**{f"{localized(field, language)}__icontains": spelling})
            by_word &= anywhere
        rows = list(self.queryset().filter(by_word | self.code_condition(query)).distinct())
        rows.sort(key=lambda row: (self._closeness(row, query), *self.rank(row)))
        return self._choices(rows[:limit], query)

    def describe(self, keys: Iterable[Any]) -> list[Choice]:
        """The choices with these primary keys, in the given order; unknown ones are left out. At most two queries."""
        keys = [key for key in keys if self._can_be_key(key)]
        if not keys:
            return []
        rows = {str(row.pk): row for row in self.queryset().filter(pk__in=keys)}
        return self._choices([rows[str(key)] for key in keys if str(key) in rows])

    def resolve(self, typed: Iterable[str]) -> dict[str, Any]:
        """The primary key for each typed code or name, None for what is not known or not unique. One query."""
        raise NotImplementedError

    def resolver(self) -> Callable[[str], Any]:
        """As `resolve`, for many: reads every row once (one query) and then answers from memory with the row itself."""
        raise NotImplementedError

    def code_condition(self, query: str) -> Q:
        return Q(**{f"{self.path_field}__istartswith": query.strip()})

    def _can_be_key(self, key: Any) -> bool:
        try:
            self.queryset().model._meta.pk.to_python(key)
        except ValidationError:
            return False
        return True

    # ---- inside -----------------------------------------------------------------------------------------------------
    def _texts(self, row: Any) -> dict[str, str]:
        return {language: getattr(row, localized(self.text_field, language)) or "" for language in LANGUAGES}

    def _closeness(self, row: Any, query: str) -> int:
        """0 exact, 1 starts with it, 2 a word starts with it, 3 elsewhere."""
        query = query.strip().casefold()
        if self.code(row).casefold() == query:
            return 0
        best = 3
        for text in self._texts(row).values():
            text = text.casefold()
            if text == query:
                return 0
            if text.startswith(query):
                best = min(best, 1)
            elif f" {query}" in f" {text}":
                best = min(best, 2)
        return best

    def _choices(self, rows: list[Any], query: str = "") -> list[Choice]:
        labels = self.ancestors(rows)
        choices = []
        for row in rows:
            shown = text_of(row, self.text_field)
            parents = tuple(labels[path] for path in lineage(parent_path(self.path(row))) if path in labels)
            matched, matched_language = self._match_elsewhere(row, str(shown.text), query)
            choices.append(
                Choice(str(row.pk), self.code(row), str(shown.text), shown.language, parents, matched, matched_language)
            )
        return choices

    def _match_elsewhere(self, row: Any, shown: str, query: str) -> tuple[str, str]:
        words = [word.casefold() for word in query.split()]
        if not words or all(word in shown.casefold() for word in words):
            return "", ""
        for language, text in self._texts(row).items():
            if all(word in text.casefold() for word in words):
                return text, language
        return "", ""


class NamedPicker(Picker):
    """For a few hundred rows at most: names resolve as well as codes, because all rows are read at once."""

    def resolver(self) -> Callable[[str], Any]:
        by_code: dict[str, Any] = {}
        by_name: dict[str, dict[Any, Any]] = {}
        for row in self.queryset():
            by_code[self.code(row).casefold()] = row
            for text in self._texts(row).values():
                if text:
                    by_name.setdefault(text.casefold(), {})[row.pk] = row

        def find(typed: str) -> Any:
            name = " ".join(typed.split()).casefold()
            same = by_name.get(name, {})
            return by_code.get(name) or (next(iter(same.values())) if len(same) == 1 else None)

        return find

    def resolve(self, typed: Iterable[str]) -> dict[str, Any]:
        find = self.resolver()
        return {token: getattr(find(token), "pk", None) for token in typed}


class CpvPicker(Picker):
    name = "cpv"
    label = _("CPV codes")
    placeholder = _("A code, or a word in any language")
    text_field = "label"

    def queryset(self) -> QuerySet:
        from directory.models import CpvCode

        return CpvCode.objects.all()

    def code_condition(self, query: str) -> Q:
        digits = query.strip().split("-")[0].replace(" ", "")
        return Q(code__startswith=digits[:CPV_LENGTH]) if digits.isdigit() else Q(pk__in=[])

    def resolve(self, typed: Iterable[str]) -> dict[str, Any]:
        codes = {token: canonical_cpv(token) for token in typed}
        known = set(self.queryset().filter(pk__in=set(codes.values())).values_list("pk", flat=True))
        return {token: code if code in known else None for token, code in codes.items()}

    def resolver(self) -> Callable[[str], Any]:
        rows = {row.pk: row for row in self.queryset().only("code")}
        return lambda typed: rows.get(canonical_cpv(typed))


class PlacePicker(NamedPicker):
    name = "place"
    label = _("Places")
    placeholder = _("The name of a municipality, region or country")
    path_field = "code"

    def queryset(self) -> QuerySet:
        from directory.models import Place

        return Place.objects.all()


class CategoryPicker(NamedPicker):
    name = "category"
    label = _("Categories")
    placeholder = _("What buyers call it, in any language")
    extra_fields = ("synonyms",)

    def queryset(self) -> QuerySet:
        from directory.models import Category

        return Category.objects.all()

    def code(self, row: Any) -> str:
        return row.path

    def rank(self, row: Any) -> tuple:
        return (row.tree_order,)


PICKERS: dict[str, Picker] = {picker.name: picker for picker in (CpvPicker(), PlacePicker(), CategoryPicker())}
