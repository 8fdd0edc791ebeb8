"""What Wagtail leaves out of a copy: whose title it is, that its rows are its own, and the slugs of the pages below it.

A copy itself stands beside its source and takes its own slugs; its descendants stand beside copies only.
"""

import uuid
from collections import defaultdict
from typing import Any

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.actions.copy_page import CopyPageAction
from wagtail.admin.views.pages.copy import CopyView

from home.models import Page
from home.models.base import keyed_children
from torv.languages import DEFAULT, OTHERS, localized
from torv.models import Parked
from torv.text import text_of

SLUGS = [f"slug_{language}" for language in OTHERS]


def title_language(page: Page) -> str:
    """The language of the title that the reader of the active language is shown, and gives another one for."""
    return text_of(page, "title").language or DEFAULT


@transaction.atomic
def finish(*, source: Page, copy: Page) -> None:
    """Give the pages of ``copy`` rows of their own, and those below it the slugs of those below ``source``.

    So do their drafts and earlier versions. An alias follows its source in all: it is left alone.
    """
    pairs = zip(
        source.get_descendants(inclusive=True).order_by("path"),
        copy.get_descendants(inclusive=True).order_by("path").specific(),
        strict=False,  # a copy without the pages below
    )
    for original, page in pairs:
        slugs = {} if page.pk == copy.pk else {name: getattr(original, name) for name in SLUGS}
        if any(slugs.values()):
            for name, slug in slugs.items():
                setattr(page, name, slug)
            page.save(clean=False)
        if not page.alias_of_id:
            _own_rows(page, slugs)


def _own_rows(page: Page, slugs: dict[str, str]) -> None:
    keys: defaultdict[str, uuid.UUID] = defaultdict(uuid.uuid4)  # a row has the same new key in every version
    children = keyed_children(type(page))
    for relation in children.values():
        rows = list(relation.related_model._base_manager.filter(**{relation.field.name: page.pk}))
        for row in rows:
            row.key = keys[str(row.key)]
        relation.related_model._base_manager.bulk_update(rows, ["key"])
    revisions = list(page.revisions.all())
    for revision in revisions:
        changed: dict[str, Any] = {name: slug for name, slug in slugs.items() if slug}
        for accessor in children:
            if accessor in revision.content:
                changed[accessor] = [{**row, "key": str(keys[row["key"]])} for row in revision.content[accessor]]
        revision.content = {**revision.content, **changed}
    page.revisions.bulk_update(revisions, ["content"], batch_size=100)


class CopyAtOnce(CopyPageAction):
    """Programs copy by the action itself."""

    def __init__(self, page: Page, to: Any = None, update_attrs: dict | None = None, **kwargs: Any) -> None:
        attributes = {**(update_attrs or {})}
        if "title" in attributes:
            attributes[localized("title", title_language(page))] = attributes.pop("title")
        super().__init__(page, to=to, update_attrs=attributes, **kwargs)

    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks=skip_permission_checks)
        # The copy of a bare title would be one for ever.
        if self.recursive and Parked.objects.filter(page__path__startswith=self.page.path).exists():
            raise ValidationError(
                _("Pages below this one wait for a plugin that is not installed: it cannot be copied.")
            )

    @transaction.atomic
    def execute(self, skip_permission_checks: bool = False) -> Any:
        with override(DEFAULT):
            copy = super().execute(skip_permission_checks=skip_permission_checks)
            finish(source=self.page, copy=copy)
        return copy


class CopyAtOnceView(CopyView):
    """The editor's. What is typed as the title is in the language of the title that was to be changed."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parent = request.POST.get("new_parent_page", "")
        if not (parent.isdecimal() and Page.objects.filter(pk=parent).exists()):
            raise SuspiciousOperation("new_parent_page")
        return super().post(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        with override(title_language(self.page)):
            return super().form_valid(form)
