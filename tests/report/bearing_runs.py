"""Small published runs about people of known and unknown sex: synthetic, with errors that women bear more often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.store import open_run
from evaluator.subject.loading import load_subject

WORDS = """
words:
  case: [applicant, applicants]
  positive: repaid
  negative: did not repay
  predicted_positive: approved
  predicted_negative: refused
  bears_false_positive: the bank
  bears_false_negative: the applicant
"""
BINARY = "{kind: binary, label: label, positive: 1, score: score, threshold: 0.5, favourable: FAVOURABLE}"
NUMBERS = "{kind: regression, label: label, score: score, unit: points}"
PLAN = """
plan_version: 1
plan: bearing
title: Who bears errors
question: May it be used?
model: {name: bearing, version: "1"}
WORDS
use: {volume_per_year: VOLUME}
task: TASK
data:
  evaluation: {path: people.parquet}
  id: id
  sensitive: [sex, region]
  WEIGHT
  columns:
    sex: {words: sex, levels: {F: women, M: men}}
criteria:
  - {id: gap, metric: METRIC, gap: {by: sex}, at_most: LIMIT}
"""


def synthetic_people(n: int = 900, *, few_unknown: bool = False, strange: bool = False) -> pd.DataFrame:
    """Women are refused more often; sex is not known for some, and one region has few people."""
    rng = np.random.default_rng(21)
    sex = rng.choice(np.array(["F", "M"]), n, p=[0.45, 0.55]).astype(object)
    sex[rng.permutation(n)[: 6 if few_unknown else n // 10]] = None
    label = (rng.random(n) < 0.6).astype(int)
    score = 1 / (1 + np.exp(-(1.6 * label - 0.8 + rng.normal(0, 1, n) - 1.0 * (sex == "F"))))
    region = rng.choice(np.array(["north", "south", "east"]), n, p=[0.5, 0.35, 0.15]).astype(object)
    region[:7] = "isles"
    if strange:
        region[region == "north"] = '<script>alert("x")</script> \U0001f600' + "n" * 10_000
    return pd.DataFrame(
        {"id": [f"r{i}" for i in range(n)], "label": label, "score": score, "sex": sex, "region": region, "w": rng.uniform(0.5, 2, n)}
    )  # fmt: skip


def published(
    folder: Path, frame: pd.DataFrame | None = None, *, favourable: int = 1, words: bool = True, volume: int | None = 10_000,
    numbers: bool = False, weighted: bool = False, limit: float = 0.12, more: tuple[str, ...] = (),
) -> Evidence:  # fmt: skip
    """Evaluate, publish and read one such run, of the analysis of groups and those named in `more` alone."""
    frame = synthetic_people() if frame is None else frame
    if numbers:
        frame = frame.assign(label=frame["label"] * 30.0 + 50, score=frame["score"] * 40 + 45)
    frame.to_parquet(folder / "people.parquet", index=False)
    text = (
        PLAN.replace("WORDS", "words: {case: [applicant, applicants]}" if numbers else WORDS if words else "")
        .replace("TASK", NUMBERS if numbers else BINARY.replace("FAVOURABLE", str(favourable)))
        .replace("VOLUME", "null" if volume is None else str(volume))
        .replace("WEIGHT", "weight: w" if weighted else "")
        .replace("METRIC", "mean_error" if numbers else "true_positive_rate")
        .replace("LIMIT", "10" if numbers else str(limit))
    )
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    content = evaluate(loaded, subject, lambda what, done, total: None, only=("fairness", *more))
    return read_evidence(open_run(folder / "store", publish(folder / "store", content, subject, loaded.plan)))
