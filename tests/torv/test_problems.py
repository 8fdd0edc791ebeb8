"""One shape for everything that is refused under /api/, and what a request may ask."""

import pytest
from django.test import RequestFactory
from django.utils.translation import override
from ninja import Field, Schema

from torv.problems import InvalidRequest, Problem, check_names, one_of, problem_body, refused, whole_number

pytestmark = pytest.mark.django_db


class Asked(Schema):
    topic: str | None = None
    from_: str | None = Field(None, alias="from")


def asked(**parameters: str):
    return RequestFactory().get("/api/v3/x/", parameters)


def test_a_body_has_the_documented_shape() -> None:
    body = problem_body("Nej.", "topic", 404)
    assert body == {
        "type": "about:blank", "title": "Not Found", "status": 404, "detail": "Nej.", "parameter": "topic"
    }  # fmt: skip
    assert Problem(**body).model_dump() == body


def test_a_refusal_becomes_an_answer_with_its_status() -> None:
    answer = refused(InvalidRequest("page", "Nej.", 404))
    assert (answer.status_code, answer.value["status"], answer.value["parameter"]) == (404, 404, "page")


@pytest.mark.parametrize(
    "address",
    ["/api/v3/pages/?lang=xx", "/api/v3/search/suppliers/?page=x", "/api/v3/search/nothing/"],
)
def test_everybody_answers_in_one_shape(client, home_page, address) -> None:
    response = client.get(address)
    assert response.status_code in (404, 422)
    assert response.json() == problem_body(
        response.json()["detail"], response.json()["parameter"], response.status_code
    )


def test_known_names_pass_by_their_alias() -> None:
    check_names(asked(topic="x", **{"from": "2026-01-01"}), Asked)


@pytest.mark.parametrize("name", ["topik", "from_", "x" * 500])
def test_an_unknown_name_is_refused_in_the_readers_language(name) -> None:
    sentences = set()
    for language in ("da", "sv", "en"):
        with override(language), pytest.raises(InvalidRequest) as error:
            check_names(asked(**{name: "x"}), Asked)
        sentences.add(error.value.message)
        assert error.value.parameter == name[:40]
        assert len(error.value.message) < 150
    assert len(sentences) == 3


@pytest.mark.parametrize("text", [None, ""])
def test_a_number_that_was_not_asked_for_is_the_default(text) -> None:
    assert whole_number(text, "size", 20, 100) == 20


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("007", 7), ("100", 100)])
def test_a_whole_number_is_read(text, number) -> None:
    assert whole_number(text, "size", 20, 100) == number


@pytest.mark.parametrize("text", ["0", "101", "-1", "1.5", "²", "x", " 1", "9" * 400, "0" * 9 + "999"])
def test_what_is_no_such_number_is_refused(text) -> None:
    with pytest.raises(InvalidRequest) as error:
        whole_number(text, "size", 20, 100)
    assert (error.value.parameter, error.value.status) == ("size", 422)


@pytest.mark.parametrize(("text", "found"), [(None, ""), ("", ""), ("da", "da")])
def test_one_of_the_choices_or_nothing_is_read(text, found) -> None:
    assert one_of(text, "language", ("da", "sv")) == found


@pytest.mark.parametrize("text", ["DA", "d", "\x00", "x" * 500])
def test_what_is_none_of_the_choices_is_refused_with_them(text) -> None:
    with override("en"), pytest.raises(InvalidRequest) as error:
        one_of(text, "language", ("da", "sv"))
    assert "there is da, sv" in error.value.message
    assert len(error.value.message) < 120
