"""Whatever stands in a cell, the answer is a report."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.actions import import_enterprises
from directory.exchange.files import write
from directory.exchange.sheets import KEY, SHEETS, Sheet
from directory.models import EnterprisePage

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
LIKELY = st.sampled_from(
    ["", "DK", "SE", "yes", "20", "live", "draft", "da", "clean", "90919300", "2026-01-01", "-1", "1e9", "٣"]
)
CELL = st.one_of(LIKELY, TEXT)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.file)
@pytest.mark.parametrize("key", ["baekbo", "new"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_cell_ends_in_a_report(enterprise: EnterprisePage, sheet: Sheet, key: str, data: st.DataObject) -> None:
    cells = [key if header == KEY or header == "enterprise" else data.draw(CELL) for header in sheet.headers]
    plan = import_enterprises(files={sheet.file: write(sheet.headers, [cells])}, dry_run=True)
    assert plan.problems or plan.changes or plan.unchanged
    assert all(problem.row == 2 or not problem.row for problem in plan.problems)
    assert all(problem.column in ["", *sheet.headers] for problem in plan.problems)
