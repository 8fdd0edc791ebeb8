"""`manage.py plugins`: what became of each plugin."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from torv.plugins.report import exercise, plugin_states


class Command(BaseCommand):
    """List the plugins: name, package, state, the hooks they use, and what is wrong."""

    help = "List the plugins: name, package, state, hooks in use, and what is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a JSON array for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        exercise()
        states = plugin_states()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(state) for state in states], ensure_ascii=False, indent=2))
            return
        if not states:
            self.stdout.write("No plugins.")
            return
        rows = [("NAME", "PACKAGE", "STATE", "HOOKS", "REASON")]
        rows += [
            (state.name, state.origin, state.state, " ".join(state.hooks) or "-", state.reason) for state in states
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
