"""Mails to people who have registered: what each is called, what it says, and when it is not wanted any more."""

from plugins.meetings.mails.clock import keep_series_going, keep_the_clock
from plugins.meetings.mails.composing import Letter, send

__all__ = ["Letter", "connect", "keep_series_going", "keep_the_clock", "send"]


def connect() -> None:
    """Name who carries out what the outbox holds for meetings, and who has the last word on a mail."""
    from plugins.meetings.actions.changes import TELL
    from plugins.meetings.mails import clock, guards, telling
    from torv import mail, outbox

    outbox.register(TELL, telling.tell, slow=True)
    outbox.register(clock.TOPIC, clock.strike, slow=True)
    outbox.register(clock.SERIES, clock.next_day, slow=True)
    mail.guard(guards.STILL_COMING, guards.still_coming)
