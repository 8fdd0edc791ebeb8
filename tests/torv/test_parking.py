"""Pages of absent plugins wait in the tree as what they were, and come back."""

import datetime
import json
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import APIToken, Revision

from home.models import Page, StandardPage
from tests.factories.home import PageFactory
from torv import parking
from torv.models import Parked
from torv.parking import Parking, park

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone() -> ContentType:
    """The type of a plugin's pages whose code is no longer there."""
    return ContentType.objects.create(app_label="fairs", model="fairpage")


@pytest.fixture
def orphan(home_page: Any, gone: ContentType) -> Page:
    """A published page of that type, with a draft after it."""
    page = PageFactory(title_da="Messe", slug="messe")
    page.save_revision().publish()
    page.title_da = "Messe (kladde)"
    page.save_revision()
    Page.objects.filter(pk=page.pk).update(content_type=gone)
    Revision.objects.filter(object_id=str(page.pk)).update(content_type=gone)
    return Page.objects.get(pk=page.pk)


def test_nothing_to_park_does_nothing(home_page: Any) -> None:
    assert park() == Parking(0, 0)


def test_a_page_of_an_absent_type_is_hidden_locked_and_remembered(orphan: Page) -> None:
    assert park() == Parking(1, 0)
    page = Page.objects.get(pk=orphan.pk)
    assert (page.live, page.locked, type(page.specific)) == (False, True, Page)
    row = Parked.objects.get(page=page)
    assert (row.type, row.was_live, row.was_locked) == ("fairs.fairpage", True, False)


def test_parking_twice_changes_nothing(orphan: Page) -> None:
    park()
    assert park() == Parking(0, 0)
    assert Parked.objects.get().was_live


def test_readers_get_404_and_lists_leave_it_out(orphan: Page, client: Client) -> None:
    park()
    assert client.get("/da/messe/").status_code == 404
    assert b"Messe" not in client.get("/api/v3/pages/").content


def test_revisions_follow_the_page(orphan: Page) -> None:
    park()
    types = Revision.objects.filter(object_id=str(orphan.pk)).values_list("content_type__model", flat=True)
    assert set(types) == {"page"}


def test_a_page_comes_back_as_what_it_was(orphan: Page) -> None:
    park()
    Parked.objects.update(type="home.standardpage")  # as if the plugin were installed again
    assert park() == Parking(0, 1)
    page = Page.objects.get(pk=orphan.pk)
    assert (page.live, page.locked, type(page.specific)) == (True, False, StandardPage)
    assert page.get_latest_revision_as_object().title_da == "Messe (kladde)"
    assert not Parked.objects.exists()


def test_a_page_that_was_locked_stays_locked(orphan: Page) -> None:
    Page.objects.filter(pk=orphan.pk).update(locked=True, live=False)
    park()
    Parked.objects.update(type="home.standardpage")
    park()
    page = Page.objects.get(pk=orphan.pk)
    assert (page.live, page.locked) == (False, True)


def test_a_schedule_waits_too(orphan: Page) -> None:
    moment = timezone.now() - datetime.timedelta(minutes=5)
    revision = Revision.objects.filter(object_id=str(orphan.pk)).latest("created_at")
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
    park()
    call_command("publish_scheduled")
    assert not Page.objects.get(pk=orphan.pk).live
    Parked.objects.update(type="home.standardpage")
    park()
    revision.refresh_from_db()
    assert revision.approved_go_live_at == moment


def test_cleared_content_types_do_not_matter(orphan: Page, gone: ContentType) -> None:
    for revision in Revision.objects.filter(object_id=str(orphan.pk)):
        revision.content = {**revision.content, "content_type": gone.pk}
        revision.save()
    park()
    gone.delete()  # remove_stale_contenttypes
    assert Page.objects.get(pk=orphan.pk).get_latest_revision_as_object().title_da == "Messe (kladde)"
    Parked.objects.update(type="home.standardpage")
    assert park() == Parking(0, 1)
    assert Page.objects.get(pk=orphan.pk).get_latest_revision_as_object().title_da == "Messe (kladde)"


def test_an_unknown_type_goes_on_waiting(orphan: Page) -> None:
    park()
    assert park() == Parking(0, 0)
    assert Parked.objects.filter(type="fairs.fairpage").exists()


def test_migrate_parks(orphan: Page) -> None:
    call_command("migrate", verbosity=0)
    assert Parked.objects.filter(page_id=orphan.pk).exists()


def test_a_half_migrated_database_is_left_alone(orphan: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking.MigrationExecutor, "migration_plan", lambda self, targets: [("home.0009", False)])
    assert not parking.is_migrated()


