"""`manage.py directory_import`: a list of enterprises and offers from CSV, tried first, then all or nothing."""

import argparse
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from directory.actions import import_enterprises
from directory.exchange.files import Unreadable, unpack
from directory.exchange.plan import Plan
from directory.exchange.sheets import BY_FILE


class Command(BaseCommand):
    help = "Read enterprises and what belongs to them from files (docs/import.md): all of it, or nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "paths", type=Path, nargs="+", help=f"a .zip file, a folder, or files named {', '.join(BY_FILE)}"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--user", help="who does it, for the log; without, the system itself")

    def handle(self, *args: Any, paths: list[Path], dry_run: bool, user: str | None, **options: Any) -> None:
        files: dict[str, bytes] = {}
        for path in paths:
            files |= self._read(path)
        try:
            plan = import_enterprises(files=files, user=self._user(user), dry_run=dry_run)
        except PermissionDenied as error:
            raise CommandError(f"{user} may not import.") from error
        if plan.problems:
            for problem in plan.problems:
                self.stderr.write(str(problem))
            raise CommandError("Nothing was imported.")
        self._report(plan, dry_run)

    def _report(self, plan: Plan, dry_run: bool) -> None:
        for change in plan.changes:
            verb = "new" if change.is_new else "change"
            self.stdout.write(f"{verb} {change.key}: {', '.join(change.describe())}")
        self.stdout.write(
            f"{'Would import' if dry_run else 'Imported'}: {plan.created} new and {plan.changed} changed enterprises, "
            f"{plan.rows_created} new and {plan.rows_changed} changed rows in them; {plan.unchanged} as they were."
        )

    @staticmethod
    def _user(name: str | None) -> Any:
        if name is None:
            return None
        model = get_user_model()
        try:
            return model._default_manager.get_by_natural_key(name)
        except model.DoesNotExist as error:
            raise CommandError(f"There is no user {name}.") from error

    @staticmethod
    def _read(path: Path) -> dict[str, bytes]:
        try:
            if path.is_dir():
                found = {
                    file.name.lower(): file.read_bytes() for file in path.iterdir() if file.name.lower() in BY_FILE
                }
                if not found:
                    raise CommandError(f"{path} has none of these files: {', '.join(BY_FILE)}.")
                return found
            if path.suffix.lower() == ".zip":
                return unpack(path.name, path.read_bytes(), BY_FILE)
            return {path.name.lower(): path.read_bytes()}
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError(str(error)) from error
