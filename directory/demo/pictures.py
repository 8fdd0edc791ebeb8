"""Pictures and documents for demonstrations, made when they are needed: the repository holds shapes, not files.

A drawing is a list of shapes, painted in their order. Lengths are pixels of the finished picture, from its upper left
corner; `fill` is a name from `COLOURS`.

    {box: [x, y, width, height], round: 8}    a rectangle, with rounded corners or without
    {disc: [x, y, radius]}                    a circle around a point
    {area: [x, y, x, y, …]}                   a polygon
    {line: [x, y, x, y, …], width: 6}         a line with round ends

`times: 4` with `step: [40, 0]` repeats a shape, each time so much further.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image, ImageDraw
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

Shape = Mapping[str, Any]

COLOURS = {
    "brand": "#f6c945", "ink": "#15231e", "action": "#0a5745", "leaf": "#84d3b8", "paper": "#ffffff",
    "tint": "#f7f2df", "clay": "#8c2b1e", "rose": "#f2b0a4", "plum": "#5d3a7a", "sky": "#cfe3ea", "stone": "#b9c4be",
}  # fmt: skip
FINE = 2  # drawn so many times larger, then made smaller: edges come out smooth
COLOURS_KEPT = 48


def draw(shapes: Iterable[Shape], size: tuple[int, int], ground: str = "tint") -> bytes:
    """The drawing as PNG; the same bytes for the same shapes.

    :raises KeyError: a colour or a kind of shape that there is none of.
    """
    canvas = Image.new("RGB", (size[0] * FINE, size[1] * FINE), COLOURS[ground])
    pen = ImageDraw.Draw(canvas)
    for shape in shapes:
        for moved in _repeated(shape):
            _paint(pen, shape, moved)
    small = canvas.resize(size, Image.Resampling.LANCZOS).quantize(COLOURS_KEPT, dither=Image.Dither.NONE)
    file = BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def _repeated(shape: Shape) -> Iterator[tuple[int, int]]:
    right, down = shape.get("step", (0, 0))
    yield from ((right * number, down * number) for number in range(shape.get("times", 1)))


def _paint(pen: ImageDraw.ImageDraw, shape: Shape, moved: tuple[int, int]) -> None:
    fill = COLOURS[shape["fill"]]
    if "box" in shape:
        x, y, width, height = _placed(shape["box"][:2], moved) + [length * FINE for length in shape["box"][2:]]
        pen.rounded_rectangle((x, y, x + width, y + height), shape.get("round", 0) * FINE, fill)
    elif "disc" in shape:
        (x, y), radius = _placed(shape["disc"][:2], moved), shape["disc"][2] * FINE
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill)
    elif "area" in shape:
        pen.polygon(_placed(shape["area"], moved), fill)
    else:
        points, width = _placed(shape["line"], moved), shape["width"] * FINE
        pen.line(points, fill, width, joint="curve")
        for x, y in (points[:2], points[-2:]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill)


def _placed(points: Sequence[int], moved: tuple[int, int]) -> list[int]:
    return [(point + moved[place % 2]) * FINE for place, point in enumerate(points)]


def picture(title: str, name: str, shapes: Iterable[Shape], size: tuple[int, int], ground: str = "tint") -> Any:
    """The site's image of this title; drawn when there is none yet."""
    model = get_image_model()
    found = model.objects.filter(title=title).first()
    file = None if found else ImageFile(BytesIO(draw(shapes, size, ground)), name=f"{name}.png")
    return found or model.objects.create(title=title, file=file)


def document(title: str, name: str, text: str) -> Any:
    """The site's document of this title; written, as plain text, when there is none yet."""
    model = get_document_model()
    found = model.objects.filter(title=title).first()
    # Programs that guess at an encoding guess right with the mark at the beginning.
    return found or model.objects.create(title=title, file=ContentFile(text.encode("utf-8-sig"), name=f"{name}.txt"))
