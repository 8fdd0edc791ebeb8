"""`manage.py load_reference_data`: CPV codes, places, code lists, certifications and categories into the database."""

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import Progress

from directory.reference.loader import Report, load_all


class Command(BaseCommand):
    help = (
        "Load CPV codes, places with tile maps, social objectives, certifications and categories. "
        "May run again at any time: official lists are brought up to date, editors' own changes are kept."
    )

    def handle(self, *args: object, **options: object) -> None:
        quiet = options["verbosity"] == 0
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=quiet or not console.is_terminal) as progress:

            def report(name: str) -> Report:
                task = progress.add_task(name, total=None)
                return lambda done, total: progress.update(task, completed=done, total=total)

            results = list(load_all(report))
        if quiet:
            return
        for loaded in results:
            self.stdout.write(
                f"{loaded.name}: {loaded.added} added, {loaded.changed} changed, {loaded.total} in the list"
            )
