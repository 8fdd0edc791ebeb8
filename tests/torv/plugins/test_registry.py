"""How core asks plugins: one by one, in order, each at its own risk."""

import sys
import types
from collections.abc import Iterator
from typing import Any

import pluggy
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from torv.plugins import hookimpl, hookspec, plugins
from torv.plugins.hookspecs import NavigationItem
from torv.plugins.registry import Registry


class Specifications:
    """Hooks for these tests alone."""

    @hookspec
    def things(self, number: int) -> Any: ...

    @hookspec
    def more_things(self) -> Any: ...


def contributor(answer: Any, **options: bool) -> object:
    """A plugin whose `things` answers this, or raises it, or is it when it can be called."""

    class Contributor:
        @hookimpl(**options)
        def things(self, number: int) -> Any:
            if isinstance(answer, BaseException):
                raise answer
            return answer(number) if callable(answer) else answer

    return Contributor()


@pytest.fixture
def registry() -> Registry:
    return Registry(Specifications)


def test_items_come_in_the_order_in_which_plugins_were_added(registry: Registry) -> None:
    registry.register(contributor(["a", "b"]), "first")
    registry.register(contributor(lambda number: ["c"] * number), "second")
    assert registry.collect("things", number=2) == ["a", "b", "c", "c"]


def test_core_comes_before_plugins_whenever_it_was_added(registry: Registry) -> None:
    registry.register(contributor(["plugin"]), "plugin")
    registry.register(contributor(["core"]), "core", core=True)
    assert registry.collect("things", number=1) == ["core", "plugin"]


def test_tryfirst_and_trylast_go_round_everybody(registry: Registry) -> None:
    registry.register(contributor(["last"], trylast=True), "one")
    registry.register(contributor(["middle"]), "two")
    registry.register(contributor(["first"], tryfirst=True), "three")
    assert registry.collect("things", number=1) == ["first", "middle", "last"]


def test_none_and_nothing_contribute_nothing(registry: Registry) -> None:
    registry.register(contributor(None), "silent")
    registry.register(contributor([]), "empty")
    assert registry.collect("things", number=1) == []
    assert list(registry.each("things", number=1)) == [("empty", [])]


@pytest.mark.parametrize("error", [RuntimeError("bad"), SystemExit("licence expired")])
def test_a_plugin_that_raises_costs_its_own_contribution(registry: Registry, error: BaseException) -> None:
    registry.register(contributor(error), "bad")
    registry.register(contributor(["good"]), "good")
    assert registry.collect("things", number=1) == ["good"]
    assert registry.problems_of("bad") == {"things": f"things: {type(error).__name__}: {error}"}
    assert registry.problems_of("good") == {}


def test_a_core_app_that_raises_is_a_real_error(registry: Registry) -> None:
    registry.register(contributor(RuntimeError("ours")), "core", core=True)
    with pytest.raises(RuntimeError, match="ours"):
        registry.collect("things", number=1)


def test_a_generator_that_breaks_half_way_contributes_nothing(registry: Registry) -> None:
    def half(number: int) -> Iterator[str]:
        yield "one"
        raise RuntimeError("half way")

    registry.register(contributor(half), "half")
    assert registry.collect("things", number=1) == []
    assert "half way" in registry.problems_of("half")["things"]


def test_what_is_no_iterable_is_a_problem(registry: Registry) -> None:
    registry.register(contributor(7), "scalar")
    assert registry.collect("things", number=1) == []
    assert registry.problems_of("scalar").keys() == {"things"}


def test_a_query_set_is_read_where_its_failing_is_the_plugins(registry: Registry) -> None:
    class Unreadable:
        def __iter__(self) -> Iterator[str]:
            raise RuntimeError("no such table")

    registry.register(contributor(Unreadable()), "unread")
    assert registry.collect("things", number=1) == []
    assert "no such table" in registry.problems_of("unread")["things"]


