"""Words of a text and their normal forms: one spelling for letters that Danish and Swedish share.

Everything here is pure and language-free.  A *word* is lower case, NFC, without invisible characters; its *normal*
form is the token both engines index; its *plain* form is what a keyboard without Scandinavian letters would type.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

MAX_WORD = 64  # letters; anything longer is no word of a living language: it is neither looked up, split nor cached
MAX_TOKEN = 120  # characters of a token that reach an index

_MARKS = "".join(
    chr(c)
    for block in ((0x300, 0x1E00), (0x20D0, 0x2100), (0x302A, 0x3100), (0xA66F, 0xAC00), (0xFB1E, 0xFB1F))
    for c in range(*block)
    if unicodedata.category(chr(c)) in ("Mn", "Mc")
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero-width spaces and joiners, byte order mark
_INSIDE = f"[{re.escape(_MARKS)}{_INVISIBLE}]"
_LETTER = f"[^\\W_]{_INSIDE}*"
# Inflections that are written apart from the word: city's, tv'et, pc'erne; Swedish cd:n, tv:ns.
_APOSTROPHE_ENDING = "(?:s|er|ers|en|ens|et|ets|erne|ernes)"
_COLON_ENDING = "(?:n|ns|t|ts|s|en|ens|et|ets|ar|er|or|na|arna|arnas|erna|ernas|are)"
_WORD = re.compile(
    f"(?P<word>(?:{_LETTER})+(?:['’](?!{_APOSTROPHE_ENDING}(?![^\\W_]))(?:{_LETTER})+)*)"
    f"(?:['’]{_APOSTROPHE_ENDING}(?![^\\W_])|:{_COLON_ENDING}(?![^\\W_]))?",
    re.IGNORECASE,
)
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_ODD = re.compile(f"['’:{re.escape(_MARKS)}{_INVISIBLE}]")  # what needs the careful way of reading words
_REMOVE = dict.fromkeys(map(ord, _INVISIBLE))

_SHARED = str.maketrans(
    {"ä": "æ", "ö": "ø", "ü": "y", "ß": "ss", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "œ": "ø", "ı": "i", "’": "'"}
)
_PLAIN = str.maketrans({"å": "a", "æ": "a", "ä": "a", "ø": "o", "ö": "o", "ü": "u"})
_KEPT = frozenset("åæø")
_WITHOUT_KEPT = dict.fromkeys(map(ord, _KEPT))
_TYPED = re.compile("a[ae]+|oe+")  # aa, ae, oe: one letter typed as two


class Span(NamedTuple):
    """A word where it stands: `text[start:end]` is what was written, `word` what the analysis sees."""

    start: int
    end: int
    word: str


def _clean(word: str) -> str:
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFC", word.translate(_REMOVE)).lower()
    return unicodedata.normalize("NFC", word).replace("’", "'")


def _plainly(text: str) -> tuple[re.Pattern[str], str] | None:
    """(pattern of a word, the text in lower case) where the words are as they stand, as in most texts. None for one
    that needs care: endings after an apostrophe or a colon, decomposed or invisible letters.
    """
    lower = text.lower()
    if len(lower) != len(text):
        return None
    if lower.isascii():
        return None if "'" in lower or ":" in lower else (_ASCII_WORD, lower)
    if _ODD.search(lower) or not unicodedata.is_normalized("NFC", lower):
        return None
    return _PLAIN_WORD, lower


def words(text: str) -> list[str]:
    """The words of a text in order: NFC, lower case; endings after an apostrophe or a colon are dropped."""
    if plainly := _plainly(text):
        pattern, lower = plainly
        return pattern.findall(lower)
    return [span.word for span in spans(text)]


def spans(text: str) -> Iterator[Span]:
    """The words of a text with their places in it; the written ending belongs to the place."""
    if plainly := _plainly(text):
        pattern, lower = plainly
        for match in pattern.finditer(lower):
            yield Span(match.start(), match.end(), match[0])
        return
    for match in _WORD.finditer(text):
        word = _clean(match["word"])
        if word:
            yield Span(match.start(), match.end(), word)


def _bare(word: str) -> str:
    """Without accents, the Scandinavian letters kept."""
    if word.isascii() or word.translate(_WITHOUT_KEPT).isascii():
        return word
    out = []
    for letter in word:
        if letter.isascii() or letter in _KEPT:
            out.append(letter)
        else:
            out.extend(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(out))


def normal(word: str) -> str:
    """The token of a word: å=aa, ä=æ, ö=ø, accents off, so that Aarhus=Århus and Örebro=Ørebro.  Idempotent."""
    if not word.isascii():
        word = _bare(word.translate(_SHARED))
    return word.replace("aa", "å")[:MAX_TOKEN] if "aa" in word else word[:MAX_TOKEN]


def plain(word: str) -> str:
    """What is left when diacritics cannot be typed: å/aa, æ/ä/ae and ø/ö/oe become a, a, o."""
    word = _bare(word.translate(_PLAIN).translate(_SHARED)).translate(_PLAIN)[: 2 * MAX_TOKEN]
    return _TYPED.sub(lambda found: found[0][0], word)[:MAX_TOKEN]
