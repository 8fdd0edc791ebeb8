"""The edge: what comes in from an address is a valid Query, or a sentence about what is wrong with it."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.errors import InvalidQuery
from search.queries import blank, clean_text, parse
from search.types import LANGUAGES, MAX_SIZE, MAX_TEXT
from tests.factories.directory import CategoryFactory, CpvCodeFactory, PlaceFactory

pytestmark = pytest.mark.django_db


def asked(querystring: str, language: str = "da", **more):
    return parse(QueryDict(querystring), language, **more)


def problem(querystring: str, language: str = "da", **more) -> InvalidQuery:
    with pytest.raises(InvalidQuery) as caught:
        asked(querystring, language, **more)
    return caught.value


def test_nothing_asked_is_everything_of_the_default_source():
    assert asked("") == blank("suppliers", "da")


def test_empty_parameters_count_as_absent():
    assert asked("q=&place=&sort=&page=&show=&category=&size=") == blank("suppliers", "da")


def test_unknown_parameters_are_ignored():
    assert asked("utm_source=mail&colour=red") == blank("suppliers", "da")


def test_every_parameter_is_read():
    PlaceFactory(code="DK/1082/0751")
    CategoryFactory(code="clean")
    query = asked("q=vask&place=DK/1082&place=DK/1082/0751&category=clean&sort=name&page=3&size=7&show=offers")
    assert query.source == "offers"
    assert query.text == "vask"
    assert query.filters == {"category": ("clean",), "place": ("DK/1082", "DK/1082/0751")}
    assert (query.sort, query.page, query.size, query.offset) == ("name", 3, 7, 14)


def test_what_a_query_writes_into_an_address_reads_back_as_the_same_query():
    PlaceFactory(code="DK/1082/0751")
    query = asked("q=r%C3%B8d+gr%C3%B8d&place=DK/1082/0751&sort=newest&size=7&page=2&show=offers")
    assert asked(query.querystring[1:]) == query


def test_of_a_repeated_single_value_the_last_counts():
    assert asked("q=en&q=to&page=2&page=4&sort=name&sort=newest") == blank(
        "suppliers", "da", text="to", page=4, sort="newest"
    )


def test_a_code_given_twice_counts_once():
    CategoryFactory(code="clean")
    assert asked("category=clean&category=clean").filters == {"category": ("clean",)}


@pytest.mark.parametrize("typed", ["90919300", "90919300-2", "90/909193", "909193"])
def test_a_cpv_code_is_known_in_each_of_its_spellings(typed):
    CpvCodeFactory(code="90000000")
    CpvCodeFactory(code="90919300")
    assert asked(f"cpv={typed}").filters == {"cpv": ("90/909193",)}


def test_control_characters_become_blanks_and_blanks_are_tidied():
    assert asked("q=%00ren%0Ag%09%C3%B8ring%7F++x%1B").text == "ren g øring x"


def test_decomposed_letters_are_composed():
    assert asked("q=o%CC%88rebro+a%CC%8A").text == "örebro å"


@pytest.mark.parametrize("text", ["*", "😀", "???", "_", "- –", "%F0%9F%A7%B9 !", "\u200d"])
def test_a_text_without_a_letter_or_a_digit_is_none(text):
    assert asked(f"q={text}").text == ""


@pytest.mark.parametrize("text", ["c++", "*ø*", "7", "日本"])
def test_a_text_with_one_is_kept_as_typed(text):
    assert parse({"q": text}, "da").text == text


def test_a_text_of_the_greatest_length_is_taken_and_a_longer_one_refused():
    assert len(asked(f"q={'a' * MAX_TEXT}").text) == MAX_TEXT
    error = problem(f"q={'a' * 5000}")
    assert (error.parameter, error.status) == ("q", 422)
    assert str(MAX_TEXT) in error.message


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "1e3", "٣", "9" * 4000, "0x10", "+1"])
@pytest.mark.parametrize("name", ["page", "size"])
def test_a_number_that_is_none_from_one_is_refused(name, value):
    assert problem(f"{name}={value}".replace("+", "%2B")).parameter == name


def test_a_far_page_is_valid_and_a_large_size_is_not():
    assert asked("page=99999").page == 99_999
    assert asked(f"size={MAX_SIZE}").size == MAX_SIZE
    assert problem("size=100000").parameter == "size"


@pytest.mark.parametrize("value", ["sky", "clean/sky", "../../etc/passwd", "'; drop table", "a" * 5000, "%F0%9F%A7%B9"])
def test_an_unknown_code_is_refused_by_name(value):
    CategoryFactory(code="clean")
    assert problem(f"category={value}").parameter == "category"


def test_too_many_codes_are_refused():
    codes = "&".join(f"place=DK/{n}" for n in range(200))
    assert problem(codes).parameter == "place"


def test_an_unknown_sort_is_refused():
    assert problem("sort=price").parameter == "sort"


def test_an_unknown_source_is_not_found():
    assert problem("show=elephants").status == 404
    assert problem("", source="elephants").status == 404


@pytest.mark.parametrize("language", ["xx", "", "da-DK", "DA", "\x00", None])
def test_an_unknown_language_is_refused(language):
    assert problem("", language).parameter == "lang"


def test_the_sentence_is_in_the_readers_language(monkeypatch):
    from django.utils import translation

    with translation.override("en"):
        assert problem("page=0").message == "“page” must be a whole number from 1."


def test_facets_to_unfold_are_those_of_the_source():
    assert asked("unfold=cpv&unfold=place&unfold=cpv").unfold == ("cpv", "place")
    assert asked("unfold=topic").unfold == ()  # of news
    error = problem("unfold=depth")
    assert (error.parameter, error.status) == ("unfold", 422)
    assert "»depth«" in error.message


def test_filters_of_the_page_are_added_to_those_asked_for():
    CategoryFactory(code="clean")
    CategoryFactory(code="food")
    assert asked("category=food", filters={"category": ["clean"]}).filters == {"category": ("clean", "food")}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            ["q", "page", "size", "sort", "show", "place", "category", "cpv", "kind", "language", "unfold", "x"]
        ),
        st.lists(st.one_of(st.text(max_size=300), st.integers().map(str)), max_size=3),
    ),
    st.sampled_from(LANGUAGES),
)
def test_anything_is_a_query_or_a_sentence(params, language):
    try:
        query = parse(params, language)
    except InvalidQuery as error:
        query, sentence = None, error.message
    if query is None:
        assert sentence
        return
    assert query.page >= 1
    assert 1 <= query.size <= MAX_SIZE
    assert len(query.text) <= MAX_TEXT
    assert query.text == clean_text(query.text)
