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
IMPL = "from torv.plugins import hookimpl\nfrom torv.plugins.hookspecs import *\n\n\n@hookimpl\n"
SOURCE = """from home.models import Page
from search.facets import AddedFacet, ChoiceFacet
from search.sources import Source
from search.types import Card, Document, TextField
from torv.plugins import hookimpl


class Kind(ChoiceFacet, AddedFacet):
    name, label, choices = "{name}_kind", "Kind", {{"a": "A"}}

    def codes(self, ids):
        return {{number: ["a"] for number in ids}}


class Fronts(Source):
    name, label, kind, model, texts = "{name}", "Fronts", "front", Page, (TextField("name"),)

    def queryset(self):
        return Page.objects.filter(depth=2)

    def document(self, page):
        return Document(str(page.pk), {{"da": {{"name": "forsidehus"}}}}, names={{"da": "forsidehus"}})

    def cards(self, ids, language):
        return {{number: Card("Forsidehus", "da", "/da/") for number in ids}}
{more}

@hookimpl
def search_sources():
    return [Fronts()]


@hookimpl
def search_facets(source):
    return [Kind()]
"""
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


def source(name: str, more: str = "", **replaced: str) -> dict[str, Any]:
    """A plugin with a search source, to which `more` is added or in which something is replaced."""
    text = SOURCE.format(name=name, more=more)
    for old, new in replaced.items():
        text = text.replace(old, new)
    return {"files": {"plugin.py": text}}


def hook(text: str, **files: str) -> dict[str, Any]:
    """A plugin with one hook."""
    return {"files": {"plugin.py": IMPL + text, **files}}


def config(name: str, more: str = "") -> dict[str, Any]:
    """A plugin whose AppConfig says that the app is in the package `name`."""
    return {"apps": APPS.replace("{package}", name) + more}


