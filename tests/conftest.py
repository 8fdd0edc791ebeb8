"""Set-up that all tests share."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from tests.services.fixtures import elasticsearch_url, new_prefix  # noqa: F401
from tests.services.migrated import fill


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs a database in a file of its own is asked on SQLite alone."""
    if connection.vendor == "sqlite":
        return
    left_out = [item for item in items if item.get_closest_marker("sqlite")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """SQLite's database in memory starts as a copy of one that is migrated."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.settings_dict["TEST"]["MIGRATE"] = False
    kept = fill(connection.creation._get_test_db_name())
    yield
    kept.close()


@pytest.fixture(autouse=True)
def _language_of_the_site() -> Iterator[None]:
    """No test inherits the language that the one before it activated."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _own_search_index(settings: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """An index lives outside the test's transaction: every test has its own, made when it is first searched."""
    from search import concepts, engines, spelling

    settings.TORV_SEARCH_PATH = Path(settings.TEST_VAR) / "search" / str(abs(hash(request.node.nodeid)))
    concepts.forget("category")
    spelling.forget()
    yield
    engines.forget()
    shutil.rmtree(settings.TORV_SEARCH_PATH, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run of the tests have in common, and no other run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="module")
def whole_demo(
    django_db_setup: None, django_db_blocker: Any, shared_folder: Path, testrun_uid: str
) -> Iterator[list[str]]:
    """The whole demonstration, for a module of tests; the lines that loading it answered."""
    from tests.factories.demo import whole_demo

    with django_db_blocker.unblock(), whole_demo(shared_folder / f"demo-{testrun_uid}") as lines:
        yield lines


@pytest.fixture
def home_page(db: None):
    from tests.factories.home import front_page

    return front_page()


def pytest_sessionfinish() -> None:
    shutil.rmtree(Path(settings.TEST_VAR), ignore_errors=True)
