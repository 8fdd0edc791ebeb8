"""The made-up suppliers as they are written down, and the rules that hold for what is written."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from directory.models import Eligibility, EnterprisePage, Offer
from directory.models.languages import SPOKEN_CODES
from directory.models.pages import SUMMARY_LENGTH
from torv.languages import LANGUAGES

FILES = ("enterprises_dk.yaml", "enterprises_se.yaml")
FOLDER = Path(__file__).parent

Entry = Mapping[str, Any]
"""One enterprise, or one of its offers, as the YAML file has it."""

TEXTS_OF_ENTERPRISE = ("summary", "description", "purpose")
TEXTS_OF_OFFER = ("name", "description", "capacity", "lead_time")
FIELDS_OF_OFFER = {"key", "kind", "categories", "cpv_codes", "areas", *TEXTS_OF_OFFER}
SHORT = 120  # a capacity or a lead time is a remark, not a paragraph
LEAST_SHARE = 0.3  # article 20 of Directive 2014/24/EU: disabled or disadvantaged among all employees

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEY = re.compile(r"[a-z0-9-]+\Z")
_WEB = re.compile(r"https://[a-z0-9.-]+\.example\.org/\S*\Z")
_EMAIL = re.compile(r"[a-z0-9.-]+@[a-z0-9.-]+\.example\.org\Z")
_PHONE = re.compile(r"\+4[56] 00 [\d ]+\Z")


def read(path: Path) -> Any:
    """What a YAML file holds."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_Loader)  # noqa: S506  (both are safe loaders)


def enterprises(*files: str) -> list[Entry]:
    """Every enterprise of these files of the folder; of all without any."""
    return [entry for name in files or FILES for entry in read(FOLDER / name)]


@dataclass(frozen=True)
class Codes:
    """The codes that content may use: those of the reference data."""

    categories: Container[str]
    cpv_codes: Container[str]
    places: Container[str]
    certifications: Container[str]
    social_objectives: Container[str]


def is_complete(entry: Entry) -> bool:
    """Whether every text of the enterprise is there in every language."""
    return all(set(text) == set(LANGUAGES) for _where, text in texts(entry))


def texts(entry: Entry) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each translated text with the name of its place: ``("offers/fliserens/name", {"da": …})``."""
    for field in TEXTS_OF_ENTERPRISE:
        yield field, entry.get(field, {})
    for contact in entry["contacts"]:
        yield "contacts/title", contact["title"]
    for link in entry.get("links", ()):
        yield "links/label", link["label"]
    for eligibility in entry.get("eligibility", ()):
        yield "eligibility/evidence", eligibility["evidence"]
    for offer in entry["offers"]:
        for field in TEXTS_OF_OFFER:
            if field in offer:
                yield f"offers/{offer['key']}/{field}", offer[field]


def problems(entries: list[Entry], codes: Codes) -> list[str]:
    """What is wrong with the content, one sentence each; empty when nothing is."""
    found = []
    for what in ("key", "name", "website"):
        values = [entry[what] for entry in entries]
        found += [f"{value}: the {what} is used twice" for value in sorted({v for v in values if values.count(v) > 1})]
    for entry in entries:
        found += [f"{entry['key']}: {problem}" for problem in _problems(entry, codes)]
    return found


def _problems(entry: Entry, codes: Codes) -> Iterator[str]:
    languages = entry["languages"]
    if not _KEY.match(entry["key"]):
        yield "the key has other signs than a-z, 0-9 and -"
    if not languages or set(languages) - set(LANGUAGES):
        yield f"unknown languages {languages}"
    for where, text in texts(entry):
        yield from _text_problems(where, text, languages)
    for language in languages:
        if language not in entry["summary"]:
            yield f"no summary in {language}"
    if set(languages) == set(LANGUAGES) and not is_complete(entry):
        yield "public in every language, but some text is not written in each"
    yield from _fact_problems(entry, codes)
    for contact in entry["contacts"]:
        if not _EMAIL.match(contact["email"]) or not _PHONE.match(contact.get("phone", "+45 00 0")):
            yield f"{contact['name']} has an address or a number that could be somebody's"
    keys = [offer["key"] for offer in entry["offers"]]
    if len(set(keys)) != len(keys) or not 2 <= len(keys) <= 4:
        yield "two to four offers with different keys are wanted"
    for offer in entry["offers"]:
        yield from (f"{offer['key']}: {problem}" for problem in _offer_problems(offer, codes))


def _text_problems(where: str, text: Mapping[str, str], languages: list[str]) -> Iterator[str]:
    limit = {"summary": SUMMARY_LENGTH, "capacity": SHORT, "lead_time": SHORT, "name": SHORT}.get(where.split("/")[-1])
    if set(text) - set(languages):
        yield f"{where} is written in {sorted(set(text) - set(languages))}, in which the listing is not public"
    for language, words in text.items():
        if not isinstance(words, str) or not words.strip():
            yield f"{where} is empty in {language}"
        elif limit and len(words) > limit:
            yield f"{where} has {len(words)} signs in {language}; {limit} are allowed"


def _fact_problems(entry: Entry, codes: Codes) -> Iterator[str]:
    for code in (entry["municipality"], *entry["areas"]):
        if code not in codes.places:
            yield f"unknown place {code}"
    if not entry["municipality"].startswith(f"{entry['country']}/"):
        yield "the municipality is in another country"
    yield from (f"unknown objective {c}" for c in entry["social_purposes"] if c not in codes.social_objectives)
    yield from (f"unknown language {c}" for c in entry["languages_spoken"] if c not in SPOKEN_CODES)
    for held in entry.get("certifications", ()):
        if held["code"] not in codes.certifications:
            yield f"unknown certification {held['code']}"
    if entry["legal_form"] not in EnterprisePage.LegalForm.values:
        yield f"unknown legal form {entry['legal_form']}"
    if not isinstance(entry["postal_code"], str):
        yield "the postal code is not in quotes"
    if not _WEB.match(entry["website"]):
        yield "the website is none under example.org"
    if not isinstance(entry.get("last_confirmed", date.min), date):
        yield "last_confirmed is no date"
    if entry["employees_target_group"] > entry["employees"]:
        yield "more people in the target group than employees"
    for eligibility in entry.get("eligibility", ()):
        if eligibility["article"] not in Eligibility.Article.values:
            yield f"unknown article {eligibility['article']}"
        if eligibility["status"] not in Eligibility.Status.values:
            yield f"unknown status {eligibility['status']}"
        enough = entry["employees_target_group"] >= LEAST_SHARE * entry["employees"]
        if eligibility["article"] == Eligibility.Article.ARTICLE_20 and not enough:
            yield "article 20 with less than 30 per cent"


def _offer_problems(offer: Entry, codes: Codes) -> Iterator[str]:
    if set(offer) - FIELDS_OF_OFFER:
        yield f"unknown fields {sorted(set(offer) - FIELDS_OF_OFFER)}"
    if offer["kind"] not in Offer.Kind.values:
        yield f"unknown kind {offer['kind']}"
    if not offer.get("name") or not offer.get("description"):
        yield "a name and a description are wanted"
    if not offer["categories"] or not offer["cpv_codes"]:
        yield "a category and a CPV code are wanted"
    yield from (f"unknown category {code}" for code in offer["categories"] if code not in codes.categories)
    yield from (f"unknown CPV code {code}" for code in offer["cpv_codes"] if code not in codes.cpv_codes)
    yield from (f"unknown place {code}" for code in offer.get("areas", ()) if code not in codes.places)
