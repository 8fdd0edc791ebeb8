"""Sites in processes of their own, each with a database of its own."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.migrated import migrated
from tests.torv.plugins.packages import build_wheel, install_wheel, run_site

SEED = """
from tests.factories.home import front_page
front_page()
"""


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with a front page, made once."""
    file = tmp_path_factory.mktemp("seeded") / "site.sqlite3"
    shutil.copyfile(migrated(), file)
    run_site(SEED, TORV_TEST_DATABASE_URL=f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def new_database(seeded: Path) -> Callable[[Path], str]:
    """Gives the address of a fresh copy of it in a folder."""

    def copy(folder: Path) -> str:
        file = folder / "site.sqlite3"
        shutil.copyfile(seeded, file)
        sqlite3.connect(file).close()
        return f"sqlite:///{file}"

    return copy


@pytest.fixture(scope="session")
def fairs_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outside package, built."""
    return build_wheel("torv-fairs", tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="session")
def fairs(fairs_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outside package, installed into a folder."""
    return install_wheel(fairs_wheel, tmp_path_factory.mktemp("installed"))
