"""Where Wagtail's own actions have to know about languages, and what editors see besides."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.actions.delete_page import DeletePageAction
from wagtail.admin.menu import MenuItem

from home import slugs
from home.copying import CopyAtOnce, CopyAtOnceView, finish
from home.feedback.reports import SEE, FeedbackReport
from home.models import Page
from home.panels import language_name
from torv.problems import LONGEST_NUMBER


@hooks.register("before_edit_page")
def refuse_what_no_editor_sends(request: HttpRequest, page: Any) -> None:
    """Core reads some of what its own scripts send as if nobody else could send it.

    :raises SuspiciousOperation: a number that is none, or what is not written in JSON.
    """
    revision = request.POST.get("overwrite_revision_id")
    if revision and not (revision.isascii() and revision.isdigit() and len(revision) <= LONGEST_NUMBER):
        raise SuspiciousOperation("overwrite_revision_id")
    try:
        extra = json.loads(request.POST.get("workflow-action-extra-data") or "{}")
    except ValueError as error:
        raise SuspiciousOperation("workflow-action-extra-data") from error
    if not isinstance(extra, dict):
        raise SuspiciousOperation("workflow-action-extra-data")


@hooks.register("before_copy_page", order=100)
def copy_at_once(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Core's own view makes the copy, but knows nothing of languages, and stops half-way when something fails."""
    if request.method != "POST" or getattr(request, "is_copying", False):
        return None
    request.is_copying = True  # type: ignore[attr-defined]  # its view asks this hook too
    return CopyAtOnceView.as_view()(request, page.pk)


@hooks.register("after_copy_page")
def finish_copy(request: HttpRequest, page: Any, new_page: Any) -> None:
    finish(source=page, copy=new_page)


@hooks.register("before_move_page")
def refuse_to_move_beside_the_same_slug(request: HttpRequest, page: Any, destination: Any) -> HttpResponse | None:
    """Core has looked at the slugs of the default language only."""
    if not _says_that_slugs_are_taken(request, page, destination):
        return None
    return redirect("wagtailadmin_pages:move", page.pk)


@hooks.register("before_bulk_action")
def refuse_to_move_many_beside_the_same_slug(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    if action_type != "move":
        return None
    destination = action.cleaned_form.cleaned_data["chooser"]
    # Every page of which it is so is named before the editor is sent back.
    if not [page for page in objects if _says_that_slugs_are_taken(request, page, destination)]:
        return None
    return redirect(request.get_full_path())


def _says_that_slugs_are_taken(request: HttpRequest, page: Any, destination: Any) -> bool:
    found = slugs.clashes(destination, slugs.slugs_of(page), exclude=page.pk)
    for language, slug in found.items():
        message = _("“%(page)s” cannot be moved there: its slug “%(slug)s” (%(language)s) is taken there.")
        words = {"page": page.get_admin_display_title(), "slug": slug, "language": language_name(language)}
        messages.error(request, message % words)
    return bool(found)


class DeleteAtOnce(DeletePageAction):
    """Programs delete by the action itself: see Page.delete."""

    @transaction.atomic
    def execute(self, *args: Any, **kwargs: Any) -> Any:
        return super().execute(*args, **kwargs)


@hooks.register("register_actions")
def actions_at_once(registry: Any) -> None:
    registry.register(Page, DeleteAtOnce)
    registry.register(Page, CopyAtOnce)


@hooks.register("register_admin_urls")
def feedback_urls() -> list[Any]:
    return [path("reports/feedback/", FeedbackReport.as_view(), name="page_feedback")]


class FeedbackMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEE)


@hooks.register("register_reports_menu_item")
def feedback_in_the_menu() -> MenuItem:
    return FeedbackMenuItem(_("Page feedback"), reverse_lazy("page_feedback"), icon_name="comment", order=650)
