"""CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.report.csv_text import RISKY, csv_text, harmless


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "\n=cmd|' /C calc'!A0"])
def test_a_cell_that_would_run_is_made_text(cell: str) -> None:
    assert harmless(cell).startswith("'")


@pytest.mark.parametrize("cell", ["women", "0.5", "a=b", "", "−1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_every_cell_comes_back_and_none_can_run(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(("=a", "b"), rows), newline="")))
    assert read == [["'=a", "b"], *([harmless(cell) for cell in row] for row in rows)]
    assert not any(cell.lstrip().startswith(RISKY) for row in read for cell in row)
