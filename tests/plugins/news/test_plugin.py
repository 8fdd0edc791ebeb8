"""What news give to the rest of the site, and what is left when they are gone."""

import json
import os
import subprocess
import sys

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from plugins.news.actions import publish_news
from plugins.news.models import NewsPage
from search.queries import find, parse
from tests.factories.directory import EnterprisePageFactory
from tests.factories.home import PageFactory
from tests.factories.news import NewsFactory, NewsTopicFactory, news_index
from tests.torv.plugins.packages import ROOT
from torv.plugins import plugins
from torv.plugins.hookspecs import Announcement

pytestmark = pytest.mark.django_db

TITLES = {"da": "Mødet er aflyst", "sv": "Träffen är inställd", "en": "The meeting is cancelled"}
LEADS = {"da": "På grund af corona.", "sv": "På grund av corona.", "en": "Because of corona."}


def announce(about, by, **changes) -> list[str]:
    announcement = Announcement(**{"titles": TITLES, "leads": LEADS, "about": about, "by": by} | changes)
    return plugins.collect("announce", announcement=announcement)


# ---- announcements --------------------------------------------------------------------------------------------------
def test_announcement_becomes_public_news_in_every_language(client, home_page, admin_user) -> None:
    news_index()
    topic = NewsTopicFactory(code="home")  # named like the app that the page is of
    about = PageFactory()
    (url,) = announce(about, admin_user)
    page = NewsPage.objects.get()
    assert url == page.get_url()
    assert client.get(url).status_code == 200
    assert (page.title_sv, page.lead_en) == (TITLES["sv"], LEADS["en"])
    assert page.public_languages == ["da", "sv", "en"]
    assert [row.related_id for row in page.relations.all()] == [about.pk]
    assert list(page.topics.all()) == [topic]


def test_announcement_is_undone_with_the_callers_transaction(home_page, admin_user) -> None:
    news_index()
    about = PageFactory()
    with transaction.atomic():
        written = announce(about, admin_user)
        transaction.set_rollback(True)
    assert written
    assert not NewsPage.objects.exists()


def test_announcement_by_somebody_who_may_not_publish_writes_nothing(home_page, django_user_model) -> None:
    news_index()
    about, visitor = PageFactory(), django_user_model.objects.create_user("visitor")
    assert announce(about, visitor) == []
    assert not NewsPage.objects.exists()
    assert plugins.problems_of("news") == {}


def test_publish_news_without_permission_is_refused(home_page, django_user_model) -> None:
    news_index()
    for user in (None, django_user_model.objects.create_user("visitor")):
        with pytest.raises(PermissionDenied):
            publish_news(titles=TITLES, leads=LEADS, about=PageFactory(), by=user)


def test_announcement_on_a_site_without_a_list_of_news_writes_nothing(home_page, admin_user) -> None:
    assert announce(PageFactory(), admin_user) == []


def test_announcements_of_one_headline_have_addresses_of_their_own(home_page, admin_user) -> None:
    news_index()
    about = PageFactory()
    assert len({*announce(about, admin_user), *announce(about, admin_user)}) == 2


def test_announcement_keeps_line_breaks_out_of_its_headline(home_page, admin_user) -> None:
    news_index()
    announce(PageFactory(), admin_user, titles={"da": "Aflyst\r\nBcc: alle\x00"}, leads={"da": "x" * 900})
    page = NewsPage.objects.get()
    assert page.title_da == "Aflyst Bcc: alle"
    assert len(page.lead_da) == 500
    assert page.public_languages == ["da"]


def test_announcement_in_swedish_alone_is_swedish_alone(home_page, admin_user) -> None:
    news_index()
    announce(PageFactory(), admin_user, titles={"sv": "Inställt"}, leads={"sv": "Tyvärr."})
    assert NewsPage.objects.get().public_languages == ["sv"]


# ---- front page, related pages, search ------------------------------------------------------------------------------
def test_front_page_shows_the_newest_three(client, home_page) -> None:
    NewsFactory.create_batch(4)
    answer = client.get("/da/").content.decode()
    sections = plugins.collect("front_page_sections", home=home_page, language="da")
    (mine,) = [section for section in sections if section.template.startswith("news/")]
    assert len(mine.context["stories"]) == 3
    assert mine.context["stories"][0]["title"].text in answer


def test_front_page_without_news_has_no_heading_for_them(home_page) -> None:
    news_index()
    sections = plugins.collect("front_page_sections", home=home_page, language="da")
    assert [section for section in sections if section.template.startswith("news/")] == []


