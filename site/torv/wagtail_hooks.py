"""Where the editors' interface meets the plugin contract."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks

from .models import Parked
from .pages import get_page_model
from .panels import PluginPanel
from .plugins import plugins


@hooks.register("construct_homepage_panels")
def plugins_panels(request: HttpRequest, panels: list[Any]) -> None:
    """The `dashboard_panels` hook."""
    panels.extend(PluginPanel(*item) for item in plugins.items("dashboard_panels", request=request))


@hooks.register("before_edit_page")
def refuse_to_edit_parked(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Published as what it is now, a parked page would be a bare title."""
    return _refuse(request, page, Parked.objects.filter(page_id=page.pk))


@hooks.register("before_copy_page")
def refuse_to_copy_parked(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A copy would be of the base type for ever."""
    return _refuse(request, page, Parked.objects.filter(page__path__startswith=page.path))


@hooks.register("before_delete_page")
def refuse_to_delete_parked(request: HttpRequest, page: Any) -> HttpResponse | None:
    """The plugin's table still has a row for it: the database would refuse, as a 500."""
    return _refuse(request, page, Parked.objects.filter(page__path__startswith=page.path))


@hooks.register("before_bulk_action")
def refuse_bulk_actions_on_parked(
    request: HttpRequest, action_type: str, objects: list[Any], action_class_instance: Any
) -> HttpResponse | None:
    """The same for what is done to many pages at once."""
    pages = [page for page in objects if isinstance(page, get_page_model())]
    for page in pages if action_type in ("delete", "publish") else ():
        if refusal := _refuse(request, page, Parked.objects.filter(page__path__startswith=page.path)):
            return refusal
    return None


def _refuse(request: HttpRequest, page: Any, parked: Any) -> HttpResponse | None:
    row = parked.select_related("page").first()
    if row is None:
        return None
    message = _(
        "“%(page)s” waits for a plugin that is not installed (%(type)s): it cannot be changed until it is back."
    )
    messages.error(request, message % {"page": row.page, "type": row.type})
    parent = page.get_parent()
    return redirect("wagtailadmin_explore", parent.pk) if parent else redirect("wagtailadmin_explore_root")
