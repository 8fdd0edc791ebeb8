"""Mail to people: written down in the transaction of whatever causes it, sent after it, in the recipient's language.

    mail.queue(key="meetings:confirm:7", to="a@example.org", language="sv", template="meetings/mail/confirm",
               context={"title": "…"})
    mail.queue_many(Mail(…) for person in people)       # a few statements for thousands
    mail.guard("meetings.still_on", reason_not_to)      # asked once more when the mail is about to leave
    mail.erase(about=["meetings:7"])                    # forget what was written to somebody, and to whom

A key is sent once, however often it is queued and whatever dies meanwhile. SMTP leaves one moment open: the server has
taken the mail, and this process is killed before it has noted so. That mail, one for each process killed, is sent
again under the same Message-ID, by which mail servers and programs know it for the same. Every other moment is safe:
before the end of its data a server has taken nothing, after the note nothing is sent again.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torv.mail.sending import guard, try_again
    from torv.mail.writing import Mail, erase, erase_old, queue, queue_many

__all__ = ["Mail", "erase", "erase_old", "guard", "queue", "queue_many", "try_again"]

_SENDING = {"guard", "try_again"}


def __getattr__(name: str) -> Any:
    # Django imports this package before models may be imported, so the functions come when they are first asked for.
    if name in __all__:
        return getattr(import_module("torv.mail.sending" if name in _SENDING else "torv.mail.writing"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
