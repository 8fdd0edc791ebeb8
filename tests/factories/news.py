"""News for tests, published as an editor would publish it."""

from typing import Any

import factory

from home.models import Page
from plugins.news.models import NewsIndexPage, NewsPage, NewsRelation, NewsTopic
from tests.factories.home import PageFactory, front_page


def news_index() -> NewsIndexPage:
    found = NewsIndexPage.objects.first()
    if found:
        return found
    titles = {"title_da": "Nyheder", "title_sv": "Nyheter", "title_en": "News"}
    slugs = {"slug": "nyheder", "slug_sv": "nyheter", "slug_en": "news"}
    return front_page().add_child(instance=NewsIndexPage(**titles, **slugs))


class NewsTopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NewsTopic

    code = factory.Sequence(lambda n: f"topic-{n}")
    name_da = factory.LazyAttribute(lambda o: f"Emne {o.code}")


class NewsFactory(PageFactory):
    """``NewsFactory(topics=[topic], about=[page])``."""

    class Meta:
        model = NewsPage

    title_da = factory.Sequence(lambda n: f"Nyhed {n}")
    slug = factory.Sequence(lambda n: f"nyhed-{n}")

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        parent = kwargs.pop("parent", None) or news_index()
        topics, about = kwargs.pop("topics", ()), kwargs.pop("about", ())
        page = model_class(*args, **kwargs)
        page.topics = list(topics)
        page.relations = [NewsRelation(related_id=related.pk) for related in about]
        parent.add_child(instance=page)
        page.save_revision().publish()
        return model_class.objects.get(pk=page.pk)
