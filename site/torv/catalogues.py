"""The message catalogues: `python -m torv.catalogues update|check|compile`. No gettext programs needed.

update   finds every message in the code and the templates and brings locale/*/LC_MESSAGES/django.po up to date. English
         is filled with the message itself. A message whose wording changed a little keeps its old translation, marked
         fuzzy, for a person to look at. In locale/wagtail/ stand the messages of Wagtail, and of other packages, that
         the installed version has no translation of: see torv.borrowed.
check    says what is missing, untranslated, fuzzy or obsolete, and where a translation has other placeholders or tags
         than its message; exit status 1.
compile  makes the .mo files that Django reads. They are not kept in the repository.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("da", "sv", "en")
SOURCE_LANGUAGE = "en"
FOLDERS = ("home", "directory", "search", "plugins", "site")
TEMPLATE_SUFFIXES = (".html", ".txt", ".xml", ".svg")
SIMILAR = 0.8

# Function -> what its leading arguments are.
FUNCTIONS = {
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(((?:\s*{LITERAL}\s*,?)+)")
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*[\d.]*[a-zA-Z]|%[#0 +-]*[\d.]*[diouxXeEfFgGcrsa](?![a-zA-Zæøåäö])|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")

Key = tuple[str, str]  # context ("" when none), msgid


@dataclass
class Message:
    """One message of the source: where it stands (paths from the root), and its plural where it has one."""

    context: str
    msgid: str
    plural: str = ""
    files: list[str] = field(default_factory=list)
    mixed: bool = False  # used both with and without a plural, or with two plurals: Django would find only one

    @property
    def key(self) -> Key:
        return (self.context, self.msgid)


def python_messages(source: str) -> Iterator[Message]:
    """The messages of a Python file: literal arguments of gettext functions, under whatever name they are imported."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("django.utils", "django.utils.translation")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            function = names.get(node.func.id, "")
        elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            function = node.func.attr if names.get(node.func.value.id) == "translation" else ""
        else:
            continue
        parts = FUNCTIONS.get(function, ())
        values = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        # A variable in place of a literal is translated elsewhere, where it is written.
        if parts and len(values) >= len(parts):
            yield _message(parts, values)


def template_messages(source: str, origin: str = "") -> Iterator[Message]:
    """The messages of a Django template: {% translate %}, {% blocktranslate %} and _("…") in tags and variables."""
    for name, arguments in TEMPLATE_CALL.findall(templatize(source, origin=origin)):
        values = [ast.literal_eval(literal) for literal in re.findall(LITERAL, arguments)]
        parts = FUNCTIONS["gettext" if name == "_" else name]
        if len(values) >= len(parts):
            yield _message(parts, values)


def _message(parts: tuple[str, ...], values: list[str]) -> Message:
    named = dict(zip(parts, values, strict=False))
    return Message(named.get("context", ""), named["msgid"], named.get("plural", ""))


def source_messages(root: Path = ROOT) -> dict[Key, Message]:
    """Every message of the repository, in the order of the files."""
    found: dict[Key, Message] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            for message in file_messages(path, name):
                collect(found, message, name)
    return found


def file_messages(path: Path, name: str) -> Iterator[Message]:
    """The messages of a file, whose name inside its repository or package tells whether it has any."""
    inside = Path(name).parts
    if "migrations" in inside or "tests" in inside or not path.is_file():
        return
    if path.suffix == ".py":
        yield from python_messages(path.read_text(encoding="utf-8"))
    elif "templates" in inside and path.suffix in TEMPLATE_SUFFIXES:
        yield from template_messages(path.read_text(encoding="utf-8"), name)


def collect(found: dict[Key, Message], message: Message, name: str) -> None:
    """Take a message of the file into those that are found."""
    if not message.msgid:
        return
    known = found.setdefault(message.key, message)
    known.mixed = known.mixed or known.plural != message.plural
    known.plural = known.plural or message.plural
    if name not in known.files:
        known.files.append(name)


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> polib.POFile:
    """The catalogue at the path; an empty one where there is none yet."""
    return polib.pofile(str(path), wrapwidth=100) if path.exists() else polib.POFile(wrapwidth=100)


def update(root: Path = ROOT) -> None:
    """Write the catalogues anew from the source; translations that still apply are kept."""
    messages = source_messages(root)
    for language in LANGUAGES:
        write(catalogue_path(language, root), messages, language)


