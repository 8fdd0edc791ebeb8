"""When an address changes, in any language, the old one leads to the page; so do those below it (home.middleware)."""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import override
from wagtail.contrib.redirects.models import Redirect

from torv.languages import LANGUAGES

if TYPE_CHECKING:
    from home.models import Page

#: (page's primary key, language) -> (site id, root address, path)
Addresses = dict[tuple[int, str], Any]

#: Of the page that is being moved just now, by primary key. Editors and programs move by Wagtail's action, not by
#: the page's own method: its signals are what all of them set off.
_before_moving: ContextVar[dict[int, Addresses]] = ContextVar("addresses before a move")


def subtree_urls(page: "Page") -> Addresses:
    """The addresses of a page and of the live pages below it, in every language."""
    pages = list(apps.get_model("home", "Page").objects.filter(path__startswith=page.path, live=True))
    found: Addresses = {}
    for language in LANGUAGES:
        with override(language):
            found.update({(p.pk, language): p.get_url_parts() for p in pages})
    return found


def create(before: Addresses, after: Addresses) -> None:
    """Redirect every old address that differs from the new one; an address in use again is redirected no longer."""
    for place, old in before.items():
        new = after.get(place)
        if not old or not new or old == new:
            continue
        in_use = Redirect.objects.filter(old_path=Redirect.normalise_path(new[2]), site_id=new[0])
        in_use.filter(automatically_created=True).delete()
        Redirect.objects.update_or_create(
            old_path=Redirect.normalise_path(old[2]),
            site_id=old[0],
            defaults={"redirect_page_id": place[0], "automatically_created": True},
        )


def note_addresses(sender: Any, instance: "Page", **kwargs: Any) -> None:
    """A page is about to be moved."""
    _before_moving.set({instance.pk: subtree_urls(instance)})


def redirect_from_before(sender: Any, instance: "Page", **kwargs: Any) -> None:
    """It has been."""
    create(_before_moving.get({}).pop(instance.pk, {}), subtree_urls(instance))


def rename_below(page: "Page", old: str, new: str) -> None:
    """What stood at ``old`` below a page stands at ``new`` ("kategori/vask/") in the active language."""
    parts = page.get_url_parts()
    if not parts:
        return
    site, _root, base = parts
    was, now = Redirect.normalise_path(base + old), Redirect.normalise_path(base + new)
    if len(was) > Redirect._meta.get_field("old_path").max_length:
        return
    automatic = Redirect.objects.filter(site_id=site, automatically_created=True)
    automatic.filter(old_path=now).delete()
    earlier = automatic.filter(redirect_page=page, redirect_page_route_path=f"/{old}", old_path__startswith=base)
    earlier.update(redirect_page_route_path=f"/{new}")
    Redirect.objects.update_or_create(
        old_path=was,
        site_id=site,
        defaults={"redirect_page": page, "redirect_page_route_path": f"/{new}", "automatically_created": True},
    )
