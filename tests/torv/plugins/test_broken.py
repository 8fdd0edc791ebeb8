"""A site with every kind of broken plugin at once: it starts, it answers, and it says what is wrong with whom."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.torv.plugins.packages import APPS, run_manage, run_site, write_package

pytestmark = pytest.mark.xdist_group("plugin_processes")

PAGE = """from django.db import models
from home.models import Page


class {0}Page(Page):
    note = models.CharField(max_length=9)
"""
IMPL = "from torv.plugins import hookimpl\n\n\n@hookimpl\n"
GOOD = """from ninja import Router
from torv.plugins import hookimpl

router = Router()


@router.get("/", auth=None, operation_id="good")
def good(request):
    return "still here"


@hookimpl
def api_routers():
    return [("", router)]
"""
RAISING_READY = APPS + "\n    def ready(self):\n        1 / 0\n"
EARLY = "from django.contrib.auth.models import User\n" + APPS
PEEKS = "from django.conf import settings\n\nsettings.LANGUAGES\n" + APPS

SCENARIOS: dict[str, dict[str, Any]] = {
    "init": {"files": {"__init__.py": "raise RuntimeError('no network')\n"}},
    "missing": {"files": {"__init__.py": "import sentry_sdk_not_here\n"}},
    "exits": {"files": {"__init__.py": "import sys\n\nsys.exit('licence expired')\n"}},
    "early": {"apps": EARLY},
    "peeks": {"apps": PEEKS},
    "models": {
        "files": {
            "models.py": PAGE.format("Half") + "\n\nraise RuntimeError('half way')\n",
            "translation.py": "from .models import HalfPage\n",
            "wagtail_hooks.py": "from .models import HalfPage\n",
        }
    },
    "impl": {"files": {"plugin.py": "import not_there\n"}},
    "args": {"files": {"plugin.py": IMPL + "def navigation(langage):\n    return []\n"}},
    "unknown": {"files": {"plugin.py": IMPL + "def navigations():\n    return []\n"}},
    "raises": {"files": {"plugin.py": IMPL + "def api_routers():\n    return 1 / 0\n"}},
    "lazy": {"files": {"plugin.py": IMPL + "def api_routers():\n    yield 1, 2\n    1 / 0\n"}},
    "shape": {"files": {"plugin.py": IMPL + "def api_routers():\n    return ['not a pair']\n"}},
    "scalar": {"files": {"plugin.py": IMPL + "def api_routers():\n    return 7\n"}},
    "block": {"files": {"plugin.py": IMPL + "def stream_blocks(field):\n    return [('paragraph', None)]\n"}},
    "ready": {"apps": RAISING_READY},
    "words": {"files": {"models.py": PAGE.format("Words"), "translation.py": "raise RuntimeError('words')\n"}},
    "hooks": {"files": {"wagtail_hooks.py": "raise RuntimeError('hooks')\n"}},
    "tags": {"files": {"templatetags/__init__.py": "", "templatetags/broken_tags.py": "raise RuntimeError('tags')\n"}},
    "formats": {"files": {"image_formats.py": "raise RuntimeError('formats')\n"}},
    "licence": {"files": {"plugin.py": "import sys\n\nsys.exit('licence expired')\n"}},
    "migr": {
        "files": {
            "models.py": PAGE.format("Migr"),
            "migrations/__init__.py": "",
            "migrations/0001_initial.py": "raise RuntimeError('migr')\n",
        }
    },
    "future": {"requires": "torv>=2,<3"},
    "silent": {"requires": ""},
    "extra": {"requires": 'torv>=0.1,<1; extra == "torv"'},
    "clash": {"label": "home"},
    "home": {},
    "plain": {"apps": "from django.apps import AppConfig\n\n\nclass Config(AppConfig):\n    name = '{package}'\n"},
    "good": {"files": {"plugin.py": GOOD}},
}

EXPECTED = {
    "init": ("broken", r"RuntimeError: no network"),
    "missing": ("broken", r"ModuleNotFoundError: No module named 'sentry_sdk_not_here'"),
    "exits": ("broken", r"SystemExit: licence expired"),
    "early": ("broken", r"AppRegistryNotReady: .*"),
    "peeks": ("broken", r"RuntimeError: torv_peeks\.apps reads settings while it is imported.*"),
    "models": ("broken", r"models\.py: RuntimeError: half way"),
    "impl": ("degraded", r"plugin\.py: ModuleNotFoundError: No module named 'not_there'"),
    "args": ("degraded", r"plugin\.py: PluginValidationError: .*langage.*"),
    "unknown": ("degraded", r"plugin\.py: LookupError: unknown hook navigations"),
    "raises": ("degraded", r"api_routers: ZeroDivisionError: division by zero"),
    "lazy": ("degraded", r"api_routers: ZeroDivisionError: division by zero"),
    "shape": ("degraded", r"api_routers: ValueError: .*"),
    "scalar": ("degraded", r"api_routers: TypeError: .*"),
    "block": ("degraded", r"stream_blocks: TypeError: 'paragraph' is no block but NoneType; an instance is wanted"),
    "ready": ("degraded", r"ready: ZeroDivisionError: division by zero"),
    "words": ("broken", r"translation\.py: RuntimeError: words"),
    "hooks": ("degraded", r"wagtail_hooks\.py: RuntimeError: hooks"),
    "tags": ("degraded", r"templatetags/broken_tags\.py: RuntimeError: tags"),
    "formats": ("degraded", r"image_formats\.py: RuntimeError: formats"),
    "licence": ("degraded", r"plugin\.py: SystemExit: licence expired"),
    "migr": ("broken", r"migrations: RuntimeError: migr"),
    "future": ("incompatible", r"torv-future 1\.0 requires torv<3,>=2, this is .*"),
    "silent": ("incompatible", r"torv-silent does not say which torv it was made for.*"),
    "extra": ("on", r""),
    "clash": ("broken", r"ValueError: app label 'home' differs from the entry point's name 'clash'"),
    "home": ("broken", r"the name 'home' is taken by torv"),
    "plain": ("broken", r"TypeError: torv_plain\.apps:Config is no torv\.plugins\.PluginConfig"),
    "good": ("on", r""),
}

PROBE = """
import io
from django.core import checks
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from torv.plugins.report import plugin_states
setup_test_environment()
out = io.StringIO()
call_command("makemigrations", dry_run=True, stdout=out)
found["pending"] = out.getvalue()
call_command("migrate", verbosity=0)
client = Client(raise_request_exception=False)
doors = ("/da/", "/cms/login/", "/api/v3/openapi.json", "/api/v3/good/", "/health/live", "/health/ready")
found["doors"] = {door: client.get(door).status_code for door in doors}
found["warnings"] = {m.msg.split()[1]: m.msg for m in checks.run_checks(tags=["torv"])}
found["states"] = {plugin.name: [plugin.state, plugin.reason] for plugin in plugin_states()}
found["labels"] = sorted(app.label for app in django.apps.apps.get_app_configs())
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    for name, arguments in SCENARIOS.items():
        write_package(folder, name, **arguments)
    return folder


