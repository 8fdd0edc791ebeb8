"""Meetings for tests, published as an editor would publish them."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone

from directory.demo.content import read
from directory.models import Place
from home.models import Page
from plugins.meetings.demo.loader import FILE
from plugins.meetings.models import CalendarPage, MeetingPage, Registration
from tests.factories.home import PageFactory, front_page


def calendar() -> CalendarPage:
    found = CalendarPage.objects.first()
    if found:
        return found
    titles = {"title_da": "Møder", "title_sv": "Träffar", "title_en": "Meetings"}
    slugs = {"slug": "moeder", "slug_sv": "traffar", "slug_en": "meetings"}
    return front_page().add_child(instance=CalendarPage(**titles, **slugs))


def demo_places() -> None:
    """The places that the demonstration's meetings name; without the rest of the reference data."""
    for code in {entry["municipality"] for entry in read(FILE) if "municipality" in entry}:
        parts = code.split("/")
        for level, depth in (("country", 1), ("region", 2), ("municipality", 3)):
            path = "/".join(parts[:depth])
            above = path.rpartition("/")[0] or None
            Place.objects.get_or_create(code=path, defaults={"level": level, "name": path, "parent_id": above})


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


class MeetingFactory(PageFactory):
    class Meta:
        model = MeetingPage

    title_da = "Sociale indkøb"
    slug = factory.Sequence(lambda n: f"moede-{n}")
    date = factory.LazyFunction(lambda: in_days(30))
    start_time = dt.time(10)
    end_time = dt.time(14)
    venue_name = "Opdigtet Hus"
    city = "Skjern"

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        page = super()._create(model_class, *args, **{"parent": calendar(), **kwargs})
        page.save_revision().publish()
        return model_class.objects.get(pk=page.pk)


class RegistrationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Registration

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"registered{n}@example.org")
    language = "da"
    state = Registration.State.CONFIRMED
    confirmed_at = factory.LazyFunction(timezone.now)
