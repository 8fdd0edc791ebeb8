"""A row becomes a mail: texts in the recipient's language, headers that no text can add lines to."""

import re
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context
from django.template.loader import get_template
from django.utils.encoding import force_str
from django.utils.translation import override

from torv.mail.models import Message

SUBJECT_LENGTH = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
# A machine wrote it: other machines should not answer (RFC 3834).
ALWAYS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def one_line(text: Any) -> str:
    """A text without line breaks, control and direction characters, fit for a header."""
    return " ".join(_CONTROL.sub(" ", force_str(text)).split())


def render(message: Message) -> EmailMultiAlternatives:
    """The mail as it is handed to the server. Raises ValidationError for an address that is none, and what templates
    raise."""
    validate_email(message.to)
    with override(message.language):
        values = {
            "site_name": settings.WAGTAIL_SITE_NAME,
            "site_url": settings.WAGTAILADMIN_BASE_URL,
            **message.context,
            "language": message.language,
        }
        subject = one_line(_rendered(f"{message.template}.subject.txt", values, autoescape=False))[:SUBJECT_LENGTH]
        text = _rendered(f"{message.template}.txt", values, autoescape=False)
        html = _rendered(f"{message.template}.html", {**values, "subject": subject}, autoescape=True)
    headers = {name: one_line(value) for name, value in message.headers.items()}
    email = EmailMultiAlternatives(
        subject=subject,
        body=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        to=[message.to],
        headers={
            **ALWAYS, **headers, "Content-Language": message.language, "Message-ID": message.message_id,
        },
    )  # fmt: skip
    email.attach_alternative(html.strip() + "\n", "text/html")
    for name, mimetype, content in message.attachments:
        if mimetype.startswith("text/calendar"):
            email.attach_alternative(content, mimetype)  # where programs look for an invitation
        email.attach(one_line(name), content, mimetype)
    return email


def _rendered(template: str, values: dict[str, Any], autoescape: bool) -> str:
    # Text is no HTML: what is "&" in a title is "&" in a subject.
    return get_template(template).template.render(Context(values, autoescape=autoescape))
