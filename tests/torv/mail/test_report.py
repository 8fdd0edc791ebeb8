"""Mails in trouble, shown to editors: on the first page, in a report, with a way to try again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.actions import ensure_roles
from torv import mail, outbox
from torv.mail.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, django_user_model, home_page):
    user = django_user_model.objects.create_user("editor")
    user.groups.add(next(group for group in ensure_roles() if group.name == "Editors"))
    client.force_login(user)
    return client


@pytest.fixture
def troubled(inbox, send) -> Message:
    inbox.refuse["maria@example.org"] = ["550 No such person"]
    return send()


def test_the_first_page_names_mails_in_trouble(editor, troubled) -> None:
    text = editor.get(reverse("wagtailadmin_home")).content.decode()
    assert "550 No such person" in text
    assert reverse("mail_troubles") in text


def test_the_first_page_is_silent_when_all_is_well(editor, inbox, send) -> None:
    send()
    assert "mail-troubles" not in editor.get(reverse("wagtailadmin_home")).content.decode()


def test_the_report_says_what_the_server_said_and_tries_again(editor, troubled, inbox) -> None:
    url = reverse("mail_troubles")
    assert "550 No such person" in editor.get(url).content.decode()
    assert editor.post(url, {"message": troubled.pk}).status_code == 302
    outbox.drain(topics=["mail"])
    troubled.refresh_from_db()
    assert (troubled.state, len(inbox.mails)) == ("sent", 1)


def test_all_are_tried_again_at_once(editor, inbox) -> None:
    for number in range(3):
        inbox.refuse[f"p{number}@example.org"] = ["550 Gone"]
        mail.queue(key=str(number), to=f"p{number}@example.org", language="da", template="note")
    outbox.drain(topics=["mail"])
    editor.post(reverse("mail_troubles"))
    outbox.drain(topics=["mail"])
    assert len(inbox.mails) == 3


@pytest.mark.parametrize("message", ["x", "0", "9" * 40, "-1"])
def test_trying_nonsense_again_changes_nothing(editor, troubled, message) -> None:
    assert editor.post(reverse("mail_troubles"), {"message": message}).status_code == 302
    troubled.refresh_from_db()
    assert troubled.state == "failed"


def test_what_should_have_left_long_ago_is_in_trouble(db) -> None:
    mail.queue(key="one", to="maria@example.org", language="da", template="note")
    assert not Message.objects.in_trouble().exists()
    Message.objects.update(created_at=timezone.now() - dt.timedelta(hours=1))
    assert Message.objects.in_trouble().exists()


def test_without_the_permission_there_is_no_report(client, django_user_model, troubled) -> None:
    client.force_login(django_user_model.objects.create_user("visitor"))
    answer = client.get(reverse("mail_troubles"))
    assert answer.status_code in (302, 403)
    assert b"maria@" not in answer.content
