"""`manage.py directory_export`: the directory's enterprises and offers as CSV."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.exchange.exporting import export_files
from directory.exchange.files import pack


class Command(BaseCommand):
    help = "Write enterprises and what belongs to them to a .zip file, or as CSV files into a folder."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a file that ends with .zip, or a folder (made when it is missing)")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        files = export_files()
        try:
            if path.suffix.lower() == ".zip":
                path.write_bytes(pack(files))
            else:
                path.mkdir(parents=True, exist_ok=True)
                for name, content in files.items():
                    (path / name).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        self.stdout.write(f"Wrote {', '.join(files)} to {path}. Private contacts are in it.")
