"""The pages of a registration, as a visitor without cookies and scripts meets them."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from plugins.meetings.actions import cancel_meeting, withdraw_registration
from plugins.meetings.models import MeetingPage, Registration, RegistrationCount
from plugins.meetings.registration import tokens
from tests.plugins.meetings.people import drain, filled, link_in, open_meeting, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def date(home_page):
    return open_meeting()


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


def url(date, language: str = "da") -> str:
    return f"/{language}/go/meetings/register/{date.pk}/"


# ---- the whole way --------------------------------------------------------------------------------------------------
def test_from_the_meetings_page_to_a_place_and_back(date, visitor, monkeypatch) -> None:
    monkeypatch.setattr(tokens, "FORM_YOUNGEST", -1)
    page = BeautifulSoup(visitor.get(date.page.get_url()).content, "html.parser")
    form = page.select_one("form[action*='/go/meetings/register/']")
    facts = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    answer = visitor.post(form["action"], {**facts, "name": "Maria", "email": "maria@example.org", "consent": "1"})
    assert (answer.status_code, answer["Location"]) == (303, f"{url(date)}sent/")
    assert visitor.get(answer["Location"]).status_code == 200
    [asked] = drain()
    confirm = link_in(asked, "confirm")
    assert visitor.get(confirm).status_code == 200
    assert Registration.objects.get().state == "unconfirmed", "a program that follows links registers nobody"
    mine = visitor.post(confirm)["Location"]
    assert mine.startswith("/"), "the person stays on the host that they are on"
    assert Registration.objects.get().state == "confirmed"
    drain()
    assert visitor.post(mine).status_code == 303
    assert Registration.objects.get().state == "withdrawn"
    assert visitor.cookies == {}


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_the_language_of_the_form_is_kept(date, visitor, monkeypatch, language) -> None:
    visitor.post(url(date, language), filled(date, monkeypatch))
    [email] = drain()
    assert Registration.objects.get().language == language
    assert link_in(email, "confirm").startswith(f"/{language}/")
    assert email.extra_headers["Content-Language"] == language


def test_pages_about_a_person_are_kept_by_nobody(date, visitor) -> None:
    answer = visitor.get(f"/da/go/meetings/registration/{tokens.sign(somebody(date), 'mine')}/")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]


# ---- who may read the page may register -----------------------------------------------------------------------------
@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_the_form_of_a_page_that_is_not_public_is_not_there(date, visitor, monkeypatch, kind, above) -> None:
    page = date.page.get_parent() if above else date.page
    PageViewRestriction.objects.create(page=page, restriction_type=kind, password="sesam")
    for answer in (visitor.get(url(date)), visitor.get(f"{url(date)}sent/")):
        assert answer.status_code == 404
        assert b"Sociale" not in answer.content
    assert visitor.post(url(date), filled(date, monkeypatch)).status_code == 404
    assert not Registration.objects.exists()


def test_whoever_was_let_in_may_register(date, visitor, client, monkeypatch, admin_user) -> None:
    kept = PageViewRestriction.objects.create(page=date.page, restriction_type="password", password="sesam")
    unlock = reverse("wagtailcore_authenticate_with_password", args=[kept.pk, date.page.pk])
    client.post(unlock, {"password": "sesam", "return_url": "/"})
    assert client.get(date.page.get_url()).status_code == 200
    assert client.post(url(date), filled(date, monkeypatch)).status_code == 303
    [asked] = drain()
    assert visitor.post(link_in(asked, "confirm")).status_code == 303, "the mail is proof enough"
    assert Registration.objects.get().state == "confirmed"
    kept.restriction_type = "login"
    kept.save()
    client.force_login(admin_user)
    assert client.get(url(date)).status_code == 200


def test_an_unpublished_meeting_registers_nobody_but_lets_people_withdraw(date, visitor, monkeypatch) -> None:
    coming = somebody(date)
    visitor.post(url(date), filled(date, monkeypatch))
    asked = drain()[-1]
    MeetingPage.objects.filter(pk=date.page.pk).update(live=False, expired=True)
    assert visitor.get(url(date)).status_code == 404
    answer = visitor.post(link_in(asked, "confirm"))
    assert (answer.status_code, Registration.objects.get(email="maria@example.org").state) == (409, "unconfirmed")
    assert visitor.post(f"/da/go/meetings/registration/{tokens.sign(coming, 'mine')}/").status_code == 303
    coming.refresh_from_db()
    assert coming.state == "withdrawn"


# ---- what is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"name": "Køb nu på http://spam.example.org"}, "name"),
        ({"email": "maria"}, "email"),
        ({"email": "maria@example.org\r\nBcc: spy@example.org"}, "email"),
        ({"consent": ""}, "consent"),
        ({"website": "http://spam.example.org"}, "website"),
        ({"access_needs": "a\x00b"}, "access_needs"),
        ({"token": ""}, "__all__"),
        ({"token": "12:forged:token"}, "__all__"),
        ({"access_needs": "x" * 501}, "access_needs"),
    ],
)
def test_a_form_with_a_fault_is_shown_again_with_what_was_written(date, visitor, monkeypatch, values, where) -> None:
    answer = visitor.post(url(date), filled(date, monkeypatch, organisation="Opdigt ApS", **values))
    assert answer.status_code == 422
    assert where in answer.context["form"].errors
    assert b"Opdigt ApS" in answer.content
    assert not Registration.objects.exists()


def test_line_breaks_in_a_name_become_spaces(date, visitor, monkeypatch) -> None:
    visitor.post(url(date), filled(date, monkeypatch, name="Maria\r\nBcc: spy"))
    assert Registration.objects.get().name == "Maria Bcc: spy"


def test_a_form_sent_at_once_may_be_sent_once_more(date, visitor, monkeypatch) -> None:
    facts = filled(date, monkeypatch)
    monkeypatch.setattr(tokens, "FORM_YOUNGEST", 60)
    answer = visitor.post(url(date), facts)
    assert answer.status_code == 422
    monkeypatch.setattr(tokens, "FORM_YOUNGEST", -1)
    again = BeautifulSoup(answer.content, "html.parser").select_one("input[name=token]")["value"]
    assert visitor.post(url(date), {**facts, "token": again}).status_code == 303


def test_a_form_left_open_for_days_gets_a_fresh_token(date, visitor, monkeypatch) -> None:
    facts = filled(date, monkeypatch)
    monkeypatch.setattr(tokens, "FORM_OLDEST", -1)
    answer = visitor.post(url(date), facts)
    assert answer.status_code == 422
    monkeypatch.undo()
    fresh = BeautifulSoup(answer.content, "html.parser").select_one("input[name=token]")["value"]
    assert not tokens.form_age(fresh, date.pk).stale


def test_a_token_of_another_meeting_is_refused(date, visitor, monkeypatch) -> None:
    facts = filled(date, monkeypatch, token=tokens.form_token(date.pk + 1))
    assert visitor.post(url(date), facts).status_code == 422


def test_a_cancelled_meeting_takes_nobody(date, visitor, monkeypatch, admin_user) -> None:
    cancel_meeting(meeting=date.page, by=admin_user, reasons={})
    answer = visitor.post(url(date), filled(date, monkeypatch))
    assert answer.status_code == 409
    assert not BeautifulSoup(answer.content, "html.parser").select("form[method=post] input[name=email]")
    assert not Registration.objects.exists()


def test_a_full_meeting_says_that_one_waits(home_page, visitor, monkeypatch) -> None:
    date = open_meeting(capacity=1)
    somebody(date)
    drain()
    visitor.post(url(date), filled(date, monkeypatch))
    mine = visitor.post(link_in(drain()[0], "confirm"))["Location"]
    answer = visitor.get(mine)
    assert (answer.context["person"].state, answer.context["place_in_line"]) == ("waiting", 1)


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_meeting_that_is_not_there_is_404(home_page, visitor, number) -> None:
    assert visitor.get(f"/da/go/meetings/register/{number}/").status_code == 404


def test_a_page_that_is_not_public_is_404(date, visitor) -> None:
    date.page.unpublish()
    assert visitor.get(url(date)).status_code == 404


def test_other_methods_are_refused(date, visitor) -> None:
    assert visitor.put(url(date)).status_code == 405


# ---- links ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("purpose", ["confirm", "registration", "reminders"])
@pytest.mark.parametrize("token", ["x", "a:b:c", "%F0%9F%98%80", "IjEi:1abc:xyz"])
def test_a_forged_link_is_404_and_says_so(home_page, visitor, purpose, token) -> None:
    answer = visitor.post(f"/sv/go/meetings/{purpose}/{token}/")
    assert answer.status_code == 404
    assert answer.templates


def test_a_link_for_another_purpose_is_404(date, visitor) -> None:
    mine = tokens.sign(somebody(date), "mine")
    assert visitor.post(f"/da/go/meetings/confirm/{mine}/").status_code == 404


def test_a_link_of_another_key_is_404(date, visitor, settings) -> None:
    token = signing.dumps(somebody(date).key.hex, key="another", salt="meetings.mine")
    assert visitor.post(f"/da/go/meetings/registration/{token}/").status_code == 404


def test_a_stale_link_is_410(date, visitor, monkeypatch) -> None:
    token = tokens.sign(somebody(date), "confirm")
    monkeypatch.setitem(tokens.PURPOSES, "confirm", -1)
    assert visitor.get(f"/da/go/meetings/confirm/{token}/").status_code == 410


def test_the_link_of_somebody_forgotten_is_410(date, visitor) -> None:
    person = somebody(date)
    token = tokens.sign(person, "mine")
    person.delete()
    assert visitor.get(f"/da/go/meetings/registration/{token}/").status_code == 410


def test_confirming_twice_leads_to_the_registration(date, visitor, monkeypatch) -> None:
    visitor.post(url(date), filled(date, monkeypatch))
    confirm = link_in(drain()[0], "confirm")
    assert [visitor.post(confirm).status_code for _ in range(3)] == [303, 303, 303]
    assert Registration.objects.get().line == 1


def test_confirming_what_was_withdrawn_is_refused_with_a_reason(date, visitor, monkeypatch) -> None:
    visitor.post(url(date), filled(date, monkeypatch))
    confirm = link_in(drain()[0], "confirm")
    withdraw_registration(registration=Registration.objects.get())
    assert visitor.get(confirm).status_code == 200
    assert visitor.post(confirm).status_code == 409


def test_links_work_when_the_page_is_no_longer_public(date, visitor) -> None:
    mine = f"/da/go/meetings/registration/{tokens.sign(somebody(date), 'mine')}/"
    MeetingPage.objects.filter(pk=date.page.pk).update(live=False)
    assert visitor.get(mine).status_code == 200
    assert visitor.post(mine).status_code == 303
    assert Registration.objects.get().state == "withdrawn"


@pytest.mark.parametrize(("data", "status"), [({}, 303), ({"List-Unsubscribe": "One-Click"}, 204)])
def test_reminders_end_by_a_button_or_by_a_mail_programs_click(date, visitor, data, status) -> None:
    url = f"/da/go/meetings/reminders/{tokens.sign(somebody(date), 'reminders')}/"
    assert visitor.get(url).status_code == 200
    assert Registration.objects.get().reminders
    assert visitor.post(url, data).status_code == status
    assert not Registration.objects.get().reminders


# ---- limits ---------------------------------------------------------------------------------------------------------
def test_double_submit_is_harmless(date, visitor, monkeypatch) -> None:
    facts = filled(date, monkeypatch)
    assert [visitor.post(url(date), facts).status_code for _ in range(3)] == [303, 303, 303]
    assert (Registration.objects.count(), len(drain())) == (1, 1)


def test_too_many_from_one_network_are_asked_to_wait_and_keep_what_they_wrote(
    date, visitor, monkeypatch, settings
) -> None:
    settings.TORV_MEETINGS_REGISTRATIONS_PER_HOUR = 3
    answers = [
        visitor.post(url(date), filled(date, monkeypatch, email=f"p{number}@example.org")) for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert answers[3]["Retry-After"] == "3600"
    assert b"p3@example.org" in answers[3].content
    other = visitor.post(url(date), filled(date, monkeypatch, email="p4@example.org"), REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 303


def test_a_sender_behind_a_proxy_is_who_the_proxy_names_last(date, visitor, monkeypatch, settings) -> None:
    settings.TORV_MEETINGS_REGISTRATIONS_PER_HOUR = 1
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for number, status in ((1, 303), (2, 303), (1, 429)):
        facts = filled(date, monkeypatch, email=f"p{number}{status}@example.org")
        forwarded = f"spoofed{status}, 10.0.0.{number}"
        assert visitor.post(url(date), facts, headers={"X-Forwarded-For": forwarded}).status_code == status


def test_one_mailbox_gets_a_few_mails_however_many_meetings_are_asked_for(home_page, visitor, monkeypatch) -> None:
    for _ in range(7):
        date = open_meeting()
        assert visitor.post(url(date), filled(date, monkeypatch)).status_code == 303
    assert len(drain()) == 5
    assert Registration.objects.count() == 7


def test_what_is_counted_names_nobody_and_is_forgotten(date, visitor, monkeypatch) -> None:
    visitor.post(url(date), filled(date, monkeypatch))
    assert not any("127.0.0.1" in row.bucket or "maria" in row.bucket for row in RegistrationCount.objects.all())
    RegistrationCount.objects.all().delete()
    RegistrationCount.objects.create(bucket="old", expires_at=timezone.now() - dt.timedelta(hours=1))
    visitor.post(url(date), filled(date, monkeypatch, email="b@example.org"))
    assert not RegistrationCount.objects.filter(bucket="old").exists()