def write(path: Path, messages: Mapping[Key, Message], language: str) -> None:
    """Write one catalogue anew for these messages; translations that still apply are kept."""
    old = {(entry.msgctxt or "", entry.msgid): entry for entry in read(path)}
    gone = {entry.msgid: entry for key, entry in old.items() if key not in messages and is_translated(entry)}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Project-Id-Version": "Torv",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message in messages.values():
        catalogue.append(_entry(message, language, old.get(message.key), gone))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def _entry(
    message: Message, language: str, known: polib.POEntry | None, gone: dict[str, polib.POEntry]
) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.msgid,
        msgctxt=message.context or None,
        msgid_plural=message.plural,
        occurrences=[(name, "") for name in message.files],
        comment=known.comment if known else "",
        tcomment=known.tcomment if known else "",
    )
    if re.search(r"%(\(\w+\))?[a-z]", message.msgid + message.plural):
        entry.flags.append("python-format")
    if language == SOURCE_LANGUAGE:
        _translate(entry, message.msgid, message.plural)
    elif known is not None:
        _translate(entry, known.msgstr or known.msgstr_plural.get(0, ""), known.msgstr_plural.get(1, ""))
        if "fuzzy" in known.flags:
            entry.flags.append("fuzzy")
            entry.previous_msgid = known.previous_msgid
    else:
        _translate(entry, "", "")
        for similar in difflib.get_close_matches(message.msgid, gone, n=1, cutoff=SIMILAR):
            old = gone[similar]
            _translate(entry, old.msgstr or old.msgstr_plural.get(0, ""), old.msgstr_plural.get(1, ""))
            entry.flags.append("fuzzy")
            entry.previous_msgid = old.msgid
    return entry


def _translate(entry: polib.POEntry, singular: str, plural: str) -> None:
    if entry.msgid_plural:
        entry.msgstr_plural = {0: singular, 1: plural}
    else:
        entry.msgstr = singular


def is_translated(entry: polib.POEntry | polib.MOEntry) -> bool:
    """Whether a message has a text in each of its forms."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts)


def check(root: Path = ROOT) -> list[str]:
    """What is wrong with the catalogues, one sentence each; nothing when they are complete."""
    messages = source_messages(root)
    mixed = [
        f"“{message.msgid}” is used with different plurals ({', '.join(message.files)}): give one of them a context"
        for message in messages.values()
        if message.mixed
    ]
    return mixed + [
        problem for language in LANGUAGES for problem in problems(catalogue_path(language, root), messages, language)
    ]


def problems(
    path: Path, messages: Mapping[Key, Message], language: str, gone: str = "is no longer in the source"
) -> Iterator[str]:
    """What is wrong with one catalogue, which should have these messages; `gone` says that one is not among them."""
    seen = set()
    for entry in read(path):
        where = f"{language}: “{entry.msgid}”"
        key = (entry.msgctxt or "", entry.msgid)
        seen.add(key)
        message = messages.get(key)
        if entry.obsolete or message is None:
            yield f"{where} {gone}"
        elif (entry.msgid_plural or "") != message.plural:
            yield f"{where} has another plural in the source"
        elif not is_translated(entry):
            yield f"{where} is not translated"
        elif "fuzzy" in entry.flags:
            yield f"{where} is fuzzy: look at it and remove the mark"
        else:
            yield from (f"{where} {problem}" for problem in _differences(entry))
    for key, message in messages.items():
        if key not in seen:
            yield f"{language}: “{message.msgid}” is missing ({', '.join(message.files)})"


def _differences(entry: polib.POEntry) -> Iterator[str]:
    """How a translation differs in form from its message: placeholders, tags, space at the ends."""
    pairs = [(entry.msgid, entry.msgstr)]
    if entry.msgid_plural:
        pairs = [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
    everything = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
    for number, (original, translated) in enumerate(pairs):
        theirs, ours = PLACEHOLDER.findall(original), PLACEHOLDER.findall(translated)
        # “one page” needs no number where the message has one, and the other way round.
        agree = set(ours) <= everything if entry.msgid_plural and number == 0 else Counter(theirs) == Counter(ours)
        if not agree:
            yield f"has other placeholders in “{translated}”"
        if Counter(TAG.findall(original)) != Counter(TAG.findall(translated)):
            yield f"has other tags in “{translated}”"
        if (original[:1].isspace(), original[-1:].isspace()) != (translated[:1].isspace(), translated[-1:].isspace()):
            yield f"begins or ends with other space in “{translated}”"


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Write the .mo files, each in one step: a site that is starting meanwhile reads the old or the new one."""
    written = []
    for source in sorted((root / "locale").rglob("LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written


def main(arguments: list[str] | None = None) -> int:
    from torv import borrowed

    parser = argparse.ArgumentParser(prog="python -m torv.catalogues", description="The message catalogues.")
    parser.add_argument("action", choices=["update", "check", "compile"])
    action = parser.parse_args(arguments).action
    if action == "update":
        update()
        borrowed.update()
    elif action == "compile":
        compile_catalogues()
    else:
        found = [*check(), *borrowed.check()]
        print("\n".join(found) or "The catalogues are complete.", file=sys.stderr if found else sys.stdout)
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    # Under its own name: torv.borrowed imports it too.
    from torv.catalogues import main as run

    sys.exit(run())