# ------------------------------------------------------------------ programs
@pytest.fixture
def program(client: Client, admin_user: Any) -> Any:
    _token, key = APIToken.create_token(user=admin_user, name="test")

    def send(method: str, path: str, data: dict | None = None) -> Any:
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "sv"}
        address, body = f"/api/v3/pages/{path}", "" if data is None else json.dumps(data)
        return client.generic(method, address, body, content_type="application/json", headers=headers)

    return send


@pytest.mark.parametrize("is_parked", [True, False])  # a plugin that is only switched off, until the next migrate
def test_a_program_is_told_why_it_can_do_nothing_with_the_page(orphan: Page, program: Any, is_parked: bool) -> None:
    if is_parked:
        park()
    actions = ("publish", "unpublish", "copy", "revert", "move", "create_alias")
    titled = {"meta": {"type": "home.StandardPage"}, "title": "x"}
    for method, path, data in (
        ("GET", "", None),
        ("GET", "?version=draft", None),
        ("GET", "revisions/", None),
        ("PATCH", "", titled),
        ("DELETE", "", None),
        *(("POST", f"actions/{name}/", {}) for name in actions),
    ):
        response = program(method, f"{orphan.pk}/{path}", data)
        assert response.status_code == 410, (method, path)
        assert response.json()["detail"] == "Sidan väntar på ett insticksprogram som inte är installerat."


def test_a_program_without_a_token_is_told_of_nothing(orphan: Page, client: Client) -> None:
    park()
    response = client.get(f"/api/v3/pages/{orphan.pk}/")
    assert (response.status_code, response.json()["status"]) == (404, 404)


def test_a_program_neither_copies_a_parked_page_nor_adds_to_it(orphan: Page, program: Any) -> None:
    park()
    response = program("POST", f"{orphan.get_parent().pk}/actions/copy/", {"slug": "kopi", "recursive": True})
    assert response.status_code in (403, 422)
    meta = {"type": "home.StandardPage", "parent_id": orphan.pk}
    assert program("POST", "", {"meta": meta, "title": "Under"}).status_code == 403


# ------------------------------------------------------------------ in the editors' interface


@pytest.fixture
def cms(admin_client: Client) -> Client:
    return admin_client


@pytest.mark.parametrize(
    "address",
    ["/cms/pages/{}/edit/", "/cms/pages/{}/copy/", "/cms/pages/{}/delete/"],
)
def test_what_would_change_a_parked_page_is_refused_with_a_reason(orphan: Page, cms: Client, address: str) -> None:
    park()
    response = cms.get(address.format(orphan.pk), follow=True)
    assert response.status_code == 200
    assert response.redirect_chain
    assert "fairs.fairpage" in str(next(iter(response.context["messages"])))


@pytest.mark.parametrize("method", ["edit", "delete"])
def test_posting_is_refused_too(orphan: Page, cms: Client, method: str) -> None:
    park()
    response = cms.post(f"/cms/pages/{orphan.pk}/{method}/", {"action-publish": "1", "title_da": "x", "slug": "x"})
    assert response.status_code == 302
    assert not Page.objects.get(pk=orphan.pk).live


def test_a_page_above_a_parked_one_cannot_be_deleted(home_page: Any, gone: ContentType, cms: Client) -> None:
    parent = PageFactory(title_da="Over", slug="over")
    child = PageFactory(parent=parent, title_da="Under", slug="under")
    Page.objects.filter(pk=child.pk).update(content_type=gone)
    park()
    cms.post(f"/cms/pages/{parent.pk}/delete/")
    assert Page.objects.filter(pk=parent.pk).exists()


@pytest.mark.parametrize("action", ["delete", "publish"])
def test_a_bulk_action_is_refused(orphan: Page, cms: Client, action: str) -> None:
    park()
    response = cms.post(f"/cms/bulk/home/page/{action}/?id={orphan.pk}", {"include_descendants": "on"})
    assert response.status_code == 302
    assert Page.objects.filter(pk=orphan.pk, live=False).exists()


@pytest.mark.parametrize(
    "address",
    ["/cms/", "/cms/pages/{parent}/", "/cms/pages/{page}/", "/cms/pages/{page}/history/", "/cms/pages/{page}/move/"],
)
def test_the_editors_interface_goes_on(orphan: Page, cms: Client, address: str) -> None:
    park()
    response = cms.get(address.format(parent=orphan.get_parent().pk, page=orphan.pk))
    assert response.status_code == 200


def test_an_ordinary_page_can_be_edited_copied_and_deleted(home_page: Any, cms: Client) -> None:
    page = PageFactory(title_da="Om", slug="om")
    for address in ("edit", "copy", "delete"):
        assert cms.get(f"/cms/pages/{page.pk}/{address}/").status_code == 200
