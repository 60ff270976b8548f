"""Small lenders, each with one fault in one slice: applicants of the west."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from evaluator.analyses.failures.causes import causes
from evaluator.analyses.failures.found import FoundSlice
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import SliceCause
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Subject

N = 8_000
WEST = 0.15
REGIONS = ("centre", "east", "north", "south", "west")
REGION_SHARES = (0.25, 0.2, 0.2, 0.2, WEST)
NUMBERS = ("income", "debt", "years")
FEATURES = (*NUMBERS, "housing", "channel")
INCOME_MIDDLE, INCOME_SPREAD = 7.7, 0.4


class Lender(NamedTuple):
    """Both tables, and what the plan says besides."""

    test: pd.DataFrame
    train: pd.DataFrame
    task: Mapping[str, Any] = MappingProxyType({})


def people(rng: np.random.Generator, n: int = N) -> pd.DataFrame:
    """Applicants; nothing is missing, repeated or off."""
    return pd.DataFrame(
        {
            "region": rng.choice(REGIONS, n, p=REGION_SHARES),
            "income": np.exp(rng.normal(INCOME_MIDDLE, INCOME_SPREAD, n)),
            "debt": rng.gamma(4.0, 8.0, n),
            "years": rng.gamma(2.0, 3.0, n),
            "housing": rng.choice(["owner", "tenant"], n),
            "channel": rng.choice(["branch", "online", "phone"], n),
        }
    )


def log_odds(rows: pd.DataFrame) -> np.ndarray:
    """What the columns say about repaying, for everyone alike."""
    income = (np.log(rows["income"]) - INCOME_MIDDLE) / INCOME_SPREAD
    debt, years = (rows["debt"] - 32) / 16, (rows["years"] - 6) / 4.2
    owner = np.where(rows["housing"] == "owner", 0.4, -0.4)
    return np.asarray(1.6 * income - 1.2 * debt + 0.8 * years + owner, dtype=np.float64)


def chance(odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def outcomes(odds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return (rng.random(odds.size) < chance(odds)).astype(np.int64)


def clean(seed: int, n: int = N) -> tuple[np.random.Generator, pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Test and training tables with outcomes and honest scores, and which test rows are of the west."""
    rng = np.random.default_rng(seed)
    tables = []
    for _ in range(2):
        rows = people(rng, n)
        odds = log_odds(rows)
        tables.append(rows.assign(repaid=outcomes(odds, rng), score=chance(odds)))
    return rng, tables[0], tables[1], (tables[0]["region"] == "west").to_numpy()


def nothing(seed: int) -> Lender:
    """No fault at all."""
    _, test, train, _ = clean(seed)
    return Lender(test, train)


def units(seed: int) -> Lender:
    """The west records yearly incomes."""
    _, test, train, west = clean(seed)
    test["income"] = test["income"].where(~west, test["income"] * 12)
    return Lender(test.assign(score=chance(log_odds(test))), train)


def new_levels(seed: int) -> Lender:
    """Half of the west applies in a way that training never saw, and the model takes it for a bad sign."""
    rng, test, train, west = clean(seed)
    new = west & (rng.random(N) < 0.5)
    test["channel"] = test["channel"].where(~new, "app")
    return Lender(test.assign(score=chance(log_odds(test) - 3.0 * new)), train)


def copies(seed: int) -> Lender:
    """Some 60 wrong cases of the west are there six times."""
    rng, test, train, west = clean(seed)
    wrong = np.flatnonzero(west & ((test["score"] >= 0.5) != test["repaid"]))
    chosen = rng.choice(wrong, min(60, wrong.size), replace=False)
    return Lender(pd.concat([test, *[test.iloc[chosen]] * 5], ignore_index=True), train)


def missing(seed: int) -> Lender:
    """Half of the incomes of the west are missing, and few elsewhere; the model takes a low one for them."""
    rng, test, train, west = clean(seed)
    gone = rng.random(N) < np.where(west, 0.5, 0.02)
    seen = test.assign(income=test["income"].where(~gone, np.exp(INCOME_MIDDLE - INCOME_SPREAD)))
    scored = test.assign(score=chance(log_odds(seen)))
    return Lender(scored.assign(income=test["income"].where(~gone)), train)


def training(seed: int) -> Lender:
    """In the west debts are a good sign, and next to no training row is of the west."""
    rng, test, train, _ = clean(seed)
    tables = []
    for rows in (test, train[(train["region"] != "west") | (rng.random(N) < 0.05)].reset_index(drop=True)):
        other = (rows["region"] == "west").to_numpy()
        odds = log_odds(rows) + np.where(other, 2.4 * (rows["debt"] - 32) / 16, 0.0)
        tables.append(rows.assign(repaid=outcomes(odds, rng)))
    model = LogisticRegression(max_iter=300).fit(_read(tables[1]), tables[1]["repaid"])
    scores = [model.predict_proba(_read(table))[:, 1] for table in tables]
    return Lender(tables[0].assign(score=scores[0]), tables[1].assign(score=scores[1]))


