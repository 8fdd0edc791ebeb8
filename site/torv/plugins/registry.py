"""The one plugin manager. Core talks to plugins through it, and never through pluggy's own call loop.

pluggy stops at the first implementation that raises, and calls the last registered first. Here each implementation is
called by itself, in the order of INSTALLED_APPS (core apps first), inside a savepoint when there is a transaction,
and what it returns is checked item by item. A plugin that fails loses what was wrong with it and is named in
`problems`; a core app that fails raises.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from importlib import import_module
from types import ModuleType
from typing import Any

import pluggy
from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule

from . import hookspecs
from .markers import PROJECT

log = logging.getLogger("torv.plugins")

MANY = 20  # different failures of one plugin in one place that are logged in full; texts with addresses never repeat


class Registry:
    """Which plugins are loaded, in which order, and what went wrong with whom."""

    def __init__(self, specifications: ModuleType | type = hookspecs) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(specifications)
        self._order: dict[str, int] = {}
        self._core: set[str] = set()
        self._problems: dict[str, dict[str, str]] = {}
        self._logged: dict[tuple[str, str], set[str]] = {}
        """What was logged in full: (name, place) -> lines."""
        self.loaded = False
        """Whether every `plugin.py` has been imported; hooks are silent before that."""

    # ------------------------------------------------------------------ loading

    def load(self, core: Iterable[AppConfig], outside: Iterable[AppConfig]) -> None:
        """Import every `plugin.py`: core's, which may raise, then the plugins', which may not. Called when all models
        are there."""
        for config in core:
            if module_has_submodule(config.module, "plugin"):
                self.register(import_module(f"{config.name}.plugin"), config.label, core=True)
        for config in outside:
            try:
                if module_has_submodule(config.module, "plugin"):
                    self.register(import_module(f"{config.name}.plugin"), config.label)
            except (Exception, SystemExit) as error:
                self.problem(config.label, "plugin.py", error)
        self.loaded = True

    def register(self, plugin: object, name: str, *, core: bool = False) -> None:
        """Add the implementations that `plugin` (a module or an object) holds.

        Raises LookupError for a hook that does not exist and pluggy.PluginValidationError for arguments that it does
        not have; nothing is added then.
        """
        try:
            self._manager.register(plugin, name)
        except Exception:
            # pluggy keeps what it had already taken in when it finds the fault.
            if self._manager.get_plugin(name) is plugin:
                self._manager.unregister(plugin)
            raise
        if unknown := [
            hook for hook in self._unspecified() if any(i.plugin is plugin for i in self._implementations(hook))
        ]:
            self._manager.unregister(plugin)
            raise LookupError(f"unknown hook {', '.join(unknown)}")
        self._order.setdefault(name, len(self._order))
        if core:
            self._core.add(name)

    def discard(self, name: str) -> None:
        """Take a plugin out again that was loaded; nothing for one that is not."""
        if (plugin := self._manager.get_plugin(name)) is not None:
            self._manager.unregister(plugin)
            self._forget()

    # ------------------------------------------------------------------ what is known

    @property
    def names(self) -> list[str]:
        """The loaded plugins and core apps, in the order in which they are called."""
        return sorted((name for name, _ in self._manager.list_name_plugin()), key=self._order.__getitem__)

    def is_core(self, name: str) -> bool:
        """Whether this name is a core app: it may do what plugins may not, and its errors are real ones."""
        return name in self._core

    def hooks_of(self, name: str) -> list[str]:
        """Names of the hooks that this plugin implements, sorted; empty for one that is not loaded."""
        if (plugin := self._manager.get_plugin(name)) is None:
            return []
        return sorted(caller.name for caller in self._manager.get_hookcallers(plugin) or ())

    def problems_of(self, name: str) -> dict[str, str]:
        """What is wrong with this plugin now: place -> one line."""
        return dict(self._problems.get(name, {}))

    def problem(self, name: str, where: str, error: Exception | SystemExit) -> None:
        """Remember and log a plugin's failure; the traceback once, not at every request. Raises it when `name` is
        core."""
        if name in self._core:
            raise error
        line = f"{where}: {said(error)}"
        self._problems.setdefault(name, {})[where] = line
        logged = self._logged.setdefault((name, where), set())
        if line in logged or len(logged) >= MANY:
            log.warning("plugin %s failed again in %s", name, line)
        else:
            logged.add(line)
            log.error("plugin %s failed in %s", name, line, exc_info=error)

    @contextmanager
    def blaming(self, name: str, where: str) -> Iterator[None]:
        """What is done inside is done for this plugin: what it raises is its problem, and goes no further. For what
        core does with a contributed item later than the hook gave it: rendering it, asking it something. Core's own
        errors stay errors."""
        if name in self._core:
            yield
            return
        try:
            with _savepoint():
                yield
        except (Exception, SystemExit) as error:
            self.problem(name, where, error)
        else:
            self._forgive(name, where)

    # ------------------------------------------------------------------ calling

    def each(self, hook: str, /, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """Call every implementation by itself: (plugin's name, what it returned), without those that returned None or
        failed.

        Raises TypeError when `arguments` are not the specification's: that is core's mistake, not a plugin's.
        """
        for name, value in self._answers(hook, arguments, _read):
            self._forgive(name, hook)
            if value is not None:
                yield name, value

    def _answers(
        self, hook: str, arguments: Mapping[str, Any], read: Callable[[Any], Any]
    ) -> Iterator[tuple[str, Any]]:
        """(plugin's name, what `read` makes of its answer) of each that did not fail. Reading belongs to the call: a
        generator or a query set runs, and raises, only then."""
        caller = getattr(self._manager.hook, hook)
        if difference := set(caller.spec.argnames) ^ set(arguments):
            raise TypeError(f"{hook}: arguments differ from the specification: {', '.join(sorted(difference))}")
        for implementation in sorted(caller.get_hookimpls(), key=self._rank):
            if implementation.wrapper or implementation.hookwrapper:
                continue
            name = implementation.plugin_name
            try:
                with _savepoint():
                    answer = implementation.function(*(arguments[argument] for argument in implementation.argnames))
                    value = read(answer)
            except (Exception, SystemExit) as error:
                self.problem(name, hook, error)
            else:
                yield name, value

    def items(self, hook: str, /, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """Every contributed item that passes the hook's own check (hookspecs.CHECKS), as (plugin's name, item)."""
        check = hookspecs.CHECKS.get(hook)
        for name, contributed in self._answers(hook, arguments, _read_items):
            well = True
            for item in contributed:
                try:
                    if check:
                        check(item)
                except (Exception, SystemExit) as error:
                    well = False
                    self.problem(name, hook, error)
                else:
                    yield name, item
            if well:
                self._forgive(name, hook)

    def collect(self, hook: str, /, **arguments: Any) -> list[Any]:
        """Every contributed item in one list."""
        return [item for _, item in self.items(hook, **arguments)]

    def first(self, hook: str, /, **arguments: Any) -> Any:
        """What the first implementation answers that neither failed nor returned None; None when nobody does."""
        return next((value for _, value in self.each(hook, **arguments)), None)

    def apply(self, hook: str, use: Callable[[str, Any], object], /, **arguments: Any) -> None:
        """Give each item to `use(plugin's name, item)`; where that raises, it is the item's plugin that is at fault."""
        for name, item in list(self.items(hook, **arguments)):
            try:
                with _savepoint():
                    use(name, item)
            except (Exception, SystemExit) as error:
                self.problem(name, hook, error)

    # ------------------------------------------------------------------ for tests

    @contextmanager
    def plugged(self, plugin: object, name: str = "trial") -> Iterator[Any]:
        """With this object as one more plugin, and everything that core had computed from hooks computed anew."""
        self.register(plugin, name)
        self._forget()
        try:
            yield plugin
        finally:
            self._manager.unregister(plugin)
            self._order.pop(name, None)
            self._problems.pop(name, None)
            self._logged = {key: lines for key, lines in self._logged.items() if key[0] != name}
            self._forget()

    @contextmanager
    def unplugged(self, name: str) -> Iterator[None]:
        """Without this plugin's hooks. Its models stay, and so do API routers, which join once per process."""
        plugin = self._manager.get_plugin(name)
        if plugin is None:
            raise LookupError(f"no plugin {name!r} is loaded")
        self._manager.unregister(plugin)
        self._forget()
        try:
            yield
        finally:
            self._manager.register(plugin, name)
            self._forget()

    # ------------------------------------------------------------------ inside

    def _rank(self, implementation: pluggy.HookImpl) -> tuple[bool, bool, bool, int]:
        name = implementation.plugin_name
        return (not implementation.tryfirst, implementation.trylast, name not in self._core, self._order[name])

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        return getattr(self._manager.hook, hook).get_hookimpls()

    def _unspecified(self) -> list[str]:
        hooks = vars(self._manager.hook)
        return [name for name, caller in hooks.items() if not name.startswith("_") and not caller.has_spec()]

    def _forgive(self, name: str, where: str) -> None:
        known = self._problems.get(name, {})
        if known.pop(where, None):
            self._logged.pop((name, where), None)
        if not known:
            self._problems.pop(name, None)

    def _forget(self) -> None:
        from .streamfield import forget_blocks

        forget_blocks()


def said(error: BaseException) -> str:
    """An exception in one line, also one that cannot say what it is."""
    try:
        return f"{type(error).__name__}: {error}".replace("\n", " ")
    except Exception:
        return f"{type(error).__name__} (its text cannot be read)"


def _read(answer: Any) -> Any:
    return list(answer) if isinstance(answer, Iterator) else answer


def _read_items(answer: Any) -> list[Any]:
    if isinstance(answer, str | bytes | Mapping):  # each sign of a text, each key of a mapping would be an item
        raise TypeError(f"a list or a generator of items is wanted, not {type(answer).__name__}")
    return [] if answer is None else list(answer)


def _savepoint() -> Any:
    """Inside a transaction, a savepoint: a plugin's failed query must not spoil what core does next."""
    from django.db import connection, transaction

    return transaction.atomic() if connection.in_atomic_block else nullcontext()


plugins = Registry()
