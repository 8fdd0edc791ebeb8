"""The catalogue tool, on a small repository of its own."""

from pathlib import Path

import polib
import pytest

from torv import borrowed, catalogues
from torv.catalogues import catalogue_path, check, compile_catalogues, python_messages, template_messages, update

PYTHON = """
from django.utils import translation
from django.utils.translation import gettext as _, ngettext
from elsewhere import pgettext

title = _("Find suppliers")
long = _("One sentence "
         "in two pieces.")
count = ngettext("%(n)d supplier", "%(n)d suppliers", n)
other = translation.gettext_lazy("Later")
unknown = _(variable)
theirs = pgettext("context", "not ours")
_ , rest = "tuple", None
"""

TEMPLATE = """
{% load i18n %}
<h1>{% translate "Find suppliers" %}</h1>
{% translate "May" context "month" as month %}
{% blocktranslate trimmed count n=total %}
  {{ n }} offer
{% plural %}
  {{ n }} offers
{% endblocktranslate %}
{{ value|default:_("nothing") }}
{# translate "a comment" #}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "home" / "templates" / "home").mkdir(parents=True)
    (tmp_path / "home" / "views.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "home" / "templates" / "home" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    update(tmp_path)
    return tmp_path


def edit(root: Path, language: str, msgid: str, msgstr: str, plural: str = "") -> None:
    path = catalogue_path(language, root)
    catalogue = polib.pofile(str(path))
    entry = next(entry for entry in catalogue if entry.msgid == msgid)
    if entry.msgid_plural:
        entry.msgstr_plural = {0: msgstr, 1: plural}
    else:
        entry.msgstr = msgstr
    catalogue.save(str(path))


def translate_all(root: Path) -> None:
    for language in ("da", "sv"):
        path = catalogue_path(language, root)
        catalogue = polib.pofile(str(path))
        for entry in catalogue:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
            else:
                entry.msgstr = entry.msgid
        catalogue.save(str(path))


def entries(root: Path, language: str) -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(catalogue_path(language, root)))}


def test_python_messages_are_literals_of_gettext_under_any_name() -> None:
    assert [(m.context, m.msgid, m.plural) for m in python_messages(PYTHON)] == [
        ("", "Find suppliers", ""),
        ("", "One sentence in two pieces.", ""),
        ("", "%(n)d supplier", "%(n)d suppliers"),
        ("", "Later", ""),
    ]


def test_template_messages_know_contexts_plurals_and_filters() -> None:
    assert [(m.context, m.msgid, m.plural) for m in template_messages(TEMPLATE)] == [
        ("", "Find suppliers", ""),
        ("month", "May", ""),
        ("", "%(n)s offer", "%(n)s offers"),
        ("", "nothing", ""),
    ]


def test_template_messages_read_quotes_and_letters_as_they_are() -> None:
    source = """{% blocktranslate %}Don't say “æøå” or "x"{% endblocktranslate %}"""
    assert [m.msgid for m in template_messages(source)] == ["""Don't say “æøå” or "x\""""]


def test_update_names_the_files_of_a_message(root: Path) -> None:
    files = [name for name, _line in entries(root, "da")["Find suppliers"].occurrences]
    assert files == ["home/templates/home/page.html", "home/views.py"]


def test_update_fills_english_with_the_message(root: Path) -> None:
    english = entries(root, "en")
    assert english["Later"].msgstr == "Later"
    assert english["%(n)s offer"].msgstr_plural == {0: "%(n)s offer", 1: "%(n)s offers"}


def test_update_keeps_translations(root: Path) -> None:
    edit(root, "da", "Later", "Senere")
    edit(root, "da", "%(n)s offer", "%(n)s tilbud", "%(n)s tilbud")
    update(root)
    assert entries(root, "da")["Later"].msgstr == "Senere"
    assert entries(root, "da")["%(n)s offer"].msgstr_plural[1] == "%(n)s tilbud"


def test_update_twice_writes_the_same(root: Path) -> None:
    before = catalogue_path("sv", root).read_bytes()
    update(root)
    assert catalogue_path("sv", root).read_bytes() == before


def test_update_marks_the_translation_of_a_reworded_message(root: Path) -> None:
    edit(root, "da", "Find suppliers", "Find leverandører")
    for path in root.rglob("home/**/*.*"):
        path.write_text(path.read_text(encoding="utf-8").replace("Find suppliers", "Find a supplier"), encoding="utf-8")
    update(root)
    entry = entries(root, "da")["Find a supplier"]
    assert (entry.msgstr, "fuzzy" in entry.flags, entry.previous_msgid) == ("Find leverandører", True, "Find suppliers")
    assert any("fuzzy" in problem for problem in check(root))


