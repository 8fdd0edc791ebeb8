"""Sort keys for names in the reader's alphabet, comparable bytewise by any engine and any database.

Danish ends in æ ø å (aa is å), Swedish in å ä ö, English has neither; each files the others' letters with its own.
Words sort before longer words with the same beginning, numbers by their value, punctuation not at all. A key has three
levels with a tab between: letters, then accents, then case, so that only names that are the same name are ever equal.
"""

import functools
import re
import unicodedata

MAX_NAME = 200  # characters of a name that count
_SEPARATOR = "\t"  # below the space between words, so that the shorter of two names comes first
_APOSTROPHE = re.compile("['’‘ʼ`´\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_NUMBER = re.compile(r"\d+")
_NO_LETTERS = re.compile(r"(?:[^\w{|}]|_)+")  # braces and the bar stand for letters after z

# The three letters after z are the three ASCII characters after z.
_AFTER_Z = {
    "da": {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "œ": "|", "å": "}", "ü": "y", "ű": "y", "ő": "|"},
    "sv": {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "œ": "}", "ü": "y", "ű": "y", "ő": "}"},
    "en": {"æ": "ae", "œ": "oe", "ø": "o"},
}
_EVERYWHERE = {"ß": "ss", "ð": "d", "đ": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng"}
_TABLES = {language: str.maketrans({**_EVERYWHERE, **letters}) for language, letters in _AFTER_Z.items()}


@functools.lru_cache(5_000)
def sort_key(text: str, language: str) -> str:
    """A string that sorts bytewise (as UTF-8) as readers of `language` expect the names to; never fails on a text."""
    text = unicodedata.normalize("NFC", text[:MAX_NAME])
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    folded = unicodedata.normalize("NFC", text.casefold())
    return _SEPARATOR.join((_letters(folded, language), " ".join(folded.split()), " ".join(text.split()).swapcase()))


def _letters(text: str, language: str) -> str:
    if _APOSTROPHE.search(text):
        text = _APOSTROPHE.sub("", text)
    if language == "da":
        text = text.replace("aa", "å")
    text = text.translate(_TABLES[language])
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return _NUMBER.sub(_number, " ".join(_NO_LETTERS.sub(" ", text).split()))


def _number(found: re.Match[str]) -> str:
    """Its digits after their count: 9 -> 019, 10 -> 0210."""
    digits = "".join(str(unicodedata.decimal(c)) for c in found[0]).lstrip("0") or "0"
    return f"{min(len(digits), 99):02d}{digits}"
