"""What the page of one enterprise shows: only what is public, each text with its language."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directory.models import EnterprisePage, Offer, Place
from directory.models.languages import SPOKEN_LANGUAGES
from directory.tilemap import served_maps
from home import navigation
from torv.text import text_of

ARTICLES = ("20", "77")


def enterprise_context(page: EnterprisePage, request: HttpRequest) -> dict[str, Any]:
    """A constant number of queries, however many offers, codes and places the enterprise has."""
    areas = list(page.areas.select_related("parent"))
    offers = _offers(page)
    return {
        "contacts": page.public_contacts,
        "offers": offers,
        "eligibilities": _eligibilities(page),
        "certifications": [row for row in page.certifications.select_related("certification") if row.is_valid()],
        "objectives": list(page.social_purposes.all()),
        "links": list(page.links.all()),
        "pictures": list(page.pictures.select_related("image")),
        "maps": served_maps(areas, page.municipality),
        "areas": _area_sentences(areas),
        "spoken_languages": _spoken(page),
        "number_name": {"DK": "CVR", "SE": "org.nr"}.get(page.country, ""),
        "shown": text_of(page, "summary").language or text_of(page, "title").language,
        "linked_data": linked_data(page, request),
        "crumbs": _crumbs(page, request),
    }


def _offers(page: EnterprisePage) -> list[Offer]:
    # Through the page, so that a preview shows the draft's rows.
    return list(page.offers.all().prefetch_related("cpv_codes", "categories", "areas").select_related("picture"))


def _eligibilities(page: EnterprisePage) -> list[dict[str, Any]]:
    """A line for each article, also for those that are not claimed: a buyer must not have to guess."""
    rows = {row.article: row for row in page.eligibilities.all()}
    return [{"article": article, "row": rows.get(article), "law": _law(article, page.country)} for article in ARTICLES]


def _law(article: str, country: str) -> str:
    national = {
        ("20", "DK"): _("Danish Public Procurement Act"),
        ("20", "SE"): _("Swedish Public Procurement Act, chapter 4, section 18"),
    }.get((article, country), "")
    directive = _("Directive 2014/24/EU, article %(article)s") % {"article": article}
    return f"{directive}; {national}" if national else directive


def _area_sentences(areas: list[Place]) -> list[dict[str, Any]]:
    """Whole countries and regions by name; of regions served in part, how many municipalities."""
    found: list[dict[str, Any]] = []
    for place in areas:
        if place.level != Place.Level.MUNICIPALITY:
            name = text_of(place, "name")
            found.append({"whole": True, "name": str(name), "language": name.language})
    parts: dict[Place, int] = {}
    for place in areas:
        if place.level == Place.Level.MUNICIPALITY and place.parent is not None:
            parts[place.parent] = parts.get(place.parent, 0) + 1
    sizes = _municipalities_in(parts)
    for region, number in parts.items():
        name = text_of(region, "name")
        found.append(
            {"whole": False, "name": str(name), "language": name.language, "number": number, "of": sizes[region.code]}
        )
    return found


def _municipalities_in(regions: Any) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for parent in Place.objects.filter(parent__in=list(regions)).values_list("parent_id", flat=True):
        sizes[parent] = sizes.get(parent, 0) + 1
    return sizes


def _spoken(page: EnterprisePage) -> str:
    names = dict(SPOKEN_LANGUAGES)
    spoken = [str(names[code]) for code in page.languages_spoken if code in names]
    return capfirst(pgettext("between the items of a list", ", ").join(spoken))


def _crumbs(page: EnterprisePage, request: HttpRequest) -> list[dict[str, str]]:
    crumbs = navigation.crumbs(page, request)
    if page.municipality is not None and page.municipality.parent is not None:
        region = page.municipality.parent
        name = text_of(region, "name")
        url = f"{crumbs[-2]['url']}?place={region.code}"
        crumbs.insert(-1, {"label": str(name), "language": name.language, "url": url})
    return crumbs


def linked_data(page: EnterprisePage, request: HttpRequest) -> str:
    """schema.org Organization as JSON for a script element: safe inside HTML, public facts only."""
    summary = text_of(page, "summary")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{page.get_canonical_url(request)}#organization",
        "name": str(text_of(page, "title")),
        "url": page.website or page.get_full_url(request),
        "description": str(summary),
        "taxID": page.public_company_number.replace(" ", ""),
        "numberOfEmployees": page.employees,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": page.street,
            "postalCode": page.postal_code,
            "addressLocality": page.city,
            "addressCountry": page.country,
        },
        "contactPoint": [
            {
                "@type": "ContactPoint",
                "name": contact.name,
                "contactType": str(text_of(contact, "title")),
                "email": contact.email,
                "telephone": contact.phone,
            }
            for contact in page.public_contacts
        ],
        "knowsLanguage": page.languages_spoken,
    }
    text = json.dumps(_filled(data), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _filled(value: Any) -> Any:
    """The same without empty values."""
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := _filled(item)) not in ("", None, [], {})}
    if isinstance(value, list):
        return [kept for item in value if (kept := _filled(item)) not in ("", None, [], {})]
    return value
