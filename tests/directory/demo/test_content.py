"""What the made-up suppliers say, without a database."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from directory.demo.content import Codes, enterprises, is_complete, problems, texts
from directory.demo.numbers import company_number
from directory.models.numbers import validate_company_number
from directory.reference import read_yaml, social_service_codes
from directory.reference.loader import category_entries, cpv_rows, place_rows, social_objective_rows

ENTRIES = enterprises()
OFFERS = [offer for entry in ENTRIES for offer in entry["offers"]]
COMPLETE = [entry for entry in ENTRIES if is_complete(entry)]
CATEGORIES = {path for path, _position, _entry in category_entries()}


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes(
        categories=CATEGORIES,
        cpv_codes=cpv_rows().keys(),
        places=place_rows().keys(),
        certifications={row["code"] for row in read_yaml("certifications.yaml")},
        social_objectives=social_objective_rows().keys(),
    )


def test_content_follows_the_rules(codes: Codes) -> None:
    assert problems(ENTRIES, codes) == []


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda e: e.update(key="Ækvator"), "other signs"),
        (lambda e: e.update(languages=["da", "no"]), "unknown languages"),
        (lambda e: e["summary"].update(da=""), "summary is empty in da"),
        (lambda e: e["summary"].update(da="a" * 301), "summary has 301 signs"),
        (lambda e: e["summary"].pop("sv"), "no summary in sv"),
        (lambda e: e["offers"][0]["name"].pop("en"), "some text is not written"),
        (lambda e: e.update(languages=["da"]), "in which the listing is not public"),
        (lambda e: e.update(municipality="DK/1082/0101"), "unknown place DK/1082/0101"),
        (lambda e: e.update(municipality="SE/18/1880"), "another country"),
        (lambda e: e["social_purposes"].append("profit"), "unknown objective profit"),
        (lambda e: e["languages_spoken"].append("xx"), "unknown language xx"),
        (lambda e: e["certifications"].append({"code": "made-up"}), "unknown certification made-up"),
        (lambda e: e.update(legal_form="club"), "unknown legal form club"),
        (lambda e: e.update(postal_code=8800), "not in quotes"),
        (lambda e: e.update(website="https://www.example.com/"), "none under example.org"),
        (lambda e: e.update(last_confirmed="yesterday"), "no date"),
        (lambda e: e.update(employees=5), "more people in the target group"),
        (lambda e: e.update(employees=1000), "less than 30 per cent"),
        (lambda e: e["eligibility"][0].update(article="21"), "unknown article 21"),
        (lambda e: e["eligibility"][0].update(status="sure"), "unknown status sure"),
        (lambda e: e["contacts"][0].update(email="mette@gmail.com"), "could be somebody's"),
        (lambda e: e["contacts"][0].update(phone="+45 86 12 34 56"), "could be somebody's"),
        (lambda e: e["offers"].append(e["offers"][0]), "different keys"),
        (lambda e: e["offers"][0].update(price=7), "unknown fields ['price']"),
        (lambda e: e["offers"][0].update(kind="idea"), "unknown kind idea"),
        (lambda e: e["offers"][0].update(categories=["clean/attics"]), "unknown category clean/attics"),
        (lambda e: e["offers"][0].update(cpv_codes=["90919301"]), "unknown CPV code 90919301"),
        (lambda e: e["offers"][0].update(areas=["DK/1"]), "unknown place DK/1"),
        (lambda e: e["offers"][0].update(cpv_codes=[]), "a CPV code are wanted"),
        (lambda e: e["offers"][0].pop("description"), "a description are wanted"),
    ],
)
def test_content_that_breaks_a_rule_is_named(spoil: Callable[[Any], Any], complaint: str, codes: Codes) -> None:
    entry = copy.deepcopy(next(e for e in ENTRIES if e["key"] == "baekbo-rengoering"))
    assert problems([entry], codes) == []
    spoil(entry)
    assert any(complaint in problem for problem in problems([entry], codes))


def test_content_with_the_same_key_twice_is_named(codes: Codes) -> None:
    assert "the key is used twice" in " ".join(problems([ENTRIES[0], ENTRIES[0]], codes))


def test_content_is_enough_for_a_directory() -> None:
    assert len(ENTRIES) >= 80
    assert len(OFFERS) >= 240


def test_content_uses_every_category() -> None:
    used = {code for offer in OFFERS for code in offer["categories"]}
    assert {code.split("/")[0] for code in used} == {code for code in CATEGORIES if "/" not in code}
    assert {code for code in CATEGORIES if "/" in code} <= used


def test_content_spreads_over_both_regions() -> None:
    homes = {entry["municipality"] for entry in ENTRIES}
    assert len(homes) >= 30
    assert {code.rpartition("/")[0] for code in homes} >= {"DK/1082", "SE/18"}


def test_content_is_half_complete_and_half_with_gaps() -> None:
    assert 0.45 <= len(COMPLETE) / len(ENTRIES) <= 0.55
    shares = {frozenset(entry["languages"]) for entry in ENTRIES if entry not in COMPLETE}
    assert {frozenset({"da"}), frozenset({"sv"}), frozenset({"da", "sv"})} <= shares


def test_content_has_listings_whose_texts_lack_a_language_they_are_public_in() -> None:
    def lacking(entry: Any) -> bool:
        return any(set(text) < set(entry["languages"]) for _where, text in texts(entry))

    assert sum(lacking(entry) for entry in ENTRIES) >= 5


def test_content_has_services_and_products() -> None:
    kinds = [offer["kind"] for offer in OFFERS]
    assert min(kinds.count("service"), kinds.count("product")) >= 60


def test_content_has_private_contacts_beside_public_ones() -> None:
    assert all(any(contact["public"] for contact in entry["contacts"]) for entry in ENTRIES)
    assert any(not contact["public"] for entry in ENTRIES for contact in entry["contacts"])


def test_content_claims_article_77_only_for_social_services() -> None:
    for entry in ENTRIES:
        if any(eligibility["article"] == "77" for eligibility in entry.get("eligibility", ())):
            sold = {code for offer in entry["offers"] for code in offer["cpv_codes"]}
            assert sold & social_service_codes(), entry["key"]


def test_company_numbers_are_valid_different_and_nobodys() -> None:
    numbers = [(entry["country"], company_number(entry["country"], entry["key"])) for entry in ENTRIES]
    assert len(set(numbers)) == len(ENTRIES)
    for country, number in numbers:
        assert validate_company_number(country, number) == number
        assert number.startswith("99" if country == "DK" else "4")


def test_company_number_of_a_key_is_always_the_same() -> None:
    assert company_number("DK", "baekbo-rengoering") == company_number("DK", "baekbo-rengoering")
