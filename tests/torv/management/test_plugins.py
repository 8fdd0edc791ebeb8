"""`manage.py plugins`."""

import json
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


@pytest.fixture
def _found(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TORV_PLUGINS = FOUND
    monkeypatch.setitem(config.left_out, "kites", "models.py: RuntimeError: half way")
    yield
    plugins._problems.pop("posts", None)


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("plugins", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("_found")
def test_the_table_has_a_row_for_each_with_state_and_reason() -> None:
    heading, *rows = printed().splitlines()
    assert heading.split() == ["NAME", "PACKAGE", "STATE", "HOOKS", "REASON"]
    assert [" ".join(row.split()) for row in rows] == [
        "posts torv on -",
        "fairs torv-fairs 0.3 disabled - by settings",
        "kites torv-kites 1.0 broken - models.py: RuntimeError: half way",
    ]


@pytest.mark.usefixtures("_found")
def test_a_problem_makes_a_plugin_degraded() -> None:
    plugins.problem("posts", "navigation", RuntimeError("bad"))
    assert "degraded" in printed()
    assert "navigation: RuntimeError: bad" in printed()


@pytest.mark.usefixtures("_found")
def test_json_says_the_same() -> None:
    assert json.loads(printed("--json")) == json.loads(json.dumps([asdict(state) for state in plugin_states()]))


def test_without_plugins_it_says_so(settings: Any) -> None:
    settings.TORV_PLUGINS = Discovery(())
    assert printed() == "No plugins.\n"
    assert json.loads(printed("--json")) == []