@pytest.fixture(scope="module")
def site(packages: Path, new_database: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a site finds that has all of these plugins installed."""
    database = new_database(tmp_path_factory.mktemp("database"))
    return run_site(PROBE, packages=packages, TORV_TEST_DATABASE_URL=database)


def test_every_scenario_has_an_expectation() -> None:
    assert SCENARIOS.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_plugin_is_named_with_its_state_and_reason(site: dict[str, Any], name: str) -> None:
    state, reason = site["states"][name]
    expected_state, pattern = EXPECTED[name]
    assert state == expected_state
    assert re.fullmatch(pattern, reason), reason


@pytest.mark.parametrize("door", ["/da/", "/cms/login/", "/api/v3/openapi.json", "/health/live", "/health/ready"])
def test_the_site_answers_in_spite_of_them(site: dict[str, Any], door: str) -> None:
    assert site["doors"][door] == 200


def test_a_good_plugin_among_them_works(site: dict[str, Any]) -> None:
    assert site["doors"]["/api/v3/good/"] == 200


def test_a_system_check_warns_of_each_that_is_in_trouble_and_of_no_other(site: dict[str, Any]) -> None:
    troubled = {name for name, (state, _) in EXPECTED.items() if state in ("broken", "incompatible", "degraded")}
    assert site["warnings"].keys() == troubled


def test_a_left_out_plugin_is_no_app(site: dict[str, Any]) -> None:
    left_out = {name for name, (state, _) in EXPECTED.items() if state in ("broken", "incompatible")}
    assert left_out & set(site["labels"]) == {"home"}  # core's own


def test_a_left_out_plugin_asks_for_no_migration(site: dict[str, Any]) -> None:
    assert not re.search(r"'(models|words|migr)'", site["pending"])


def test_the_command_lists_them_and_succeeds(packages: Path) -> None:
    status, printed = run_manage("plugins", packages=packages)
    assert status == 0
    for name, (state, _) in EXPECTED.items():
        assert re.search(rf"^{name} +\S+( 1\.0)? +{state}\b", printed, re.MULTILINE), name


def test_strict_refuses_to_start(packages: Path) -> None:
    status, printed = run_manage("plugins", packages=packages, TORV_PLUGINS_STRICT="1")
    assert status != 0
    assert "app label 'home' differs" in printed  # the first by name
