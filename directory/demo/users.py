"""Somebody to log in as, for each role."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from wagtail.users.models import UserProfile

from directory.actions import make_owner
from directory.models import EnterprisePage
from directory.permissions import EDITORS, translators
from torv.languages import DEFAULT

ADMIN, AUTHOR, OWNER = "admin", "editor", "owner"
OWNED = "baekbo-rengoering"
"""The listing of the user `owner`."""


class DemoUser(NamedTuple):
    name: str
    first_name: str
    last_name: str
    group: str | None
    language: str = DEFAULT

    @property
    def password(self) -> str:
        return f"torv-{self.name}"


USERS = (
    DemoUser(AUTHOR, "Ellen", "Eksempelsen", EDITORS),
    DemoUser("translator-da", "Dorte", "Dansktolk-Fiktivsen", translators("da")),
    DemoUser("translator-sv", "Svante", "Svenskpåhitt", translators("sv"), "sv"),
    DemoUser("translator-en", "Edith", "Madeupton", translators("en"), "en"),
    DemoUser(OWNER, "Mette", "Fiktivsen", None),
    DemoUser(ADMIN, "Ada", "Opdigtby", None, "en"),
)


def ensure_users() -> set[str]:
    """Make the users that are missing, and answer their names; one that exists is left as it is, password included."""
    model = get_user_model()
    there = set(model.objects.values_list("username", flat=True))
    new = [demo for demo in USERS if demo.name not in there]
    for demo in new:
        user = model.objects.create_user(
            demo.name,
            email=f"{demo.name}@torv.example.org",
            password=demo.password,
            first_name=demo.first_name,
            last_name=demo.last_name,
            is_superuser=demo.name == ADMIN,
            is_staff=demo.name == ADMIN,
        )
        UserProfile.objects.create(user=user, preferred_language=demo.language)
    return {demo.name for demo in new}


def join_groups(names: Container[str]) -> None:
    """Put these users into their groups, which must be there."""
    for demo in USERS:
        if demo.group and demo.name in names:
            user = get_user_model().objects.get(username=demo.name)
            user.groups.add(Group.objects.get(name=demo.group))


def give_listing(names: Container[str]) -> None:
    """Make `owner`, if among these, the owner of a listing; of none when it has been deleted."""
    listing = EnterprisePage.objects.filter(key=OWNED).first()
    if OWNER in names and listing:
        make_owner(user=get_user_model().objects.get(username=OWNER), enterprise=listing)


def logins(new: Container[str]) -> Iterator[str]:
    """A line "name password" for each user; says so where it has been changed. ``new``: those just made."""
    for user in get_user_model().objects.filter(username__in=[demo.name for demo in USERS]).order_by("pk"):
        demo = next(demo for demo in USERS if demo.name == user.get_username())
        known = demo.name in new or user.check_password(demo.password)
        yield f"{demo.name} {demo.password if known else _('(the password has been changed)')}"
