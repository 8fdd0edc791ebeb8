"""`manage.py load_demo`: made-up suppliers, pages and users, on a site where that can do no harm."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from directory.demo.loader import MissingCodes
from directory.demo.site import load_all


class Command(BaseCommand):
    help = (
        "Load made-up suppliers, pages and a user for each role, with well-known passwords. "
        "Running it again adds nothing and changes nothing. Refused unless DEBUG is on."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                _("The demo has users with well-known passwords, so it is only loaded where the setting DEBUG is on.")
            )
        try:
            lines = load_all()
        except MissingCodes as error:
            raise CommandError(
                _("The code “%(code)s” is not in the database: run “manage.py load_reference_data” first.")
                % {"code": error}
            ) from error
        if options["verbosity"]:
            for line in lines:
                self.stdout.write(line)
