from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evaluator.errors import InputError
from evaluator.plan.schema import Plan
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Subject

Load = Callable[..., Subject]


def plan_of(**sections: Any) -> Plan:
    """A small plan; each section given is laid over the smallest one that loads."""
    base: dict[str, Any] = {
        "plan_version": 1,
        "plan": "loans",
        "title": "Loans",
        "model": {"name": "loans", "version": "2"},
        "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {"evaluation": {"path": "loans.csv"}},
        "words": {"case": ["applicant", "applicants"]},
    }
    for name, section in sections.items():
        base[name] = base[name] | section if isinstance(section, dict) and isinstance(base.get(name), dict) else section
    return Plan.model_validate(base)


def loans(**columns: Any) -> pd.DataFrame:
    """Four rows with a label and a score; columns given are added or replaced."""
    return pd.DataFrame({"repaid": [1, 0, 1, 0], "score": [0.9, 0.2, 0.4, 0.5]} | columns)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write the frame as the evaluation file, and any others by file name; then load the plan's subject."""

    def loading(frame: pd.DataFrame, files: dict[str, pd.DataFrame] | None = None, **sections: Any) -> Subject:
        plan = plan_of(**sections)
        for name, table in ({plan.data.evaluation.path: frame} | (files or {})).items():
            write = table.to_parquet if name.endswith(".parquet") else table.to_csv
            write(tmp_path / name, index=False)
        return load_subject(plan, tmp_path)

    return loading


@pytest.fixture
def refused(load: Load) -> Callable[..., str]:
    """Loading must fail; returns the whole text, which must hold a message and a hint."""

    def failing(*arguments: Any, **sections: Any) -> str:
        with pytest.raises(InputError) as caught:
            load(*arguments, **sections)
        assert caught.value.message
        assert caught.value.hint
        return str(caught.value)

    return failing


@pytest.fixture
def make_plan() -> Callable[..., Plan]:
    return plan_of


@pytest.fixture
def make_loans() -> Callable[..., pd.DataFrame]:
    return loans