ROUTER = (
    "def api_routers():\n    from ninja import Router, Schema\n    router = Router()\n{0}    return [('', router)]\n"
)
OPERATION = "    @router.get({0}, auth=None)\n    def x(request):\n        return 1\n"
ODD = "    from collections.abc import Callable\n\n    class Odd(Schema):\n        call: Callable\n"
PAGES = "from home.models import Page\n"
MUTE = "class Mute(Exception):\n    def __str__(self):\n        1 / 0\n"
LAZY = "from django.utils.functional import lazy\nboom = lazy(lambda: 1 / 0, str)()\n"
MIXIN = "\n\nclass Mixin:\n    def ready(self):\n        1 / 0\n"
BLOCK = """def stream_blocks(field):
    from wagtail import blocks

    class Broken(blocks.CharBlock):
        def render(self, value, context=None):
            1 / 0

        def get_searchable_content(self, value):
            1 / 0

    return [("blocks_one", Broken())]
"""
SECTION = """def front_page_sections(home, language):
    return [FrontPageSection('section/half.html', {'fails': fails}), FrontPageSection('section/none.html')]


def fails():
    1 / 0
"""
PANEL = """def dashboard_panels(request):
    class Panel:
        def render_html(self, context=None):
            1 / 0

    return [Panel()]
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
    # -- what Django would refuse, for everybody
    "nowhere": config("torv_not_there"),
    "squat": config("home"),
    "copied": config("torv_good"),
    "rude": config("{package}", "\n    def __init__(self, *args):\n        1 / 0\n"),
    "mixin": {
        "apps": APPS.replace("(PluginConfig)", "(Mixin, PluginConfig)").replace("\n\n\nclass", MIXIN + "\n\nclass")
    },
    "twin": {"files": {"models.py": PAGE.replace("{0}Page", "{0}").format("StandardPage")}},
    "table": {"files": {"models.py": PAGE.format("Table") + "\n    class Meta:\n        db_table = 'home_homepage'\n"}},
    "depends": {
        "files": {"models.py": PAGE.format("Depends") + "    to = models.ForeignKey('gone.Gone', models.CASCADE)\n"}
    },
    "panels": {"files": {"models.py": PAGE.format("Panels") + "    translated_panels = ['nothing']\n"}},
    "unmigrated": {"files": {"models.py": PAGE.format("Unmigrated")}},
    "regex": hook(
        "def site_urls():\n    from django.urls import re_path\n    return [re_path('(', print, name='x')]\n"
    ),
    "route": hook(ROUTER.format(OPERATION.format("'/{nope:x}/'"))),
    "schema": hook(ROUTER.format(ODD + OPERATION.format("'/', response=Odd"))),
    "twice": hook(ROUTER.format(OPERATION.format("'/', operation_id='good'"))),
    # -- what fails when it is shown
    "order": hook("def navigation(language):\n    return [NavigationItem('Order', '/da/', position='first')]\n"),
    "label": hook("def navigation(language):\n    return [NavigationItem(boom, '/da/')]\n\n\n" + LAZY),
    "query": hook("def navigation(language):\n    return Page.objects.extra(where=['1 = gone'])\n\n\n" + PAGES),
    "mute": hook("def navigation(language):\n    raise Mute\n\n\n" + MUTE),
    "text": hook("def role_permissions(role):\n    return 'home.change_page'\n"),
    "markup": hook("def navigation(language):\n    return [NavigationItem('<b>bold</b>', '/da/?a=\"><b>')]\n"),
    "section": hook(SECTION, **{"templates/section/half.html": "<h2>Half</h2>{{ fails }}"}),
    "related": hook(
        "def related_items(page, language):\n    return [RelatedItems('H', [RelatedItem('T', 'da', 'javascript:1')])]\n"
    ),
    "panel": hook(PANEL),
    "blocks": hook(BLOCK),
    "check": hook("def health_checks():\n    return [HealthCheck(None, print)]\n"),
    # -- what fails when somebody searches
    "suppliers": source("suppliers"),
    "watch": source("watch", "\n    def watch(self):\n        1 / 0\n"),
    "reads": source("reads", "\n    def queryset(self):\n        1 / 0\n"),
    "document": source("document", "\n    def document(self, page):\n        1 / 0\n"),
    "cards": source("cards", "\n    def cards(self, ids, language):\n        1 / 0\n"),
    "words_of": source("words_of", "\n    def vocabulary(self, language):\n        1 / 0\n"),
    "shapes": source("shapes", "\n    facets = None\n"),
    "facet": source("facet", facet_kind="place"),
    "codes": source("codes", "\n\nKind.codes = lambda self, ids: 1 / 0\n"),
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
    "nowhere": ("broken", r"ValueError: the app's name 'torv_not_there' is not the package that torv_nowhere\.apps .*"),
    "squat": ("broken", r"ValueError: the app's name 'home' is not the package that torv_squat\.apps stands in"),
    "copied": ("broken", r"ValueError: the app's name 'torv_good' is not the package that torv_copied\.apps stands in"),
    "rude": ("broken", r"ZeroDivisionError: division by zero"),
    "mixin": ("degraded", r"ready: ZeroDivisionError: division by zero"),
    "twin": ("broken", r"models\.py: ImproperlyConfigured: Reverse accessor 'Page\.standardpage' .*clashes.*"),
    "table": (
        "broken",
        r"models\.py: ImproperlyConfigured: the table 'home_homepage' of table\.TablePage is there already",
    ),
    "depends": ("broken", r"models\.py: ImproperlyConfigured: Field defines a relation with model 'gone\.Gone'.*"),
    "panels": ("degraded", r"the database lacks panels_panelspage: .*; panels of PanelsPage: FieldError: .*nothing.*"),
    "unmigrated": ("degraded", r"the database lacks unmigrated_unmigratedpage: run manage\.py migrate"),
    "regex": ("degraded", r'site_urls: ImproperlyConfigured: "\(" is not a valid regular expression.*'),
    "route": ("degraded", r"api_routers: ImproperlyConfigured: .*invalid converter.*"),
    "schema": ("degraded", r"api_routers: PydanticInvalidForJsonSchema: .*"),
    "twice": ("degraded", r"api_routers: ValueError: operation_id 'good' is the one of /good/"),
    "order": ("degraded", r"navigation: TypeError: position 'first' is no number"),
    "label": ("degraded", r"navigation: ZeroDivisionError: division by zero"),
    "query": ("degraded", r"navigation: OperationalError: .*"),
    "mute": ("degraded", r"navigation: Mute \(its text cannot be read\)"),
    "text": ("degraded", r"role_permissions: TypeError: a list or a generator of items is wanted, not str"),
    "markup": ("on", r""),
    "section": (
        "degraded",
        r"template section/half\.html: ZeroDivisionError: .*; template section/none\.html: TemplateDoesNotExist: .*",
    ),
    "related": ("degraded", r"related_items: ValueError: address 'javascript:1' is neither a path nor .*"),
    "panel": ("degraded", r"panel Panel: ZeroDivisionError: division by zero"),
    "blocks": ("degraded", r"block blocks_one, .*: ZeroDivisionError: division by zero"),
    "check": ("degraded", r"health_checks: ValueError: health check None needs a plain name .*"),
    "suppliers": ("degraded", r"search_sources: ValueError: there is a search source 'suppliers' already"),
    "watch": ("degraded", r"search source watch, watch: ZeroDivisionError: division by zero"),
    "reads": ("degraded", r"search source reads, queryset: ZeroDivisionError: division by zero"),
    "document": ("degraded", r"search source document, document: ZeroDivisionError: division by zero"),
    "cards": ("degraded", r"search source cards, cards: ZeroDivisionError: division by zero"),
    "words_of": ("degraded", r"search source words_of, vocabulary: ZeroDivisionError: division by zero"),
    "shapes": ("degraded", r"search_sources: TypeError: facets of search source 'shapes' are no tuple of Facets"),
    "facet": ("degraded", r"search_facets: ValueError: facet 'place' must be named 'facet' or begin with 'facet_'"),
    "codes": ("degraded", r"facet codes_kind, codes: ZeroDivisionError: division by zero"),
}

PROBE = """
import io
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from home.models import HomePage, StandardPage
from torv.plugins.report import plugin_states
setup_test_environment()
out = io.StringIO()
call_command("makemigrations", dry_run=True, stdout=out)
found["pending"] = out.getvalue()
call_command("migrate", verbosity=0)
call_command("search", "rebuild", stdout=io.StringIO(), stderr=io.StringIO())
front = HomePage.objects.get()
block = StandardPage._meta.get_field("body_da").stream_block
page = StandardPage(title_da="Side", slug="side")
page.body_da = block.to_python([{"type": "blocks_one", "value": "x", "id": "a"}])
front.add_child(instance=page)
page.save_revision().publish()
client = Client(raise_request_exception=False)
doors = DOORS
found["doors"] = {door: client.get(door).status_code for door in doors}
found["menu"] = client.get("/da/").content.decode()
client.force_login(get_user_model().objects.create_superuser("root", "root@example.org", "x"))
found["editor"] = {door: client.get(door.format(front=front.pk, page=page.pk)).status_code for door in EDITOR}
found["warnings"] = {m.msg.split()[1]: m.msg for m in checks.run_checks(databases=["default"]) if m.id == "torv.W001"}
found["errors"] = [str(m) for m in checks.run_checks() if m.level >= checks.ERROR]
found["standard"] = StandardPage.objects.get(pk=page.pk).page_ptr.standardpage.pk == page.pk
found["states"] = {plugin.name: [plugin.state, plugin.reason] for plugin in plugin_states(database=True)}
found["labels"] = sorted(app.label for app in django.apps.apps.get_app_configs())
"""

DELETING = """
from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import setup_test_environment
from home.models import HomePage, StandardPage
from torv.plugins.report import plugin_states
setup_test_environment()
page = StandardPage(title_da="Weg", slug="weg")
HomePage.objects.get().add_child(instance=page)
client = Client(raise_request_exception=False)
client.force_login(get_user_model().objects.create_superuser("other", "other@example.org", "x"))
found["deleted"] = client.post(f"/cms/pages/{page.pk}/delete/").status_code
found["left"] = StandardPage.objects.filter(slug="weg").count()
found["states"] = {plugin.name: [plugin.state, plugin.reason] for plugin in plugin_states(database=True)}
"""

DOORS = (
    *("/da/", "/sv/", "/da/side/", "/da/nothing-here/", "/da/soeg/?q=forsidehus", "/da/soeg/?show=suppliers"),
    *("/cms/login/", "/api/v3/openapi.json", "/api/v3/pages/", "/api/v3/search/suppliers/", "/api/v3/good/"),
    *("/api/v3/search/suggest/?q=forside", "/sitemap.xml", "/health/live", "/health/ready"),
)
EDITOR = (
    *("/cms/", "/cms/pages/{front}/", "/cms/pages/{front}/edit/", "/cms/pages/{front}/add_subpage/"),
    *("/cms/pages/{page}/edit/", "/cms/pages/add/home/standardpage/{front}/"),
)
STATUS = {"/da/nothing-here/": 404}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    for name, arguments in SCENARIOS.items():
        write_package(folder, name, **arguments)
    return folder


@pytest.fixture(scope="module")
def database(new_database: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    return new_database(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="module")
def site(packages: Path, database: str) -> dict[str, Any]:
    """What a site finds that has all of these plugins installed."""
    code = f"DOORS, EDITOR = {DOORS!r}, {EDITOR!r}\n{PROBE}"
    return run_site(code, packages=packages, TORV_TEST_DATABASE_URL=database)


@pytest.fixture(scope="module")
def server(packages: Path, database: str) -> dict[str, Any]:
    """The same of a process that serves: there, what is not migrated at all is not on."""
    before = "from torv import serving; serving.in_server = True"
    return run_site(DELETING, before=before, packages=packages, TORV_TEST_DATABASE_URL=database)


def test_every_scenario_has_an_expectation() -> None:
    assert SCENARIOS.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_plugin_is_named_with_its_state_and_reason(site: dict[str, Any], name: str) -> None:
    state, reason = site["states"][name]
    expected_state, pattern = EXPECTED[name]
    assert state == expected_state
    assert re.fullmatch(pattern, reason), reason


@pytest.mark.parametrize("door", DOORS)
def test_the_site_answers_in_spite_of_them(site: dict[str, Any], door: str) -> None:
    assert site["doors"][door] == STATUS.get(door, 200)


@pytest.mark.parametrize("door", EDITOR)
def test_editors_can_work_in_spite_of_them(site: dict[str, Any], door: str) -> None:
    assert site["editor"][door] == 200


def test_no_command_is_stopped_by_a_system_check(site: dict[str, Any]) -> None:
    assert site["errors"] == []


def test_what_a_plugin_says_is_shown_as_text(site: dict[str, Any]) -> None:
    assert "&lt;b&gt;bold&lt;/b&gt;" in site["menu"]
    assert "<b>" not in site["menu"]


def test_the_way_from_a_page_to_its_type_is_given_back_to_core(site: dict[str, Any]) -> None:
    assert site["standard"]


def test_a_server_leaves_out_what_is_not_migrated_so_that_pages_can_be_deleted(server: dict[str, Any]) -> None:
    assert server["states"]["unmigrated"] == [
        "broken",
        "migrations: ImproperlyConfigured: not applied: run manage.py migrate, and restart",
    ]
    assert (server["deleted"], server["left"]) == (302, 0)


def test_a_system_check_warns_of_each_that_is_in_trouble_and_of_no_other(site: dict[str, Any]) -> None:
    troubled = {name for name, (state, _) in EXPECTED.items() if state in ("broken", "incompatible", "degraded")}
    assert site["warnings"].keys() == troubled


def test_a_left_out_plugin_is_no_app(site: dict[str, Any]) -> None:
    left_out = {name for name, (state, _) in EXPECTED.items() if state in ("broken", "incompatible")}
    assert left_out & set(site["labels"]) == {"home"}  # core's own


def test_a_left_out_plugin_asks_for_no_migration(site: dict[str, Any]) -> None:
    assert not re.search(r"'(models|words|migr)'", site["pending"])


def test_the_command_lists_them_and_its_exit_status_tells(site: dict[str, Any], packages: Path, database: str) -> None:
    status, printed = run_manage("plugins", packages=packages, TORV_TEST_DATABASE_URL=database)
    assert status == 1
    for name, (state, _) in EXPECTED.items():
        if name == "blocks":  # shows only where the block stands on a page that somebody reads
            continue
        assert re.search(rf"^{name} +\S+( 1\.0)? +{state}\b", printed, re.MULTILINE), name


def test_strict_refuses_to_start(packages: Path) -> None:
    status, printed = run_manage("plugins", packages=packages, TORV_PLUGINS_STRICT="1")
    assert status != 0
    assert "app label 'home' differs" in printed  # the first by name
