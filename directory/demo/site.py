"""A whole demonstration site: front page, running text, directory, suppliers, users, and what plugins add to it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from wagtail.images import get_image_model
from wagtail.models import Site

from directory.actions import ensure_roles
from directory.demo.content import Entry, enterprises, read
from directory.demo.loader import add_page, load_enterprises, pages_added_before
from directory.demo.users import AUTHOR, ensure_users, give_listing, join_groups, logins
from directory.models import DirectoryPage
from home.models import Footer, HomePage, Page, StandardPage
from torv.languages import DEFAULT, OTHERS, localized
from torv.plugins import plugins

PAGES = Path(apps.get_app_config("home").path) / "demo"
"""The folder of the front page's and the standard pages' texts and pictures."""

FRONT, DIRECTORY = "home", "directory"
"""The keys of the two pages that every site has."""

TYPES: Mapping[str, type[Page]] = {"home": HomePage, "standard": StandardPage}
TEXTS = ("title", "introduction", "search_description")

DIRECTORY_TEXTS: Entry = {
    "slugs": {"da": "leverandoerer", "sv": "leverantorer", "en": "suppliers"},
    "title": {"da": "Leverandører", "sv": "Leverantörer", "en": "Suppliers"},
    "introduction": {
        "da": "Find socialøkonomiske virksomheder, der sælger ydelser og produkter til kommuner og regioner.",
        "sv": "Hitta sociala företag som säljer tjänster och produkter till kommuner och regioner.",
        "en": "Find social enterprises that sell services and products to municipalities and regions.",
    },
    "show_in_menus": True,
}


def load_all() -> list[str]:
    """Put everything on the site that was never there, in one transaction; a line on each thing for whoever asked.

    :raises directory.demo.loader.MissingCodes: the reference data have not been loaded.
    """
    with override(DEFAULT), transaction.atomic():
        new_users = ensure_users()
        written = {entry["key"]: entry for entry in read(PAGES / "pages.yaml")}
        new: dict[str, Page] = {}
        front = _front_page(written[FRONT], new)
        directory = _directory(front, new)
        ensure_roles()
        join_groups(new_users)
        author = get_user_model().objects.get(username=AUTHOR)  # with the permissions of the group just joined
        _add_pages(written, front, new, author)
        _publish_pages(written, new, author)
        _foot(front)
        listings, offers = load_enterprises(directory, enterprises(), author)
        give_listing(new_users)
        hooked = plugins.collect("demo_content", home=front)
    return [
        ngettext("%(n)d page added", "%(n)d pages added", len(new)) % {"n": len(new)},
        ngettext("%(n)d supplier added", "%(n)d suppliers added", listings) % {"n": listings},
        ngettext("%(n)d offer added", "%(n)d offers added", offers) % {"n": offers},
        *hooked,
        _("To log in at /cms/, name and password:"),
        *logins(new_users),
    ]


def _front_page(entry: Entry, new: dict[str, Page]) -> HomePage:
    """The default site's front page; made when the site still has the welcome page of a fresh database."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    present = site and site.root_page.specific
    if isinstance(present, HomePage):
        return present
    if present and type(present) is Page:
        present.delete()  # and the site with it: made anew below
    front = add_page(Page.get_first_root_node(), _page(HomePage, entry), FRONT, None)
    # The default site answers on every host and port, so several demos on one machine need no settings.
    defaults = {"hostname": "localhost", "port": 80, "site_name": "Torv", "root_page": front}
    Site.objects.update_or_create(is_default_site=True, defaults=defaults)
    new[FRONT] = front
    return front


def _directory(front: HomePage, new: dict[str, Page]) -> DirectoryPage:
    present = DirectoryPage.objects.child_of(front).first()
    if present:
        return present
    new[DIRECTORY] = add_page(front, _page(DirectoryPage, DIRECTORY_TEXTS), DIRECTORY, None)
    return new[DIRECTORY]


def _add_pages(written: Mapping[str, Entry], front: HomePage, new: dict[str, Page], author: Any) -> None:
    """The standard pages that were never there, without their bodies, which link to each other."""
    before = pages_added_before()
    for key, entry in written.items():
        if entry["type"] != "standard" or key in before:
            continue
        parent = new.get(entry["parent"]) or Page.objects.filter(pk=before.get(entry["parent"])).first() or front
        new[key] = add_page(parent, _page(StandardPage, entry), key, author)


def _page(model: type[Page], entry: Entry) -> Page:
    """A page with everything but its body, in memory."""
    page = model(slug=entry["slugs"][DEFAULT], show_in_menus=entry["show_in_menus"])
    for language in OTHERS:
        setattr(page, f"slug_{language}", entry["slugs"][language])
    for field in TEXTS:
        for language, text in entry.get(field, {}).items():
            setattr(page, localized(field, language), text.strip())
    for language, words in entry.get("often_searched", {}).items():
        setattr(page, localized("often_searched", language), "\n".join(words))
    return page


def _publish_pages(written: Mapping[str, Entry], new: Mapping[str, Page], author: Any) -> None:
    ids = pages_added_before()
    for key, page in new.items():
        for language, blocks in written.get(key, {}).get("body", {}).items():
            column = localized("body", language)
            stream = page._meta.get_field(column).stream_block
            value = [{"type": block["type"], "value": _with_ids(block["value"], ids)} for block in blocks]
            setattr(page, column, stream.to_python(value))
        page.full_clean()
        page.save_revision(user=author, clean=False).publish(user=author)


def _foot(front: HomePage) -> None:
    """What stands at the foot of the pages, unless the site says it already. Pages that are gone are left out."""
    site = Site.objects.get(root_page=front)
    if Footer.objects.filter(site=site).exists():
        return
    written, ids = read(PAGES / "footer.yaml"), pages_added_before()
    foot = Footer(site=site, email=written["email"], phone=written["phone"])
    for language, text in written["text"].items():
        setattr(foot, localized("text", language), text)
    foot.columns = Footer._meta.get_field("columns").stream_block.to_python(
        [
            {
                "type": "column",
                "value": {
                    **_in_languages("heading", column["heading"]),
                    "links": [_foot_link(link, ids) for link in column["links"] if ids.get(link.get("page", FRONT))],
                },
            }
            for column in written["columns"]
        ]
    )
    foot.save()


def _foot_link(link: Entry, ids: Mapping[str, int]) -> dict[str, Any]:
    if "page" in link:
        return {"type": "page", "value": ids[link["page"]]}
    return {"type": "outside", "value": {**_in_languages("label", link["label"]), "address": link["address"]}}


def _in_languages(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {localized(name, language): text for language, text in texts.items()}


def _with_ids(value: Any, ids: Mapping[str, int]) -> Any:
    """A block's value with database keys instead of the names of pages and pictures."""
    if isinstance(value, list):
        return [_with_ids(item, ids) for item in value]
    if not isinstance(value, dict):
        return value.strip() if isinstance(value, str) else value
    if "file" in value:
        rest = {name: item for name, item in value.items() if name != "file"}
        return {"image": _image(value["file"]).pk, **rest}
    return {name: ids[item] if name == "page" and item else _with_ids(item, ids) for name, item in value.items()}


def _image(name: str) -> Any:
    """The picture that lies beside the texts, put among the site's once."""
    model = get_image_model()
    title = Path(name).stem.replace("-", " ").capitalize()
    present = model.objects.filter(title=title).first()
    if present:
        return present
    with (PAGES / name).open("rb") as file:
        return model.objects.create(title=title, file=ImageFile(file, name=name))
