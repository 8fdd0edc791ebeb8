"""Networks and projects, told in our own words; the people are made up, and so is one network.

Running it again adds nothing: what has been added once is remembered by the log, whatever became of the page.
"""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth import get_user_model
from django.utils.html import escape
from django.utils.translation import ngettext

from directory.demo.content import Entry, read
from directory.demo.loader import add_page, pages_added_before
from directory.demo.pictures import document, picture
from directory.demo.users import AUTHOR
from home.models import Page
from plugins.projects.models import (
    Funder,
    Partner,
    ProjectContact,
    ProjectDocument,
    ProjectIndexPage,
    ProjectPage,
    SteeringMember,
)
from torv.languages import DEFAULT, OTHERS, localized

FILE = Path(__file__).parent / "projects.yaml"
LOGOS = Path(__file__).parent / "logos.yaml"
SIZE = (240, 120)
KEYS = UUID("8e1f3d0a-7c44-4b5f-b2c0-9d2a6f5e4c13")
TEXTS = ("title", "introduction", "target_group", "run_by")
RICH = ("purpose", "goals")


def load_projects(home: Page) -> str:
    """Add what was never there, and say how much that was."""
    written, before = read(FILE), pages_added_before()
    author = get_user_model().objects.filter(username=AUTHOR).first()
    index = ProjectIndexPage.objects.child_of(home).first() or _index(home, written["index"], author)
    new = [entry for entry in written["projects"] if entry["key"] not in before]
    drawings = read(LOGOS) if new else {}
    for entry in new:
        page = describe(entry)
        for row, of in zip([*page.partners.all(), *page.funders.all()], _organisations(entry), strict=True):
            if "logo" in of:
                row.logo = picture(_logo_title(of), of["logo"], drawings[of["logo"]], SIZE, "paper")
        page.documents = [
            ProjectDocument(
                **_identity(entry, "documents", place), document=document(of["title"], of["file"], of["text"]),
                **_columns(of, "label"),
            )
            for place, of in enumerate(entry.get("documents", ()))
        ]  # fmt: skip
        page = add_page(index, page, entry["key"], author)
        page.full_clean()
        page.save_revision(user=author).publish(user=author)
    number = len(new)
    return ngettext("%(n)d network or project added", "%(n)d networks and projects added", number) % {"n": number}


def _index(home: Page, entry: Entry, author: Any) -> ProjectIndexPage:
    page = ProjectIndexPage(show_in_menus=True, **_slugs(entry), **_columns(entry, "title", "introduction"))
    page = add_page(home, page, entry["key"], author)
    page.full_clean()
    page.save_revision(user=author).publish(user=author)
    return ProjectIndexPage.objects.get(pk=page.pk)


def describe(entry: Entry) -> ProjectPage:
    """The network or project in memory."""
    page = ProjectPage(
        kind=entry["kind"], starts_on=entry.get("starts_on"), ends_on=entry.get("ends_on"),
        website=entry.get("website", ""), **_slugs(entry), **_columns(entry, *TEXTS),
    )  # fmt: skip
    for name, text in _columns(entry, *RICH).items():
        paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
        setattr(page, name, "".join(f"<p>{escape(part)}</p>" for part in paragraphs if part))
    page.steering_group = [
        SteeringMember(**_identity(entry, "steering", place), name=row["name"], **_columns(row, "role"))
        for place, row in enumerate(entry.get("steering_group", ()))
    ]
    page.partners = [
        Partner(**_identity(entry, "partners", place), website=row.get("website", ""), **_columns(row, "name"))
        for place, row in enumerate(entry.get("partners", ()))
    ]
    page.funders = [
        Funder(**_identity(entry, "funders", place), website=row.get("website", ""), **_columns(row, "name"))
        for place, row in enumerate(entry.get("funders", ()))
    ]
    page.contacts = [
        ProjectContact(
            **_identity(entry, "contacts", place), name=row["name"], email=row["email"], phone=row["phone"],
            **_columns(row, "title"),
        )
        for place, row in enumerate(entry.get("contacts", ()))
    ]  # fmt: skip
    return page


def _organisations(entry: Entry) -> list[Entry]:
    return [*entry.get("partners", ()), *entry.get("funders", ())]


def _logo_title(organisation: Entry) -> str:
    """Among the site's pictures; it says that the organisation's own logo is another."""
    return f"Tegnet mærke for {organisation['name'][DEFAULT]}"


def _slugs(entry: Entry) -> dict[str, str]:
    slugs = entry["slugs"]
    return {"slug": slugs[DEFAULT], **{f"slug_{language}": slugs[language] for language in OTHERS}}


def _columns(entry: Entry, *fields: str) -> dict[str, str]:
    """``{"title_sv": "…"}``: the columns of the texts that are there."""
    return {
        localized(field, language): text.strip() for field in fields for language, text in entry.get(field, {}).items()
    }


def _identity(entry: Entry, kind: str, place: int) -> dict[str, Any]:
    """The key of a row, the same on every machine, and its place."""
    return {"key": uuid5(KEYS, f"{entry['key']}/{kind}/{place}"), "sort_order": place}
