"""How much one sender may ask for in an hour. What is counted is a keyed hash: nobody can be read from it."""

import datetime as dt
import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from plugins.meetings.models import RegistrationCount

HOUR = dt.timedelta(hours=1)
#: Mails that one address is sent in an hour because somebody typed it into a form.
MAILS_PER_HOUR = 5


def sender(request: HttpRequest) -> str:
    """The network address that the request came from; behind our own proxy the last one that it names."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def take(kind: str, whom: str, most: int) -> bool:
    """Count one more; whether there was one left in this hour."""
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    secret = f"{settings.SECRET_KEY}{hour.date()}".encode()
    bucket = hmac.new(secret, f"{kind} {hour.hour} {whom}".encode(), hashlib.sha256).hexdigest()
    with transaction.atomic():
        row, created = RegistrationCount.objects.get_or_create(bucket=bucket, defaults={"expires_at": hour + 2 * HOUR})
        RegistrationCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
        # Read after the row was written, and so held: of two at the same moment each gets its own number.
        row.refresh_from_db(fields=["count"])
        if created:
            RegistrationCount.objects.filter(expires_at__lt=now).delete()
    return row.count <= most
