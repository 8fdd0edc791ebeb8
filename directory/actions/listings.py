"""What people do with one listing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import COMMENTS_RELATION_NAME, Revision

from directory.models import EnterprisePage
from home.panels import EDIT_SHARED
from torv.languages import DEFAULT


def locked_enterprise(enterprise: EnterprisePage) -> EnterprisePage:
    """The listing as it is now, its row locked until the transaction ends."""
    return EnterprisePage.objects.select_for_update(of=("self", "page_ptr")).get(pk=enterprise.pk)


def _check_open(page: EnterprisePage, user: Any) -> None:
    """Refuse to publish past a lock or a schedule: publishing would silently cancel the schedule."""
    title = {"title": page.get_admin_display_title()}
    if page.approved_schedule:
        raise ValidationError(
            _("“%(title)s” is scheduled for publishing. Publish it or cancel the schedule first."), params=title
        )
    lock = page.get_lock()
    if lock and (user is None or lock.for_user(user)):
        raise ValidationError(_("“%(title)s” is locked."), params=title)


@transaction.atomic
def publish_enterprise(*, enterprise: EnterprisePage, user: Any = None) -> Revision:
    """Make the draft public.

    :raises PermissionDenied: the user may not publish this page.
    :raises ValidationError: the page is locked or scheduled, or its content is not fit to be public.
    """
    with override(DEFAULT):
        page = locked_enterprise(enterprise)
        if user is not None and not page.permissions_for_user(user).can_publish():
            raise PermissionDenied
        _check_open(page, user)
        draft = page.get_latest_revision_as_object()
        draft.full_clean()
        revision = page.latest_revision or draft.save_revision(user=user)
        PublishPageRevisionAction(revision, user=user).execute(skip_permission_checks=True)
        return revision


def amend(
    *,
    enterprise: EnterprisePage,
    change: Callable[[EnterprisePage], None],
    user: Any = None,
    action: str = "wagtail.publish",
) -> bool:
    """Make the same change to the public row and to the draft, and publish nothing else of the draft.

    ``change`` is called with a page and alters it: once with the public row, once with the draft where there is one.
    Answers whether anything differs; if not, nothing is written. Call it in a transaction, with permissions checked.

    :raises ValidationError: the page is locked or scheduled, or what would be public is not fit to be.
    """
    with override(DEFAULT):
        page = locked_enterprise(enterprise)
        if not page.live:
            return _amend_draft(page, change, user)
        pending = page.latest_revision if page.has_unpublished_changes else None
        changed = bool(pending) and _amend_draft(page, change, user)
        page = locked_enterprise(enterprise)
        before = page.serializable_data()
        change(page)
        content = page.serializable_data()
        if content == before:
            return changed
        page = locked_enterprise(enterprise)
        _check_open(page, user)
        created = timezone.now()
        if pending:
            # Dated just before the draft, the draft stays the newest, and Wagtail itself says that it is unpublished.
            created = page.latest_revision.created_at - dt.timedelta(microseconds=1)
            content[COMMENTS_RELATION_NAME] = page.latest_revision.content.get(COMMENTS_RELATION_NAME, [])
        revision = Revision.objects.create(
            content_object=page,
            base_content_type=page.get_base_content_type(),
            user=user,
            content=content,
            object_str=str(page),
            created_at=created,
        )
        PublishPageRevisionAction(revision, user=user, log_action=action).execute(skip_permission_checks=True)
        return True


def _amend_draft(page: EnterprisePage, change: Callable[[EnterprisePage], None], user: Any) -> bool:
    draft = page.get_latest_revision_as_object()
    before = draft.serializable_data()
    change(draft)
    if draft.serializable_data() == before:
        return False
    if not page.live:  # as the editor does: the row of a page that is not public follows its draft
        draft.save()
    draft.save_revision(user=user, log_action=True, clean=False)
    return True


def may_confirm(enterprise: EnterprisePage, user: Any) -> bool:
    return enterprise.permissions_for_user(user).can_edit() and user.has_perm(EDIT_SHARED)


@transaction.atomic
def confirm_listing(*, enterprise: EnterprisePage, user: Any = None, on: dt.date | None = None) -> None:
    """Note that the enterprise says its listing is right, on that day (default: today). What is in draft stays in
    draft.

    :raises PermissionDenied: the user may not edit this page, or no more of it than texts.
    """
    if user is not None and not may_confirm(enterprise, user):
        raise PermissionDenied
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"last_confirmed": _("This date has not come yet.")})

    def change(page: EnterprisePage) -> None:
        page.last_confirmed = day

    amend(enterprise=enterprise, change=change, user=user, action="directory.confirm")
