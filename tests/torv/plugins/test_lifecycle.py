"""One outside package from its wheel to its removal: installed, used, disabled, parked, back, removed.

Each step is a process of its own, as a deploy is; the steps share one database and run in this order.
"""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.torv.plugins.packages import run_site

pytestmark = pytest.mark.xdist_group("plugin_processes")

INSTALLED = """
from django.apps import apps
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import get_template
from django.test import Client
from django.test.utils import setup_test_environment
from django.utils import translation
from home.models import HomePage, StandardPage
from torv.plugins import plugins
setup_test_environment()
call_command("migrate", verbosity=0)
from torv_fairs.models import FairPage, Stand
home = HomePage.objects.get()
found["demo"] = [list(plugins.collect("demo_content", home=home)) for _ in range(2)]
found["hooks"] = plugins.hooks_of("fairs")
fair = FairPage.objects.get(slug="messe")
fair.save_revision().publish()
fair.title_da = "Messe (kladde)"
fair.save_revision()
Stand.objects.create(fair=fair, number="7B")
block = StandardPage._meta.get_field("body_da").stream_block
page = StandardPage(title_da="Stand", slug="stand", show_in_menus=False)
page.body_da = block.to_python([{"type": "fairs_stand", "value": {"number": "7B"}, "id": "a"}])
home.add_child(instance=page)
client = Client(raise_request_exception=False)
found["api"] = client.get("/api/v3/fairs/").json()
found["document"] = "/api/v3/fairs/" in client.get("/api/v3/openapi.json").json()["paths"]
found["health"] = client.get("/health/ready").json()["checks"]["fairs"]
found["page"] = client.get("/da/messe/").content.decode()
found["static"] = bool(finders.find("torv_fairs/fairs.css"))
found["template"] = get_template("torv_fairs/fair_page.html").origin.name
with translation.override("sv"):
    found["swedish"] = [str(i.label) for n, i in plugins.items("navigation", language="sv") if n == "fairs"]
call_command("makemigrations", "fairs", check=True, dry_run=True, verbosity=0)
from tests.factories.directory import EnterprisePageFactory
exhibitor = EnterprisePageFactory(title_da="Udstiller")
EnterprisePageFactory(title_da="Hjemme")
stand = Stand.objects.create(fair=fair, number="8", exhibitor=exhibitor)
def suppliers(**asked):
    answer = client.get("/api/v3/search/suppliers/", asked)
    facets = {f["name"]: [f["label"], [(b["code"], b["label"], b["language"], b["count"]) for b in f["buckets"]]]
              for f in answer.json().get("facets", [])}
    return [answer.status_code, [i["title"]["text"] for i in answer.json().get("items", [])], facets.get("fairs")]
found["facet"] = {language: suppliers(fairs="messe", lang=language) for language in ("da", "sv", "en")}
found["wrong"] = suppliers(fairs="nowhere")[0]
found["listed"] = "Udstiller p" in client.get("/da/soeg/?show=suppliers").content.decode()
stand.delete()
found["left"] = suppliers(fairs="messe", lang="da")[1]
"""

LOOK = """
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from home.models import Page, StandardPage
from torv.models import Parked
from torv.plugins.report import plugin_states
setup_test_environment()
call_command(COMMAND, verbosity=0, **OPTIONS)
client = Client(raise_request_exception=False)
page = Page.objects.get(slug="messe")
stand = StandardPage.objects.get(slug="stand")
found["state"] = {plugin.name: plugin.state for plugin in plugin_states()}.get("fairs")
found["type"] = type(page.specific).__name__
found["draft"] = page.get_latest_revision_as_object().title_da
found["live"] = page.live
found["parked"] = list(Parked.objects.values_list("type", flat=True))
found["public"] = client.get("/da/messe/").status_code
found["blocks"] = [block.block_type for block in stand.body_da]
stand.save()
stand.save_revision().publish()
found["front"] = client.get("/da/").status_code
"""


REMOVE = """
import io, json, pathlib, tempfile
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from home.models import HomePage, Page, StandardPage

def remove(**options):
    out = io.StringIO()
    try:
        call_command("plugin_remove", "fairs", stdout=out, **options)
    except CommandError as error:
        return str(error)
    return out.getvalue()

export = pathlib.Path(tempfile.mkdtemp()) / "fairs.json"
found["listed"] = remove(export=str(export))
found["exported"] = json.loads(export.read_text(encoding="utf-8"))
Page.objects.get(slug="messe").add_child(instance=StandardPage(title_da="Under", slug="under"))
found["refused"] = remove(yes=True)
found["still"] = Page.objects.filter(slug="messe").count()
Page.objects.get(slug="under").move(HomePage.objects.get(), "last-child")
found["removed"] = remove(yes=True)
found["tables"] = [table for table in connection.introspection.table_names() if table.startswith("fairs_")]
found["types"] = ContentType.objects.filter(app_label="fairs").count()
found["pages"] = sorted(Page.objects.filter(slug__in=["messe", "under"]).values_list("slug", flat=True))
"""


def look(database: str, packages: Path | None, command: str = "migrate", **environment: str) -> dict[str, Any]:
    """Run a command as a deploy does, and look at the site, in one process."""
    options = {"include_stale_apps": True, "interactive": False} if command == "remove_stale_contenttypes" else {}
    code = LOOK.replace("COMMAND", repr(command)).replace("OPTIONS", repr(options))
    return run_site(code, packages=packages, TORV_TEST_DATABASE_URL=database, **environment)


