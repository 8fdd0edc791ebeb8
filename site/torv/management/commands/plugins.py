"""`manage.py plugins`: what became of each plugin."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from torv.plugins.report import TROUBLED, PluginState, exercise_on_site, plugin_states


class Command(BaseCommand):
    """List the plugins: name, package, state, the hooks they use, and what is wrong.

    Exit status 0 when all is well with those that are not disabled, 1 when one is broken, incompatible or degraded.
    """

    help = "List the plugins: name, package, state, hooks in use, and what is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a JSON array for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        exercise_on_site()
        states = plugin_states(database=True)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(state) for state in states], ensure_ascii=False, indent=2))
        elif states:
            self.print_table(states)
        else:
            self.stdout.write("No plugins.")
        if any(state.state in TROUBLED for state in states):
            sys.exit(1)

    def print_table(self, states: list[PluginState]) -> None:
        """A row for each."""
        rows = [("NAME", "PACKAGE", "STATE", "HOOKS", "REASON")]
        rows += [
            (state.name, state.origin, state.state, " ".join(state.hooks) or "-", state.reason) for state in states
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
