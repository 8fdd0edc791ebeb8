"""Networks and projects for tests, published as an editor would publish them."""

from typing import Any

import factory

from home.models import Page
from plugins.projects.models import Funder, Partner, ProjectContact, ProjectIndexPage, ProjectPage, SteeringMember
from tests.factories.home import PageFactory, front_page

ROWS = ("steering_group", "partners", "funders", "contacts", "documents")


def project_index() -> ProjectIndexPage:
    found = ProjectIndexPage.objects.first()
    if found:
        return found
    titles = {
        "title_da": "Netværk og projekter",
        "title_sv": "Nätverk och projekt",
        "title_en": "Networks and projects",
    }
    slugs = {"slug": "netvaerk", "slug_sv": "natverk", "slug_en": "networks"}
    return front_page().add_child(instance=ProjectIndexPage(**titles, **slugs))


def make_member(**fields: Any) -> SteeringMember:
    return SteeringMember(**({"name": "Ida Opdigtet"} | fields))


def make_partner(**fields: Any) -> Partner:
    return Partner(**({"name_da": "Fiktiv Forening"} | fields))


def make_funder(**fields: Any) -> Funder:
    return Funder(**({"name_da": "Fiktiv Fond"} | fields))


def make_project_contact(**fields: Any) -> ProjectContact:
    return ProjectContact(**({"name": "Bo Opdigtet", "email": "bo@example.org"} | fields))


class ProjectFactory(PageFactory):
    """``ProjectFactory(kind="network", partners=[make_partner()])``."""

    class Meta:
        model = ProjectPage

    title_da = factory.Sequence(lambda n: f"Projekt {n}")
    slug = factory.Sequence(lambda n: f"projekt-{n}")

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        parent = kwargs.pop("parent", None) or project_index()
        rows = {name: kwargs.pop(name) for name in ROWS if name in kwargs}
        page = model_class(*args, **kwargs)
        for name, found in rows.items():
            setattr(page, name, found)
        parent.add_child(instance=page)
        page.save_revision().publish()
        return model_class.objects.get(pk=page.pk)
