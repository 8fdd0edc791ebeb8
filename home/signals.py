"""What publishing and moving a page sets off."""

from typing import Any

from wagtail.signals import page_published, post_page_move, pre_page_move

from home import redirects
from home.models import Page
from home.stamps import stamp


def connect() -> None:
    page_published.connect(note_languages, dispatch_uid="home.stamps")
    pre_page_move.connect(redirects.note_addresses, dispatch_uid="home.redirects.before")
    post_page_move.connect(redirects.redirect_from_before, dispatch_uid="home.redirects.after")


def note_languages(sender: Any, instance: Page, **kwargs: Any) -> None:
    """In which languages readers are given something new."""
    instance.updated_in = stamp(instance)
    Page.objects.filter(pk=instance.pk).update(updated_in=instance.updated_in)
