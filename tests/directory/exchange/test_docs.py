"""The manual names every file and every column."""

from pathlib import Path

import pytest
from django.conf import settings

from directory.exchange.sheets import SHEETS, Sheet
from torv.languages import DEFAULT, OTHERS


def manual() -> str:
    return (Path(settings.BASE_DIR) / "docs" / "import.md").read_text()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.file)
def test_manual_names_every_column(sheet: Sheet) -> None:
    text = manual()
    missing = [
        header
        for header in sheet.headers
        if f"`{header}`" not in text and not header.endswith(tuple(f"_{language}" for language in OTHERS))
    ]
    assert sheet.file in text
    assert missing == []
    assert DEFAULT == "da"
