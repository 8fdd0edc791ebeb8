"""Noticing that content changed. Thin: each handler names the ids and calls one action.

What is watched comes from the sources (`Source.watch`). Everything is noted in the transaction that changes it, and
what is deleted is noted just before, while it still says what it belonged to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from wagtail.models import AbstractPage, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from search import concepts, registry
from search.actions import mark_changed
from search.sources import Source

Ids = Callable[[Any], Iterable[Any]]

# A draft's columns on the live row: what visitors see does not change with them.
DRAFT_ONLY = {
    "latest_revision",
    "latest_revision_id",
    "latest_revision_created_at",
    "draft_title",
    "has_unpublished_changes",
}


def connect() -> None:
    """Listen for every source's models; called when all apps are ready. Calling it again changes nothing."""
    for source in registry.sources().values():
        for model, ids in source.watch().items():
            _watch(source, model, ids)
    for facet in registry.facets().values():
        if facet.concepts and facet.model is not None:
            _watch_meanings(facet.name, facet.model)
    moved = f"search.{_branch_changed.__name__}"
    post_page_move.connect(_branch_changed, dispatch_uid=moved)
    post_save.connect(_restriction_changed, sender=PageViewRestriction, dispatch_uid=moved)
    post_delete.connect(_restriction_changed, sender=PageViewRestriction, dispatch_uid=moved)


def _watch(source: Source, model: type[Model], ids: Ids) -> None:
    uid = f"search.{source.name}.{model._meta.label}"

    def note(instance: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if kwargs.get("raw") or (fields is not None and set(fields) <= DRAFT_ONLY):
            return
        mark_changed(source=source, ids=list(ids(instance)))

    def note_related(instance: Any, action: str, reverse: bool, pk_set: Any = None, **kwargs: Any) -> None:
        if not action.startswith("post_") and action != "pre_clear":
            return
        if not reverse:
            note(instance)
        elif pk_set:
            for changed in model._default_manager.filter(pk__in=pk_set):
                note(changed)

    for signal in (post_save, pre_delete):
        signal.connect(note, sender=model, weak=False, dispatch_uid=uid)
    for field in model._meta.many_to_many:
        through = field.remote_field.through
        m2m_changed.connect(note_related, sender=through, weak=False, dispatch_uid=f"{uid}.{field.name}")
    if issubclass(model, AbstractPage):
        for signal in (page_published, page_unpublished):
            signal.connect(note, sender=model, weak=False, dispatch_uid=uid)


def _watch_meanings(facet: str, model: type[Model]) -> None:
    def forget(**kwargs: Any) -> None:
        concepts.forget(facet)

    for signal in (post_save, post_delete):
        signal.connect(forget, sender=model, weak=False, dispatch_uid=f"search.meanings.{facet}")


def _branch_changed(instance: Any, **kwargs: Any) -> None:
    """A branch was moved: it may have come under a log-in, or out of one."""
    mark_branch(instance)


def _restriction_changed(instance: PageViewRestriction, **kwargs: Any) -> None:
    mark_branch(instance.page)


def mark_branch(page: Any) -> None:
    """Mark everything that belongs to the pages of a branch."""
    for source in registry.sources().values():
        for model, ids in source.watch().items():
            if issubclass(model, AbstractPage):
                branch = model._default_manager.filter(path__startswith=page.path).only("pk")
                mark_changed(source=source, ids=[number for found in branch for number in ids(found)])
