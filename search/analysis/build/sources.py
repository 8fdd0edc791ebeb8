"""Where the tables' words come from, pinned by version and checksum."""

import collections
import gzip
import hashlib
import importlib.metadata
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

# SHA-256 of the dictionaries in Debian's hunspell-da and hunspell-sv 1:7.5.0-1 (LibreOffice dictionaries 7.5.0).
DICTIONARIES = {
    "da": (
        "da_DK",
        {
            "aff": "04adcad2f9e1c225b9cb3e32f56eb79185bed8d13076eadd0763de0431d1e937",
            "dic": "f109ff6296b66ec43bc3405e4c06fa8ec55dc67821fe6bf3f5ac147fb07040e2",
        },
    ),
    "sv": (
        "sv_SE",
        {
            "aff": "b721c9d44bee912feb182b601a1bc2ae3e7dffef660f4130cf2751867488a9dd",
            "dic": "8bf485a6b0be30bd901d7acbdc1a8ee9c70471885b476f2e42eeba6fe2959bee",
        },
    ),
}
PACKAGES = {"lemmy": "2.1.0", "marisa-trie": "1.4.1", "spacy-lookups-data": "1.0.5", "wordfreq": "3.1.1"}
LETTERS = re.compile(r"[^\W\d_]+")


class SourceError(Exception):
    """A source is missing or is not the pinned one."""


def check(folder: Path) -> dict[str, str]:
    """{source: version or checksum}; raises `SourceError` naming every source that is not the pinned one."""
    found, wrong = {}, []
    for name, files in DICTIONARIES.values():
        for ending, expected in files.items():
            path = folder / f"{name}.{ending}"
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "missing"
            if found[path.name] != expected:
                wrong.append(f"{path} is {found[path.name]}, not {expected}")
    for name, expected in PACKAGES.items():
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "missing"
        if found[name] != expected:
            wrong.append(f"{name} is {found[name]}, not {expected}")
    if wrong:
        raise SourceError("; ".join(wrong))
    return found


def lookups(name: str) -> Any:
    """A table of spacy-lookups-data, such as `da_lemma_lookup`."""
    import spacy_lookups_data

    path = Path(spacy_lookups_data.__file__).parent / "data" / f"{name}.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def frequencies(language: str) -> dict[str, float]:
    """{word: Zipf frequency} of everything wordfreq knows."""
    import wordfreq

    found = wordfreq.get_frequency_dict(language, "best")
    return {word: wordfreq.freq_to_zipf(share) for word, share in found.items() if share > 0}


def label_words(path: Path, language: str) -> dict[str, int]:
    """{word: occurrences} in the CPV labels of a language; `path`: tab-separated, columns code, en, da, sv."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    column = header.split("\t").index(language)
    count: collections.Counter[str] = collections.Counter()
    for line in lines:
        for word in LETTERS.findall(unicodedata.normalize("NFC", line.split("\t")[column])):
            count[word if word.isupper() else word.lower()] += 1
    return {word.lower(): n for word, n in count.items()}
