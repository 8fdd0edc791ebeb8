"""`manage.py plugins`."""

import json
from contextlib import nullcontext
from dataclasses import asdict
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from torv.plugins import config, plugins
from torv.plugins.discovery import Discovery, FoundPlugin
from torv.plugins.report import plugin_states

FOUND = Discovery(
    (
        FoundPlugin("posts", "plugins.news.apps:NewsConfig", bundled=True),
        FoundPlugin(
            "fairs", "torv_fairs.apps:FairsConfig", "torv-fairs", "0.3", state="disabled", reason="by settings"
        ),
        FoundPlugin("kites", "torv_kites.apps:KitesConfig", "torv-kites", "1.0"),
    ),
    ("torv", "home"),
)


pytestmark = pytest.mark.django_db


@pytest.fixture
def _found(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TORV_PLUGINS = FOUND
    monkeypatch.setitem(config.left_out, "kites", "models.py: RuntimeError: half way")
    yield
    plugins._problems.pop("posts", None)


def printed(*arguments: str, status: int = 0) -> str:
    """What the command prints; it ends with that status."""
    out = StringIO()
    with nullcontext() if status == 0 else pytest.raises(SystemExit, match=str(status)):
        call_command("plugins", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("_found")
def test_the_table_has_a_row_for_each_with_state_and_reason() -> None:
    heading, *rows = printed(status=1).splitlines()
    assert heading.split() == ["NAME", "PACKAGE", "STATE", "HOOKS", "REASON"]
    assert [" ".join(row.split()) for row in rows] == [
        "posts torv on -",
        "fairs torv-fairs 0.3 disabled - by settings",
        "kites torv-kites 1.0 broken - models.py: RuntimeError: half way",
    ]


@pytest.mark.usefixtures("_found")
def test_a_problem_makes_a_plugin_degraded() -> None:
    plugins.problem("posts", "navigation", RuntimeError("bad"))
    shown = printed(status=1)
    assert "degraded" in shown
    assert "navigation: RuntimeError: bad" in shown


@pytest.mark.usefixtures("_found")
def test_json_says_the_same() -> None:
    assert json.loads(printed("--json", status=1)) == json.loads(
        json.dumps([asdict(state) for state in plugin_states()])
    )


def test_without_plugins_it_says_so(settings: Any) -> None:
    settings.TORV_PLUGINS = Discovery(())
    assert printed() == "No plugins.\n"
    assert json.loads(printed("--json")) == []
