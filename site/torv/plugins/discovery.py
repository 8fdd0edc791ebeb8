"""Which plugins are there, and which of them may be loaded.

Runs while settings are being read: no models, no settings, nothing that needs Django to be set up. A plugin is named
by an entry point in group `torv` that leads to its AppConfig. Bundled plugins stand in the same table of our own
pyproject.toml, which is read as a file, so that a plain checkout and an installed wheel see the same list.
"""

import importlib
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

GROUP = "torv"
CORE = "torv"
"""The distribution's name, as a plugin's package writes it among its dependencies."""

ON, DISABLED, INCOMPATIBLE, BROKEN = "on", "disabled", "incompatible", "broken"

FOREIGN_LABELS = frozenset(
    (
        *(
            "admin",
            "auth",
            "contenttypes",
            "django_tasks_database",
            "flatpages",
            "humanize",
            "messages",
            "modelcluster",
        ),
        *("modeltranslation", "ninja", "postgres", "redirects", "rest_framework", "sessions", "sitemaps", "sites"),
        *("modelcluster", "staticfiles", "taggit"),
    )
)
"""App labels of Django and of what Wagtail needs. Two apps with one label would keep the whole site from starting."""


@dataclass(frozen=True)
class FoundPlugin:
    """One entry point, and what discovery made of it."""

    name: str
    """The entry point's name; equals the app label."""
    target: str
    """What the entry point leads to: "package.apps:Config"."""
    package: str = CORE
    version: str = ""
    requires: tuple[str, ...] = ()
    bundled: bool = False
    state: str = ON
    """"on", "disabled", "incompatible" or "broken"."""
    reason: str = ""
    """One sentence for whoever runs the site; empty when the plugin is on."""

    @property
    def app(self) -> str:
        """The line for INSTALLED_APPS: "package.apps.Config"."""
        return self.target.replace(":", ".")


@dataclass(frozen=True)
class Discovery:
    """What settings keep as `TORV_PLUGINS`."""

    plugins: tuple[FoundPlugin, ...]
    """Bundled ones first, then installed ones, each sorted by name."""
    core: tuple[str, ...] = ()
    """Labels of the core apps, in order: their `plugin.py` is loaded before any plugin's, and may fail loudly."""

    @property
    def apps(self) -> list[str]:
        """The plugins that are on, as lines for INSTALLED_APPS."""
        return [plugin.app for plugin in self.plugins if plugin.state == ON]


def discover(
    *,
    core_version: str,
    disabled: Collection[str] = (),
    bundled: Path = Path("pyproject.toml"),
    reserved: Iterable[str] = (),
    strict: bool = False,
) -> Discovery:
    """Find all plugins and decide which may be loaded.

    `core_version` is compared with the range of `torv` that an installed plugin's package requires. `disabled` names
    plugins to leave out. `bundled` is our pyproject.toml. `reserved` are the core apps ("home", "torv.outbox"), whose
    names no plugin may take. With `strict` a plugin that cannot be imported stops the site, for those who would
    rather have that; otherwise it is left out and says why.
    """
    core = tuple(name.rpartition(".")[2] for name in reserved)
    taken = dict.fromkeys(core, CORE)
    packages: dict[str, str] = {}
    judged, unheard_of = [], set(disabled)
    for plugin in _candidates(bundled):
        unheard_of.discard(plugin.name)
        plugin = _judge(plugin, core_version, disabled, taken, packages, strict)
        if plugin.state == ON:
            taken[plugin.name] = plugin.package
        judged.append(plugin)
    for name in sorted(unheard_of):
        judged.append(FoundPlugin(name, "", "", state=DISABLED, reason="disabled, but no such plugin is installed"))
    return Discovery(tuple(judged), core)


