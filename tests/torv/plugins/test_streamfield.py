"""A StreamField whose blocks come from plugins, and go with them without being lost."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from wagtail import blocks
from wagtail.test.utils.form_data import inline_formset as formset
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from home.models import StandardPage
from tests.factories.home import PageFactory
from torv.plugins import hookimpl, plugins
from torv.plugins.streamfield import ABSENT, AbsentBlock, PluginStreamField, plugin_stream_fields

STAND = {"type": "fairs_stand", "value": {"number": "7B"}, "id": "11111111-1111-1111-1111-111111111111"}


class Fairs:
    """A plugin with a block for running text."""

    @hookimpl
    def stream_blocks(self, field: str) -> list[tuple[str, blocks.Block]]:
        if field != "home.StandardPage.body":
            return []
        return [("fairs_stand", blocks.StructBlock([("number", blocks.CharBlock())]))]


@pytest.fixture
def with_fairs() -> Iterator[None]:
    with plugins.plugged(Fairs(), "fairs"):
        yield


def field(name: str = "body_da") -> PluginStreamField:
    return StandardPage._meta.get_field(name)


def stored(page: StandardPage) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body_da FROM home_standardpage WHERE page_ptr_id = %s", [page.pk])
        value = cursor.fetchone()[0]
    return json.loads(value) if isinstance(value, str) else value


@pytest.fixture
def page(db: None) -> StandardPage:
    """A page with a text and a stand, saved while the plugin was there."""
    with plugins.plugged(Fairs(), "fairs"):
        page = PageFactory(title_da="Stand", slug="stand")
        page.body_da = field().stream_block.to_python([STAND])
        page.save()
    return StandardPage.objects.get(pk=page.pk)


# ------------------------------------------------------------------ blocks come and go


def test_a_plugins_block_is_offered_in_every_language(with_fairs: None) -> None:
    for name in ("body_da", "body_sv", "body_en"):
        assert "fairs_stand" in field(name).stream_block.child_blocks


def test_a_plugins_block_is_offered_only_where_it_said(with_fairs: None) -> None:
    home_page = apps.get_model("home.HomePage")
    assert "fairs_stand" not in home_page._meta.get_field("body_da").stream_block.child_blocks


def test_an_unplugged_plugins_block_is_no_longer_offered() -> None:
    with plugins.plugged(Fairs(), "fairs"):
        assert "fairs_stand" in field().stream_block.child_blocks
    assert "fairs_stand" not in field().stream_block.child_blocks


@pytest.mark.parametrize(
    ("name", "block", "message"),
    [
        ("stand", blocks.CharBlock(), "must begin with 'fairs_'"),
        ("fairs_stand", None, "is no block but NoneType"),
    ],
)
def test_a_block_that_breaks_the_rules_is_left_out(name: str, block: Any, message: str) -> None:
    class Wrong:
        @hookimpl
        def stream_blocks(self, field: str) -> list[tuple[str, Any]]:
            return [(name, block), ("fairs_good", blocks.CharBlock())]

    with plugins.plugged(Wrong(), "fairs"):
        children = field().stream_block.child_blocks
        assert "fairs_good" in children
        assert name not in children
        assert message in plugins.problems_of("fairs")["stream_blocks"]


def test_a_block_of_another_plugins_is_not_replaced() -> None:
    class Rude:
        @hookimpl(trylast=True)
        def stream_blocks(self, field: str) -> list[tuple[str, blocks.Block]]:
            return [("fairs_stand", blocks.URLBlock())]

    with plugins.plugged(Fairs(), "fairs"), plugins.plugged(Rude(), "fair"):
        assert isinstance(field().stream_block.child_blocks["fairs_stand"], blocks.StructBlock)


def test_asking_before_plugins_are_loaded_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = PluginStreamField([], blank=True)
    fresh.set_attributes_from_name("body")
    fresh.model = StandardPage
    monkeypatch.setattr(plugins, "loaded", False)
    with pytest.raises(RuntimeError, match=r"home\.StandardPage\.body was read before plugins were loaded"):
        fresh.stream_block


def test_every_plugin_stream_field_is_known_with_its_translations() -> None:
    places = {(field.place, field.name) for field in plugin_stream_fields()}
    assert ("home.StandardPage.body", "body_sv") in places


# ------------------------------------------------------------------ a plugin that is gone


@pytest.mark.django_db
def test_a_block_of_an_absent_plugin_is_kept_as_absent(page: StandardPage) -> None:
    kept = page.body_da[0]
    assert kept.block_type == ABSENT
    assert kept.value == {"type": "fairs_stand", "value": {"number": "7B"}}


@pytest.mark.django_db
def test_saving_gives_an_absent_block_back_unchanged(page: StandardPage) -> None:
    page.save()
    page.save_revision().publish()
    assert stored(page) == [STAND]


@pytest.mark.django_db
def test_the_block_is_itself_again_when_its_plugin_is_back(page: StandardPage) -> None:
    page.save()
    with plugins.plugged(Fairs(), "fairs"):
        back = StandardPage.objects.get(pk=page.pk).body_da[0]
        assert (back.block_type, back.value["number"], back.id) == ("fairs_stand", "7B", STAND["id"])


@pytest.mark.django_db
def test_an_absent_block_shows_nothing_to_readers(page: StandardPage) -> None:
    assert "7B" not in str(page.body_da)
    assert field().stream_block.get_api_representation(page.body_da) == []
    assert field().stream_block.get_searchable_content(page.body_da) == []


@pytest.mark.django_db
def test_a_data_migration_that_saves_keeps_every_block(page: StandardPage) -> None:
    old = MigrationExecutor(connection).loader.project_state().apps.get_model("home", "StandardPage")
    old.objects.get(pk=page.pk).save()
    assert stored(page) == [STAND]


def test_reading_twice_wraps_once() -> None:
    block = field().stream_block
    once = block.to_python([STAND])
    again = block.to_python(block.to_python([STAND])._raw_data)
    assert [child.value for child in again] == [child.value for child in once]


@pytest.mark.parametrize("raw", ["", "[]", "<p>not JSON</p>", None, [], [{"no": "type"}]])
def test_what_is_no_stream_is_read_as_stock_does(raw: Any) -> None:
    stock = blocks.StreamBlock([(ABSENT, blocks.CharBlock())])
    if raw == [{"no": "type"}]:
        with pytest.raises(KeyError):
            list(stock.to_python(raw))
        with pytest.raises(KeyError):
            list(field().stream_block.to_python(raw))
    else:
        assert list(field().stream_block.to_python(raw)) == list(stock.to_python(raw)) == []


# ------------------------------------------------------------------ through the editor's form


def test_the_form_carries_the_block_there_and_back() -> None:
    block = AbsentBlock()
    value = {"type": "fairs_stand", "value": {"number": "7B"}}
    assert block.value_from_datadict({"body-0-value": block.get_form_state(value)}, {}, "body-0-value") == value
    assert block.clean(value) == value


@pytest.mark.parametrize(
    "posted",
    [
        '{"type": "text", "value": "<script>alert(1)</script>"}',
        signing.dumps({"type": "text", "value": "x"}, salt="another"),
        "",
    ],
    ids=["unsigned", "signed for something else", "empty"],  # a signature tells the time, an id must not
)
def test_what_somebody_wrote_into_the_form_is_refused(posted: str) -> None:
    block = AbsentBlock()
    value = block.value_from_datadict({"v": posted}, {}, "v")
    assert value is None
    with pytest.raises(ValidationError) as refusal:
        block.clean(value)
    assert refusal.value.code == "required"


@pytest.mark.django_db
def test_publishing_from_the_editor_keeps_the_block(page: StandardPage, admin_client: Client) -> None:
    state = AbsentBlock().get_form_state({"type": "fairs_stand", "value": {"number": "7B"}})
    body = streamfield([("text", rich_text("<p>Efter</p>")), (ABSENT, state)])
    body["1"]["id"] = STAND["id"]
    form = {"title_da": "Stand", "slug": "stand", "slug_sv": "", "slug_en": "", "comments": formset([])}
    form |= {"body_da": body, "body_sv": streamfield([]), "body_en": streamfield([]), "action-publish": "1"}
    response = admin_client.post(f"/cms/pages/{page.pk}/edit/", nested_form_data(form))
    assert response.status_code == 302, response.context["form"].errors
    text, stand = stored(page)
    assert "Efter" in text["value"]
    assert stand == STAND


@pytest.mark.django_db
def test_the_editor_and_the_comparison_of_versions_show_such_a_page(page: StandardPage, admin_client: Client) -> None:
    page.save_revision()
    page.title_da = "Stand 2"
    page.save_revision()
    for address in ("edit/", "history/", "revisions/compare/earliest...latest/"):
        assert admin_client.get(f"/cms/pages/{page.pk}/{address}").status_code == 200


def test_an_empty_absent_block_is_never_written() -> None:
    block = field().stream_block
    value = blocks.StreamValue(block, [(ABSENT, None)])
    assert block.get_prep_value(value) == []


def test_the_editor_does_not_offer_to_add_an_absent_block() -> None:
    from wagtail.admin.telepath import JSContext

    packed = json.dumps(JSContext().pack(field().stream_block))
    assert json.loads(packed)["_args"][-1]["blockCounts"] == {ABSENT: {"max_num": 0}}


# ------------------------------------------------------------------ migrations


def test_no_block_is_in_a_migration() -> None:
    _name, path, arguments, keywords = field("body").deconstruct()
    assert path == "torv.plugins.streamfield.PluginStreamField"
    assert arguments == []
    assert "block_lookup" not in keywords
