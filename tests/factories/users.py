"""Users for tests, each in the groups that a site has."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from directory.actions import ensure_roles


def user_of(*groups: str) -> Any:
    """``user_of(translators("sv"))``: a user in these groups, with the permissions that their roles have."""
    ensure_roles()
    user = get_user_model().objects.create_user("-".join(groups) or "nobody")
    user.groups.set(Group.objects.filter(name__in=groups))
    return user
