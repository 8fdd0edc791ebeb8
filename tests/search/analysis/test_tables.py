import json
import shutil
import threading
from pathlib import Path

import pytest

from search import analysis
from search.analysis import TablesMissing, check_tables, index_tokens, query_tokens
from search.analysis.lexicon import Lexicon
from search.analysis.tables import MANIFEST, TABLES, manifest, tables_version


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the shipped tables to damage."""
    return Path(shutil.copytree(TABLES, tmp_path / "tables"))


def test_shipped_tables_are_whole() -> None:
    check_tables()


def test_missing_table_is_one_sentence_that_names_it_and_the_remedy(tables: Path) -> None:
    (tables / "sv.forms.marisa").unlink()
    with pytest.raises(TablesMissing, match=r"sv\.forms\.marisa is missing .*`python -m search\.analysis\.build"):
        check_tables(tables)
    with pytest.raises(TablesMissing, match=r"sv\.forms\.marisa"):
        Lexicon("sv", tables)


@pytest.mark.parametrize("content", [b"", b"not a table"])
def test_truncated_table_is_damaged(tables: Path, content: bytes) -> None:
    (tables / "da.forms.marisa").write_bytes(content)
    with pytest.raises(TablesMissing, match=r"da\.forms\.marisa is damaged"):
        check_tables(tables)
    with pytest.raises(TablesMissing, match=r"da\.forms\.marisa is damaged"):
        Lexicon("da", tables)


def test_changed_byte_is_damage(tables: Path) -> None:
    path = tables / "da.rules.json.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    with pytest.raises(TablesMissing, match=r"da\.rules\.json\.gz is damaged"):
        check_tables(tables)
    with pytest.raises(TablesMissing, match="tables for da are damaged"):
        Lexicon("da", tables)


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b'{"files": {}}'])
def test_unreadable_manifest_is_one_sentence(tables: Path, content: bytes | None) -> None:
    if content is None:
        (tables / MANIFEST).unlink()
    else:
        (tables / MANIFEST).write_bytes(content)
    with pytest.raises(TablesMissing, match=MANIFEST):
        check_tables(tables)


def test_version_is_short_and_follows_the_tables(tables: Path) -> None:
    assert len(analysis.TABLES_VERSION) == 10
    assert int(analysis.TABLES_VERSION, 16) >= 0
    assert tables_version(tables) == analysis.TABLES_VERSION
    entries = json.loads((tables / MANIFEST).read_text())
    entries["files"]["en.forms.marisa"]["sha256"] = "0" * 64
    (tables / MANIFEST).write_text(json.dumps(entries))
    manifest.cache_clear()
    tables_version.cache_clear()
    assert tables_version(tables) != tables_version()


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        index_tokens("Reinigung", "de")


def test_threads_get_the_same_tokens() -> None:
    text = "Cleaning, gardening and organising rengøringsservice städtjänster " * 5
    expected = {lang: (index_tokens(text, lang), query_tokens(text, lang)) for lang in analysis.LANGUAGES}
    from search.analysis.analyser import analyser

    for language in analysis.LANGUAGES:
        analyser(language).tokens.cache_clear()
    analysis._tokens_of.cache_clear()
    analysis._repeated.cache_clear()
    analysis._query_word.cache_clear()
    wrong: list[str] = []

    def work() -> None:
        for language, (fields, query) in expected.items():
            if index_tokens(text, language) != fields or query_tokens(text, language) != query:
                wrong.append(language)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