@pytest.mark.parametrize("answer", ["text", b"bytes", {"a": 1}])
def test_a_text_or_a_mapping_is_no_list_of_items(registry: Registry, answer: Any) -> None:
    registry.register(contributor(answer), "alone")
    assert registry.collect("things", number=1) == []
    assert "a list or a generator of items is wanted" in registry.problems_of("alone")["things"]


def test_an_error_that_cannot_say_what_it_is_is_still_a_problem(registry: Registry) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("mute")

    registry.register(contributor(Mute()), "mute")
    assert registry.collect("things", number=1) == []
    assert registry.problems_of("mute") == {"things": "things: Mute (its text cannot be read)"}


def test_what_is_done_for_a_plugin_is_its_problem_and_forgotten_when_it_goes_well(registry: Registry) -> None:
    with registry.blaming("one", "template"):
        raise RuntimeError("half way")
    assert registry.problems_of("one") == {"template": "template: RuntimeError: half way"}
    with registry.blaming("one", "template"):
        pass
    assert registry.problems_of("one") == {}


def test_what_is_done_for_core_raises(registry: Registry) -> None:
    registry.register(contributor([]), "core", core=True)
    with pytest.raises(RuntimeError, match="ours"), registry.blaming("core", "template"):
        raise RuntimeError("ours")


def test_a_discarded_plugin_is_not_asked_any_more(registry: Registry) -> None:
    registry.register(contributor(["a"]), "one")
    registry.discard("one")
    registry.discard("nobody")
    assert registry.collect("things", number=1) == []


def test_a_bad_item_is_logged_in_full_once(caplog: pytest.LogCaptureFixture) -> None:
    with plugins.plugged(Menu(), "menu"):
        plugins.collect("navigation", language="sv")
        plugins.collect("navigation", language="sv")
    levels = [record.levelname for record in caplog.records if "menu" in record.getMessage()]
    assert levels == ["ERROR", "ERROR", "WARNING", "WARNING"]


def test_a_problem_is_forgotten_when_the_same_hook_answers_again(registry: Registry) -> None:
    answers: list[Any] = [RuntimeError("a bad day"), ["fine"]]

    def moody(number: int) -> list[str]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    registry.register(contributor(moody), "moody")
    registry.collect("things", number=1)
    assert registry.problems_of("moody")
    registry.collect("things", number=1)
    assert registry.problems_of("moody") == {}


def test_the_same_problem_is_logged_with_a_traceback_once(registry: Registry, caplog: pytest.LogCaptureFixture) -> None:
    registry.register(contributor(RuntimeError("bad")), "bad")
    registry.collect("things", number=1)
    registry.collect("things", number=1)
    logged = [(record.levelname, bool(record.exc_info)) for record in caplog.records]
    assert logged == [("ERROR", True), ("WARNING", False)]


def test_first_passes_over_those_that_raise_or_do_not_know(registry: Registry) -> None:
    registry.register(contributor(RuntimeError("bad")), "bad")
    registry.register(contributor(None), "silent")
    registry.register(contributor("answer"), "knows")
    assert registry.first("things", number=1) == "answer"


def test_first_is_none_when_nobody_knows(registry: Registry) -> None:
    assert registry.first("things", number=1) is None


def test_apply_blames_the_plugin_of_the_item_and_uses_the_others(registry: Registry) -> None:
    used = []

    def use(name: str, item: Any) -> None:
        used.append((name, 10 / item))

    registry.register(contributor([5, 0, 2]), "numbers")
    registry.apply("things", use, number=1)
    assert used == [("numbers", 2.0), ("numbers", 5.0)]
    assert "ZeroDivisionError" in registry.problems_of("numbers")["things"]


def test_a_wrong_argument_of_cores_is_cores_mistake(registry: Registry) -> None:
    with pytest.raises(TypeError, match=r"things: arguments differ from the specification: number, nummer"):
        registry.collect("things", nummer=1)