def test_supplier_shows_news_about_it(client, home_page) -> None:
    supplier = EnterprisePageFactory(title_da="Bækbo")
    page = NewsFactory(title_da="Bækbo vandt et udbud", about=[supplier])
    assert f'href="{page.get_url()}"' in client.get(supplier.get_url()).content.decode()


def test_news_about_a_page_that_is_deleted_stays(client, home_page) -> None:
    about = PageFactory()
    page = NewsFactory(about=[about])
    about.delete()
    assert client.get(page.get_url()).status_code == 200


def results(language: str = "da", **parameters):
    return find(parse(parameters, language, source="news"))


def test_news_is_found_by_its_words_topic_and_date(home_page) -> None:
    topic = NewsTopicFactory(code="tenders", name_da="Udbud")
    NewsFactory(
        title_da="Skabelon",
        lead_da="Rengøring",
        body_da=[("text", "<p>Jurister</p>")],
        topics=[topic],
        date="2026-02-01",
    )
    NewsFactory(title_da="Andet", date="2025-02-01")
    for word in ("skabelon", "rengøring", "jurister", "udbud"):
        assert [hit.card.title for hit in results(q=word).hits] == ["Skabelon"]
    assert [hit.card.title for hit in results(topic="tenders").hits] == ["Skabelon"]
    assert [hit.card.title for hit in results(date="2025").hits] == ["Andet"]
    assert [bucket.code for bucket in results().facets["date"].buckets] == ["2026", "2026/02", "2025", "2025/02"]


def test_news_that_is_unpublished_is_not_found(home_page) -> None:
    page = NewsFactory(title_da="Skabelon")
    assert results(q="skabelon").total == 1
    page.unpublish()
    assert results(q="skabelon").total == 0


# ---- bad input ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["2026", "emne", "amne", "topic"])
def test_a_slug_that_could_not_be_reached_is_refused(home_page, slug) -> None:
    with pytest.raises(ValidationError) as error:
        news_index().add_child(instance=NewsPage(title_da="Nyt", slug=slug))
    assert "slug" in error.value.message_dict


@pytest.mark.parametrize(
    ("titles", "slug"),
    [
        ({"da": "Aflyst: Prøvemøde på Åen"}, "aflyst-proevemoede-paa-aaen"),
        ({"sv": "Inställt: träff på ön"}, "installt-traff-pa-on"),
        ({"da": "2026"}, "2026-2"),
        ({"da": "新しい"}, "news"),
    ],
)
def test_an_announcements_slug_is_its_headline_in_plain_letters(home_page, admin_user, titles, slug) -> None:
    news_index()
    announce(PageFactory(), admin_user, titles=titles, leads={})
    assert NewsPage.objects.get().slug == slug


def test_a_topics_code_cannot_change(home_page) -> None:
    topic = NewsTopicFactory(code="tenders")
    topic.code = "other"
    with pytest.raises(ValidationError):
        topic.full_clean()


def test_editors_keep_the_topics(home_page, client, django_user_model) -> None:
    from directory.actions import ensure_roles

    editors = next(group for group in ensure_roles() if group.name == "Editors")
    user = django_user_model.objects.create_user("editor", password="x", is_staff=True)
    user.groups.add(editors)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert client.get("/cms/snippets/news/newstopic/").status_code == 200


# ---- without ---------------------------------------------------------------------------------------------------------
def test_site_works_when_news_are_silent(client, home_page) -> None:
    about = PageFactory()
    NewsFactory(about=[about])
    with plugins.unplugged("news"):
        assert client.get("/da/").status_code == 200
        assert client.get(about.get_url()).status_code == 200


def test_site_is_in_order_when_news_are_disabled() -> None:
    script = "import json; from django.conf import settings; print(json.dumps(settings.INSTALLED_APPS))"
    environment = {**os.environ, "TORV_PLUGINS_DISABLED": "news", "DJANGO_SETTINGS_MODULE": "torv.settings.test"}
    for command in (["check", "--fail-level", "WARNING"], ["makemigrations", "--check", "--dry-run"]):
        answer = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert answer.returncode == 0, answer.stderr
    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", script],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    apps = json.loads(answer.stdout.strip().splitlines()[-1])
    assert not [app for app in apps if app.startswith("plugins.news")]
    assert [app for app in apps if app.startswith("plugins.meetings")]
