"""Who may do what: the groups of a site, and the owners of listings."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop, override
from wagtail.log_actions import log
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from directory.models import DirectoryPage, EnterprisePage
from directory.permissions import EDITORS, OWNERS, ROLES
from home.models import HomePage
from torv.languages import DEFAULT
from torv.plugins import plugins

WORKFLOW = gettext_noop("Listings: an editor approves")
#: What Wagtail's migrations call theirs.
CORES_WORKFLOW = gettext_noop("Moderators approval")


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    """:raises LookupError: a permission does not exist (yet: they are made after migrating)."""
    wanted = Q(pk__in=[])
    for name in names:
        app, _dot, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(wanted)) if names else []
    if len(found) != len(names):
        raise LookupError(f"Missing permissions among {names}: run migrate first.")
    return found


@transaction.atomic
def ensure_roles() -> list[Group]:
    """The groups of a site with their permissions, as `directory.permissions.ROLES` lists them. May run again at any
    time.

    Permissions on pages are given on every site's front page. Other groups, and who is in which, are left alone.
    """
    fronts = list(HomePage.objects.all())
    files = Collection.get_first_root_node()
    groups = []
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.name)
        group.permissions.set(_permissions((*role.permissions, *plugins.collect("role_permissions", role=role.name))))
        GroupPagePermission.objects.filter(group=group).exclude(page__in=fronts).delete()
        for permission in _permissions(tuple(f"home.{name}" for name in role.on_pages)):
            for front in fronts:
                GroupPagePermission.objects.get_or_create(group=group, page_id=front.pk, permission=permission)
        for permission in _permissions(role.on_files):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=files, permission=permission)
        groups.append(group)
    _ensure_workflow()
    return groups


def _ensure_workflow() -> None:
    """Owners hand in their changes to the editors, unless the site has chosen another workflow for its directory."""
    for kind in (Workflow, Task):  # names are the site's, one for all its editors: in its own language
        for name in (WORKFLOW, CORES_WORKFLOW):
            kind.objects.filter(name=name).update(name=_in_default_language(name))
    for directory in DirectoryPage.objects.all():
        if WorkflowPage.objects.filter(page_id=directory.pk).exists():
            continue
        name = _in_default_language(WORKFLOW)
        workflow, created = Workflow.objects.get_or_create(name=name)
        if created:
            task = GroupApprovalTask.objects.create(name=name)
            task.groups.set(Group.objects.filter(name=EDITORS))
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.create(workflow=workflow, page_id=directory.pk)


def _in_default_language(message: str) -> str:
    with override(DEFAULT):
        return gettext(message)


def owner_group_name(enterprise: EnterprisePage) -> str:
    return f"{OWNERS}: {enterprise.key}"


def _check_may_appoint(enterprise: EnterprisePage, by: Any) -> None:
    if by is not None and not enterprise.permissions_for_user(by).can_publish():
        raise PermissionDenied


@transaction.atomic
def make_owner(*, user: Any, enterprise: EnterprisePage, by: Any = None) -> None:
    """Let the user edit this listing, and no other page; an editor publishes the changes.

    :raises PermissionDenied: ``by`` may not publish this page.
    """
    _check_may_appoint(enterprise, by)
    everywhere = Group.objects.filter(name=OWNERS).first()
    if everywhere is None:
        everywhere = next(group for group in ensure_roles() if group.name == OWNERS)
    here, _created = Group.objects.get_or_create(name=owner_group_name(enterprise))
    for permission in _permissions(("home.change_page",)):
        GroupPagePermission.objects.get_or_create(group=here, page_id=enterprise.pk, permission=permission)
    user.groups.add(everywhere, here)
    log(instance=enterprise, action="directory.own", user=by, data={"owner": user.get_username()})


@transaction.atomic
def end_ownership(*, user: Any, enterprise: EnterprisePage, by: Any = None) -> None:
    """Take the listing from this owner; another one keeps it.

    :raises PermissionDenied: ``by`` may not publish this page.
    """
    _check_may_appoint(enterprise, by)
    user.groups.remove(*Group.objects.filter(name=owner_group_name(enterprise)))
    if not user.groups.filter(name__startswith=f"{OWNERS}: ").exists():
        user.groups.remove(*Group.objects.filter(name=OWNERS))
    log(instance=enterprise, action="directory.disown", user=by, data={"owner": user.get_username()})


def forget_owner_group(enterprise: EnterprisePage) -> None:
    """The group of a listing's owners goes with the listing."""
    Group.objects.filter(name=owner_group_name(enterprise)).delete()
