"""Company numbers and telephone numbers: what is valid, and what may be shown."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.dk import cvr
from stdnum.exceptions import ValidationError as NumberError
from stdnum.se import orgnr

DENMARK, SWEDEN = "DK", "SE"
_CENTURY_OF_ORGANISATIONS = "16"  # written before the ten digits in some registers


def compact_company_number(country: str, number: str) -> str:
    """The digits alone, without the country's prefix; "" stays ""."""
    digits = re.sub(r"[\s.\-–/]", "", number or "").upper().removeprefix(country)
    if country == SWEDEN and len(digits) == 12 and digits.startswith(_CENTURY_OF_ORGANISATIONS):
        digits = digits[2:]
    return digits


def is_personal_number(country: str, number: str) -> bool:
    """Whether a Swedish number is a person's: the third digit of an organisation's is 2 or more, a month's is 0 or 1.

    Sole traders use their personal number as company number, so this is about shape, not about a valid check digit.
    """
    if country != SWEDEN:
        return False
    digits = re.sub(r"\D", "", number or "")
    if len(digits) == 12 and digits[:2] in {"18", "19", "20"}:
        return True
    digits = digits[2:] if len(digits) == 12 else digits
    return len(digits) > 2 and digits[2] in "01"


def validate_company_number(country: str, number: str) -> str:
    """The number in compact form.

    :raises ValidationError: not a number of this country's register, or a person's.
    """
    if is_personal_number(country, number):
        raise ValidationError(
            _(
                "This looks like a personal identity number: the third digit of a Swedish organisation number is 2 or "
                "more. A sole trader’s company number is the owner’s personal number, and Torv does not keep or show "
                "it. Leave the field empty."
            ),
            code="personal_number",
        )
    digits = compact_company_number(country, number)
    if country == DENMARK:
        try:
            return cvr.validate(digits)
        except NumberError as error:
            raise ValidationError(
                _("This is not a Danish CVR number: eight digits, of which the last ones check the others."),
                code="company_number",
            ) from error
    try:
        return orgnr.validate(digits)
    except NumberError as error:
        raise ValidationError(
            _("This is not a Swedish organisation number: ten digits, of which the last one checks the others."),
            code="company_number",
        ) from error


def format_company_number(country: str, number: str) -> str:
    """As it is written in its country: "12 34 56 78", "556703-7485"."""
    if country == DENMARK:
        return " ".join(number[at : at + 2] for at in range(0, len(number), 2))
    return f"{number[:6]}-{number[6:]}"


def validate_phone(value: str) -> None:
    """5 to 15 digits with the usual separators, perhaps with + and a country code, without an extension."""
    digits = re.sub(r"\D", "", value)
    if not re.fullmatch(r"\+?[0-9 ()./\-]+", value) or not 5 <= len(digits) <= 15:
        raise ValidationError(
            _("Write a telephone number with digits, spaces and perhaps a country code, for example +45 00 12 34 56."),
            code="phone",
        )
