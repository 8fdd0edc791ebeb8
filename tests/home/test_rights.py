"""A user changes of a page what the user may change, whatever way the change takes."""

import datetime as dt
import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import APIToken, GroupPagePermission

from directory.actions import confirm_listing
from directory.models import EnterprisePage
from directory.permissions import EDITORS, translators
from home import rights
from home.models import Page, StandardPage
from tests.factories import directory as make
from tests.factories.home import PageFactory
from tests.factories.users import user_of
from tests.home.test_editor import edit

pytestmark = pytest.mark.django_db

EVERYTHING = ("add", "change", "publish", "bulk_delete", "lock", "unlock")


@pytest.fixture
def page(home_page: Page) -> StandardPage:
    """A live page whose older version had another text in each language."""
    body = json.dumps([{"type": "quote", "value": {"quote": "Sagt", "person": "Mette", "role": ""}}])
    page = PageFactory(title_da="Om", title_sv="Om", slug="om", slug_sv="om-sv", introduction_da="Før", body_da=body)
    page.save_revision().publish()
    page.introduction_da, page.introduction_sv = "Nu", "Nu"
    page.save_revision().publish()
    return StandardPage.objects.get(pk=page.pk)


@pytest.fixture
def draft(home_page: Page) -> StandardPage:
    page = PageFactory(title_da="Kladde", slug="kladde", live=False)
    page.save_revision()
    return page


@pytest.fixture
def translator(home_page: Page) -> Any:
    """Of Swedish, who may do with pages whatever core can allow."""
    user = user_of(translators("sv"))
    group = Group.objects.create(name="everything")
    for kind in EVERYTHING:
        GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission_type=kind)
    user.groups.add(group)
    return user


@pytest.fixture
def program(translator: Any, client: Any) -> Any:
    """What a program of the translator sends, and the status of the answer."""
    _token, key = APIToken.create_token(user=translator, name="test")

    def send(method: str, path: str, data: dict | None = None) -> int:
        address, sent = f"/api/v3/pages/{path}", json.dumps(data or {})
        headers = {"Authorization": f"Bearer {key}"}
        return client.generic(method, address, sent, content_type="application/json", headers=headers).status_code

    return send


def untouched(page: Page) -> bool:
    now = StandardPage.objects.get(pk=page.pk)
    draft = now.get_latest_revision_as_object()
    return (now.live, now.path, now.introduction_da, draft.introduction_da) == (
        page.live, page.path, page.introduction_da, page.introduction_da,
    )  # fmt: skip


# ---- what has changed -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("introduction_sv", "Nytt", {"sv"}),
        ("title_en", "About", {"en"}),
        ("slug", "om-os", {"da"}),
        ("slug_sv", "om-oss", {"sv"}),
        ("show_in_menus", True, {rights.SHARED}),
        ("expire_at", timezone.make_aware(dt.datetime(2099, 1, 1)), {rights.SHARED}),
        ("introduction_en", "", set()),
        ("introduction_da", "Nu\r\n", set()),
    ],
)
def test_each_field_belongs_to_a_language_or_to_all(page: Page, name: str, value: Any, part: set) -> None:
    changed = page.stored_draft()
    setattr(changed, name, value)
    assert rights.changed_parts(page, changed) == part


def test_rows_are_told_apart_by_their_keys(home_page: Page) -> None:
    offers = [make.make_offer(name_da="Vask"), make.make_offer(name_da="Kurve", sort_order=1)]
    before = make.EnterprisePageFactory(offers=offers)
    after = before.stored_draft()
    assert rights.changed_parts(before, after) == set()
    first, second = after.offers.get_object_list()
    second.name_sv = "Korgar"
    assert rights.changed_parts(before, after) == {"sv"}
    first.kind = "product"
    assert rights.changed_parts(before, after) == {"sv", rights.SHARED}
    after = before.stored_draft()
    after.offers.remove(after.offers.get_object_list()[0])
    assert rights.changed_parts(before, after) == {rights.SHARED}


def test_a_draft_in_a_users_name_changes_what_the_user_may_change(page: Page, translator: Any) -> None:
    draft = page.stored_draft()
    draft.title_sv = "Nytt"
    draft.save_revision(user=translator)
    draft.title_da = "Nyt"
    with pytest.raises(PermissionDenied, match="dansk"):
        draft.save_revision(user=translator)
    assert page.stored_draft().title_da == "Om"


def test_owners_and_editors_are_not_held_up(home_page: Page) -> None:
    assert rights.may_change_all(user_of(EDITORS))


