"""Taking in what readers say of a page."""

import datetime as dt
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from home.models import Page, PageFeedback
from torv.languages import LANGUAGES

SALT = "home.feedback"
OLDEST = dt.timedelta(days=7)
FASTEST = dt.timedelta(seconds=2)
"""Nobody reads a page in less: what is sent sooner is thanked for, and thrown away."""

LONGEST = 1000
"""Signs of a comment."""

MOST_IN_A_DAY = 40
"""Answers from one network address: an office shares one."""


class TooMuch(Exception):
    """This sender has said enough for today."""


@dataclass(frozen=True)
class Place:
    """Where the form stood: the page's primary key, the language, the address to lead back to, and when it was made."""

    page: int
    language: str
    path: str
    made: dt.datetime


def token(page: Page, language: str, path: str) -> str:
    """What a form carries instead of a cookie: signed, so that it can only come from a page that was shown."""
    made = int(timezone.now().timestamp())
    return signing.dumps([page.pk, language, path[:500], made], salt=SALT)


def read_token(text: str, *, old: bool = False) -> Place:
    """The place that a token stands for; `old` takes one of any age.

    :raises ValidationError: it is forged, cut off or too old.
    """
    try:
        page, language, path, made = signing.loads(text, salt=SALT)
        place = Place(int(page), str(language), str(path), dt.datetime.fromtimestamp(made, tz=dt.UTC))
    except (signing.BadSignature, ValueError, TypeError, OverflowError) as error:
        raise ValidationError(_("This form cannot be read. Open the page again and send it from there.")) from error
    if place.language not in LANGUAGES or (not old and timezone.now() - place.made > OLDEST):
        raise ValidationError(_("This form is too old. Open the page again and send it from there."))
    return place


def sender(request: HttpRequest) -> str:
    """A hash of the network address that means nothing tomorrow, and nothing to anybody without the site's secret."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    address = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    secret = f"{settings.SECRET_KEY}{SALT}{timezone.localdate()}".encode()
    return hmac.new(secret, address.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def record_feedback(*, place: Place, useful: bool | None, comment: str, sender: str) -> PageFeedback:
    """Keep an answer. The same one twice (a double click, a reload) is kept once.

    :raises ValidationError: it says nothing, says too much, or the page is gone.
    :raises TooMuch: the sender has reached the day's limit.
    """
    comment = _plain(comment)
    if useful is None and not comment:
        raise ValidationError(_("Answer yes or no, or write a comment."))
    if len(comment) > LONGEST:
        raise ValidationError(_("A comment has at most %(number)d characters.") % {"number": LONGEST})
    if not Page.objects.live().filter(pk=place.page).exists():
        raise ValidationError(_("The page is no longer here."))
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    PageFeedback.objects.filter(at__lt=midnight).exclude(sender="").update(sender="")
    today = PageFeedback.objects.filter(sender=sender, at__gte=midnight)
    same = today.filter(page=place.page, useful=useful, comment=comment).first()
    if same is not None:
        return same
    if today.count() >= MOST_IN_A_DAY:
        raise TooMuch
    return PageFeedback.objects.create(
        page_id=place.page, language=place.language, useful=useful, comment=comment, sender=sender
    )


@transaction.atomic
def delete_feedback(*, feedback: PageFeedback, by: Any) -> None:
    """Throw an answer away: somebody wrote of a person in it.

    :raises PermissionDenied: the user may not.
    """
    if not by.has_perm("home.delete_pagefeedback"):
        raise PermissionDenied
    feedback.delete()


def _plain(text: str) -> str:
    """Text as people write it: line breaks of one kind, no other control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
