"""Networks and projects for programs: the list, and one of them with who takes part, who pays and what comes of it."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema

from home.schemas import (
    Asked,
    AskedList,
    ImageOut,
    ListOut,
    TextOut,
    Which,
    find_page,
    html_out,
    image_out,
    page_of,
    page_out,
    text_out,
)
from plugins.projects.models import Organisation, ProjectPage
from plugins.projects.presenting import period, public_projects
from torv.languages import LANGUAGES, content_language, localized
from torv.plugins import plugins
from torv.problems import InvalidRequest, Problem, check_names, one_of, refused
from torv.text import Text, text_of

router = Router()

YES, NO = "true", "false"
BOOLEAN: dict[str, Any] = {"anyOf": [{"type": "boolean"}, {"type": "null"}]}


class ProjectOut(Schema):
    """A network or a project."""

    id: int
    kind: str = Field(description="network or project.")
    title: TextOut
    introduction: TextOut
    languages: list[str] = Field(description="Languages in which it is public.")
    url: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    period: str = Field(description="Both in the words of the language that was asked for; empty without either.")
    ended: bool
    changed_at: dt.datetime | None


class ProjectsOut(ListOut):
    items: list[ProjectOut]


class MemberOut(Schema):
    name: str
    role: TextOut
    organisation: str


class OrganisationOut(Schema):
    name: TextOut
    website: str
    logo: ImageOut | None


class ContactOut(Schema):
    name: str
    title: TextOut
    email: str
    phone: str


class DocumentOut(Schema):
    label: TextOut
    url: str
    type: str = Field(description="The file's ending, such as pdf.")


class RelatedOut(Schema):
    title: TextOut
    url: str
    date: dt.datetime | dt.date | None
    note: str
    badge: str


class RelatedListOut(Schema):
    """What other parts of the site have about it: its meetings, news."""

    heading: str
    items: list[RelatedOut]
    url: str = Field(description="Where all of them are, if these are not all.")
    calendar: str = Field(description="An iCalendar file of them, or an empty string.")


class ProjectDetailOut(ProjectOut):
    purpose: TextOut = Field(description="HTML.")
    goals: TextOut = Field(description="HTML.")
    target_group: TextOut
    run_by: TextOut
    website: str
    steering_group: list[MemberOut]
    partners: list[OrganisationOut]
    funders: list[OrganisationOut]
    contacts: list[ContactOut]
    documents: list[DocumentOut]
    related: list[RelatedListOut]


class AskedProjects(AskedList):
    kind: str | None = Field(None, description="network or project.")
    ended: str | None = Field(None, description="Only those that have ended, or have not.", json_schema_extra=BOOLEAN)
    language: str | None = Field(None, description="Only what is public in da, sv or en.")


@router.get(
    "/", response={200: ProjectsOut, 422: Problem}, summary="Networks and projects", url_name="projects", auth=None
)
def get_projects(request: HttpRequest, asked: Query[AskedProjects]) -> Any:
    """Networks, then projects, the latest begun first; those that have ended too."""
    try:
        check_names(request, AskedProjects)
        numbers, rows = page_of(_narrowed(asked), asked)
    except InvalidRequest as error:
        return refused(error)
    return numbers | {"items": [_item(page, request) for page in rows]}


@router.get(
    "/{id}/",
    response={200: ProjectDetailOut, 404: Problem, 422: Problem},
    summary="A network or project",
    url_name="project",
    auth=None,
)
def get_project(request: HttpRequest, which: Path[Which], asked: Query[Asked]) -> Any:
    """With everything that its page shows."""
    try:
        check_names(request, Asked)
        page: ProjectPage = find_page(public_projects(), which.id)
    except InvalidRequest as error:
        return refused(error)
    return _item(page, request) | {
        "purpose": html_out(page, "purpose"),
        "goals": html_out(page, "goals"),
        "target_group": text_out(text_of(page, "target_group")),
        "run_by": text_out(text_of(page, "run_by")),
        "website": page.website,
        "steering_group": [
            {"name": row.name, "role": text_out(text_of(row, "role")), "organisation": row.organisation}
            for row in page.steering_group.all()
        ],
        "partners": [_organisation(row, request) for row in page.partners.select_related("logo")],
        "funders": [_organisation(row, request) for row in page.funders.select_related("logo")],
        "contacts": [
            {"name": row.name, "title": text_out(text_of(row, "title")), "email": row.email, "phone": row.phone}
            for row in page.contacts.all()
        ],
        "documents": [_document(row, request) for row in page.documents.select_related("document")],
        "related": [_related(found, request) for found in _related_items(page)],
    }


def _narrowed(asked: AskedProjects) -> QuerySet[ProjectPage]:
    found = public_projects()
    if kind := one_of(asked.kind, "kind", ProjectPage.Kind.values):
        found = found.filter(kind=kind)
    if ended := one_of(asked.ended, "ended", (YES, NO)):
        over = Q(ends_on__lt=timezone.localdate())
        found = found.filter(over) if ended == YES else found.exclude(over)
    if language := one_of(asked.language, "language", LANGUAGES):
        column = localized("title", language)
        found = found.exclude(**{column: None}).exclude(**{column: ""})
    return found


def _item(page: ProjectPage, request: HttpRequest) -> dict[str, Any]:
    return {
        **page_out(page, request),
        "kind": page.kind,
        "introduction": text_out(text_of(page, "introduction")),
        "languages": [language for language in LANGUAGES if page.has_translation(language)],
        "starts_on": page.starts_on,
        "ends_on": page.ends_on,
        "period": period(page),
        "ended": page.has_ended,
        "changed_at": page.last_published_at,
    }


def _organisation(row: Organisation, request: HttpRequest) -> dict[str, Any]:
    logo = image_out(row.logo, Text("", ""), request)  # its name stands beside it
    return {"name": text_out(text_of(row, "name")), "website": row.website, "logo": logo}


def _document(row: Any, request: HttpRequest) -> dict[str, Any]:
    label = text_of(row, "label") or Text(row.document.title, "")
    url = request.build_absolute_uri(row.document.url)
    return {"label": text_out(label), "url": url, "type": row.document.file_extension}


def _related_items(page: ProjectPage) -> list[Any]:
    found = plugins.collect("related_items", page=page, language=content_language())
    return sorted(found, key=lambda items: items.position)


def _related(found: Any, request: HttpRequest) -> dict[str, Any]:
    lines = [
        {
            "title": {"text": line.title, "language": line.language},
            "url": request.build_absolute_uri(line.url),
            "date": line.date,
            "note": line.note,
            "badge": line.badge,
        }
        for line in found.items
    ]
    addresses = {
        name: (address := getattr(found, name)) and request.build_absolute_uri(address) for name in ("url", "calendar")
    }
    return {"heading": found.heading, "items": lines, **addresses}
