"""What operations of the API have in common: lists in pages, texts with their language, pages, pictures."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema
from wagtail.rich_text import expand_db_html

from torv.problems import INTEGER, InvalidRequest, whole_number
from torv.text import Text, text_of

SIZE, MAX_SIZE, MAX_PAGE = 20, 100, 1_000_000


class Asked(Schema):
    """What every operation may be asked."""

    lang: str | None = Field(None, description="da, sv or en; otherwise Accept-Language chooses.")


class AskedList(Asked):
    """What every list may be asked. A number is read as text, so that a wrong one is refused in words."""

    page: str | None = Field(None, description="From 1; a page after the last one is empty.", json_schema_extra=INTEGER)
    size: str | None = Field(None, description=f"Items on a page, 1 to {MAX_SIZE}.", json_schema_extra=INTEGER)


class Which(Schema):
    id: str = Field(description="The id of a page.", json_schema_extra={"type": "integer", "minimum": 1})


class ListOut(Schema):
    """A list adds its `items`."""

    total: int
    page: int
    size: int


class TextOut(Schema):
    text: str
    language: str = Field(description="The language the text is written in: da, sv or en; empty for an empty text.")


class StreamOut(Schema):
    blocks: list[dict[str, Any]] = Field(description="Each with its type and value, as in the answers on pages.")
    language: str = Field(description="The language the blocks are written in; empty where there are none.")


class PageOut(Schema):
    id: int
    title: TextOut
    url: str


class ImageOut(Schema):
    url: str
    width: int
    height: int
    alt: TextOut = Field(description="What it shows. Empty where it says nothing that the words beside it do not.")


def page_of(found: QuerySet, asked: AskedList) -> tuple[dict[str, int], list[Any]]:
    """The numbers of ListOut, and the rows of the page that was asked for.

    :raises InvalidRequest: the page or the size is no number from 1, or the size is above 100.
    """
    number = whole_number(asked.page, "page", 1, MAX_PAGE)
    size = whole_number(asked.size, "size", SIZE, MAX_SIZE)
    pages = Paginator(found, size)
    rows = list(pages.page(number)) if number <= pages.num_pages else []
    return {"total": pages.count, "page": number, "size": size}, rows


def find_page(found: QuerySet, id: str) -> Any:
    """The page of this id.

    :raises InvalidRequest: there is none (404).
    """
    # A number that no database can hold is no page's.
    page = found.filter(pk=int(id)).first() if id.isascii() and id.isdigit() and len(id) < 10 else None
    if page is None:
        raise InvalidRequest("id", _("There is nothing here with the id “%(id)s”.") % {"id": id[:40]}, 404)
    return page


def text_out(text: Text) -> dict[str, str]:
    """The shape of TextOut."""
    return {"text": str(text), "language": text.language} if text else {"text": "", "language": ""}


def html_out(page: Model, name: str) -> dict[str, str]:
    """The shape of TextOut: a field of rich text as HTML, with the addresses of the pages it leads to."""
    found = text_of(page, name)
    return text_out(Text(expand_db_html(str(found)), found.language) if found else found)


def stream_out(page: Model, name: str) -> dict[str, Any]:
    """The shape of StreamOut."""
    found = text_of(page, name)
    blocks = found.text.stream_block.get_api_representation(found.text) if found else []
    return {"blocks": blocks, "language": found.language if found else ""}


def page_out(page: Any, request: HttpRequest) -> dict[str, Any]:
    """The shape of PageOut."""
    url = request.build_absolute_uri(page.get_url(request) or "/")
    return {"id": page.pk, "title": text_out(text_of(page, "title")), "url": url}


def image_out(image: Any, alt: Text, request: HttpRequest) -> dict[str, Any] | None:
    """The shape of ImageOut, of the picture as it was given; None for none. Makes no query."""
    if image is None:
        return None
    url = request.build_absolute_uri(image.file.url)
    return {"url": url, "width": image.width, "height": image.height, "alt": text_out(alt)}
