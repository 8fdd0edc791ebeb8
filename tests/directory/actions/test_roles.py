"""Editors, translators and owners: what each may do."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from wagtail.models import GroupCollectionPermission, GroupPagePermission, PageLogEntry, Workflow

from directory.actions import end_ownership, ensure_roles, make_owner
from directory.models import EnterprisePage, Place
from directory.permissions import EDITORS, OWNERS, ROLES, translators
from directory.queries import may_import
from tests.factories.directory import EnterprisePageFactory, directory_page

pytestmark = pytest.mark.django_db


def member(*groups: str) -> Any:
    user = get_user_model().objects.create_user("-".join(groups) or "nobody")
    user.groups.set(Group.objects.filter(name__in=groups))
    return get_user_model().objects.get(pk=user.pk)


def again(user: Any) -> Any:
    """Without what Django remembers of this user's permissions."""
    return get_user_model().objects.get(pk=user.pk)


def snapshot() -> tuple:
    return (
        sorted(Group.permissions.through.objects.values_list("group", "permission")),
        sorted(GroupPagePermission.objects.values_list("group", "page", "permission")),
        sorted(GroupCollectionPermission.objects.values_list("group", "collection", "permission")),
    )


def test_every_role_becomes_a_group(enterprise: EnterprisePage) -> None:
    assert [group.name for group in ensure_roles()] == [role.name for role in ROLES]


def test_running_again_changes_nothing(enterprise: EnterprisePage) -> None:
    ensure_roles()
    before = snapshot()
    ensure_roles()
    assert snapshot() == before


def test_running_again_takes_back_what_was_added(enterprise: EnterprisePage) -> None:
    ensure_roles()
    before = snapshot()
    Group.objects.get(name=translators("sv")).permissions.add(*Group.objects.get(name=EDITORS).permissions.all())
    ensure_roles()
    assert snapshot() == before


def test_editor_publishes_and_imports(enterprise: EnterprisePage) -> None:
    ensure_roles()
    editor = member(EDITORS)
    assert enterprise.permissions_for_user(editor).can_publish()
    assert may_import(editor)
    assert editor.has_perms(["home.edit_shared", "home.translate_sv", "directory.change_category"])


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_translator_edits_the_texts_of_one_language(enterprise: EnterprisePage, language: str) -> None:
    ensure_roles()
    user = member(translators(language))
    permissions = enterprise.permissions_for_user(user)
    assert permissions.can_edit()
    assert not permissions.can_publish()
    assert not may_import(user)
    assert not user.has_perm("home.edit_shared")
    assert [each for each in ("da", "sv", "en") if user.has_perm(f"home.translate_{each}")] == [language]


def test_visitor_may_nothing(enterprise: EnterprisePage) -> None:
    ensure_roles()
    user = member()
    assert not enterprise.permissions_for_user(user).can_edit()
    assert not may_import(user)


# ---- owners ---------------------------------------------------------------------------------------------------------
def test_owner_edits_the_own_listing_only(enterprise: EnterprisePage) -> None:
    other = EnterprisePageFactory(title_da="En anden")
    user = member()
    make_owner(user=user, enterprise=enterprise)
    user = again(user)
    mine = enterprise.permissions_for_user(user)
    assert (mine.can_edit(), mine.can_publish(), mine.can_delete()) == (True, False, False)
    for page in (other, enterprise.get_parent()):
        theirs = page.permissions_for_user(user)
        assert not any([theirs.can_edit(), theirs.can_publish(), theirs.can_add_subpage(), theirs.can_delete()])


def test_owner_without_a_listing_edits_nothing(enterprise: EnterprisePage) -> None:
    ensure_roles()
    assert not enterprise.permissions_for_user(member(OWNERS)).can_edit()


def test_owner_hands_changes_in_to_the_editors(enterprise: EnterprisePage) -> None:
    ensure_roles()
    user, editor = member(), member(EDITORS)
    make_owner(user=user, enterprise=enterprise)
    workflow = enterprise.get_workflow()
    state = workflow.start(enterprise, again(user))
    assert state.current_task_state.task.specific.user_can_access_editor(enterprise, editor)


def test_two_owners_of_one_listing_and_two_listings_of_one_owner(enterprise: EnterprisePage) -> None:
    second = EnterprisePageFactory(title_da="En anden")
    one, two = member(), get_user_model().objects.create_user("two")
    make_owner(user=one, enterprise=enterprise)
    make_owner(user=two, enterprise=enterprise)
    make_owner(user=one, enterprise=second)
    assert [page.permissions_for_user(again(one)).can_edit() for page in (enterprise, second)] == [True, True]
    assert [page.permissions_for_user(again(two)).can_edit() for page in (enterprise, second)] == [True, False]


def test_end_of_one_ownership_leaves_the_other(enterprise: EnterprisePage) -> None:
    second = EnterprisePageFactory(title_da="En anden")
    user = member()
    make_owner(user=user, enterprise=enterprise)
    make_owner(user=user, enterprise=second)
    end_ownership(user=user, enterprise=enterprise)
    assert not enterprise.permissions_for_user(again(user)).can_edit()
    assert second.permissions_for_user(again(user)).can_edit()
    end_ownership(user=user, enterprise=second)
    assert not again(user).groups.exists()


def test_only_who_may_publish_appoints(enterprise: EnterprisePage) -> None:
    user = member()
    make_owner(user=user, enterprise=enterprise)
    with pytest.raises(PermissionDenied):
        make_owner(user=get_user_model().objects.create_user("friend"), enterprise=enterprise, by=again(user))
    with pytest.raises(PermissionDenied):
        end_ownership(user=user, enterprise=enterprise, by=again(user))


def test_appointment_is_in_the_log(enterprise: EnterprisePage) -> None:
    admin = get_user_model().objects.create_superuser("admin")
    make_owner(user=member(), enterprise=enterprise, by=admin)
    entry = PageLogEntry.objects.get(action="directory.own")
    assert (entry.user, entry.data) == (admin, {"owner": "nobody"})


def test_group_of_a_deleted_listing_goes_with_it(enterprise: EnterprisePage) -> None:
    user = member()
    make_owner(user=user, enterprise=enterprise)
    enterprise.delete()
    assert not Group.objects.filter(name__contains="baekbo").exists()


# ---- reference data -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("action", ["add", "change", "delete"])
def test_nobody_changes_reference_data(enterprise: EnterprisePage, action: str) -> None:
    from wagtail.permissions import policy_registry

    admin = get_user_model().objects.create_superuser("admin")
    policy = policy_registry.get_by_type(Place)
    assert policy.user_has_permission(admin, "view")
    assert not policy.user_has_permission(admin, action)


def test_workflows_are_called_by_names_in_the_sites_language(db: None) -> None:
    Workflow.objects.get_or_create(name="Moderators approval")  # which Wagtail's migrations make
    directory_page()
    ensure_roles()
    assert set(Workflow.objects.values_list("name", flat=True)) == {
        "Redaktionen godkender", "Virksomheder: redaktionen godkender",
    }  # fmt: skip
    ensure_roles()
    assert Workflow.objects.count() == 2
