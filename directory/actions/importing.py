"""A region's list of enterprises, in from files: all of it or nothing."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from directory.actions.listings import amend, publish_enterprise
from directory.exchange.files import Problem
from directory.exchange.plan import EnterpriseChange, Plan, make_plan, problems_of
from directory.exchange.sheets import ENTERPRISES
from directory.models import DirectoryPage, EnterprisePage
from directory.queries import may_import, the_directory
from torv.languages import DEFAULT


@transaction.atomic
def import_enterprises(*, files: dict[str, bytes], user: Any = None, dry_run: bool = False) -> Plan:
    """Bring enterprises and what belongs to them to the state that files describe (see docs/import.md).

    A row with a known key changes what differs, in the public row and in the draft; one with a new key is made; what
    the files do not name stays as it is. With any problem, or with ``dry_run``, nothing is written.

    :param files: contents by name ("enterprises.csv", "offers.csv" …).
    :raises PermissionDenied: the user may not publish in the whole directory.
    """
    if user is not None and not may_import(user):
        raise PermissionDenied
    plan = make_plan(files)
    directory = the_directory()
    if plan.problems or dry_run or directory is None:
        return plan
    for change in plan.changes:
        try:
            with transaction.atomic():
                _write(change, directory, user)
        except ValidationError as error:
            plan.problems += problems_of(error, ENTERPRISES, change.row)
        except IntegrityError:
            message = str(_("Somebody else has just written the same. Try again."))
            plan.problems.append(Problem(ENTERPRISES.file, change.row, "", message))
    if plan.problems:
        transaction.set_rollback(True)
        return plan
    plan.applied = True
    if plan.changes:
        data = {"created": plan.created, "changed": plan.changed, "files": sorted(files)}
        log(instance=directory, action="directory.import", user=user, data=data)
    return plan


def _write(change: EnterpriseChange, directory: DirectoryPage, user: Any) -> None:
    # Wagtail would note what a page refers to at every save of the page and of each of its rows: once is enough.
    with override(DEFAULT), disable_reference_index_auto_update():
        page = _make(change, directory, user) if change.page is None else _change(change, user)
    ReferenceIndex.create_or_update_for_object(page)


def _make(change: EnterpriseChange, directory: DirectoryPage, user: Any) -> EnterprisePage:
    page = EnterprisePage(key=change.key, live=False, owner=user)
    change.apply(page)
    page = directory.add_child(instance=page)
    revision = page.save_revision(user=user, clean=False)
    log(instance=page, action="wagtail.create", user=user, revision=revision, content_changed=True)
    if change.publish:
        PublishPageRevisionAction(revision, user=user).execute(skip_permission_checks=True)
    return page


def _change(change: EnterpriseChange, user: Any) -> EnterprisePage:
    page = EnterprisePage.objects.get(key=change.key)
    amend(enterprise=page, change=change.apply, user=user)
    if change.publish:
        publish_enterprise(enterprise=page, user=user)
    return EnterprisePage.objects.get(pk=page.pk)
