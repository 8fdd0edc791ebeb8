"""News as JSON."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from tests.factories.home import PageFactory
from tests.factories.news import NewsFactory, NewsTopicFactory, news_index

pytestmark = pytest.mark.django_db

LIST, TOPICS = "/api/v3/news/", "/api/v3/news/topics/"


def detail(page) -> str:
    return f"{LIST}{page.pk}/"


def titles(client, **asked) -> list[str]:
    return [item["title"]["text"] for item in client.get(LIST, asked).json()["items"]]


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_has_the_newest_first_with_each_texts_language(client, home_page) -> None:
    NewsFactory(title_da="Ældre", date=dt.date(2026, 1, 5))
    page = NewsFactory(title_da="Nyere", title_sv="Nyare", lead_da="Kort", date=dt.date(2026, 2, 5))
    found = client.get(LIST, {"lang": "sv"}).json()
    assert (found["total"], found["page"], found["size"]) == (2, 1, 20)
    first, second = found["items"]
    assert first["title"] == {"text": "Nyare", "language": "sv"}
    assert first["lead"] == {"text": "Kort", "language": "da"}
    assert (first["languages"], first["date"]) == (["da", "sv"], "2026-02-05")
    assert first["url"] == f"http://testserver/sv/nyheter/{page.slug}/"
    assert second["title"] == {"text": "Ældre", "language": "da"}
    assert second["lead"] == {"text": "", "language": ""}


def test_the_list_is_narrowed_by_topic_year_and_language(client, home_page) -> None:
    topic = NewsTopicFactory(code="tenders", name_sv="Upphandlingar")
    NewsFactory(title_da="Skabelon", title_sv="Mall", topics=[topic], date=dt.date(2026, 2, 1))
    NewsFactory(title_da="Andet", date=dt.date(2025, 2, 1))
    assert titles(client, topic="tenders") == ["Skabelon"]
    assert titles(client, year="2025") == ["Andet"]
    assert titles(client, year="1999") == []
    assert titles(client, language="sv") == ["Skabelon"]
    assert titles(client, topic="tenders", year="2025") == []
    assert titles(client, topic="", year="", language="") == ["Skabelon", "Andet"]
    (item,) = client.get(LIST, {"topic": "tenders", "lang": "sv"}).json()["items"]
    assert item["topics"] == [{"code": "tenders", "name": {"text": "Upphandlingar", "language": "sv"}}]


def test_a_list_has_pages(client, home_page) -> None:
    NewsFactory.create_batch(4)
    first, last, after = (client.get(LIST, {"size": 3, "page": page}).json() for page in (1, 2, 3))
    assert (first["total"], len(first["items"]), len(last["items"]), after["items"]) == (4, 3, 1, [])


def test_an_item_has_its_text_its_picture_and_what_it_is_about(client, home_page) -> None:
    picture = get_image_model().objects.create(title="x", file=get_test_image_file())
    about, draft = PageFactory(title_da="Om os"), PageFactory(title_da="Kladde", live=False)
    page = NewsFactory(
        title_da="Nyt", body_da=[("text", "<p>Langt</p>")], picture=picture, picture_alt_da="Et torv",
        about=[about, draft],
    )  # fmt: skip
    found = client.get(detail(page), {"lang": "en"}).json()
    (block,) = found["body"]["blocks"]
    assert (block["type"], found["body"]["language"]) == ("text", "da")
    assert "Langt" in str(block["value"])
    assert found["picture"]["alt"] == {"text": "Et torv", "language": "da"}
    assert found["picture"]["url"].startswith("http://testserver/media/")
    assert [(line["id"], line["title"]["text"]) for line in found["about"]] == [(about.pk, "Om os")]


def test_topics_are_counted(client, home_page) -> None:
    often, once = NewsTopicFactory(code="often", name_da="Tit"), NewsTopicFactory(code="once")
    NewsTopicFactory(code="never")
    NewsFactory(topics=[often, once])
    NewsFactory(topics=[often])
    NewsFactory(topics=[once]).unpublish()
    items = client.get(TOPICS).json()["items"]
    assert [(item["code"], item["total"]) for item in items] == [("often", 2), ("once", 1)]
    assert items[0]["name"] == {"text": "Tit", "language": "da"}


def test_what_is_not_public_is_not_told(client, home_page) -> None:
    draft, closed = NewsFactory(), NewsFactory()
    draft.unpublish()
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert client.get(LIST).json()["total"] == 0
    for page in (draft, closed, news_index()):
        assert client.get(detail(page)).status_code == 404


@pytest.mark.parametrize("number", ["999999", "0", "x", "²", "-1", "9" * 40, "1%00"])
def test_an_item_that_is_not_there_is_a_problem(client, home_page, number) -> None:
    response = client.get(f"{LIST}{number}/")
    assert response.status_code == 404
    assert (response.json()["parameter"], response.json()["status"]) == ("id", 404)


@pytest.mark.parametrize(
    ("address", "asked", "parameter"),
    [
        (LIST, {"topic": "nothing"}, "topic"),
        (LIST, {"topic": "\x00"}, "topic"),
        (LIST, {"year": "0000"}, "year"),
        (LIST, {"year": "20²6"}, "year"),
        (LIST, {"year": "i år"}, "year"),
        (LIST, {"language": "de"}, "language"),
        (LIST, {"page": "0"}, "page"),
        (LIST, {"size": "101"}, "size"),
        (LIST, {"lang": "de"}, "lang"),
        (LIST, {"topik": "tenders"}, "topik"),
        (TOPICS, {"page": "1"}, "page"),
    ],
)
def test_what_makes_no_sense_is_a_problem_that_names_its_parameter(
    client, home_page, address, asked, parameter
) -> None:
    response = client.get(address, asked)
    assert response.status_code == 422
    assert response.json()["parameter"] == parameter
    assert response.json()["detail"]


def test_an_item_refuses_parameters_that_there_are_none_of(client, home_page) -> None:
    response = client.get(detail(NewsFactory()), {"fields": "title"})
    assert (response.status_code, response.json()["parameter"]) == (422, "fields")


def test_the_documentation_has_them(client, home_page) -> None:
    assert {LIST, TOPICS, f"{LIST}{{id}}/"} <= set(client.get("/api/v3/openapi.json").json()["paths"])


def test_more_news_take_no_more_queries(client, home_page) -> None:
    topic, about = NewsTopicFactory(), PageFactory()

    def news(number: int):
        pictures = [get_image_model().objects.create(title="x", file=get_test_image_file()) for _ in range(number)]
        return [
            NewsFactory(topics=[topic], about=[about] * number, picture=picture, picture_alt_da="x")
            for picture in pictures
        ]

    (small,) = news(1)
    few, one = queries_of(client, LIST), queries_of(client, detail(small))
    *_rest, large = news(4)
    assert (queries_of(client, LIST), queries_of(client, detail(large))) == (few, one)
