"""`manage.py directory_roles`: the groups of a site, with the permissions that belong to them."""

from typing import Any

from django.core.management.base import BaseCommand

from directory.actions import ensure_roles


class Command(BaseCommand):
    help = "Create the groups of editors, translators and owners with their permissions; may be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        for group in ensure_roles():
            self.stdout.write(f"{group.name}: {group.permissions.count()} permissions")
