"""What must stay is not deleted, and whoever tries is told why."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import APIToken, PageLogEntry

from home.models import Page
from tests.factories.home import PageFactory
from torv import protection
from torv.plugins import PluginConfig
from torv.protection import Protected

pytestmark = pytest.mark.django_db

PLUGINS = [config.label for config in apps.get_app_configs() if isinstance(config, PluginConfig)]


def look_anew() -> None:
    for function in (protection.references_to, protection._strangers_references):
        function.cache_clear()


@pytest.fixture(autouse=True)
def _remembered_for_one_test() -> Iterator[None]:
    look_anew()
    yield
    look_anew()


@pytest.fixture
def fairs(home_page: Page) -> Iterator[Any]:
    """The table of a plugin that was installed once. `fairs(page, image, user)` adds a row that refers to them."""
    columns = {"page_id": Page, "image_id": get_image_model(), "user_id": _user_model()}
    key = {"sqlite": "integer", "postgresql": "bigint"}[connection.vendor]
    with connection.cursor() as cursor:
        said = [
            f'"{name}" {_type_of(model) or key} NULL REFERENCES "{model._meta.db_table}" ("id") '
            "DEFERRABLE INITIALLY DEFERRED"
            for name, model in columns.items()
        ]
        cursor.execute(f'CREATE TABLE "fairs_stand" ({", ".join(said)})')

        def add(**values: Any) -> None:
            cursor.execute(
                f'INSERT INTO "fairs_stand" ({", ".join(f"{name}_id" for name in values)}) '
                f"VALUES ({', '.join(['%s'] * len(values))})",
                [value.pk for value in values.values()],
            )

        look_anew()
        yield add  # the table goes with the test's transaction


def _user_model() -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model()


def _type_of(model: Any) -> str:
    return model._meta.pk.rel_db_type(connection)


def said(response: Any) -> str:
    return " ".join(map(str, get_messages(response.wsgi_request)))


# ---- rows of absent plugins -----------------------------------------------------------------------------------------
def test_a_page_that_an_absent_plugin_refers_to_stays_and_the_editor_is_told(fairs: Any, admin_client: Client) -> None:
    page = PageFactory(title_da="Netværk")
    fairs(page=page)
    response = admin_client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert response.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "fairs" in said(response)
    assert "slettet" not in said(response)
    assert Page.objects.filter(pk=page.pk).exists()


def test_a_page_above_it_stays_too(fairs: Any, admin_client: Client) -> None:
    above = PageFactory(title_da="Over")
    fairs(page=PageFactory(parent=above, title_da="Netværk"))
    query = f"?id={above.pk}"
    response = admin_client.post(reverse("wagtail_bulk_action", args=["home", "page", "delete"]) + query)
    assert "Netværk" in said(response)
    assert Page.objects.filter(pk=above.pk).exists()


def test_what_nobody_refers_to_is_deleted(fairs: Any, admin_client: Client) -> None:
    fairs(page=PageFactory(title_da="Netværk"))
    page = PageFactory(title_da="Anden")
    assert admin_client.post(reverse("wagtailadmin_pages:delete", args=[page.pk])).status_code == 302
    assert not Page.objects.filter(pk=page.pk).exists()


def test_pictures_and_people_stay_too(fairs: Any, admin_client: Client, django_user_model: Any) -> None:
    image = get_image_model().objects.create(title="Logo", file=get_test_image_file())
    user = django_user_model.objects.create_user("ellen")
    fairs(image=image)
    fairs(user=user)
    for name, row in (("wagtailimages:delete", image), ("wagtailusers_users:delete", user)):
        response = admin_client.post(reverse(name, args=[row.pk]))
        assert (response.status_code, "fairs" in said(response)) == (302, True)
        assert type(row).objects.filter(pk=row.pk).exists()


def test_a_program_is_told_and_nothing_is_logged_as_deleted(fairs: Any, client: Client, admin_user: Any) -> None:
    page = PageFactory(title_da="Netværk")
    fairs(page=page)
    _token, key = APIToken.create_token(user=admin_user, name="test")
    response = client.delete(f"/api/v3/pages/{page.pk}/", headers={"Authorization": f"Bearer {key}"})
    assert (response.status_code, "fairs" in response.json()["errors"][0]["msg"]) == (422, True)
    with pytest.raises(Protected):
        page.delete()
    assert not PageLogEntry.objects.filter(page=page.pk, action="wagtail.delete").exists()


@pytest.mark.parametrize("plugin", PLUGINS)
def test_whatever_a_plugin_refers_to_stays_while_it_is_absent(plugin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every foreign key of every model, those of relations of many to many too."""
    theirs = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label == plugin]
    tables = {model._meta.db_table for model in theirs}
    present = connection.introspection.django_table_names()
    monkeypatch.setattr(connection.introspection, "django_table_names", lambda: [t for t in present if t not in tables])
    look_anew()
    watched = set(protection.watched())
    keys = [
        field
        for model in theirs
        for field in model._meta.local_concrete_fields
        if field.remote_field and field.related_model not in theirs
    ]
    assert keys
    for field in keys:
        target = field.related_model._meta.db_table
        named = [(table, column) for table, column, _to in protection.references_to(target)]
        assert (field.model._meta.db_table, field.column) in named
        assert field.related_model in watched
