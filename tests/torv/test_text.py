"""A text says which language it is in."""

import pytest
from django.utils.translation import override

from home.models import StandardPage
from torv.text import Text, is_blank, text_of


@pytest.mark.parametrize(
    "value", [None, "", "  ", "<p></p>", "<p><br/></p>", '<p data-block-key="abc12"> </p>', "<p>&nbsp;</p>"]
)
def test_is_blank_for_every_way_to_say_nothing(value) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", ["a", "<p>a</p>", "0"])
def test_is_blank_not_for_text(value: str) -> None:
    assert not is_blank(value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reader", "filled", "expected"),
    [
        ("sv", {"da": "dansk", "sv": "svensk"}, Text("svensk", "sv")),
        ("sv", {"da": "dansk", "en": "english"}, Text("dansk", "da")),
        ("en", {"da": "dansk", "sv": "svensk"}, Text("dansk", "da")),
        ("da", {"sv": "svensk", "en": "english"}, Text("english", "en")),
        ("da", {"sv": "svensk"}, Text("svensk", "sv")),
        ("da", {}, Text("", "")),
    ],
)
def test_text_of_falls_back_visibly(reader: str, filled: dict, expected: Text) -> None:
    page = StandardPage(**{f"introduction_{language}": text for language, text in filled.items()})
    with override(reader):
        assert text_of(page, "introduction") == expected


@pytest.mark.django_db
def test_text_of_skips_the_empty_paragraph() -> None:
    page = StandardPage(introduction_sv="<p></p>", introduction_da="dansk")
    assert text_of(page, "introduction", "sv") == Text("dansk", "da")
