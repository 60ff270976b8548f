"""Houses whose prices a model predicts: how far it is off grows with the price, and it leans in one region."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.records import RunContent
from evaluator.subject.loading import load_subject

LEAN = 12.0
"""How much too high the model predicts in the south."""
PLAN = """\
plan_version: 1
plan: house-prices
title: House prices
model: {name: house-prices, version: "2"}
words: {case: [house, houses], people: false}
task: {kind: regression, label: price, prediction: predicted, unit: kEUR}
data:
  evaluation: {path: houses.parquet}
  id: id
  time: sold_on
  windows: quarter
  sensitive: [region, {column: size, bands: [30, 80, 200]}]
  columns:
    region: {levels: {north: houses in the north, south: houses in the south}}
compare_with: {version: "1", prediction: predicted_1}
criteria:
  - {id: close, metric: mean_absolute_error, at_most: 40, blocking: true}
  - {id: no-lean-south, metric: mean_error, population: {region: south}, at_least: -5, at_most: 5}
  - {id: better, metric: mean_absolute_error, against: baseline:median, at_most: -20}
  - {id: not-worse, metric: mean_absolute_error, against: previous, at_most: 0}
  - {id: alike, metric: mean_error, gap: {by: region}, at_most: 8}
"""


def houses(n: int = 2_000, seed: int = 3) -> pd.DataFrame:
    """Independent rows of four quarters."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(30, 200, n)
    price = 3.0 * size + rng.normal(0, 30, n) + 100
    region = rng.choice(["north", "south"], n)
    noise = rng.normal(0, 1, n)
    return pd.DataFrame(
        {
            "id": [f"h{row}" for row in range(n)],
            "sold_on": (np.datetime64("2025-01-01") + rng.integers(0, 365, n)).astype("datetime64[s]"),
            "region": region,
            "size": size.round(3),
            "price": price.round(3),
            "predicted": (price + noise * price / 15 + LEAN * (region == "south")).round(3),
            "predicted_1": (price + noise * price / 8).round(3),
        }
    )


def evaluated(folder: Path, frame: pd.DataFrame, text: str = PLAN) -> RunContent:
    """Everything a run of these houses holds."""
    return _both(folder, frame, text)[0]


def published(folder: Path, store: Path, frame: pd.DataFrame, text: str = PLAN) -> str:
    """The id of the published run, rows included."""
    content, subject, plan = _both(folder, frame, text)
    return publish(store, content, subject, plan)


def _both(folder, frame, text):  # type: ignore[no-untyped-def]
    frame.to_parquet(folder / "houses.parquet", index=False)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    loaded = load_plan(folder / "plan.yaml")
    subject = load_subject(loaded.plan, loaded.folder)
    return evaluate(loaded, subject, lambda what, done, total: None), subject, loaded.plan
