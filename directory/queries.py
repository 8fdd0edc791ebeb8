"""Reads worth a name."""

from typing import Any

from django.db.models import QuerySet

from directory.models import Category, DirectoryPage, EnterprisePage
from home.rights import may_change_all


def the_directory() -> DirectoryPage | None:
    """The site's directory; None on a site without one."""
    return DirectoryPage.objects.order_by("path").first()


def with_details(enterprises: QuerySet[EnterprisePage]) -> QuerySet[EnterprisePage]:
    """With everything that hangs on them, in a constant number of queries."""
    return enterprises.select_related("municipality", "logo").prefetch_related(
        "areas",
        "social_purposes",
        "contacts",
        "links",
        "pictures__image",
        "eligibilities",
        "certifications__certification",
        "offers__categories",
        "offers__cpv_codes",
        "offers__areas",
        "offers__picture",
    )


def live_enterprises() -> QuerySet[EnterprisePage]:
    """Enterprises that visitors may see, with all details. Contacts may be private: show `public_contacts`."""
    return with_details(EnterprisePage.objects.live().public())


def category_tree() -> list[tuple[Category, list[Category]]]:
    """The top categories with their children, in the editors' order, in one query."""
    children: dict[int, list[Category]] = {}
    top = []
    for category in Category.objects.all():
        if category.parent_id is None:
            top.append(category)
        else:
            children.setdefault(category.parent_id, []).append(category)
    return [(category, children.get(category.pk, [])) for category in top]


def may_import(user: Any) -> bool:
    """Whether the user may import into and export from the whole directory: that is, publish anything in it."""
    directory = the_directory()
    if directory is None or not user.is_authenticated:
        return False
    permissions = directory.permissions_for_user(user)
    return permissions.can_add_subpage() and permissions.can_publish_subpage() and may_change_all(user)
