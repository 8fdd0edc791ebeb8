"""The list of news, its archive, and a piece of news as readers see them."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone

from plugins.news.models import NewsPage
from tests.factories.directory import EnterprisePageFactory
from tests.factories.home import PageFactory
from tests.factories.news import NewsFactory, NewsTopicFactory, news_index

pytestmark = pytest.mark.django_db


def soup_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def headlines(response) -> list[str]:
    return [heading.get_text(strip=True) for heading in soup_of(response).select("article.story h2")]


def test_list_shows_the_newest_first(client, home_page) -> None:
    NewsFactory(title_da="Ældre", date=dt.date(2026, 1, 5))
    NewsFactory(title_da="Nyere", date=dt.date(2026, 2, 5))
    assert headlines(client.get("/da/nyheder/")) == ["Nyere", "Ældre"]


def test_list_marks_what_is_in_another_language(client, home_page) -> None:
    NewsFactory(title_da="Kun dansk")
    story = soup_of(client.get("/sv/nyheter/")).select_one("article.story")
    assert story.select_one("h2 a")["lang"] == "da"
    assert story.select_one(".badge--lang") is not None


def test_list_of_a_topic_shows_its_news_only(client, home_page) -> None:
    topic = NewsTopicFactory(code="tenders", name_da="Udbud", name_sv="Upphandlingar")
    NewsFactory(title_da="Om udbud", topics=[topic])
    NewsFactory(title_da="Om andet")
    response = client.get("/da/nyheder/emne/tenders/")
    assert headlines(response) == ["Om udbud"]
    switcher = [link["href"] for link in soup_of(response).select("#langs a")]
    assert switcher == ["/da/nyheder/emne/tenders/", "/sv/nyheter/amne/tenders/", "/en/news/topic/tenders/"]


def test_archive_of_a_year_shows_its_news_only(client, home_page) -> None:
    NewsFactory(title_da="I fjor", date=dt.date(2025, 12, 31))
    NewsFactory(title_da="I år", date=dt.date(2026, 1, 1))
    assert headlines(client.get("/da/nyheder/2025/")) == ["I fjor"]
    archive = [link["href"] for link in soup_of(client.get("/da/nyheder/")).select("aside a")]
    assert archive == ["/da/nyheder/2026/", "/da/nyheder/2025/"]


@pytest.mark.parametrize("path", ["/da/nyheder/2025/", "/sv/nyheter/2025/", "/en/news/2025/"])
def test_archive_of_a_year_is_there_in_every_language_with_pages(client, home_page, path) -> None:
    NewsFactory.create_batch(11, date=dt.date(2025, 6, 1))
    first = client.get(path)
    assert soup_of(first).select_one("a[rel=next]")["href"] == f"{path}?page=2"
    assert len(headlines(client.get(f"{path}?page=2"))) == 1


def test_archive_counts_what_is_public_only(client, home_page) -> None:
    NewsFactory.create_batch(2, date=dt.date(2025, 6, 1))
    NewsFactory(date=dt.date(2025, 6, 1)).unpublish()
    NewsFactory(date=dt.date(2024, 6, 1)).unpublish()
    years = [line.get_text(" ", strip=True) for line in soup_of(client.get("/da/nyheder/")).select("aside li")]
    assert years == ["2025 2"]
    assert client.get("/da/nyheder/2024/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/da/nyheder/1999/", "/da/nyheder/emne/findes-ikke/", "/da/nyheder/?page=2", "/da/nyheder/emne/x/y.atom"]
)
def test_what_is_not_there_is_404(client, home_page, path) -> None:
    NewsFactory(date=dt.date(2026, 1, 1))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "99999999999999999999", "1\x00", ""])
def test_a_page_number_that_is_none_is_400_in_words(client, home_page, number) -> None:
    NewsFactory()
    response = client.get("/da/nyheder/", {"page": number})
    assert response.status_code == 400
    assert soup_of(response).select_one(".notice--stop") is not None


def test_list_goes_on_to_a_second_page(client, home_page) -> None:
    NewsFactory.create_batch(11)
    first = client.get("/da/nyheder/")
    assert soup_of(first).select_one("a[rel=next]")["href"] == "/da/nyheder/?page=2"
    second = client.get("/da/nyheder/?page=2")
    assert len(headlines(second)) == 1
    assert soup_of(second).select_one("a[rel=prev]")["href"] == "/da/nyheder/"


def test_list_makes_as_many_queries_for_one_item_as_for_ten(client, home_page, django_assert_num_queries) -> None:
    topic = NewsTopicFactory()
    NewsFactory(topics=[topic])
    client.get("/da/nyheder/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/da/nyheder/")
    NewsFactory.create_batch(9, topics=[topic])
    with django_assert_num_queries(len(one)):
        client.get("/da/nyheder/")


def test_page_shows_its_texts_topics_and_what_it_is_about(client, home_page) -> None:
    supplier, other = EnterprisePageFactory(title_da="Bækbo"), PageFactory(title_da="Sådan køber I")
    draft = EnterprisePageFactory(title_da="Kladde", live=False)
    topic = NewsTopicFactory(code="tenders", name_da="Udbud")
    page = NewsFactory(
        title_da="Nyt udbud", lead_da="Kort sagt", body_da=[("text", "<p>Langt sagt</p>")], topics=[topic],
        about=[supplier, other, draft],
    )  # fmt: skip
    soup = soup_of(client.get(page.get_url()))
    assert soup.h1.get_text() == "Nyt udbud"
    assert "Langt sagt" in soup.select_one("article").get_text()
    assert [link.get_text() for link in soup.select("[aria-labelledby=suppliers] a")] == ["Bækbo"]
    assert [link.get_text() for link in soup.select("[aria-labelledby=about] a")] == ["Sådan køber I"]
    assert soup.select_one(".title a")["href"] == "/da/nyheder/emne/tenders/"


def test_page_stands_in_visibly_for_a_missing_translation(client, home_page) -> None:
    page = NewsFactory(title_da="Kun dansk", lead_da="Resume")
    soup = soup_of(client.get(f"/en/news/{page.slug}/"))
    assert soup.h1["lang"] == "da"
    assert soup.select_one(".notice") is not None


def test_page_with_a_picture_has_its_alternative_text(client, home_page) -> None:
    from wagtail.images import get_image_model
    from wagtail.images.tests.utils import get_test_image_file

    picture = get_image_model().objects.create(title="x", file=get_test_image_file())
    page = NewsFactory(picture=picture, picture_alt_da="Et vaskeri", picture_alt_sv="Ett tvätteri")
    assert soup_of(client.get(page.get_url())).select_one("main img")["alt"] == "Et vaskeri"
    assert soup_of(client.get(f"/sv/nyheter/{page.slug}/")).select_one("main img")["alt"] == "Ett tvätteri"


def test_scheduled_news_appears_and_disappears_in_its_time(client, home_page) -> None:
    now = timezone.now()
    page = news_index().add_child(instance=NewsPage(title_da="Snart", slug="snart", live=False))
    page.go_live_at, page.expire_at = now + dt.timedelta(hours=1), now + dt.timedelta(hours=2)
    page.save_revision().publish()
    assert client.get("/da/nyheder/snart/").status_code == 404
    revision = page.latest_revision
    revision.approved_go_live_at = now - dt.timedelta(minutes=1)
    revision.content["go_live_at"] = (now - dt.timedelta(minutes=1)).isoformat()
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    assert headlines(client.get("/da/nyheder/")) == ["Snart"]
    NewsPage.objects.filter(pk=page.pk).update(expire_at=now - dt.timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    assert client.get("/da/nyheder/snart/").status_code == 404
    assert headlines(client.get("/da/nyheder/")) == []


def test_what_stood_below_a_renamed_list_is_found_below_its_new_address(client, home_page) -> None:
    NewsFactory(date=dt.date(2026, 1, 5))
    index = news_index()
    index.slug = "aktuelt"
    index.save()
    for below in ("2026/", "nyheder.atom"):
        response = client.get(f"/da/nyheder/{below}", follow=True)
        assert (response.redirect_chain, response.status_code) == ([(f"/da/aktuelt/{below}", 301)], 200)


def test_drafts_can_be_previewed_in_every_language(home_page) -> None:
    page = NewsFactory(title_da="Nyt", about=[PageFactory()], topics=[NewsTopicFactory()])
    for language in ("da", "sv", "en"):
        for shown in (page.get_latest_revision_as_object(), news_index()):
            assert shown.make_preview_request(preview_mode=language).status_code == 200
