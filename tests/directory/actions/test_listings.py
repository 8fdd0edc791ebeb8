"""Publishing, confirming, and changes that leave a draft alone."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision

from directory.actions import confirm_listing, ensure_roles, make_owner, publish_enterprise
from directory.models import EnterprisePage
from tests.factories.directory import EnterprisePageFactory

pytestmark = pytest.mark.django_db


def fresh(page: EnterprisePage) -> EnterprisePage:
    return EnterprisePage.objects.get(pk=page.pk)


@pytest.fixture
def owner(enterprise: EnterprisePage):
    user = get_user_model().objects.create_user("owner")
    make_owner(user=user, enterprise=enterprise)
    return get_user_model().objects.get(pk=user.pk)


def test_publishing_makes_the_draft_public(codes) -> None:
    page = EnterprisePageFactory(live=False)
    admin = get_user_model().objects.create_superuser("admin")
    publish_enterprise(enterprise=page, user=admin)
    assert fresh(page).live
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish", user=admin).exists()


def test_publishing_needs_permission(enterprise: EnterprisePage, owner) -> None:
    with pytest.raises(PermissionDenied):
        publish_enterprise(enterprise=enterprise, user=owner)


def test_publishing_a_draft_that_is_not_fit_is_refused(enterprise: EnterprisePage) -> None:
    draft = fresh(enterprise)
    draft.company_number = "12345678"
    draft.save_revision(clean=False)
    with pytest.raises(ValidationError):
        publish_enterprise(enterprise=enterprise)
    assert fresh(enterprise).company_number == enterprise.company_number


def test_locked_page_is_not_published(enterprise: EnterprisePage) -> None:
    enterprise.locked = True
    enterprise.save()
    with pytest.raises(ValidationError):
        publish_enterprise(enterprise=enterprise)


def test_confirming_sets_the_day_in_public_and_in_draft(enterprise: EnterprisePage) -> None:
    confirm_listing(enterprise=enterprise)
    assert fresh(enterprise).last_confirmed == timezone.localdate()
    assert fresh(enterprise).get_latest_revision_as_object().last_confirmed == timezone.localdate()
    assert not fresh(enterprise).has_unpublished_changes


def test_confirming_publishes_nothing_else(enterprise: EnterprisePage) -> None:
    draft = enterprise.get_latest_revision_as_object()
    draft.city = "Kladde"
    draft.save_revision()
    confirm_listing(enterprise=enterprise, on=dt.date(2026, 1, 2))
    page = fresh(enterprise)
    assert (page.city, page.last_confirmed, page.has_unpublished_changes) == ("Viborg", dt.date(2026, 1, 2), True)
    draft = page.get_latest_revision_as_object()
    assert (draft.city, draft.last_confirmed) == ("Kladde", dt.date(2026, 1, 2))


def test_confirming_twice_on_a_day_writes_once(enterprise: EnterprisePage) -> None:
    confirm_listing(enterprise=enterprise)
    count = Revision.objects.count()
    confirm_listing(enterprise=enterprise)
    assert Revision.objects.count() == count


def test_owner_confirms_and_is_named_in_the_log(enterprise: EnterprisePage, owner) -> None:
    confirm_listing(enterprise=enterprise, user=owner)
    assert PageLogEntry.objects.get(action="directory.confirm").user == owner


def test_nobody_else_confirms(enterprise: EnterprisePage, owner) -> None:
    other = EnterprisePageFactory(title_da="En anden")
    with pytest.raises(PermissionDenied):
        confirm_listing(enterprise=other, user=owner)
    assert fresh(other).last_confirmed is None


def test_day_to_come_is_refused(enterprise: EnterprisePage) -> None:
    with pytest.raises(ValidationError):
        confirm_listing(enterprise=enterprise, on=timezone.localdate() + dt.timedelta(days=1))


def test_draft_that_was_never_public_is_confirmed_in_its_row(codes) -> None:
    ensure_roles()
    page = EnterprisePageFactory(live=False)
    confirm_listing(enterprise=page)
    assert fresh(page).last_confirmed == timezone.localdate()
    assert not fresh(page).live
