"""Registrations in the editors' interface: who sees whom, what leaves the house, and what is noted."""

from __future__ import annotations

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageLogEntry

from directory.actions import ensure_roles
from plugins.meetings.models import Registration
from tests.factories.meetings import RegistrationFactory
from tests.plugins.meetings.people import drain, open_meeting, somebody
from torv.mail.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def date(home_page):
    return open_meeting()


@pytest.fixture
def people(date):
    return [
        RegistrationFactory(
            occurrence=date,
            name=f"Person {number}",
            line=number,
            dietary_needs="ingen nødder",
            access_needs="teleslynge",
        )
        for number in range(1, 4)
    ]


@pytest.fixture
def editor(client, django_user_model, home_page):
    """An editor without the permission to see needs."""
    group = next(group for group in ensure_roles() if group.name == "Editors")
    group.permissions.remove(Permission.objects.get(codename="view_needs"))
    user = django_user_model.objects.create_user("editor")
    user.groups.add(group)
    client.force_login(user)
    return client


@pytest.fixture
def trusted(client, admin_user):
    client.force_login(admin_user)
    return client


def url(name: str, *args) -> str:
    return reverse(f"meetings_{name}", args=args)


def rows(answer) -> list[dict]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_list_shows_who_comes_without_what_they_need(editor, date, people) -> None:
    text = editor.get(url("people", date.pk)).content.decode()
    assert "Person 1" in text
    assert "nødder" not in text
    assert "teleslynge" not in text


def test_needs_are_shown_with_their_own_permission(trusted, date, people) -> None:
    assert "nødder" in trusted.get(url("people", date.pk)).content.decode()


@pytest.mark.parametrize("name", ["registrations", "people", "people_csv", "person"])
def test_without_the_permission_nothing_is_shown(client, django_user_model, date, people, name) -> None:
    user = django_user_model.objects.create_user("visitor")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    arguments = {"registrations": (), "person": (people[0].pk,)}.get(name, (date.pk,))
    answer = client.get(url(name, *arguments))
    assert answer.status_code in (302, 403)
    assert b"Person 1" not in answer.content


def test_the_permission_alone_opens_no_meeting_that_one_may_not_edit(client, django_user_model, date, people) -> None:
    user = django_user_model.objects.create_user("elsewhere")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "manage_registrations"]))
    client.force_login(user)
    assert client.get(url("people", date.pk)).status_code in (302, 403)
    assert url("people", date.pk) not in client.get(url("registrations")).content.decode()


def test_filters_narrow_the_list_and_the_file(editor, date, people) -> None:
    somebody(date, 9, name="Karin Søgt")
    assert [row["name"] for row in rows(editor.get(url("people_csv", date.pk), {"q": "søgt"}))] == ["Karin Søgt"]
    assert rows(editor.get(url("people_csv", date.pk), {"state": "waiting"})) == []
    soup = BeautifulSoup(editor.get(url("people", date.pk), {"q": "Person 2"}).content, "html.parser")
    assert len(soup.select("tbody tr")) == 1


def test_no_cell_of_the_file_is_a_formula(trusted, date) -> None:
    for number, name in enumerate(("=1+1", "+45", "-2", "@SUM(A1)", "\t=1", " =2")):
        RegistrationFactory(
            occurrence=date, name=name, email=f"f{number}@example.org", organisation="=cmd|' /C calc'!A0"
        )
    found = rows(trusted.get(url("people_csv", date.pk)))
    assert len(found) == 6
    assert all(row["name"].startswith("'") and row["organisation"].startswith("'=") for row in found)


def test_the_file_holds_needs_only_with_their_permission(editor, date, people) -> None:
    assert "dietary_needs" not in rows(editor.get(url("people_csv", date.pk)))[0]


def test_taking_the_list_out_is_logged(editor, date, people) -> None:
    editor.get(url("people_csv", date.pk))
    entry = PageLogEntry.objects.get(action="meetings.export")
    assert (entry.user.username, entry.data) == ("editor", {"people": 3, "needs": False})


def test_answers_are_kept_by_no_cache(editor, date, people) -> None:
    assert "no-store" in editor.get(url("people", date.pk))["Cache-Control"]


def test_who_came_is_noted_for_those_on_the_screen(editor, date, people) -> None:
    first, second, third = people
    answer = editor.post(url("people", date.pk), {"shown": [first.pk, second.pk, "x"], "came": [first.pk, third.pk]})
    assert answer.status_code == 302
    assert list(Registration.objects.order_by("pk").values_list("attended", flat=True)) == [True, False, None]


def test_an_editor_withdraws_for_somebody_who_is_told(editor, date) -> None:
    person = somebody(date)
    drain()
    editor.post(url("person", person.pk), {"do": "withdraw"})
    person.refresh_from_db()
    assert (person.state, len(drain())) == ("withdrawn", 1)


def test_forgetting_somebody_takes_a_tick_and_leaves_nothing(editor, date) -> None:
    person = somebody(date, name="Maria Glemt", email="glemt@example.org")
    editor.post(url("person", person.pk), {"do": "forget"})
    assert Registration.objects.get().name == "Maria Glemt"
    editor.post(url("person", person.pk), {"do": "forget", "sure": "1"})
    row = Registration.objects.get()
    assert (row.state, row.name, row.email, row.consent) == ("anonymised", "", "", "")
    assert row.key != person.key
    for table in ("meetings_registration", "mail_message", "wagtailcore_pagelogentry", "home_page"):
        with connection.cursor() as cursor:
            cursor.execute(f"select * from {table}")
            assert "glemt@example.org" not in str(cursor.fetchall())
    assert not Message.objects.filter(state__in=Message.UNSENT).exists()


def test_all_that_is_stored_of_a_person_is_a_file_for_them(trusted, date) -> None:
    person = somebody(date, dietary_needs="ingen nødder")
    drain()
    known = json.loads(trusted.get(url("person", person.pk), {"format": "json"}).content)
    assert known["registrations"][0]["dietary_needs"] == "ingen nødder"
    assert known["registrations"][0]["email"] == person.email
    assert len(known["mails"]) == 2


def test_the_file_takes_the_permission_for_needs(editor, date, people) -> None:
    assert editor.get(url("person", people[0].pk), {"format": "json"}).status_code in (302, 403)


def test_queries_do_not_grow_with_the_people(trusted, date) -> None:
    counts = []
    for _ in range(2):
        RegistrationFactory.create_batch(20, occurrence=date)
        trusted.get(url("people", date.pk))
        with CaptureQueriesContext(connection) as captured:
            trusted.get(url("people", date.pk))
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("past", ["", "1"])
def test_the_dates_show_how_many_come(trusted, date, people, past) -> None:
    answer = trusted.get(url("registrations"), {"past": past} if past else {})
    assert answer.status_code == 200
    assert (b"Sociale indk" in answer.content) == (not past)


def test_the_first_page_shows_registrations_to_who_manages_them(trusted, date, people) -> None:
    assert url("people", date.pk) in trusted.get(reverse("wagtailadmin_home")).content.decode()
