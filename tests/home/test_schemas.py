"""What operations of the API have in common."""

import pytest
from django.test import RequestFactory
from django.utils.translation import override
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from home.models import StandardPage
from home.schemas import (
    AskedList,
    ImageOut,
    PageOut,
    StreamOut,
    find_page,
    image_out,
    page_of,
    page_out,
    stream_out,
    text_out,
)
from tests.factories.home import PageFactory
from torv.problems import InvalidRequest
from torv.text import Text

pytestmark = pytest.mark.django_db


def request():
    return RequestFactory().get("/api/v3/x/")


def test_a_text_tells_its_language_and_nothing_is_an_empty_one() -> None:
    assert text_out(Text("Torv", "da")) == {"text": "Torv", "language": "da"}
    assert text_out(Text(None, "")) == {"text": "", "language": ""}


def test_a_page_is_told_in_the_language_asked_for(home_page) -> None:
    page = PageFactory(title_da="Nyt", title_sv="Nytt", slug="nyt", slug_sv="nytt")
    with override("sv"):
        told = page_out(page, request())
    assert told == {"id": page.pk, "title": {"text": "Nytt", "language": "sv"}, "url": "http://testserver/sv/nytt/"}
    assert PageOut(**told).model_dump() == told


def test_a_stream_is_the_blocks_of_one_language(home_page) -> None:
    page = PageFactory(body_da=[("text", "<p>Hej</p>")])
    with override("en"):
        told = stream_out(page, "body")
    assert ([block["type"] for block in told["blocks"]], told["language"]) == (["text"], "da")
    assert StreamOut(**stream_out(PageFactory(), "body")).model_dump() == {"blocks": [], "language": ""}


def test_a_picture_is_told_with_what_it_shows(django_assert_num_queries) -> None:
    image = get_image_model().objects.create(title="x", file=get_test_image_file())
    with django_assert_num_queries(0):
        told = image_out(image, Text("Et torv", "da"), request())
    assert (told["url"], told["width"]) == (f"http://testserver{image.file.url}", image.width)
    assert ImageOut(**told).alt.text == "Et torv"
    assert image_out(None, Text("", ""), request()) is None


def test_a_list_is_given_page_by_page(home_page) -> None:
    made = [PageFactory() for _ in range(3)]
    found = StandardPage.objects.order_by("pk")
    numbers, rows = page_of(found, AskedList(page="2", size="2"))
    assert (numbers, rows) == ({"total": 3, "page": 2, "size": 2}, made[2:])
    assert page_of(found, AskedList(page="1000000"))[1] == []
    assert page_of(found, AskedList()) == ({"total": 3, "page": 1, "size": 20}, made)


@pytest.mark.parametrize("asked", [{"page": "0"}, {"page": "1000001"}, {"size": "101"}, {"size": "x"}])
def test_a_page_that_cannot_be_is_refused(home_page, asked) -> None:
    with pytest.raises(InvalidRequest) as error:
        page_of(StandardPage.objects.order_by("pk"), AskedList(**asked))
    assert error.value.parameter == next(iter(asked))


def test_a_page_is_found_by_its_id_or_refused_as_not_there(home_page) -> None:
    page = PageFactory()
    assert find_page(StandardPage.objects.all(), str(page.pk)) == page
    for wrong in ("0", "x", "²", "", "\x00", "9" * 30):
        with pytest.raises(InvalidRequest) as error:
            find_page(StandardPage.objects.all(), wrong)
        assert (error.value.parameter, error.value.status) == ("id", 404)
