"""`manage.py meetings_anonymise`: forget people whose meeting was held long ago, and print the proof."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plugins.meetings.actions import anonymise_registrations


class Command(BaseCommand):
    help = "Anonymise registrations whose time is over, and print what was done and what a check afterwards found."

    def handle(self, *args: Any, **options: Any) -> None:
        report = anonymise_registrations()
        self.stdout.write(json.dumps({"at": report.at.isoformat(), **report.facts}, indent=2))
        if any(report.facts["left"].values()):
            raise CommandError("Some registrations that should be anonymised are not.")