@pytest.fixture(scope="module")
def database(new_database: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What processes with and without the plugin take turns at."""
    return new_database(tmp_path_factory.mktemp("lifecycle"))


@pytest.fixture(scope="module")
def installed(database: str, fairs: Path) -> dict[str, Any]:
    return run_site(INSTALLED, packages=fairs, TORV_TEST_DATABASE_URL=database)


@pytest.fixture(scope="module")
def disabled(database: str, fairs: Path, installed: dict[str, Any]) -> dict[str, Any]:
    return look(database, fairs, TORV_PLUGINS_DISABLED="fairs")


@pytest.fixture(scope="module")
def uninstalled(database: str, disabled: dict[str, Any]) -> dict[str, Any]:
    """The package is not there at all any more, and stale content types are cleared away."""
    return look(database, None, "remove_stale_contenttypes")


@pytest.fixture(scope="module")
def back(database: str, fairs: Path, uninstalled: dict[str, Any]) -> dict[str, Any]:
    return look(database, fairs)


@pytest.fixture(scope="module")
def removed(database: str, fairs: Path, back: dict[str, Any]) -> dict[str, Any]:
    return run_site(REMOVE, packages=fairs, TORV_TEST_DATABASE_URL=database)


def test_the_wheel_holds_templates_static_files_catalogues_and_migrations(fairs_wheel: Path) -> None:
    names = set(zipfile.ZipFile(fairs_wheel).namelist())
    assert {
        "torv_fairs/templates/torv_fairs/fair_page.html",
        "torv_fairs/static/torv_fairs/fairs.css",
        "torv_fairs/locale/sv/LC_MESSAGES/django.mo",
        "torv_fairs/migrations/0001_initial.py",
    } <= names


def test_an_installed_plugin_contributes_through_every_hook_it_uses(installed: dict[str, Any]) -> None:
    assert installed["hooks"] == [
        *("api_routers", "demo_content", "health_checks", "navigation", "search_facets", "stream_blocks")
    ]
    assert installed["api"] == [{"id": installed["api"][0]["id"], "title": "Messe"}]
    assert installed["document"]
    assert installed["health"]["status"] == "ok"


def test_suppliers_are_narrowed_by_its_facet_in_three_languages(installed: dict[str, Any]) -> None:
    assert installed["facet"] == {
        "da": [200, ["Udstiller"], ["Udstiller på", [["messe", "Messe", "da", 1]]]],
        "sv": [200, ["Udstiller"], ["Ställer ut på", [["messe", "Messe", "da", 1]]]],
        "en": [200, ["Udstiller"], ["Exhibits at", [["messe", "Messe", "da", 1]]]],
    }
    assert installed["wrong"] == 422
    assert installed["listed"]


def test_its_facet_follows_what_changes_in_its_own_tables(installed: dict[str, Any]) -> None:
    assert installed["left"] == []


def test_its_demo_content_is_made_once(installed: dict[str, Any]) -> None:
    first, second = installed["demo"]
    assert "1 fair" in first
    assert "1 fair" not in second


def test_its_template_static_file_and_catalogue_come_from_the_wheel(installed: dict[str, Any], fairs: Path) -> None:
    assert '<p class="fair">Hal 1</p>' in installed["page"]
    assert installed["static"]
    assert installed["template"].startswith(str(fairs))
    assert installed["swedish"] == ["Mässa"]


def test_disabled_its_pages_are_parked_and_its_blocks_kept(disabled: dict[str, Any]) -> None:
    assert (disabled["state"], disabled["type"], disabled["live"]) == ("disabled", "Page", False)
    assert disabled["parked"] == ["fairs.fairpage"]
    assert disabled["public"] == 404
    assert disabled["blocks"] == ["absent"]
    assert disabled["front"] == 200


def test_uninstalled_the_site_goes_on_without_a_trace_of_it(uninstalled: dict[str, Any]) -> None:
    assert (uninstalled["state"], uninstalled["type"], uninstalled["front"]) == (None, "Page", 200)


def test_back_its_page_drafts_and_blocks_are_what_they_were(back: dict[str, Any]) -> None:
    assert (back["state"], back["type"], back["live"]) == ("on", "FairPage", True)
    assert back["draft"] == "Messe (kladde)"
    assert back["public"] == 200
    assert back["parked"] == []
    assert back["blocks"] == ["fairs_stand"]


def test_removal_lists_and_exports_before_it_deletes(removed: dict[str, Any]) -> None:
    assert "fairs.FairPage" in removed["listed"]
    assert "fairs.Stand: 1" in removed["listed"]
    assert "Nothing is deleted yet" in removed["listed"]
    exported = [
        (row["model"], row["fields"].get("title_da", row["fields"].get("number"))) for row in removed["exported"]
    ]
    assert exported == [("fairs.fairpage", "Messe"), ("fairs.stand", "7B")]


def test_removal_refuses_while_somebody_elses_page_is_below(removed: dict[str, Any]) -> None:
    assert "Move these first" in removed["refused"]
    assert "/under/" in removed["refused"]
    assert removed["still"] == 1


def test_removal_leaves_nothing_of_the_plugin_and_all_of_the_others(removed: dict[str, Any]) -> None:
    assert "Now add fairs to TORV_PLUGINS_DISABLED or uninstall torv_fairs." in removed["removed"]
    assert (removed["tables"], removed["types"], removed["pages"]) == ([], 0, ["under"])


@pytest.mark.parametrize(
    ("name", "reason"), [("ghost", "ghost is not on"), ("home", "home is part of the site, not a plugin")]
)
def test_only_a_plugin_that_is_on_can_be_removed(name: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("plugin_remove", name)
