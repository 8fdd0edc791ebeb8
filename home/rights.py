"""Who may change what of a page: the texts of some languages, the facts that all languages share.

Forms leave out what a user may not change, and are one way of many: programs, earlier versions, copies and moves are
others. So what a user saves is compared with what was there, and what touches a page as a whole takes all rights.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, PagePermissionTester

from home.panels import EDIT_SHARED, language_name, translate_permission
from home.slugs import COLUMNS
from home.stamps import NOTHING, plain
from torv.languages import DEFAULT, LANGUAGES, localized
from torv.models import Parked

if TYPE_CHECKING:
    from home.models import Page

SHARED = "shared"
PARTS = (*LANGUAGES, SHARED)
PERMISSIONS = {SHARED: EDIT_SHARED, **{language: translate_permission(language) for language in LANGUAGES}}

#: Of core's own columns those that say something to readers; the others are the page's place and its workflow.
_CORES_FACTS = {"show_in_menus", "go_live_at", "expire_at"}
_NO_CONTENT = ({field.name for field in AbstractPage._meta.fields} - _CORES_FACTS) | {
    *("pk", "page", "page_ptr", "sort_order", "updated_in", "wagtail_admin_comments", "comments"),
    *(f"url_path_{language}" for language in LANGUAGES),
}
_SLUGS = {column: language for language, column in COLUMNS.items()}


def parts_of(user: Any) -> set[str]:
    """What this user may change of the pages that they may edit: languages, SHARED."""
    return {part for part, permission in PERMISSIONS.items() if user.has_perm(permission)}


def may_change_all(user: Any) -> bool:
    return parts_of(user) == set(PARTS)


def changed_parts(before: "Page", after: "Page") -> set[str]:
    """What of a page differs: languages, SHARED. Rows are told apart by their keys."""
    found: set[str] = set()
    _compare(before.serializable_data(), after.serializable_data(), found)
    return found


def check(user: Any, before: "Page", after: "Page") -> None:
    """Refuse what the user may not change.

    :raises PermissionDenied: it says what that is.
    """
    allowed = parts_of(user)
    if allowed == set(PARTS):
        return
    if refused := changed_parts(before, after) - allowed:
        raise PermissionDenied(_("You may not change this page’s %(parts)s.") % {"parts": _listed(refused)})


def _listed(parts: Iterable[str]) -> str:
    words = {SHARED: _("facts that all languages share")}
    words |= {language: _("texts in %(language)s") % {"language": language_name(language)} for language in LANGUAGES}
    return get_text_list([str(words[part]) for part in PARTS if part in parts], _("and"))


def _compare(before: Mapping[str, Any], after: Mapping[str, Any], found: set[str]) -> None:
    for name in before.keys() | after.keys():
        part = _part(name, after if name in after else before)
        if part is None:
            continue
        old, new = before.get(name), after.get(name)
        if _rows(old) or _rows(new):
            _compare_rows(old or [], new or [], found)
        elif _said(old) != _said(new):
            found.add(part)


def _part(name: str, data: Mapping[str, Any]) -> str | None:
    """To what a column belongs; None for what is no content."""
    if name in _SLUGS:
        return _SLUGS[name]
    if name in _NO_CONTENT or localized(name, DEFAULT) in data:
        return None
    base, _underscore, ending = name.rpartition("_")
    return ending if ending in LANGUAGES and base in data else SHARED


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) and "key" in row for row in value)


def _compare_rows(before: list[Any], after: list[Any], found: set[str]) -> None:
    was, now = ({str(row["key"]): row for row in sorted(rows, key=_position)} for rows in (before, after))
    if list(was) != list(now):
        found.add(SHARED)
    for key, row in now.items():
        _compare(was.get(key, {}), row, found)


def _position(row: Mapping[str, Any]) -> tuple[bool, int]:
    return row["sort_order"] is None, row["sort_order"] or 0


def _said(value: Any) -> Any:
    """Forms and programs write the same in other words, and that there is nothing in several ways."""
    if isinstance(value, str):
        value = plain(value, DEFAULT)
    return None if value in NOTHING else value


class PagePermissions(PagePermissionTester):
    """Core's, for users who may change some of a page only: what touches all of it is not for them."""

    def _may_change_all(self) -> bool:
        return may_change_all(self.user)

    def can_add_subpage(self) -> bool:
        return super().can_add_subpage() and not Parked.objects.filter(page_id=self.page.pk).exists()

    def can_edit(self) -> bool:
        # An alias has nothing of its own to be edited; what is left is to part it from its source.
        return super().can_edit() and not (self.page.alias_of_id and not self._may_change_all())

    def can_copy(self) -> bool:
        return super().can_copy() and self._may_change_all()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk=ignore_bulk) and self._may_change_all()

    def can_unpublish(self) -> bool:
        return super().can_unpublish() and self._may_change_all()

    def can_publish(self) -> bool:
        """Readers are given the whole draft: all that is new in it must be the user's to change."""
        if not super().can_publish():
            return False
        allowed = parts_of(self.user)
        if allowed == set(PARTS):
            return True
        live = type(self.page).objects.filter(pk=self.page.pk, live=True).first()
        return bool(live) and changed_parts(live.specific, live.get_latest_revision_as_object()) <= allowed

    def can_unschedule(self) -> bool:
        return super().can_publish() and self._may_change_all()

    def can_set_view_restrictions(self) -> bool:
        return super().can_publish() and self._may_change_all()

    def can_reorder_children(self) -> bool:
        return super().can_reorder_children() and self._may_change_all()
