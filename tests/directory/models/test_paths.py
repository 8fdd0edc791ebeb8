"""Codes that carry their ancestors."""

import pytest

from directory.models.cpv import canonical_cpv, cpv_digits
from directory.models.paths import lineage, parent_path


def test_lineage_goes_from_broad_to_narrow() -> None:
    assert list(lineage("DK/1082/0760")) == ["DK", "DK/1082", "DK/1082/0760"]


def test_parent_of_the_top_is_nothing() -> None:
    assert (parent_path("DK"), parent_path("DK/1082")) == ("", "DK")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("90919300", "90919300"),
        ("90919300-2", "90919300"),
        (" 9091 9300 ", "90919300"),
        ("90/909/9091/90919/909193", "90919300"),
        ("90/9091/90919300", "90919300"),
        ("909193", "90919300"),
        ("90", "90000000"),
        ("3111000", "03111000"),
        ("", ""),
        ("9", ""),
        ("909193001", ""),
        ("rengøring", ""),
        ("90919300-22", ""),
        ("٩٠٩١٩٣٠٠", ""),
    ],
)
def test_typed_cpv_code(typed: str, code: str) -> None:
    assert canonical_cpv(typed) == code


@pytest.mark.parametrize(("code", "digits"), [("90919300", "909193"), ("90000000", "90"), ("30000000", "30")])
def test_significant_digits(code: str, digits: str) -> None:
    assert cpv_digits(code) == digits
