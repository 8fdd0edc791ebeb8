"""Who may do what: the roles of a site, and policies for data that nobody edits."""

from dataclasses import dataclass
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from home.panels import EDIT_SHARED, translate_permission
from torv.languages import LANGUAGES

ACCESS_ADMIN = "wagtailadmin.access_admin"
EDITORS, OWNERS = "Editors", "Owners"


def translators(language: str) -> str:
    """The group that writes a language's texts."""
    return f"Translators ({language})"


@dataclass(frozen=True)
class Role:
    """A group: its permissions everywhere ("app.codename"), on the site's pages, on pictures and documents."""

    name: str
    permissions: tuple[str, ...]
    on_pages: tuple[str, ...] = ()
    on_files: tuple[str, ...] = ()


_ALL_TEXTS = tuple(translate_permission(language) for language in LANGUAGES)
_CODE_LISTS = tuple(
    f"directory.{action}_{model}" for model in ("category", "certification") for action in ("add", "change", "delete")
)
_FOOT = "home.change_footer"
_FEEDBACK = ("home.view_pagefeedback", "home.delete_pagefeedback")
_FILES = ("wagtailimages.add_image", "wagtailimages.choose_image")

ROLES = (
    Role(
        EDITORS,
        (ACCESS_ADMIN, EDIT_SHARED, "mail.change_message", _FOOT, *_FEEDBACK, *_ALL_TEXTS, *_CODE_LISTS),
        on_pages=("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
        on_files=(
            *_FILES,
            "wagtailimages.change_image",
            "wagtaildocs.add_document",
            "wagtaildocs.change_document",
            "wagtaildocs.choose_document",
        ),
    ),
    *(
        Role(
            translators(language),
            (
                ACCESS_ADMIN,
                translate_permission(language),
                _FOOT,
                "directory.change_category",
                "directory.change_certification",
            ),
            on_pages=("change_page",),
            on_files=("wagtailimages.choose_image",),
        )
        for language in LANGUAGES
    ),
    # An owner's pages are given one by one: directory.actions.make_owner.
    Role(OWNERS, (ACCESS_ADMIN, EDIT_SHARED, *_ALL_TEXTS), on_files=_FILES),
)


class ReadOnlyPolicy(ModelPermissionPolicy):
    """For reference data: whoever may enter the admin may look, and nobody may change anything."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and user.is_active and user.has_perm(ACCESS_ADMIN)

    def users_with_any_permission(self, actions: Any) -> Any:
        if "view" in actions:
            return super().users_with_any_permission(["view"])
        return super().users_with_any_permission([]).none()