def test_an_unknown_hook_is_refused_and_leaves_nothing_behind(registry: Registry) -> None:
    class Typo:
        @hookimpl
        def thingz(self) -> list[str]:
            return []

    with pytest.raises(LookupError, match="unknown hook thingz"):
        registry.register(Typo(), "typo")
    assert registry.names == []


def test_an_argument_that_the_hook_has_not_is_refused_and_leaves_nothing_behind(registry: Registry) -> None:
    class Wrong:
        @hookimpl
        def more_things(self) -> list[str]:
            return ["leftover"]

        @hookimpl
        def things(self, nummer: int) -> list[str]:
            return []

    with pytest.raises(pluggy.PluginValidationError):
        registry.register(Wrong(), "wrong")
    assert registry.names == []
    assert registry.collect("more_things") == []


def test_hooks_of_names_what_a_plugin_implements(registry: Registry) -> None:
    registry.register(contributor([]), "one")
    assert registry.hooks_of("one") == ["things"]
    assert registry.hooks_of("nobody") == []


def test_loading_raises_for_core_and_goes_on_for_plugins(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    class Config:
        def __init__(self, label: str) -> None:
            self.name = self.label = label
            self.module = types.ModuleType(label)
            self.module.__path__ = []
            monkeypatch.setitem(sys.modules, label, self.module)
            monkeypatch.setattr("torv.plugins.registry.module_has_submodule", lambda module, name: True)

    with pytest.raises(ModuleNotFoundError):
        registry.load([Config("ours")], [])
    registry.load([], [Config("theirs")])
    assert registry.loaded
    assert "ModuleNotFoundError" in registry.problems_of("theirs")["plugin.py"]


@pytest.mark.django_db
def test_a_failed_query_of_a_plugin_does_not_spoil_the_transaction(registry: Registry) -> None:
    def clash(number: int) -> None:
        ContentType.objects.create(app_label="home", model="page")  # unique

    registry.register(contributor(clash), "clash")
    with transaction.atomic():
        registry.collect("things", number=1)
        assert ContentType.objects.exists()
    assert "IntegrityError" in registry.problems_of("clash")["things"]


# ------------------------------------------------------------------ the real one


class Menu:
    """A plugin with one good link and one bad."""

    @hookimpl
    def navigation(self, language: str) -> list[Any]:
        return [NavigationItem("Good", f"/{language}/good/"), NavigationItem("Bad", "javascript:alert(1)"), "nonsense"]


def test_items_that_fail_the_hooks_check_are_left_out_one_by_one() -> None:
    with plugins.plugged(Menu(), "menu"):
        labels = [item.label for item in plugins.collect("navigation", language="sv")]
        assert "Good" in labels
        assert "Bad" not in labels
        assert "nonsense" in plugins.problems_of("menu")["navigation"]


def test_plugged_takes_the_plugin_out_again_whatever_happens() -> None:
    before, during = plugins.names, []

    def fail() -> None:
        with plugins.plugged(Menu(), "menu"):
            during.extend(plugins.names)
            raise RuntimeError("the test failed")

    with pytest.raises(RuntimeError, match="the test failed"):
        fail()
    assert during == [*before, "menu"]
    assert plugins.names == before
    assert plugins.problems_of("menu") == {}


def test_unplugged_puts_the_plugin_back_in_its_place() -> None:
    before = plugins.names
    with plugins.plugged(Menu(), "menu"), plugins.plugged(contributorless(), "later"):
        with plugins.unplugged("menu"):
            assert plugins.names == [*before, "later"]
        assert plugins.names == [*before, "menu", "later"]


def test_unplugging_what_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError, match="no plugin 'ghost'"), plugins.unplugged("ghost"):
        pass


def test_the_projects_own_contributions_are_loaded_first() -> None:
    assert plugins.names[0] == "torv"
    assert plugins.is_core("torv")


def contributorless() -> object:
    return type("Nothing", (), {})()
