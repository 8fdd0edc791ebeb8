"""Import and export on the command line."""

import io
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from directory.exchange.sheets import BY_FILE
from directory.models import EnterprisePage

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.parametrize("target", ["list.zip", "folder"])
def test_export_and_import_again(enterprise: EnterprisePage, tmp_path: Path, target: str) -> None:
    run("directory_export", tmp_path / target)
    assert "0 new and 0 changed enterprises" in run("directory_import", tmp_path / target)


def test_export_into_a_folder_writes_every_file(enterprise: EnterprisePage, tmp_path: Path) -> None:
    run("directory_export", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(BY_FILE)


def test_dry_run_says_what_would_change(enterprise: EnterprisePage, tmp_path: Path) -> None:
    path = tmp_path / "enterprises.csv"
    path.write_text("key,city\nbaekbo,Skive\n")
    out = run("directory_import", path, "--dry-run")
    assert "change baekbo: city" in out
    assert "Would import: 0 new and 1 changed" in out
    assert EnterprisePage.objects.get().city == "Viborg"


def test_errors_are_listed_and_the_command_fails(enterprise: EnterprisePage, tmp_path: Path) -> None:
    path = tmp_path / "enterprises.csv"
    path.write_text("key,employees\nbaekbo,many\n")
    err = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("directory_import", str(path), stderr=err)
    assert "enterprises.csv" in err.getvalue()
    assert "employees" in err.getvalue()


@pytest.mark.parametrize("name", ["missing.zip", "missing.csv"])
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match=name):
        run("directory_import", tmp_path / name)


def test_folder_without_our_files(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has none of these files"):
        run("directory_import", tmp_path)


def test_user_who_may_not_import(enterprise: EnterprisePage, tmp_path: Path) -> None:
    get_user_model().objects.create_user("visitor")
    run("directory_export", tmp_path / "list.zip")
    with pytest.raises(CommandError, match="visitor may not import"):
        run("directory_import", tmp_path / "list.zip", "--user", "visitor")
    with pytest.raises(CommandError, match="no user nobody"):
        run("directory_import", tmp_path / "list.zip", "--user", "nobody")


def test_roles_are_listed(enterprise: EnterprisePage) -> None:
    assert "Translators (sv)" in run("directory_roles")
