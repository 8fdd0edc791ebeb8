"""Links that only the recipient of a mail can have, and the form's own proof of where it came from. Nothing is stored.

A visitor has no session and no cookie: the form carries a signed, dated token instead.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from plugins.meetings.mails.addresses import absolute
from plugins.meetings.models import Registration

#: Seconds in which the link of the first mail confirms.
CONFIRM_AGE = 3 * 24 * 3600
#: Seconds in which the other links work; the registration is anonymised long before.
LINK_AGE = 3 * 366 * 24 * 3600
#: A person needs longer than this to fill in the form; after the second, the form was left open too long.
FORM_YOUNGEST, FORM_OLDEST = 2.0, 24 * 3600

PURPOSES = {"confirm": CONFIRM_AGE, "mine": LINK_AGE, "reminders": LINK_AGE}


class Unusable(Exception):
    """A link that nobody was sent ("forged"), or that was sent too long ago ("stale")."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def sign(registration: Registration, purpose: str) -> str:
    """The token of a link for one person and one purpose."""
    return signing.dumps(registration.key.hex, salt=f"meetings.{purpose}")


def read(token: str, purpose: str) -> uuid.UUID:
    """The registration's key. Raises Unusable."""
    try:
        return uuid.UUID(signing.loads(token, salt=f"meetings.{purpose}", max_age=PURPOSES[purpose]))
    except signing.SignatureExpired as error:
        raise Unusable("stale") from error
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
        raise Unusable("forged") from error


def path(registration: Registration, purpose: str) -> str:
    """Where the person goes on, on the host that they are on, in their language."""
    with override(registration.language):
        return reverse(f"meetings:{purpose}", args=[sign(registration, purpose)])


def link(registration: Registration, purpose: str) -> str:
    """The whole address, for a mail."""
    return absolute(path(registration, purpose))


# ---- the form's token -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FormAge:
    """What the token says of a form that was sent: `forged`, `hasty`, `stale`, or neither."""

    forged: bool = False
    hasty: bool = False
    stale: bool = False


def form_token(occurrence_id: int) -> str:
    return signing.TimestampSigner(salt="meetings.form").sign(str(occurrence_id))


def form_age(token: Any, occurrence_id: int) -> FormAge:
    signer = signing.TimestampSigner(salt="meetings.form")
    try:
        if signer.unsign(str(token), max_age=FORM_OLDEST) != str(occurrence_id):
            return FormAge(forged=True)
    except signing.SignatureExpired:
        return FormAge(stale=True)
    except signing.BadSignature:
        return FormAge(forged=True)
    try:
        signer.unsign(str(token), max_age=FORM_YOUNGEST)
    except signing.SignatureExpired:
        return FormAge()
    return FormAge(hasty=True)
