from types import SimpleNamespace

import pytest

from tests.factories import directory as make


@pytest.fixture
def codes(db: None) -> SimpleNamespace:
    """A few codes of each kind, with their ancestors."""
    for code in ("90000000", "90900000", "90910000", "90919000"):
        make.CpvCodeFactory(code=code)
    make.CpvCodeFactory(code="98000000")
    clean = make.CategoryFactory(code="clean", name_da="Rengøring", name_sv="Städning", name_en="Cleaning")
    make.PlaceFactory(code="DK", name_da="Danmark", name_sv="Danmark", name_en="Denmark")
    make.PlaceFactory(code="DK/1082", name_da="Region Midtjylland")
    make.PlaceFactory(code="SE", name_da="Sverige", name_sv="Sverige", name_en="Sweden")
    make.PlaceFactory(code="SE/18", name_da="Örebro län")
    return SimpleNamespace(
        school=make.CpvCodeFactory(
            code="90919300", label_da="Rengøring af skoler", label_sv="Skolstädning", label_en="School cleaning"
        ),
        laundry=make.CpvCodeFactory(
            code="98311200", label_da="Drift af vaskerier", label_sv="Tvätteritjänster", label_en="Laundry"
        ),
        clean=clean,
        schools=make.CategoryFactory(
            code="schools", parent=clean, name_da="Skoler", name_sv="Skolor", name_en="Schools",
            synonyms_da="børnehaver\n",
        ),
        viborg=make.PlaceFactory(code="DK/1082/0791", name_da="Viborg", name_sv="Viborg", name_en="Viborg"),
        orebro=make.PlaceFactory(code="SE/18/1880", name_da="Örebro", name_sv="Örebro", name_en="Örebro"),
        jobs=make.SocialObjectiveFactory(code="opp"),
        iso=make.CertificationFactory(code="iso-14001"),
    )  # fmt: skip


@pytest.fixture
def enterprise(codes: SimpleNamespace):
    """A live enterprise that uses every kind of field."""
    return make.EnterprisePageFactory(
        title_da="Bækbo Rengøring",
        title_sv="Bækbo Städning",
        key="baekbo",
        slug="baekbo",
        summary_da="Rengøring af skoler",
        description_da="<p>Vi er <b>31</b> medarbejdere.</p>",
        purpose_da="Oplæring",
        country="DK",
        company_number=make.cvr_number(0),
        street="Opdigtet Allé 7",
        postal_code="8800",
        city="Viborg",
        municipality=codes.viborg,
        areas=[codes.viborg.parent],
        social_purposes=[codes.jobs],
        legal_form="association",
        languages_spoken=["da", "ar"],
        employees=31,
        employees_target_group=19,
        website="https://www.example.org/baekbo",
        offers=[
            make.make_offer(
                name_da="Skolerengøring",
                name_sv="Skolstädning",
                description_da="Hver dag",
                capacity_da="9.000 m²",
                categories=[codes.schools, codes.clean],
                cpv_codes=[codes.school, codes.laundry],
                areas=[codes.viborg],
            ),
            make.make_offer(name_da="Startkasse", kind="product", categories=[codes.clean]),
        ],
        contacts=[make.make_contact(title_da="Leder"), make.make_contact(name="Hemmelig Person", is_public=False)],
        certifications=[make.make_certification(certification=codes.iso)],
        eligibilities=[make.make_eligibility(evidence_da="61 %", dated="2026-01-12", status="documented")],
        links=[make.make_link()],
    )
