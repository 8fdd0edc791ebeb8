"""Pages of absent plugins.

Wagtail answers 500 in the editors' explorer for a page whose model is gone, and serves its bare title to readers.
Parking makes such a page one of the base type, unpublished and locked, and remembers what it was; when the plugin is
back, so is the page, with its drafts. It runs after every `migrate`, so that a deploy parks and wakes by itself, and
may run at any time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Revision

from .models import Parked
from .pages import get_page_model


@dataclass(frozen=True)
class Parking:
    """What one run did: numbers of pages."""

    parked: int
    woken: int


def is_migrated() -> bool:
    """Whether this app and the base page's are migrated as far as the code is: before that there is nothing to park."""
    executor = MigrationExecutor(connection)
    labels = {Parked._meta.app_label, get_page_model()._meta.app_label}
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]
    return not executor.migration_plan(targets)


def is_waiting(page_pk: int) -> bool:
    """Whether a page is parked, or will be: its type is gone."""
    page = get_page_model().objects.filter(pk=page_pk).select_related("content_type").first()
    if page is None:
        return False
    return page.content_type.model_class() is None or Parked.objects.filter(page_id=page_pk).exists()


@transaction.atomic
def park() -> Parking:
    """Park every page whose type is gone, and wake every parked one whose type is back."""
    page_model = get_page_model()
    base = ContentType.objects.get_for_model(page_model)
    types_in_use = ContentType.objects.filter(pk__in=page_model.objects.order_by().values("content_type").distinct())
    gone = {content_type.pk: content_type for content_type in types_in_use if content_type.model_class() is None}
    parked = 0
    for page in page_model.objects.filter(content_type__in=gone):
        _park_page(page, gone[page.content_type_id], base)
        parked += 1
    known = {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, page_model)}
    woken = 0
    for row in Parked.objects.filter(type__in=known):
        _wake_page(row, base, ContentType.objects.get_for_model(known[row.type]))
        woken += 1
    return Parking(parked, woken)


def _park_page(page: Any, was: ContentType, base: ContentType) -> None:
    waiting = Revision.objects.filter(
        object_id=str(page.pk), content_type=was, approved_go_live_at__isnull=False
    )  # `publish_scheduled` would put the bare base page before readers
    Parked.objects.create(
        page_id=page.pk,
        type=f"{was.app_label}.{was.model}",
        was_live=page.live,
        was_locked=page.locked,
        scheduled={str(revision.pk): revision.approved_go_live_at.isoformat() for revision in waiting},
    )
    waiting.update(approved_go_live_at=None)
    _become(page.pk, was, base, live=False, locked=True)


def _wake_page(row: Parked, base: ContentType, was: ContentType) -> None:
    _become(row.page_id, base, was, live=row.was_live, locked=row.was_locked)
    for key, moment in row.scheduled.items():
        Revision.objects.filter(pk=key).update(approved_go_live_at=datetime.fromisoformat(moment))
    row.delete()


def _become(page_pk: int, old: ContentType, new: ContentType, **values: Any) -> None:
    """Change the page's type, and that of its revisions, which name it twice in columns and once in their content."""
    page_model = get_page_model()
    page_model.objects.filter(pk=page_pk).update(content_type=new, **values)
    base = ContentType.objects.get_for_model(page_model)
    revisions = list(Revision.objects.filter(base_content_type=base, object_id=str(page_pk), content_type=old))
    for revision in revisions:
        revision.content_type = new
        # A draft cannot be read any more when the type in its content has been cleared away as stale.
        revision.content = {**revision.content, "content_type": new.pk}
    Revision.objects.bulk_update(revisions, ["content_type", "content"], batch_size=100)