# ---- programs -------------------------------------------------------------------------------------------------------
def test_the_api_takes_the_users_own_language(page: Page, program: Any) -> None:
    data = {"meta": {"type": "home.StandardPage"}, "title": "Nytt"}
    assert program("PATCH", f"{page.pk}/?lang=sv", data) == 200
    assert program("PATCH", f"{page.pk}/?lang=da", data) == 403
    draft = page.stored_draft()
    assert (draft.title_da, draft.title_sv) == ("Om", "Nytt")


def test_the_api_brings_no_earlier_version_back(page: Page, program: Any) -> None:
    first = page.revisions.order_by("created_at").first()
    assert program("POST", f"{page.pk}/actions/revert/", {"revision_id": first.pk}) == 403
    assert untouched(page)


@pytest.mark.parametrize("action", ["unpublish", "copy", "create_alias", "move", "delete"])
def test_the_api_does_nothing_that_touches_all_languages(page: Page, program: Any, action: str) -> None:
    other = PageFactory(title_da="Andet", slug="andet")
    method = "DELETE" if action == "delete" else "POST"
    data = {"destination_id": other.pk, "slug": "ny"} if action in ("copy", "create_alias", "move") else {}
    assert program(method, f"{page.pk}/actions/{action}/", data) == 403
    assert untouched(page)
    assert not other.get_children().exists()


def test_the_api_publishes_no_draft_with_other_languages_in_it(page: Page, program: Any) -> None:
    draft = page.stored_draft()
    draft.introduction_sv = "Nytt"
    draft.save_revision()
    assert program("POST", f"{page.pk}/actions/publish/") == 200
    draft = page.stored_draft()
    draft.introduction_da = "Endnu ikke offentligt"
    draft.save_revision()
    assert program("POST", f"{page.pk}/actions/publish/") == 403
    assert StandardPage.objects.get(pk=page.pk).introduction_da == "Nu"


def test_a_draft_of_others_is_not_deleted(draft: Page, program: Any) -> None:
    assert program("DELETE", f"{draft.pk}/") == 403


# ---- the editor -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "/cms/pages/{page}/unpublish/",
        "/cms/pages/{page}/delete/",
        "/cms/pages/{page}/copy/",
        "/cms/pages/{page}/move/",
        "/cms/pages/{page}/move/{other}/confirm/",
        "/cms/pages/{page}/privacy/",
        "/cms/pages/{page}/set_position/?position=1",
        "/cms/bulk/home/page/delete/?id={page}",
        "/cms/bulk/home/page/unpublish/?id={page}",
        "/cms/bulk/home/page/move/?id={page}",
    ],
)
def test_the_editor_does_nothing_that_touches_all_languages(
    page: Page, translator: Any, client: Any, address: str
) -> None:
    other = PageFactory(title_da="Andet", slug="andet")
    client.force_login(translator)
    client.post(
        address.format(page=page.pk, other=other.pk),
        {
            "new_title": "Ny",
            "new_slug": "ny",
            "new_parent_page": other.pk,
            "chooser": other.pk,
            "restriction_type": "login",
            "move_applicable": "on",
        },
    )
    assert untouched(page)
    assert not other.get_children().exists()
    assert not page.view_restrictions.exists()


def test_the_editor_brings_no_earlier_version_back(page: Page, translator: Any, client: Any) -> None:
    from tests.home.test_editor import form

    client.force_login(translator)
    first = page.revisions.order_by("created_at").first()
    url = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk])
    for button in ({}, {"action-publish": "1"}):
        client.post(url, form(title_sv="Om", **button))
        assert untouched(page)


def test_the_editor_schedules_nothing(page: Page, translator: Any, client: Any) -> None:
    client.force_login(translator)
    body = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'name="expire_at"' not in body
    edit(client, page, title_sv="Nytt", go_live_at="2099-01-01 10:00", expire_at="2099-02-01 10:00")
    draft = page.stored_draft()
    assert (draft.title_sv, draft.go_live_at, draft.expire_at) == ("Nytt", None, None)


def test_an_editor_schedules(page: Page, client: Any) -> None:
    client.force_login(user_of(EDITORS))
    edit(client, page, expire_at="2099-02-01 10:00")
    assert page.stored_draft().expire_at


def test_only_those_who_may_change_facts_confirm_a_listing(home_page: Page, translator: Any) -> None:
    enterprise = make.EnterprisePageFactory()
    with pytest.raises(PermissionDenied):
        confirm_listing(enterprise=enterprise, user=translator)
    assert EnterprisePage.objects.get().last_confirmed is None
