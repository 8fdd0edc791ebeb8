"""Compiled catalogues are in no repository: a wheel that is built from a checkout compiles them first."""

from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):
    """Compile every catalogue in the checkout, whatever was compiled before."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for folder in ("locale", "site", "home", "directory", "search", "plugins"):
            for source in (Path(self.root) / folder).rglob("*.po"):
                polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
