"""The worked example of the bias audit as rows: 440 people, 40 of them of unknown sex and race, made from counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

CELLS: dict[tuple[str, str], tuple[int, int]] = {
    ("Male", "Asian"): (22, 40), ("Male", "White"): (50, 100), ("Male", "Black"): (24, 60), ("Male", "AI/AN"): (1, 4),
    ("Female", "Asian"): (16, 33), ("Female", "White"): (45, 100), ("Female", "Black"): (18, 60), ("Female", "AI/AN"): (1, 3),
}  # fmt: skip
"""Selected and all, by sex and race."""
UNKNOWN = (10, 40)
LAW: dict[str, Any] = {
    "sex": "sex", "race_ethnicity": "race", "exclude_below": 0.02, "justification": "Too few for a stable rate.",
    "tool_name": "Sample screening tool", "independence_statement": "The auditor had no part in making it.",
}  # fmt: skip
DATA: dict[str, Any] = {"sensitive": ["sex", "race"], "columns": {}}


def rows_of(cells: dict[tuple[Any, Any], tuple[int, int]]) -> pd.DataFrame:
    """One row per person: selected ones have the score 0.9, the others 0.1."""
    rows = [(sex, race, 0.9 if place < x else 0.1) for (sex, race), (x, n) in cells.items() for place in range(n)]
    frame = pd.DataFrame(rows, columns=["sex", "race", "score"])
    frame["id"] = [f"p{place}" for place in range(len(frame))]
    frame["label"] = (np.arange(len(frame)) % 3 > 0).astype(int)
    return frame


def worked_example() -> pd.DataFrame:
    return rows_of({**CELLS, (None, None): UNKNOWN})


def law(**changes: Any) -> dict[str, Any]:
    """The section `fairness` of a plan."""
    return {"nyc_ll144": LAW | changes}
