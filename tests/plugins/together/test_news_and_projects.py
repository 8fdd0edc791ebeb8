"""News about a network or project."""

import pytest
from bs4 import BeautifulSoup

from tests.factories.news import NewsFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


def test_a_project_collects_news_about_it(client, home_page) -> None:
    project = ProjectFactory()
    news = NewsFactory(title_da="Nyt fra projektet", about=[project])
    NewsFactory(title_da="Andet nyt")
    soup = BeautifulSoup(client.get(project.get_url()).content, "html.parser")
    assert [link["href"] for link in soup.select(".newest a")] == [news.get_url()]
