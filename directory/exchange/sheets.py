"""The files and their columns."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from directory.exchange.columns import (
    Choice,
    Codes,
    Column,
    Date,
    ListedCodes,
    LongText,
    Number,
    RichText,
    SpokenLanguages,
    YesNo,
    translated,
)
from directory.models import (
    Certification,
    Contact,
    Eligibility,
    EnterpriseCertification,
    EnterprisePage,
    Link,
    Offer,
    SocialObjective,
)
from torv.languages import OTHERS

KEY, STATUS, ENTERPRISE = "key", "status", "enterprise"
LIVE, DRAFT = "live", "draft"


@dataclass(frozen=True)
class Sheet:
    """A file. ``accessor`` is where an enterprise holds these rows, "" for the enterprises themselves."""

    file: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    accessor: str = ""
    head: tuple[str, ...] = field(default=(KEY, ENTERPRISE))

    @property
    def headers(self) -> list[str]:
        return [*self.head, *(column.name for column in self.columns)]

    def column_of(self, model_field: str) -> str:
        """The header of the column that holds this field of the model; the field's own name when none does."""
        for column in self.columns:
            if column.field == model_field:
                return column.name
        return model_field if model_field in self.head else ""


ENTERPRISES = Sheet(
    "enterprises.csv",
    EnterprisePage,
    (
        *translated(Column, "name", "title"),
        Column("slug_da", "slug"),
        *(Column(f"slug_{language}") for language in OTHERS),
        *translated(LongText, "summary"),
        *translated(RichText, "description"),
        *translated(LongText, "purpose"),
        ListedCodes("social_purposes", SocialObjective, code="code"),
        Choice("legal_form", EnterprisePage.LegalForm),
        Choice("country", EnterprisePage.Country, required=True),
        Column("company_number"),
        Column("street"),
        Column("postal_code"),
        Column("city"),
        Codes("municipality", "place", multiple=False),
        Codes("areas", "place"),
        SpokenLanguages("languages_spoken"),
        Number("employees"),
        Number("employees_target_group"),
        Column("website"),
        Date("last_confirmed"),
    ),
    head=(KEY, STATUS),
)

OFFERS = Sheet(
    "offers.csv",
    Offer,
    (
        Choice("kind", Offer.Kind, required=True),
        *translated(Column, "name"),
        *translated(LongText, "description"),
        *translated(Column, "capacity"),
        *translated(Column, "lead_time"),
        Codes("categories", "category", code="path"),
        Codes("cpv_codes", "cpv"),
        Codes("areas", "place"),
    ),
    accessor="offers",
)

CONTACTS = Sheet(
    "contacts.csv",
    Contact,
    (Column("name"), *translated(Column, "title"), Column("email"), Column("phone"), YesNo("is_public")),
    accessor="contacts",
)

ELIGIBILITIES = Sheet(
    "eligibilities.csv",
    Eligibility,
    (
        Choice("article", Eligibility.Article, required=True),
        Choice("status", Eligibility.Status, required=True),
        *translated(LongText, "evidence"),
        Date("dated"),
    ),
    accessor="eligibilities",
)

CERTIFICATIONS = Sheet(
    "certifications.csv",
    EnterpriseCertification,
    (ListedCodes("certification", Certification, code="code", multiple=False, required=True), Date("valid_until")),
    accessor="certifications",
)

LINKS = Sheet("links.csv", Link, (Column("url"), *translated(Column, "label")), accessor="links")

CHILD_SHEETS = (OFFERS, CONTACTS, ELIGIBILITIES, CERTIFICATIONS, LINKS)
SHEETS = (ENTERPRISES, *CHILD_SHEETS)
BY_FILE = {sheet.file: sheet for sheet in SHEETS}


def row_key(sheet: Sheet, enterprise: str, typed: str) -> uuid.UUID:
    """The key of a row inside an enterprise: a UUID as it is; anything else always gives the same UUID."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"torv:{enterprise}/{sheet.accessor}/{typed}")


def child_rows(page: EnterprisePage, sheet: Sheet) -> list[Any]:
    return list(getattr(page, sheet.accessor).all())
