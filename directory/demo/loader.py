"""Made-up suppliers into the directory, as an editor would bring them in: created, published and logged, one by one.

Running it again adds nothing and changes nothing. What has been added once is remembered by the log, not by the page:
a listing that somebody has deleted stays deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zlib import crc32

from django.db import models
from django.utils import timezone
from django.utils.html import escape
from wagtail.log_actions import LogContext
from wagtail.models import PageLogEntry, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from directory.actions import publish_enterprise
from directory.demo.content import TEXTS_OF_ENTERPRISE, TEXTS_OF_OFFER, Entry
from directory.demo.numbers import company_number
from directory.models import (
    Category,
    Certification,
    Contact,
    CpvCode,
    DirectoryPage,
    Eligibility,
    EnterpriseCertification,
    EnterprisePage,
    Link,
    Offer,
    Place,
    SocialObjective,
)
from home.models import Page
from torv.languages import localized

CREATED = "wagtail.create"
MARK = "demo"
"""What the log's data call the key of a page that came from here."""

LINKED = "demo_linked"
"""What they call the keys of the pages that it has led to."""

KEYS = UUID("6f8f7c1e-5f0a-4d6e-9d5a-0c0c8e2a7b11")
NEWEST, OLDEST = 2, 360
"""Days ago: the listings spread over the last year, so that "newest" means something."""


class MissingCodes(LookupError):
    """The content uses codes that are not in the database: the reference data have not been loaded."""


class Lookup:
    """The rows behind codes, read once."""

    def __init__(self) -> None:
        self._rows = {
            model: {row[0]: row[1] for row in model._default_manager.values_list(code, "pk")}
            for model, code in (
                (Category, "path"),
                (Certification, "code"),
                (CpvCode, "code"),
                (Place, "code"),
                (SocialObjective, "code"),
            )
        }
        self._found: dict[tuple[type[models.Model], str], Any] = {}

    def one(self, model: type[models.Model], code: str) -> Any:
        """:raises MissingCodes: there is none with this code."""
        if (model, code) not in self._found:
            if code not in self._rows[model]:
                raise MissingCodes(code)
            self._found[model, code] = model._default_manager.get(pk=self._rows[model][code])
        return self._found[model, code]

    def all(self, model: type[models.Model], codes: Iterable[str]) -> list[Any]:
        return [self.one(model, code) for code in codes]


def pages_added_before() -> dict[str, int]:
    """``{key: primary key}`` of every page that was ever added from here, whatever became of it."""
    entries = PageLogEntry.objects.filter(action=CREATED, data__has_key=MARK)
    return dict(entries.values_list(f"data__{MARK}", "page_id"))


def new_links(key: str, wanted: Iterable[str], known: Mapping[str, int]) -> dict[str, Page]:
    """``{key: page}`` of the `wanted` pages from here that are there, and that the page `key` has never led to.

    From now on it has led to them: a link that an editor takes away stays away, and what is added later, by a plugin
    that is there only then, is linked when it comes. `known` is what `pages_added_before` gives.
    """
    entry = PageLogEntry.objects.filter(**{"action": CREATED, f"data__{MARK}": key}).latest("pk")
    missing = [name for name in wanted if name in known and name not in entry.data.get(LINKED, ())]
    pages = Page.objects.in_bulk([known[name] for name in missing])
    found = {name: pages[known[name]] for name in missing if known[name] in pages}
    if found:
        entry.data = {**entry.data, LINKED: [*entry.data.get(LINKED, ()), *found]}
        entry.save(update_fields=["data"])
    return found


def add_page(parent: Page, page: Page, key: str, user: Any) -> Page:
    """Place a new page in the tree, not yet public, and note in the log that it came from here."""
    page.live = False
    with LogContext(user=user):
        page = parent.add_child(instance=page)
    entry = PageLogEntry.objects.get(page=page.pk, action=CREATED)
    entry.data = {**entry.data, MARK: key}
    entry.save(update_fields=["data"])
    return page


def load_enterprises(directory: DirectoryPage, entries: Sequence[Entry], user: Any) -> tuple[int, int]:
    """Add what is not there yet; how many enterprises and offers that were.

    :raises MissingCodes: the reference data have not been loaded.
    """
    before = set(pages_added_before()) | set(EnterprisePage.objects.values_list("key", flat=True))
    new = [entry for entry in entries if entry["key"] not in before]
    lookup, dates = Lookup(), first_days(entries)
    with disable_reference_index_auto_update():  # it would index each page again for each of its rows
        for entry in new:
            page = named(entry)
            page.first_published_at = dates[entry["key"]]
            page = add_page(directory, page, entry["key"], user)
            describe(page, entry, lookup)
            page.save_revision(user=user)
            publish_enterprise(enterprise=page, user=user)
            ReferenceIndex.create_or_update_for_object(EnterprisePage.objects.get(pk=page.pk))
    return len(new), sum(len(entry["offers"]) for entry in new)


