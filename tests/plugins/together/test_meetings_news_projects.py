"""The demonstration's meetings, news and networks lead to each other, whichever of them was there first."""

import pytest
from django.contrib.auth import get_user_model

from plugins.meetings.demo.loader import load_meetings
from plugins.meetings.models import MeetingPage
from plugins.news.demo.loader import load_news
from plugins.news.models import NewsRelation
from plugins.projects.demo.loader import load_projects
from plugins.projects.models import ProjectPage
from tests.factories.meetings import demo_places

pytestmark = pytest.mark.django_db

LOADERS = {"meetings": load_meetings, "news": load_news, "projects": load_projects}


def links() -> tuple[set, set]:
    meetings = MeetingPage.objects.exclude(network=None).values_list("slug", "network__slug")
    return set(meetings), set(NewsRelation.objects.values_list("page__slug", "related__slug"))


@pytest.mark.parametrize(
    "order", [("projects", "meetings", "news"), ("news", "meetings", "projects"), ("meetings", "projects", "news")]
)
def test_links_are_the_same_whatever_was_loaded_first(home_page, order) -> None:
    get_user_model().objects.create_superuser("editor")
    demo_places()
    for name in order:
        LOADERS[name](home_page)
    for name in order:
        LOADERS[name](home_page)
    meetings, news = links()
    assert ("sociale-indkoeb", "socialoekonomi-midtjylland") in meetings
    assert len(meetings) == 8
    assert {slug for _page, slug in news} >= {"socialoekonomi-midtjylland", "digital-platform-oerebro"}
    assert len(news) == 4


def test_a_network_that_an_editor_took_away_stays_away(home_page) -> None:
    get_user_model().objects.create_superuser("editor")
    demo_places()
    load_projects(home_page)
    load_meetings(home_page)
    page = MeetingPage.objects.get(slug="sociale-indkoeb")
    page.network = None
    page.save_revision().publish()
    ProjectPage.objects.get(slug="sociale-virksomheder-moedes").delete()
    load_meetings(home_page)
    assert MeetingPage.objects.get(pk=page.pk).network is None
