"""What the content API tells of an enterprise beside its texts: public facts, offers and public contacts."""

from typing import Any

from home.api import PageField
from torv.text import Text, text_of


class FactsField(PageField):
    """Address, place and the other facts, as they stand on the page. Codes are those of the search's facets."""

    def to_representation(self, page: Any) -> dict[str, Any]:
        return {
            "country": page.country,
            "company_number": page.public_company_number,
            "legal_form": page.legal_form,
            "street": page.street,
            "postal_code": page.postal_code,
            "city": page.city,
            "municipality": page.municipality_id,
            "areas": [place.pk for place in page.areas.all()],
            "social_purposes": [objective.pk for objective in page.social_purposes.all()],
            "languages_spoken": page.languages_spoken,
            "employees": page.employees,
            "employees_target_group": page.employees_target_group,
            "website": page.website,
            "last_confirmed": page.last_confirmed.isoformat() if page.last_confirmed else None,
            "certifications": [
                {"code": held.certification_id, "valid_until": held.valid_until and held.valid_until.isoformat()}
                for held in page.certifications.all()
            ],
            "eligibilities": [
                {"article": row.article, "status": row.status, "evidence": _text(text_of(row, "evidence"))}
                for row in page.eligibilities.all()
            ],
        }


class OffersField(PageField):
    """The services and products, each text with its language."""

    def to_representation(self, page: Any) -> list[dict[str, Any]]:
        offers = page.offers.prefetch_related("categories", "cpv_codes", "areas")
        return [
            {
                "key": str(offer.key),
                "kind": offer.kind,
                **{name: _text(text_of(offer, name)) for name in ("name", "description", "capacity", "lead_time")},
                "categories": [category.path for category in offer.categories.all()],
                "cpv": [code.pk for code in offer.cpv_codes.all()],
                "areas": [place.pk for place in offer.areas.all()],
            }
            for offer in offers
        ]


class ContactsField(PageField):
    """The contacts that anybody may see; private ones never leave the editor."""

    def to_representation(self, page: Any) -> list[dict[str, Any]]:
        return [
            {"name": row.name, "title": _text(text_of(row, "title")), "email": row.email, "phone": row.phone}
            for row in page.public_contacts
        ]


def _text(text: Text) -> dict[str, str] | None:
    return {"text": str(text), "language": text.language} if text else None
