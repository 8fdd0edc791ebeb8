"""Mail against a real server: sent once, tried again when refused for now, given up when refused for good."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.torv.mail.server import MailServer
from torv import mail, outbox
from torv.mail import Mail
from torv.mail.models import Message
from torv.mail.sending import PAUSES
from torv.outbox.models import OutboxEntry

pytestmark = pytest.mark.django_db

State = Message.State


def make_due() -> None:
    OutboxEntry.objects.filter(state="pending").update(available_at=timezone.now())


def drain() -> None:
    make_due()
    outbox.drain(topics=["mail"])


# ---- what arrives ---------------------------------------------------------------------------------------------------
def test_a_mail_arrives_with_text_and_html(send, inbox) -> None:
    row = send()
    [arrived] = inbox.mails
    assert row.state == State.SENT
    assert arrived["To"] == "maria@example.org"
    assert arrived.get_body(("plain",)).get_content() == "Møde & Torv\n\nVi ses.\n"
    assert "<p>Møde</p>" in arrived.get_body(("html",)).get_content()


def test_a_mail_is_marked_as_written_by_a_machine(send, inbox) -> None:
    send()
    assert inbox.mails[0]["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(("language", "word"), [("da", "Hjem"), ("sv", "Hem"), ("en", "Home")])
def test_a_mail_is_in_the_recipients_language(send, inbox, language, word) -> None:
    send(language=language)
    [arrived] = inbox.mails
    assert arrived["Content-Language"] == language
    assert f'<html lang="{language}">' in arrived.get_body(("html",)).get_content()
    assert arrived["Subject"].startswith(word) or language != "en"


def test_text_is_not_escaped_and_html_is(send, inbox) -> None:
    send(context={"title": "Fisk & <Flæsk>", "text": ""})
    [arrived] = inbox.mails
    assert arrived["Subject"].endswith("Fisk & <Flæsk>")
    assert arrived.get_body(("plain",)).get_content().startswith("Fisk & <Flæsk> & Torv")
    assert "Fisk &amp; &lt;Flæsk&gt;" in arrived.get_body(("html",)).get_content()


@pytest.mark.parametrize("ending", ["\r\nBcc: spy@example.org", "\nBcc: spy@example.org", "\x0bBcc: x", "\u2028Bcc: x"])
def test_line_breaks_in_a_title_add_no_header(send, inbox, ending) -> None:
    send(context={"title": f"Møde{ending}", "text": ""})
    [arrived] = inbox.mails
    assert arrived["Bcc"] is None
    assert "\n" not in arrived["Subject"]
    assert inbox.recipients == ["maria@example.org"]


def test_line_breaks_in_a_header_add_none(send, inbox) -> None:
    send(headers={"Reply-To": "karin@example.org\r\nBcc: spy@example.org"})
    assert inbox.mails[0]["Bcc"] is None
    assert inbox.recipients == ["maria@example.org"]


def test_line_breaks_in_an_address_are_refused(send, inbox) -> None:
    row = send(to="maria@example.org\r\nBcc: spy@example.org")
    assert (row.state, inbox.mails) == (State.FAILED, [])


def test_a_calendar_is_an_invitation_and_a_file(send, inbox) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Møde\r\nEND:VCALENDAR\r\n"
    send(attachments=[("aflyst.ics", "text/calendar; method=CANCEL", calendar)])
    parts = [part for part in inbox.mails[0].walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == ["CANCEL", "CANCEL"]
    assert [part.get_filename() for part in parts] == [None, "aflyst.ics"]
    assert all("SUMMARY:Møde" in part.get_content() for part in parts)


# ---- once -----------------------------------------------------------------------------------------------------------
def test_a_key_is_sent_once_however_often_it_is_queued(send, inbox) -> None:
    for _ in range(3):
        send()
    assert len(inbox.mails) == 1


def test_an_entry_that_is_carried_out_again_sends_nothing(send, inbox) -> None:
    row = send()
    outbox.enqueue(topic="mail", key=str(row.pk))
    drain()
    assert len(inbox.mails) == 1


def test_a_mail_of_a_transaction_that_fails_is_never_sent(inbox) -> None:
    with transaction.atomic():
        mail.queue(key="one", to="maria@example.org", language="da", template="note")
        transaction.set_rollback(True)
    drain()
    assert (inbox.mails, Message.objects.count()) == ([], 0)


def test_many_mails_take_few_queries_and_one_connection(inbox, django_assert_max_num_queries) -> None:
    people = [
        Mail(key=f"n{number}", to=f"p{number}@example.org", language="sv", template="note", context={"title": "x"})
        for number in range(400)
    ]
    with CaptureQueriesContext(connection) as captured:
        assert mail.queue_many(people) == 400
    assert len(captured) < 25
    assert mail.queue_many(people) == 0
    drain()
    assert inbox.delivered() == dict.fromkeys((person.to for person in people), 1)
    assert len(inbox.sessions) == 4


# ---- refused --------------------------------------------------------------------------------------------------------
def test_refused_for_now_is_tried_again_under_the_same_message_id(send, inbox) -> None:
    inbox.refuse["maria@example.org"] = ["450 Mailbox busy"]
    row = send()
    assert (row.state, row.attempts) == (State.RETRYING, 1)
    assert "450 Mailbox busy" in row.error
    drain()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (State.SENT, 2, "")
    assert inbox.mails[0]["Message-ID"] == row.message_id


def test_refused_for_now_waits_its_time(send, inbox) -> None:
    inbox.refuse["maria@example.org"] = ["450 Mailbox busy"]
    send()
    outbox.drain(topics=["mail"])
    assert inbox.mails == []


def test_refused_for_now_for_ever_is_given_up(send, inbox) -> None:
    inbox.refuse["maria@example.org"] = ["450 Mailbox busy"] * (len(PAUSES) + 5)
    row = send()
    for _ in range(len(PAUSES) + 3):
        drain()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.FAILED, len(PAUSES) + 1)


@pytest.mark.parametrize("where", ["refuse", "refuse_data"])
def test_refused_for_good_is_given_up_with_the_servers_words(send, inbox, where) -> None:
    getattr(inbox, where)["maria@example.org"] = ["550 No such person"] * 3
    row = send()
    drain()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (State.FAILED, 1, "550 No such person")


def test_one_refusal_holds_up_nobody_else(inbox) -> None:
    inbox.refuse["p1@example.org"] = ["550 No such person"]
    inbox.refuse_data["p2@example.org"] = ["452 Disk full"]
    mail.queue_many(
        Mail(key=f"n{number}", to=f"p{number}@example.org", language="da", template="note") for number in range(5)
    )
    drain()
    assert sorted(inbox.recipients) == ["p0@example.org", "p3@example.org", "p4@example.org"]


def test_a_server_that_is_down_costs_no_attempt_and_loses_nothing(send, server: MailServer) -> None:
    server.stop()
    row = send()
    assert (row.state, row.attempts) == (State.QUEUED, 0)
    assert "refused" in row.error
    server.start()
    drain()
    row.refresh_from_db()
    assert (row.state, len(server.inbox.mails)) == (State.SENT, 1)


def test_a_server_that_is_shutting_down_costs_no_attempt(send, inbox) -> None:
    inbox.refuse["maria@example.org"] = ["421 Going down"]
    row = send()
    assert row.attempts == 0
    drain()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.SENT, 1)


def test_a_template_that_fails_is_given_up_alone(send, inbox) -> None:
    broken = send(key="broken", template="nothing_of_this_name")
    fine = send(key="fine")
    assert (broken.state, fine.state) == (State.FAILED, State.SENT)


# ---- not needed any more --------------------------------------------------------------------------------------------
def test_a_mail_that_is_too_late_is_dropped(send, inbox) -> None:
    row = send(expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert (row.state, inbox.mails) == (State.DROPPED, [])


def test_a_guard_has_the_last_word(send, inbox, monkeypatch) -> None:
    monkeypatch.setattr("torv.mail.sending._guards", {"test.off": lambda message: "The meeting is cancelled"})
    row = send(guard="test.off")
    assert (row.state, row.error, inbox.mails) == (State.DROPPED, "The meeting is cancelled", [])


def test_without_its_guard_a_mail_is_not_sent(send, inbox) -> None:
    assert send(guard="plugin.that_is_gone").state == State.DROPPED


# ---- editors: try again ---------------------------------------------------------------------------------------------
def test_try_again_sends_what_was_given_up(send, inbox) -> None:
    inbox.refuse["maria@example.org"] = ["550 No such person"]
    row = send()
    assert mail.try_again(Message.objects.in_trouble()) == 1
    drain()
    row.refresh_from_db()
    assert row.state == State.SENT


def test_try_again_leaves_what_was_sent(send, inbox) -> None:
    send()
    assert mail.try_again(Message.objects.all()) == 0


# ---- forgetting -----------------------------------------------------------------------------------------------------
def test_erase_forgets_what_was_said_and_to_whom_but_not_that_it_was_sent(send, inbox) -> None:
    row = send(about="person:1")
    assert mail.erase(about=["person:1"]) == 1
    row.refresh_from_db()
    assert (row.state, row.to, row.subject, row.context, row.attachments) == (State.SENT, "", "", {}, [])


def test_erase_stops_what_has_not_left(inbox, send) -> None:
    mail.queue(key="one", to="maria@example.org", language="da", template="note", about="person:1")
    mail.erase(about=["person:1"])
    drain()
    assert (inbox.mails, Message.objects.get().state) == ([], State.DROPPED)


def test_old_mails_are_erased_after_their_time(send, inbox, settings) -> None:
    old, young = send(key="old"), send(key="young", to="young@example.org")
    settings.TORV_MAIL_KEEP_DAYS = 30
    Message.objects.filter(pk=old.pk).update(sent_at=timezone.now() - dt.timedelta(days=31))
    assert mail.erase_old() == 1
    assert (Message.objects.get(pk=old.pk).to, Message.objects.get(pk=young.pk).to) == ("", "young@example.org")
