"""News as Atom."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.core.management import call_command
from django.utils import timezone

from plugins.news.models import NewsPage
from tests.factories.news import NewsFactory, NewsTopicFactory, news_index

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LIST, TOPIC = "/da/nyheder/nyheder.atom", "/da/nyheder/emne/tenders/nyheder.atom"


def feed(client, path: str) -> ET.Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content)


def titles(root: ET.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


def test_feed_has_what_is_public_in_its_language(client, home_page) -> None:
    NewsFactory(title_da="Begge", title_sv="Båda", date=dt.date(2026, 1, 2))
    NewsFactory(title_da="Kun dansk", date=dt.date(2026, 1, 1))
    danish, swedish = feed(client, "/da/nyheder/nyheder.atom"), feed(client, "/sv/nyheter/nyheter.atom")
    assert titles(danish) == ["Begge", "Kun dansk"]
    assert titles(swedish) == ["Båda"]
    assert swedish.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"


def test_a_lead_is_text(client, home_page) -> None:
    NewsFactory(lead_da="Fisk & <b>fup</b>")
    summary = feed(client, LIST).find(f"{ATOM}entry/{ATOM}summary")
    assert (summary.get("type"), summary.text) == ("text", "Fisk & <b>fup</b>")


def test_feed_of_a_topic_has_its_news_only(client, home_page) -> None:
    topic = NewsTopicFactory(code="tenders", name_da="Udbud")
    NewsFactory(title_da="Om udbud", topics=[topic])
    NewsFactory(title_da="Om andet")
    root = feed(client, "/da/nyheder/emne/tenders/nyheder.atom")
    assert titles(root) == ["Om udbud"]
    assert root.findtext(f"{ATOM}title") == "Nyheder: Udbud"
    assert root.find(f"{ATOM}entry/{ATOM}category").get("term") == "Udbud"


def test_entry_keeps_its_id_when_the_page_is_renamed(client, home_page) -> None:
    page = NewsFactory(title_da="Nyt")
    before = feed(client, "/da/nyheder/nyheder.atom").findtext(f"{ATOM}entry/{ATOM}id")
    page.slug = "et-andet-navn"
    page.save()
    after = feed(client, "/da/nyheder/nyheder.atom")
    assert after.findtext(f"{ATOM}entry/{ATOM}id") == before
    assert after.find(f"{ATOM}entry/{ATOM}link").get("href") == "http://testserver/da/nyheder/et-andet-navn/"


def test_feed_links_itself_and_the_list(client, home_page) -> None:
    NewsFactory()
    links = {link.get("rel"): link.get("href") for link in feed(client, "/en/news/news.atom").findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/en/news/", "self": "http://testserver/en/news/news.atom"}


def test_feed_that_has_not_changed_is_304(client, home_page) -> None:
    page = NewsFactory()
    etag = client.get("/da/nyheder/nyheder.atom")["ETag"]
    assert client.get("/da/nyheder/nyheder.atom", headers={"if-none-match": etag}).status_code == 304
    page.title_da = "Ændret"
    page.save_revision().publish()
    assert client.get("/da/nyheder/nyheder.atom", headers={"if-none-match": etag}).status_code == 200


def test_feed_of_no_news_is_as_old_as_the_list(client, home_page) -> None:
    index = news_index()
    index.save_revision().publish()
    index.refresh_from_db()
    changed = feed(client, LIST).findtext(f"{ATOM}updated")
    assert dt.datetime.fromisoformat(changed) == index.last_published_at


def test_feed_that_was_sent_compressed_is_304_too(client, home_page) -> None:
    NewsFactory.create_batch(3)
    first = client.get(LIST, headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    again = client.get(LIST, headers={"if-none-match": first["ETag"], "accept-encoding": "gzip"})
    assert (again.status_code, again.content) == (304, b"")


def test_every_language_and_topic_has_a_feed_of_its_own(client, home_page) -> None:
    topic = NewsTopicFactory(code="tenders", name_da="Udbud")
    NewsFactory(title_da="Nyt", title_sv="Nytt", title_en="New", topics=[topic])
    paths = [LIST, "/sv/nyheter/nyheter.atom", "/en/news/news.atom", TOPIC, "/sv/nyheter/amne/tenders/nyheter.atom"]
    assert len({client.get(path)["ETag"] for path in paths}) == 5
    assert len({feed(client, path).findtext(f"{ATOM}id") for path in paths}) == 5


def test_feed_of_a_topic_stays_as_it_is_when_other_news_comes(client, home_page) -> None:
    topic = NewsTopicFactory(code="tenders", name_da="Udbud")
    NewsFactory(topics=[topic])
    whole, own = client.get(LIST)["ETag"], client.get(TOPIC)["ETag"]
    NewsFactory()
    assert client.get(TOPIC, headers={"if-none-match": own}).status_code == 304
    assert client.get(LIST, headers={"if-none-match": whole}).status_code == 200
    NewsFactory(topics=[topic])
    assert client.get(TOPIC, headers={"if-none-match": own}).status_code == 200


def test_feed_has_news_from_its_time_until_its_end(client, home_page) -> None:
    now = timezone.now()
    page = news_index().add_child(instance=NewsPage(title_da="Snart", slug="snart", live=False))
    page.go_live_at, page.expire_at = now + dt.timedelta(hours=1), now + dt.timedelta(hours=2)
    page.save_revision().publish()
    before = client.get(LIST)["ETag"]
    assert titles(feed(client, LIST)) == []
    revision = page.latest_revision
    revision.approved_go_live_at = now - dt.timedelta(minutes=1)
    revision.content["go_live_at"] = (now - dt.timedelta(minutes=1)).isoformat()
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    during = client.get(LIST, headers={"if-none-match": before})
    assert during.status_code == 200
    assert titles(feed(client, LIST)) == ["Snart"]
    NewsPage.objects.filter(pk=page.pk).update(expire_at=now - dt.timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    assert client.get(LIST, headers={"if-none-match": during["ETag"]}).status_code == 200
    assert titles(feed(client, LIST)) == []


def test_feed_bears_a_title_with_control_characters(client, home_page) -> None:
    NewsFactory(title_da="Nyt\r\n\x0bfra os")
    assert titles(feed(client, "/da/nyheder/nyheder.atom")) == ["Nyt fra os"]


def test_feed_makes_as_many_queries_for_one_item_as_for_ten(client, home_page, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    topic = NewsTopicFactory()
    NewsFactory(topics=[topic])
    client.get("/da/nyheder/nyheder.atom")
    with CaptureQueriesContext(connection) as one:
        client.get("/da/nyheder/nyheder.atom")
    NewsFactory.create_batch(9, topics=[topic])
    with django_assert_num_queries(len(one)):
        client.get("/da/nyheder/nyheder.atom")


def test_feed_of_no_news_is_a_feed(client, home_page) -> None:
    news_index()
    assert titles(feed(client, "/da/nyheder/nyheder.atom")) == []
