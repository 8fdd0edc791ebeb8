"""What the pages of networks and projects show."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from home.models import Page
from plugins.projects.models import ProjectIndexPage, ProjectPage
from torv.templatetags.torv import day_text
from torv.text import text_of

ORGANISATIONS = ("partners", "funders")


def public_projects(below: Page | None = None) -> QuerySet[ProjectPage]:
    """Published, open to everybody: networks before projects, the latest begun first."""
    found = ProjectPage.objects.live().public().order_by("kind", F("starts_on").desc(nulls_last=True), "pk")
    return found.descendant_of(below) if below is not None else found


def period(page: ProjectPage) -> str:
    """ "2015–2021" where whole years are meant, days otherwise; "" without dates."""
    start, end = page.starts_on, page.ends_on
    whole = (not start or (start.month, start.day) == (1, 1)) and (not end or (end.month, end.day) == (12, 31))
    first = (str(start.year) if whole else day_text(start)) if start else ""
    last = (str(end.year) if whole else day_text(end)) if end else ""
    if first and last:
        return first if first == last else f"{first}–{last}" if whole else f"{first} – {last}"
    if first:
        return _("Since %(day)s") % {"day": first}
    return _("Until %(day)s") % {"day": last} if last else ""


def index_context(page: ProjectIndexPage, request: HttpRequest) -> dict[str, Any]:
    lines = [_line(project, request) for project in public_projects(page)]
    kinds = ProjectPage.Kind
    running = [line for line in lines if not line["ended"]]
    groups = [
        (_("Networks"), [line for line in running if line["kind"] == kinds.NETWORK]),
        (_("Projects"), [line for line in running if line["kind"] == kinds.PROJECT]),
        (_("Ended"), sorted((x for x in lines if x["ended"]), key=lambda line: line["ends_on"], reverse=True)),
    ]
    return {"groups": [{"heading": heading, "lines": found} for heading, found in groups if found]}


def _line(page: ProjectPage, request: HttpRequest) -> dict[str, Any]:
    return {
        "title": text_of(page, "title"),
        "introduction": text_of(page, "introduction"),
        "url": page.get_url(request) or "",
        "kind": page.kind,
        "kind_name": page.get_kind_display(),
        "period": period(page),
        "ended": page.has_ended,
        "ends_on": page.ends_on,
    }


def project_context(page: ProjectPage, request: HttpRequest) -> dict[str, Any]:
    """The rows of the page; a constant number of queries, however many there are."""
    context: dict[str, Any] = {
        "period": period(page),
        "ended": page.has_ended,
        "steering_group": list(page.steering_group.all()),
        "contacts": list(page.contacts.all()),
        "documents": _with(page.documents.all(), "document"),
    }
    for name in ORGANISATIONS:
        rows = _with(getattr(page, name).all(), "logo")
        context[name] = [{"row": row, "name": text_of(row, "name")} for row in rows]
    return context


def _with(rows: Any, relation: str) -> list[Any]:
    """The rows with what they lead to, in one query more; rows of a preview are in memory already."""
    return list(rows.prefetch_related(relation) if isinstance(rows, QuerySet) else rows)
