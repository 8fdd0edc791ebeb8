"""CSV and ZIP files, whatever is in them."""

import io
import zipfile

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from directory.exchange.files import MAX_BYTES, Unreadable, neutralise, pack, read, restore, unpack, write

KNOWN = ("key", "name_da", "city")


def rows(content: bytes) -> list[dict[str, str]]:
    return [cells for _row, cells in read("e.csv", content, KNOWN, ["key"]).rows]


def problems(content: bytes) -> list[tuple[int, str, str]]:
    with override("en"), pytest.raises(Unreadable) as caught:
        read("e.csv", content, KNOWN, ["key"])
    return [(problem.row, problem.column, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("line", ["\r\n", "\n"])
def test_reads_every_common_form(prefix: bytes, delimiter: str, line: str) -> None:
    text = line.join([delimiter.join(["key", "name_da"]), delimiter.join(["1", '"Ærø\nØst"']), ""])
    assert rows(prefix + text.encode()) == [{"key": "1", "name_da": "Ærø\nØst"}]


def test_delimiter_is_the_one_that_names_columns() -> None:
    assert rows(b'key;name_da\n1;"a, b, c"') == [{"key": "1", "name_da": "a, b, c"}]


def test_column_names_are_read_without_case_and_space() -> None:
    assert rows(b" Key , NAME_DA \n1,x") == [{"key": "1", "name_da": "x"}]


def test_blank_rows_are_left_out_and_still_counted() -> None:
    table = read("e.csv", b"key,city\n\n1,x\n,\n2,y\n", KNOWN, ["key"])
    assert [row for row, _cells in table.rows] == [3, 5]


def test_empty_cells_at_the_end_of_a_row_are_ignored() -> None:
    assert rows(b"key,city,,\n1,x,,\n") == [{"key": "1", "city": "x"}]


@pytest.mark.parametrize(
    ("content", "row", "column", "says"),
    [
        (b"", 0, "", "The file is empty."),
        ("key,city\n1,Ærø".encode("latin-1"), 2, "", "not in UTF-8"),
        ("key,city\n1,x".encode("utf-16"), 1, "", "not in UTF-8"),
        (b"key,city\n1,a\x00b", 2, "", "NUL"),
        (b"name_da,city\nx,y", 1, "key", "This column is missing."),
        (b"key,colour\n1,red", 1, "colour", "There is no such column. The columns are:"),
        (b"key,nam_da\n1,red", 1, "nam_da", "There is no such column. Is “name_da” meant?"),
        (b"key,city,city\n1,a,b", 1, "city", "This column is there twice."),
        (b"key,city\n1,a,b", 2, "", "3 cells, but the file has 2 columns"),
        (b"key,city\n1", 2, "", "1 cell, but the file has 2 columns"),
        (b'key,city\n1,"a"b', 2, "", "cannot be read"),
        (b'key,city\n1,"a', 2, "", "cannot be read"),
        (b"key,city\n1," + b"a" * 200_000, 2, "", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(content: bytes, row: int, column: str, says: str) -> None:
    [(found_row, found_column, message)] = problems(content)
    assert (found_row, found_column) == (row, column)
    assert says in message


def test_too_large_a_file_is_refused() -> None:
    assert "larger than 10 MB" in problems(b"key\n" + b"1" * MAX_BYTES)[0][2]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.exchange.files.MAX_ROWS", 2)
    assert "more than 2 rows" in problems(b"key\n1\n2\n3")[0][2]


# ---- formulas -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("cell", ["=1+1", "+45 00", "-5", "@x", "\t=x", " =x", "\r\n=x", "'=x", "''+x", "＝x"])
def test_no_spreadsheet_finds_a_formula(cell: str) -> None:
    assert neutralise(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ærø", "'t Huis", "a=b", "1-2"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert neutralise(cell) == restore(cell) == cell


@given(st.text(alphabet=st.sampled_from("=+-@' \t\nab＝"), max_size=8))
def test_neutralising_is_undone(cell: str) -> None:
    assert restore(neutralise(cell)) == cell


@given(st.lists(st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"])), min_size=2, max_size=2))
def test_what_is_written_is_read_back(cells: list[str]) -> None:
    row = ["1", *cells]
    assert rows(write(list(KNOWN), [row])) == [dict(zip(KNOWN, row, strict=True))]


def outcome(content: bytes) -> list | None:
    """The problems that a file has, None when it can be read."""
    try:
        read("e.csv", content, KNOWN, ["key"])
    except Unreadable as error:
        return error.problems
    return None


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    assert outcome(content) != []


# ---- ZIP ------------------------------------------------------------------------------------------------------------
def test_zip_gives_back_what_was_packed() -> None:
    files = {"a.csv": b"1", "b.csv": b"2"}
    assert unpack("x.zip", pack(files), files) == files


def test_packing_twice_gives_the_same_bytes() -> None:
    assert pack({"a.csv": b"1"}) == pack({"a.csv": b"1"})


def test_zip_is_read_without_folders_case_and_strangers() -> None:
    content = pack({"Export/A.CSV": b"1", "readme.txt": b"", "__MACOSX/a.csv": b"junk"})
    assert unpack("x.zip", content, ["a.csv"]) == {"a.csv": b"1"}


def damaged() -> bytes:
    content = bytearray(pack({"a.csv": b"1,2,3" * 100}))
    content[40:60] = b"\xff" * 20
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no zip", "not a ZIP file"),
        (b"", "not a ZIP file"),
        (damaged(), "ZIP file"),
        (pack({"other.csv": b""}), "has none of these files: a.csv"),
        (pack({"a.csv": b"", "x/a.csv": b""}), "twice"),
    ],
)
def test_unreadable_zip_says_why(content: bytes, says: str) -> None:
    with override("en"), pytest.raises(Unreadable, match=says):
        unpack("x.zip", content, ["a.csv"])


def test_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (MAX_BYTES * 3))
    content = unpack("x.zip", out.getvalue(), ["a.csv"])["a.csv"]
    assert len(content) == MAX_BYTES + 1
    with pytest.raises(Unreadable):
        read("a.csv", content, KNOWN, ["key"])
