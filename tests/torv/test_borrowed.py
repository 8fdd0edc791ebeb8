"""Catalogues for what packages say and do not translate, on a small package; and what an editor reads of Wagtail."""

import json
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.users.models import UserProfile

from home.models import Page
from torv import borrowed, catalogues
from torv.borrowed import Package, check, update

SOURCE = """
from django.utils.translation import gettext as _, ngettext

known = _("Known")
unknown = _("Unknown %(name)s")
half = ngettext("%(n)d half", "%(n)d halves", n)
"""


def write(path: Path, *messages: polib.POEntry, compiled: bool = True) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    catalogue.extend(messages)
    catalogue.save(str(path))
    if compiled:
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))


def entry(msgid: str, msgstr: str = "", **values: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **values)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """``books``: a message that is translated, one that is fuzzy, one of two forms, one of a script."""
    folder = tmp_path / "books"
    locale = folder / "locale"
    folder.mkdir()
    (folder / "views.py").write_text(SOURCE, encoding="utf-8")
    for language in ("da", "sv"):
        messages = [entry("Known", f"Known in {language}"), entry("Unknown %(name)s", "Guess", flags=["fuzzy"])]
        write(locale / language / "LC_MESSAGES" / "django.po", *messages, entry("%(n)d half", "%(n)d halv"))
    script = entry("Drag", occurrences=[("src/list.js", "7")])
    write(locale / "en" / "LC_MESSAGES" / "djangojs.po", script, compiled=False)
    return Package("books", folder)


def ours(root: Path, language: str = "da", domain: str = "django") -> dict[str, polib.POEntry]:
    path = root / "locale" / "wagtail" / language / "LC_MESSAGES" / f"{domain}.po"
    return {entry.msgid: entry for entry in polib.pofile(str(path))}


def translate(root: Path, texts: dict[str, str], language: str = "da", domain: str = "django") -> None:
    path = root / "locale" / "wagtail" / language / "LC_MESSAGES" / f"{domain}.po"
    catalogue = polib.pofile(str(path))
    for found in catalogue:
        if found.msgid in texts:
            found.msgstr = texts[found.msgid]
            found.msgstr_plural = {0: texts[found.msgid], 1: texts[found.msgid]} if found.msgid_plural else {}
    catalogue.extend(entry(msgid, text) for msgid, text in texts.items() if msgid not in {e.msgid for e in catalogue})
    catalogue.save(str(path))


def translate_all(root: Path) -> None:
    for language in ("da", "sv"):
        translate(root, {"Unknown %(name)s": "%(name)s!", "%(n)d half": "%(n)d halve"}, language)
        translate(root, {"Drag": "Træk"}, language, "djangojs")


def test_update_takes_what_the_package_has_not_translated(root: Path, package: Package) -> None:
    update(root, [package])
    assert list(ours(root)) == ["Unknown %(name)s", "%(n)d half"]
    assert list(ours(root, domain="djangojs")) == ["Drag"]
    assert ours(root)["Unknown %(name)s"].occurrences == [("books/views.py", "")]


def test_update_keeps_what_is_translated_already(root: Path, package: Package) -> None:
    update(root, [package])
    translate_all(root)
    update(root, [package])
    assert ours(root)["Unknown %(name)s"].msgstr == "%(name)s!"


def test_update_keeps_a_better_word_for_what_the_package_translates(root: Path, package: Package) -> None:
    update(root, [package])
    translate(root, {"Known": "Kendt"})
    update(root, [package])
    assert ours(root)["Known"].msgstr == "Kendt"


def test_update_leaves_out_what_no_package_says_any_more(root: Path, package: Package) -> None:
    update(root, [package])
    translate_all(root)
    (package.folder / "views.py").write_text("", encoding="utf-8")
    update(root, [package])
    assert ours(root) == {}


def test_a_package_in_a_package_is_asked_only_where_it_is_installed(root: Path, package: Package) -> None:
    inner = package.folder / "loans"
    inner.mkdir()
    (inner / "apps.py").write_text("", encoding="utf-8")
    (inner / "views.py").write_text(SOURCE.replace("Unknown", "Lent"), encoding="utf-8")
    update(root, [package])
    assert "Lent %(name)s" not in ours(root)
    update(root, [package, Package("books.loans", inner)])
    assert "Lent %(name)s" in ours(root)


def test_catalogues_that_django_does_not_read_count_for_nothing(root: Path, package: Package) -> None:
    update(root, [Package("books", package.folder, is_read=False)])
    assert "Known" in ours(root)


def test_what_django_translates_itself_is_not_asked_for(root: Path, package: Package) -> None:
    (package.folder / "views.py").write_text(SOURCE.replace("Known", "Monday"), encoding="utf-8")
    update(root, [package])
    assert "Monday" not in ours(root)


def test_check_is_content_when_all_is_translated_by_someone(root: Path, package: Package) -> None:
    update(root, [package])
    translate_all(root)
    assert check(root, [package]) == []


