"""What networks and projects give to the rest of the site, and what is left when they are gone."""

import os
import subprocess
import sys

import pytest

from search.queries import find, parse
from tests.factories.projects import ProjectFactory, make_partner
from tests.torv.plugins.packages import ROOT
from torv.plugins import plugins

pytestmark = pytest.mark.django_db


def titles(language: str = "da", **parameters) -> list[str]:
    return [hit.card.title for hit in find(parse(parameters, language, source="projects")).hits]


def test_projects_are_found_by_their_words_and_kind(home_page) -> None:
    ProjectFactory(title_da="Grønt netværk", kind="network", goals_da="<p>Kompost</p>", partners=[make_partner()])
    ProjectFactory(title_da="Blåt projekt")
    for word in ("grønt", "kompost", "forening"):
        assert titles(q=word) == ["Grønt netværk"]
    assert titles(kind="project") == ["Blåt projekt"]


def test_project_that_is_unpublished_is_not_found(home_page) -> None:
    page = ProjectFactory(title_da="Grønt netværk")
    assert titles(q="grønt")
    page.unpublish()
    assert titles(q="grønt") == []


def test_site_works_when_projects_are_silent(client, home_page) -> None:
    page = ProjectFactory()
    with plugins.unplugged("projects"):
        assert client.get("/da/").status_code == 200
        assert client.get(page.get_url()).status_code == 200


def test_site_is_in_order_when_projects_are_disabled() -> None:
    environment = {**os.environ, "TORV_PLUGINS_DISABLED": "projects", "DJANGO_SETTINGS_MODULE": "torv.settings.test"}
    for command in (["check", "--fail-level", "WARNING"], ["makemigrations", "--check", "--dry-run"]):
        answer = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
