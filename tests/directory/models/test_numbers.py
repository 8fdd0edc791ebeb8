"""Company numbers, and that a person's is never one."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from directory.models import EnterprisePage
from directory.models.numbers import is_personal_number, validate_company_number, validate_phone
from tests.factories.directory import cvr_number


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("DK", cvr_number(0), cvr_number(0)),
        ("DK", f"DK {cvr_number(1)[:2]} {cvr_number(1)[2:]}", cvr_number(1)),
        ("SE", "556703-7485", "5567037485"),
        ("SE", "16556703-7485", "5567037485"),
        ("SE", "556703 7485", "5567037485"),
    ],
)
def test_number_is_kept_in_compact_form(country: str, typed: str, kept: str) -> None:
    assert validate_company_number(country, typed) == kept


@pytest.mark.parametrize(
    ("country", "typed"),
    [("DK", "12345678"), ("DK", "1234"), ("DK", "556703-7485"), ("SE", "556703-7486"), ("SE", "x")],
)  # fmt: skip
def test_number_of_no_register_is_refused(country: str, typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_company_number(country, typed)
    assert caught.value.code == "company_number"


PERSONAL = ["850101-1234", "8501011234", "19850101-1234", "198501011234", "20050101-1234", "701063-2391", "85 01 01"]


@pytest.mark.parametrize("typed", PERSONAL)
def test_personal_number_is_refused_and_the_reason_given(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_company_number("SE", typed)
    assert caught.value.code == "personal_number"
    with override("en"):
        assert "personal identity number" in caught.value.messages[0]
    with override("sv"):
        assert "personnummer" in caught.value.messages[0]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", PERSONAL)
def test_personal_number_that_got_in_is_not_shown(typed: str) -> None:
    assert EnterprisePage(country="SE", company_number=typed).public_company_number == ""


@pytest.mark.parametrize(("country", "number"), [("DK", "90100000"), ("SE", "5567037485"), ("SE", "")])
def test_organisation_is_no_person(country: str, number: str) -> None:
    assert not is_personal_number(country, number)


@pytest.mark.django_db
def test_public_number_is_written_as_its_country_does() -> None:
    assert EnterprisePage(country="SE", company_number="5567037485").public_company_number == "556703-7485"
    assert EnterprisePage(country="DK", company_number="12345678").public_company_number == "12 34 56 78"
    assert EnterprisePage(country="DK", company_number="").public_company_number == ""


@pytest.mark.parametrize("phone", ["+45 00 12 34 56", "00123456", "+46 00-555 12 34", "(019) 00 55 50"])
def test_phone_is_accepted(phone: str) -> None:
    validate_phone(phone)


@pytest.mark.parametrize("phone", ["ring", "1234", "+45 00 12 34 56 lok. 4", "1" * 16, "+", "٠٠١٢٣٤٥٦"])
def test_phone_is_refused(phone: str) -> None:
    with pytest.raises(ValidationError):
        validate_phone(phone)
