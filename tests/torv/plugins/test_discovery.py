"""Which plugins are found, and which of them may be loaded."""

import sys
from pathlib import Path

import pytest

from tests.torv.plugins.packages import APPS, write_package
from torv.plugins.discovery import Discovery, FoundPlugin, discover


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages on the path; what is imported from it is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("torv_")]:
        del sys.modules[name]


def found(folder: Path, name: str, **arguments: object) -> FoundPlugin:
    result = discover(**{"core_version": "0.4.0", "bundled": folder / "pyproject.toml", **arguments})
    return next(plugin for plugin in result.plugins if plugin.name == name)


def test_an_installed_plugin_is_found_by_its_entry_point(folder: Path) -> None:
    plugin = found(write_package(folder, "kites"), "kites")
    assert (plugin.state, plugin.package, plugin.version, plugin.app) == (
        "on",
        "torv-kites",
        "1.0",
        "torv_kites.apps.Config",
    )


def test_bundled_plugins_are_read_from_the_project_file_and_come_first(folder: Path) -> None:
    write_package(folder, "apples")
    write_package(folder, "zebras")
    for info in folder.glob("torv_zebras-*.dist-info/entry_points.txt"):
        info.unlink()
    (folder / "pyproject.toml").write_text('[project.entry-points.torv]\nzebras = "torv_zebras.apps:Config"\n')
    result = discover(core_version="0.4.0", bundled=folder / "pyproject.toml")
    assert [(plugin.name, plugin.bundled) for plugin in result.plugins] == [("zebras", True), ("apples", False)]
    assert result.apps == ["torv_zebras.apps.Config", "torv_apples.apps.Config"]


def test_without_a_project_file_the_bundled_ones_come_from_our_own_distribution(folder: Path) -> None:
    write_package(folder, "news")
    next(folder.glob("torv_news-*.dist-info")).rename(folder / "torv-0.4.0.dist-info")
    (folder / "torv-0.4.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: torv\nVersion: 0.4.0\n")
    plugin = found(folder, "news")
    assert plugin.bundled
    assert plugin.state == "on"


def test_the_order_is_by_name_whatever_the_folder_says(folder: Path) -> None:
    for name in ("pears", "beans", "oats"):
        write_package(folder, name)
    result = discover(core_version="0.4.0", bundled=folder / "none")
    assert [plugin.name for plugin in result.plugins] == ["beans", "oats", "pears"]


def test_a_disabled_plugin_is_not_even_imported(folder: Path) -> None:
    write_package(folder, "kites", {"__init__.py": "raise RuntimeError"})
    plugin = found(folder, "kites", disabled=["kites"])
    assert (plugin.state, plugin.reason) == ("disabled", "TORV_PLUGINS_DISABLED")


def test_a_disabled_name_that_nobody_has_is_reported(folder: Path) -> None:
    assert found(folder, "ghost", disabled=["ghost"]).reason == "disabled, but no such plugin is installed"


@pytest.mark.parametrize(
    ("requires", "reason"),
    [
        ("torv>=2,<3", "torv-kites 1.0 requires torv<3,>=2, this is 0.4.0"),
        ("", "torv-kites does not say which torv it was made for (a dependency such as torv>=1,<2)"),
        ("torvald>=1", "torv-kites does not say which torv it was made for (a dependency such as torv>=1,<2)"),
    ],
)
def test_a_plugin_for_another_version_is_left_out(folder: Path, requires: str, reason: str) -> None:
    plugin = found(write_package(folder, "kites", requires=requires), "kites")
    assert (plugin.state, plugin.reason) == ("incompatible", reason)


@pytest.mark.parametrize("requires", ["torv>=0.4", "Torv ~= 0.4", 'torv>=0.1; extra == "site"', "torv"])
def test_a_range_that_holds_this_version_is_enough(folder: Path, requires: str) -> None:
    assert found(write_package(folder, "kites", requires=requires), "kites").state == "on"


def test_a_pre_release_of_core_counts_as_that_release(folder: Path) -> None:
    write_package(folder, "kites", requires="torv>=0.4")
    assert found(folder, "kites", core_version="0.5.0rc1").state == "on"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"__init__.py": "raise RuntimeError('no network')\n"}, "RuntimeError: no network"),
        ({"__init__.py": "import not_there\n"}, "ModuleNotFoundError: No module named 'not_there'"),
        ({"__init__.py": "import sys; sys.exit('licence expired')\n"}, "SystemExit: licence expired"),
    ],
)
def test_a_package_that_cannot_be_imported_is_broken(folder: Path, files: dict[str, str], reason: str) -> None:
    plugin = found(write_package(folder, "kites", files), "kites")
    assert (plugin.state, plugin.reason) == ("broken", reason)


def test_an_entry_point_to_nothing_is_broken(folder: Path) -> None:
    write_package(folder, "kites", apps="")
    assert found(folder, "kites").reason == "AttributeError: module 'torv_kites.apps' has no attribute 'Config'"


def test_a_plain_app_config_is_refused(folder: Path) -> None:
    plain = "from django.apps import AppConfig\nclass Config(AppConfig):\n    name = 'torv_plain'\n"
    plugin = found(write_package(folder, "plain", apps=plain), "plain")
    assert plugin.state == "broken"
    assert plugin.reason == "TypeError: torv_plain.apps:Config is no torv.plugins.PluginConfig"


def test_a_label_other_than_the_entry_points_name_is_refused(folder: Path) -> None:
    plugin = found(write_package(folder, "clash", label="home"), "clash")
    assert plugin.reason == "ValueError: app label 'home' differs from the entry point's name 'clash'"


@pytest.mark.parametrize("name", ["home", "outbox"])
def test_a_core_apps_name_is_taken(folder: Path, name: str) -> None:
    plugin = found(write_package(folder, name), name, reserved=["home", "torv.outbox"])
    assert (plugin.state, plugin.reason) == ("broken", f"the name {name!r} is taken by torv")


@pytest.mark.parametrize("name", ["auth", "wagtailcore", "taggit"])
def test_a_name_of_djangos_or_wagtails_would_stop_the_site_and_is_refused(folder: Path, name: str) -> None:
    plugin = found(write_package(folder, name), name)
    assert (plugin.state, plugin.reason) == ("broken", f"the name {name!r} belongs to Django or Wagtail")


def test_of_two_plugins_with_one_name_the_bundled_one_stays(folder: Path) -> None:
    write_package(folder, "meetings")
    (folder / "ours").mkdir()
    (folder / "ours" / "__init__.py").write_text(APPS.format(package="ours", label="meetings"))
    (folder / "pyproject.toml").write_text('[project.entry-points.torv]\nmeetings = "ours:Config"\n')
    result = discover(core_version="1", bundled=folder / "pyproject.toml")
    states = [(plugin.package, plugin.state, plugin.reason) for plugin in result.plugins]
    assert states == [("torv", "on", ""), ("torv-meetings", "broken", "the name 'meetings' is taken by torv")]


def test_strict_stops_at_the_first_broken_plugin(folder: Path) -> None:
    write_package(folder, "kites", {"__init__.py": "raise RuntimeError('no network')\n"})
    with pytest.raises(RuntimeError, match="no network"):
        found(folder, "kites", strict=True)


def test_core_keeps_the_labels_of_core_apps_in_order(folder: Path) -> None:
    result = discover(core_version="1", bundled=folder / "none", reserved=["torv", "torv.outbox", "home"])
    assert result == Discovery((), ("torv", "outbox", "home"))