def test_update_leaves_out_what_is_no_longer_said(root: Path) -> None:
    edit(root, "sv", "Later", "Senare")
    (root / "home" / "views.py").unlink()
    update(root)
    assert "Later" not in entries(root, "sv")


def test_update_passes_by_migrations_and_tests(root: Path) -> None:
    for folder in ("migrations", "tests"):
        (root / "home" / folder).mkdir()
        (root / "home" / folder / "x.py").write_text(
            "from django.utils.translation import gettext as _\n_('Never')\n", encoding="utf-8"
        )
    update(root)
    assert "Never" not in entries(root, "da")


def test_check_is_content_with_complete_catalogues(root: Path) -> None:
    translate_all(root)
    assert check(root) == []


def test_check_finds_what_is_not_translated(root: Path) -> None:
    translate_all(root)
    edit(root, "sv", "Later", "")
    assert check(root) == ["sv: “Later” is not translated"]


def test_check_finds_half_a_plural(root: Path) -> None:
    translate_all(root)
    edit(root, "da", "%(n)s offer", "%(n)s tilbud", "")
    assert check(root) == ["da: “%(n)s offer” is not translated"]


def test_check_finds_a_message_that_no_catalogue_has(root: Path) -> None:
    translate_all(root)
    (root / "home" / "apps.py").write_text(
        "from django.utils.translation import gettext as _\n_('New')\n", encoding="utf-8"
    )
    assert check(root) == [f"{language}: “New” is missing (home/apps.py)" for language in ("da", "sv", "en")]


def test_check_finds_what_is_no_longer_said(root: Path) -> None:
    translate_all(root)
    source = root / "home" / "views.py"
    source.write_text(source.read_text(encoding="utf-8").replace('"Later"', "later"), encoding="utf-8")
    assert check(root) == [f"{language}: “Later” is no longer in the source" for language in ("da", "sv", "en")]


def test_check_finds_another_placeholder(root: Path) -> None:
    translate_all(root)
    edit(root, "sv", "%(n)d supplier", "en leverantör", "%(m)d leverantörer")
    assert check(root) == ["sv: “%(n)d supplier” has other placeholders in “%(m)d leverantörer”"]


def test_check_finds_lost_tags_and_spaces(root: Path) -> None:
    (root / "home" / "apps.py").write_text(
        "from django.utils.translation import gettext as _\n_('<b>Bold</b> ')\n", encoding="utf-8"
    )
    update(root)
    translate_all(root)
    edit(root, "da", "<b>Bold</b> ", "Fed")
    assert len(check(root)) == 2


def test_check_finds_a_message_with_and_without_a_plural(root: Path) -> None:
    (root / "home" / "apps.py").write_text(
        "from django.utils.translation import gettext as _\n_('%(n)s offer')\n", encoding="utf-8"
    )
    update(root)
    translate_all(root)
    assert ["with different plurals" in problem for problem in check(root)] == [True]


def test_compile_writes_what_django_reads(root: Path) -> None:
    translate_all(root)
    edit(root, "da", "Later", "Senere")
    assert compile_catalogues(root) == [
        catalogue_path(language, root).with_suffix(".mo") for language in ("da", "en", "sv")
    ]
    compiled = polib.mofile(str(catalogue_path("da", root).with_suffix(".mo")))
    assert next(entry for entry in compiled if entry.msgid == "Later").msgstr == "Senere"
    assert list(root.rglob("*.mo.*")) == []


def test_compile_writes_those_for_packages_too(root: Path) -> None:
    source = root / borrowed.FOLDER / "da" / "LC_MESSAGES" / "djangojs.po"
    source.parent.mkdir(parents=True)
    polib.POFile().save(str(source))
    assert source.with_suffix(".mo") in compile_catalogues(root)
    assert source.with_suffix(".mo").exists()


def test_compile_of_a_new_checkout_without_catalogues_does_nothing(tmp_path: Path) -> None:
    assert compile_catalogues(tmp_path) == []


@pytest.mark.parametrize("action", ["update", "compile"])
def test_command_succeeds(action: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, action if action == "update" else "compile_catalogues", lambda: None)
    monkeypatch.setattr(borrowed, "update", lambda: None)
    assert catalogues.main([action]) == 0


def test_command_fails_when_catalogues_are_incomplete(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogues, "check", lambda: ["da: “Later” is not translated"])
    monkeypatch.setattr(borrowed, "check", lambda: ["sv: “Drag” is not translated"])
    assert catalogues.main(["check"]) == 1
    said = capsys.readouterr().err
    assert "Later" in said
    assert "Drag" in said


def test_every_message_of_the_repository_can_be_read() -> None:
    messages = catalogues.source_messages()
    assert len(messages) > 300
    assert [message.msgid for message in messages.values() if message.mixed] == []