def first_days(entries: Sequence[Entry]) -> dict[str, datetime]:
    """When each became public: spread evenly over the last year, in an order that mixes the files."""
    order = sorted((entry["key"] for entry in entries), key=lambda key: crc32(key.encode()))
    step = (OLDEST - NEWEST) / max(len(order), 1)
    today = timezone.localdate()
    return {
        key: timezone.make_aware(
            datetime.combine(today - timedelta(days=round(NEWEST + place * step)), time(8 + place % 8, place * 7 % 60))
        )
        for place, key in enumerate(order)
    }


def named(entry: Entry) -> EnterprisePage:
    """A listing with its name in each language that it is public in, in memory."""
    titles = {localized("title", language): entry["name"] for language in entry["languages"]}
    return EnterprisePage(key=entry["key"], slug=entry["key"], country=entry["country"], **titles)


def describe(page: EnterprisePage, entry: Entry, lookup: Lookup) -> None:
    """Put everything else into the listing, in memory."""
    page.company_number = company_number(entry["country"], entry["key"])
    page.municipality = lookup.one(Place, entry["municipality"])
    # A machine whose clock is behind would find later days not to have come yet.
    page.last_confirmed = _not_later_than_today(entry.get("last_confirmed"))
    for name in FACTS:
        setattr(page, name, entry[name])
    for name, text in _columns(entry, *TEXTS_OF_ENTERPRISE).items():
        setattr(page, name, _rich_text(text) if name.startswith("description") else text)
    page.areas = lookup.all(Place, entry["areas"])
    page.social_purposes = lookup.all(SocialObjective, entry["social_purposes"])
    page.offers = [
        _offer(offer, lookup, key=_key(entry, "offers", offer["key"]), sort_order=place)
        for place, offer in enumerate(entry["offers"])
    ]
    page.contacts = [
        Contact(
            key=_key(entry, "contacts", contact["email"]),
            sort_order=place,
            name=contact["name"],
            email=contact["email"],
            phone=contact.get("phone", ""),
            is_public=contact["public"],
            **_columns(contact, "title"),
        )
        for place, contact in enumerate(entry["contacts"])
    ]
    page.certifications = [
        EnterpriseCertification(
            key=_key(entry, "certifications", held["code"]),
            sort_order=place,
            certification=lookup.one(Certification, held["code"]),
            valid_until=held.get("valid_until"),
        )
        for place, held in enumerate(entry.get("certifications", ()))
    ]
    page.eligibilities = [
        Eligibility(
            key=_key(entry, "eligibilities", eligibility["article"]),
            sort_order=place,
            article=eligibility["article"],
            status=eligibility["status"],
            dated=eligibility.get("dated"),
            **_columns(eligibility, "evidence"),
        )
        for place, eligibility in enumerate(entry.get("eligibility", ()))
    ]
    page.links = [
        Link(key=_key(entry, "links", link["url"]), sort_order=place, url=link["url"], **_columns(link, "label"))
        for place, link in enumerate(entry.get("links", ()))
    ]


FACTS = (
    "legal_form",
    "street",
    "postal_code",
    "city",
    "languages_spoken",
    "employees",
    "employees_target_group",
    "website",
)


def _offer(entry: Entry, lookup: Lookup, **identity: Any) -> Offer:
    return Offer(
        **identity,
        kind=entry["kind"],
        categories=lookup.all(Category, entry["categories"]),
        cpv_codes=lookup.all(CpvCode, entry["cpv_codes"]),
        areas=lookup.all(Place, entry.get("areas", ())),
        **_columns(entry, *TEXTS_OF_OFFER),
    )


def _columns(entry: Entry, *fields: str) -> dict[str, str]:
    """``{"summary_sv": "…"}``: the columns of the texts that are there."""
    return {
        localized(field, language): text.strip() for field in fields for language, text in entry.get(field, {}).items()
    }


def _rich_text(text: str) -> str:
    """Paragraphs, which a blank line parts, as the editor stores them."""
    return "".join(f"<p>{escape(' '.join(part.split()))}</p>" for part in text.split("\n\n") if part.strip())


def _key(entry: Entry, *place: str) -> UUID:
    """The identity of a row inside the page: the same on every machine."""
    return uuid5(KEYS, "/".join((entry["key"], *place)))


def _not_later_than_today(day: date | None) -> date | None:
    return day and min(day, timezone.localdate())