def _candidates(bundled: Path) -> Iterator[FoundPlugin]:
    """Bundled first, then installed ones, each sorted by name: the order is the same on every machine."""
    ours, theirs = [], []
    checkout = bundled.exists()
    if checkout:
        table = (
            tomllib.loads(bundled.read_text(encoding="utf-8")).get("project", {}).get("entry-points", {}).get(GROUP, {})
        )
        ours = [FoundPlugin(name, target, bundled=True) for name, target in table.items()]
    for point in metadata.entry_points(group=GROUP):
        if point.dist is None:
            continue
        if canonicalize_name(point.dist.name) != CORE:
            requires = tuple(point.dist.requires or ())
            theirs.append(FoundPlugin(point.name, point.value, point.dist.name, point.dist.version, requires))
        elif (
            not checkout
        ):  # in a checkout pyproject.toml has said it already, and is fresher than what was once installed
            ours.append(FoundPlugin(point.name, point.value, bundled=True))
    yield from sorted(ours, key=lambda plugin: plugin.name)
    yield from sorted(theirs, key=lambda plugin: (plugin.name, plugin.package))


def _judge(
    plugin: FoundPlugin,
    core_version: str,
    disabled: Collection[str],
    taken: dict[str, str],
    packages: dict[str, str],
    strict: bool,
) -> FoundPlugin:
    """`taken` are the names in use, `packages` the packages whose app is on (package -> plugin's name); one that is on
    is added."""
    if plugin.name in taken:
        return replace(plugin, state=BROKEN, reason=f"the name {plugin.name!r} is taken by {taken[plugin.name]}")
    if plugin.name in FOREIGN_LABELS or plugin.name.startswith("wagtail"):
        return replace(plugin, state=BROKEN, reason=f"the name {plugin.name!r} belongs to Django or Wagtail")
    if plugin.name in disabled:
        return replace(plugin, state=DISABLED, reason="TORV_PLUGINS_DISABLED")
    if reason := _incompatibility(plugin, core_version):
        return replace(plugin, state=INCOMPATIBLE, reason=reason)
    try:
        package = _try_import(plugin)
        if package in packages:
            raise ValueError(f"the package {package} is the app of the plugin {packages[package]!r} already")
        packages[package] = plugin.name
    except (Exception, SystemExit) as error:
        if strict:
            raise
        return replace(plugin, state=BROKEN, reason=f"{type(error).__name__}: {error}")
    return plugin


def _incompatibility(plugin: FoundPlugin, core_version: str) -> str:
    """Why this plugin is not made for this version of core, or "". The range is the one pip reads, so it is written
    once."""
    if plugin.bundled:
        return ""
    ranges = []
    for line in plugin.requires:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if canonicalize_name(requirement.name) == CORE:  # with any marker: `torv>=1; extra == "torv"` says it as well
            ranges.append(requirement.specifier)
    if not ranges:
        return f"{plugin.package} does not say which torv it was made for (a dependency such as torv>=1,<2)"
    for allowed in ranges:
        if not allowed.contains(core_version, prereleases=True):
            return f"{plugin.package} {plugin.version} requires torv{allowed}, this is {core_version}"
    return ""


def _try_import(plugin: FoundPlugin) -> str:
    """Import the plugin's AppConfig, make one as Django will, and hold it to its promises; raises what is wrong with
    it. Returns the package that is the app."""
    from django.apps import AppConfig
    from django.conf import settings
    from django.utils.functional import empty

    from .config import PluginConfig

    was_configured = settings.configured
    module_name, _, attribute = plugin.target.partition(":")
    try:
        config = getattr(importlib.import_module(module_name), attribute)
        if not (isinstance(config, type) and issubclass(config, PluginConfig)):
            raise TypeError(f"{plugin.target} is no torv.plugins.PluginConfig")
        name = getattr(config, "name", None)
        if not (isinstance(name, str) and f"{module_name}.".startswith(f"{name}.")):  # another's app, or none at all
            raise ValueError(f"the app's name {name!r} is not the package that {module_name} stands in")
        label = getattr(config, "label", "") or name.rpartition(".")[2]
        if label != plugin.name:  # one word for the entry point, the app, its tables and the setting that leaves it out
            raise ValueError(f"app label {label!r} differs from the entry point's name {plugin.name!r}")
        AppConfig.create(plugin.app)
        if settings.configured and not was_configured:
            raise RuntimeError(f"{module_name} reads settings while it is imported: they are half read then")
    finally:
        if not was_configured:
            settings._wrapped = empty  # what it read is half of them: nobody else shall see that
    return name