def test_check_finds_a_message_that_nobody_translates(root: Path, package: Package) -> None:
    update(root, [package])
    translate_all(root)
    (package.folder / "more.py").write_text(SOURCE.replace("Known", "New"), encoding="utf-8")
    assert check(root, [package]) == [f"{language}: “New” is missing (books/more.py)" for language in ("da", "sv")]


def test_check_finds_an_empty_translation(root: Path, package: Package) -> None:
    update(root, [package])
    translate_all(root)
    translate(root, {"Drag": ""}, "sv", "djangojs")
    assert check(root, [package]) == ["sv: “Drag” is not translated"]


def test_check_finds_another_placeholder(root: Path, package: Package) -> None:
    update(root, [package])
    translate_all(root)
    translate(root, {"Unknown %(name)s": "Ukendt %(navn)s"})
    assert check(root, [package]) == ["da: “Unknown %(name)s” has other placeholders in “Ukendt %(navn)s”"]


def test_check_finds_what_no_package_says_any_more(root: Path, package: Package) -> None:
    update(root, [package])
    translate_all(root)
    (package.folder / "views.py").write_text(SOURCE.replace("Unknown", "Other"), encoding="utf-8")
    assert "da: “Unknown %(name)s” is no longer said by any package" in check(root, [package])


def test_installed_packages_are_those_of_others() -> None:
    names = [package.name for package in borrowed.installed_packages()]
    assert {"wagtail", "wagtail.admin", "taggit", "modeltranslation", "django_filters"} <= set(names)
    assert [
        name for name in names if name.partition(".")[0] in ("torv", "home", "directory", "search", "plugins")
    ] == []


@pytest.mark.parametrize("language", borrowed.LANGUAGES)
def test_the_sites_own_words_are_heard_before_those_for_wagtail(language: str) -> None:
    path = catalogues.ROOT / borrowed.FOLDER / language / "LC_MESSAGES" / "django.po"
    theirs = {entry.msgid for entry in catalogues.read(path)}
    with translation.override(language):
        for own in catalogues.read(catalogues.catalogue_path(language)):
            if own.msgid in theirs and not own.msgctxt and not own.msgid_plural:
                assert translation.gettext(own.msgid) == own.msgstr


@pytest.mark.parametrize(("language", "text"), [("da", "Annulleret"), ("sv", "Avbruten")])
def test_a_workflow_is_not_called_off_as_a_meeting_is(language: str, text: str) -> None:
    with translation.override(language):
        assert translation.gettext("Cancelled") == text


READ_BY_EDITORS = {
    "da": {
        "wagtailadmin_explore_root": ("Filtrér efter", "Handlinger for flere ad gangen"),
        "edit": ("Gem kladde", "Redigerer", "Lav tidsplan for udgivelse"),
        "wagtailimages:index": ("Tilføj et billede", "Antal anvendelser"),
        "wagtaildocs:index": ("Tilføj et dokument",),
        "wagtailusers_users:index": ("Tilføj en bruger", "Sidst logget ind", "Adgangsniveau"),
        "wagtailadmin_workflows:index": ("Arbejdsgange", "Vis dem, der er slået fra"),
        "wagtailadmin_reports:locked_pages": ("Ingen låste sider fundet.", "Hent CSV"),
        "wagtailsites:index": ("Tilføj et websted",),
        "wagtailredirects:index": ("Der er ikke oprettet nogen omdirigeringer.",),
        "wagtailadmin_account": ("Nuværende tidszone", "Redigeringens udseende"),
        "wagtailadmin_javascript_catalog": ("Hovedmenu", "Skriv din kommentar..."),
    },
    "sv": {
        "edit": ("Automatisk sparning är pausad", "Spara utkast"),
        "wagtailadmin_javascript_catalog": ("Sparar automatiskt…", "Huvudmeny", "Fäll ihop alla"),
    },
}


@pytest.mark.parametrize("language", READ_BY_EDITORS)
def test_an_editor_reads_wagtail_in_their_language(language: str, home_page: Page, admin_client, admin_user) -> None:
    UserProfile.objects.update_or_create(user=admin_user, defaults={"preferred_language": language})
    missing = []
    for name, texts in READ_BY_EDITORS[language].items():
        url = reverse("wagtailadmin_pages:edit", args=[home_page.pk]) if name == "edit" else reverse(name)
        content = admin_client.get(url).content.decode()
        # The catalogue of the scripts is JSON, whose letters are ASCII.
        missing += [f"{name}: {text}" for text in texts if text not in content and json.dumps(text) not in content]
    assert missing == []


@pytest.mark.django_db
def test_whoever_logs_in_reads_the_language_of_the_site(client: Client) -> None:
    content = client.get(reverse("wagtailadmin_login")).content.decode()
    assert settings.LANGUAGE_CODE == "da"
    assert "Glemt adgangskoden?" in content
    assert "Husk mig" in content
