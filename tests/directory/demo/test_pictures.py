"""Pictures and documents that demonstrations make for themselves."""

from io import BytesIO

import pytest
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from directory.demo.pictures import COLOURS, document, draw, picture

SIZE = (160, 80)
SHAPES = [
    {"box": [0, 0, 160, 80], "fill": "brand"},
    {"box": [40, 8, 24, 16], "fill": "ink", "round": 4, "times": 2, "step": [40, 20]},
    {"disc": [130, 40, 20], "fill": "clay"},
    {"area": [0, 80, 80, 80, 40, 40], "fill": "leaf"},
    {"line": [10, 10, 30, 10], "fill": "plum", "width": 10},
]


def colour(name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(COLOURS[name][1:]))


def test_a_drawing_is_a_png_of_its_size_and_the_same_each_time() -> None:
    drawn = Image.open(BytesIO(draw(SHAPES, SIZE)))
    assert (drawn.format, drawn.size) == ("PNG", SIZE)
    assert draw(SHAPES, SIZE) == draw(SHAPES, SIZE)


@pytest.mark.parametrize(
    ("point", "name"),
    [
        ((155, 5), "brand"),
        ((52, 16), "ink"),
        ((92, 36), "ink"),
        ((130, 40), "clay"),
        ((40, 65), "leaf"),
        ((20, 10), "plum"),
    ],
)
def test_every_shape_is_painted_where_it_belongs(point, name) -> None:
    drawn = Image.open(BytesIO(draw(SHAPES, SIZE))).convert("RGB")
    assert drawn.getpixel(point) == pytest.approx(colour(name), abs=3)


def test_an_empty_drawing_is_its_ground() -> None:
    drawn = Image.open(BytesIO(draw([], (4, 4), "paper"))).convert("RGB")
    assert drawn.getpixel((2, 2)) == colour("paper")


@pytest.mark.parametrize("wrong", [{"box": [0, 0, 1, 1], "fill": "pink"}, {"star": [1, 1], "fill": "ink"}])
def test_what_cannot_be_drawn_is_an_error(wrong) -> None:
    with pytest.raises(KeyError):
        draw([wrong], (4, 4))


@pytest.mark.django_db
def test_a_picture_of_a_title_is_drawn_once() -> None:
    first, again = picture("Torv", "torv", SHAPES, SIZE), picture("Torv", "torv", SHAPES, SIZE)
    assert first == again
    assert get_image_model().objects.count() == 1
    assert (first.width, first.height, first.file.name.rpartition(".")[2]) == (*SIZE, "png")


@pytest.mark.django_db
def test_a_document_of_a_title_is_written_once(client) -> None:
    first, again = document("Referat", "referat", "Mødet åbnede"), document("Referat", "referat", "Andet")
    assert first == again
    assert get_document_model().objects.count() == 1
    answer = client.get(first.url)
    assert b"".join(answer.streaming_content).decode("utf-8-sig") == "Mødet åbnede"
