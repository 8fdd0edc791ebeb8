"""docs/operations.md lists what settings read from the environment, no more and no less."""

import re

from tests.torv.plugins.packages import ROOT

SETTINGS = ("base", "production")


def test_every_variable_that_settings_read_is_in_the_table_and_no_other() -> None:
    read = {"DJANGO_SETTINGS_MODULE"}
    for name in SETTINGS:
        source = (ROOT / "site" / "torv" / "settings" / f"{name}.py").read_text(encoding="utf-8")
        read |= set(re.findall(r'env(?:\.\w+)?\(\s*"(TORV_\w+)"', source))
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)
    assert sorted(documented) == sorted(read)


def test_every_link_between_documents_leads_somewhere() -> None:
    missing = []
    for file in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", file.read_text(encoding="utf-8")):
            if not (file.parent / target).exists():
                missing.append(f"{file.relative_to(ROOT)}: {target}")
    assert missing == []
