"""Well-known passwords open nothing on a site that others reach, wherever its database comes from."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError
from django.http import HttpRequest

from directory.demo.users import USERS

log = logging.getLogger(__name__)

KNOWN = {demo.name: demo.password for demo in USERS}


class Backend(ModelBackend):
    """Django's own, which outside DEBUG refuses the passwords that `load_demo` gives. With another password a user of
    the demo is a user like any other."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None or settings.DEBUG or KNOWN.get(user.get_username()) != password:
            return user
        log.warning(
            "The demo's user %s was refused: the password is well known. `manage.py changepassword` sets another.",
            user.get_username(),
        )
        return None


@register("directory", Tags.security, deploy=True)
def no_well_known_passwords(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Users of the demo whose password is still the one that it prints. A database that is away has none."""
    try:
        users = list(get_user_model().objects.filter(username__in=KNOWN, is_active=True).order_by("username"))
    except DatabaseError:
        return []
    named = [user.get_username() for user in users if user.check_password(KNOWN[user.get_username()])]
    if not named:
        return []
    return [
        Error(
            f"The database has users of the demo with well-known passwords: {', '.join(named)}. They are refused.",
            hint="`manage.py changepassword NAME` for those who shall stay; delete the others under Settings, Users.",
            id="directory.E001",
        )
    ]