def _read(rows: pd.DataFrame) -> np.ndarray:
    parts = [np.log(rows["income"]) - INCOME_MIDDLE, (rows["debt"] - 32) / 16, (rows["years"] - 6) / 4.2]
    return np.stack([*parts, rows["housing"] == "owner", rows["region"] == "west"], axis=1).astype(float)


def shift(seed: int) -> Lender:
    """In the west debts have grown to where the model never learned that more debts no longer matter."""
    rng, test, train, west = clean(seed)
    moved = west & (rng.random(N) < 0.5)
    test["debt"] = test["debt"] + np.where(moved, 60.0, 0.0)
    bent = test.assign(debt=np.where(test["debt"] > 75, 20.0, test["debt"]))
    return Lender(test.assign(repaid=outcomes(log_odds(bent), rng), score=chance(log_odds(test))), train)


def calibration(seed: int) -> Lender:
    """In the west fewer repay than all columns say."""
    rng, test, train, west = clean(seed)
    return Lender(test.assign(repaid=outcomes(log_odds(test) - 1.6 * west, rng)), train)


def threshold(seed: int) -> Lender:
    """The west still decides by an old cut-off; the scores are as good as elsewhere."""
    _, test, train, west = clean(seed)
    decided = test["score"] >= np.where(west, 0.85, 0.5)
    return Lender(test.assign(approved=decided.astype(np.int64)), train, {"prediction": "approved"})


def neighbours(seed: int) -> Lender:
    """In the west a fifth of the outcomes is recorded wrongly."""
    rng, test, train, west = clean(seed)
    flipped = west & (rng.random(N) < 0.2)
    return Lender(test.assign(repaid=np.where(flipped, 1 - test["repaid"], test["repaid"])), train)


def overlap(seed: int) -> Lender:
    """In the west the columns say little about who repays, and the scores know it."""
    rng, test, train, west = clean(seed)
    odds = np.where(west, 0.35, 1.0) * log_odds(test)
    return Lender(test.assign(repaid=outcomes(odds, rng), score=chance(odds)), train)


def unadmitted_overlap(seed: int) -> Lender:
    """In the west, where most repay, the columns say little about who does, and the scores do not know it."""
    rng, test, train, west = clean(seed)
    odds = log_odds(test) + 2.0
    known = np.where(west, 2.0 + 0.15 * (odds - 2.0), odds)
    return Lender(test.assign(repaid=outcomes(known, rng), score=chance(odds)), train)


GENERATORS: dict[str, Callable[[int], Lender]] = {
    made.__name__: made
    for made in (
        units,
        new_levels,
        copies,
        missing,
        training,
        shift,
        calibration,
        threshold,
        neighbours,
        overlap,
        unadmitted_overlap,
    )
}


def plan_of(task: Mapping[str, Any], **data: Any) -> Plan:
    section = {
        "evaluation": {"path": "test.parquet"}, "training": {"path": "train.parquet"}, "features": list(FEATURES),
        "sensitive": ["region"],
    } | data  # fmt: skip
    base = {
        "plan_version": 1,
        "plan": "loans",
        "title": "Loans",
        "model": {"name": "loans", "version": "2"},
        "words": {"case": ["applicant", "applicants"], "positive": "repaid"},
        "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score", "threshold": 0.5} | dict(task),
        "data": {key: value for key, value in section.items() if value is not None},
    }
    return resolve(Plan.model_validate(base))


def load(folder: Path, lender: Lender, **data: Any) -> tuple[Plan, Subject]:
    plan = plan_of(lender.task, **data)
    lender.test.to_parquet(folder / "test.parquet", index=False)
    lender.train.to_parquet(folder / "train.parquet", index=False)
    return plan, load_subject(plan, folder)


def west_of(lender: Lender, loss: str = "error") -> FoundSlice:
    return FoundSlice(loss, "region=west", (lender.test["region"] == "west").to_numpy(), ("region",))


def causes_of(folder: Path, lender: Lender, loss: str = "error", **data: Any) -> tuple[SliceCause, ...]:
    return causes(*load(folder, lender, **data), [west_of(lender, loss)])


def likely(rows: tuple[SliceCause, ...]) -> str | None:
    return next((row.cause for row in rows if row.verdict == "likely"), None)
