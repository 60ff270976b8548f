"""Small subjects whose decisions can be changed in known ways, and what the searches over them read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from explained_samples import Function, clock_of, loaded, model_of, plan_of

from evaluator.analyses.explanations.asking import ask
from evaluator.analyses.explanations.cases.chosen import Chosen
from evaluator.analyses.explanations.changes.allowed import changeable
from evaluator.analyses.explanations.changes.decision import Turn, turn_of
from evaluator.analyses.explanations.changes.searching import Asker
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.ways import contributions_of
from evaluator.plan.schema import Plan
from evaluator.subject.models.model import Model

FAST = 1e6


def explained_by(
    folder: Path, plan: Plan, model: Model, frame: pd.DataFrame, *, rate: float = FAST, parts: bool = False
) -> Explained:
    """What the looks read; contributions only on request, because they take long."""
    subject = loaded(folder, plan, model, frame)
    asked = ask(plan, subject, model)
    found = contributions_of(asked, 2e5, clock_of()) if parts else None
    return Explained(
        plan, subject, asked, rate, clock_of(), None if found is None else found.shown,
        "" if found is not None and found.shown is not None else "no parts were asked for", (None,) * len(asked.columns),
    )  # fmt: skip


def changed_plan(names: tuple[str, ...], columns: dict[str, Any] | None = None, **changes: Any) -> Plan:
    """A binary plan with the given features and what it says about them."""
    data = {"features": list(names), "columns": columns or {}} | changes.pop("data", {})
    return plan_of(data=data, **changes)


def frame_of(n: int, seed: int, **columns: Any) -> pd.DataFrame:
    """Rows with ids, labels drawn evenly, and the given columns."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"id": [f"r{row:04}" for row in range(n)], **columns, "repaid": rng.integers(0, 2, n)})


def turned(explained: Explained) -> Turn:
    turn = turn_of(explained)
    assert isinstance(turn, Turn)
    return turn


def asker_of(explained: Explained, positions: Any) -> Asker:
    turn = turned(explained)
    return Asker(explained.asked.mixer, changeable(explained.asked, up=turn.up), np.asarray(positions, dtype=np.int64))


def cases_at(positions: Any) -> tuple[Chosen, ...]:
    return tuple(Chosen(number, "typical", int(row)) for number, row in enumerate(positions, start=1))


def function_model(function: Function, names: tuple[str, ...]) -> Model:
    return model_of(function, names)
