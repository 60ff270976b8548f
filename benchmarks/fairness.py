"""All groups at once: a million rows by six attributes and every two of them, and the fairness analysis of the demo."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from demo_runs import lending_plan, rows_of
from engine import in_turn
from figures import Figure, run
from threadpoolctl import threadpool_limits

from evaluator.analyses.fairness.compute import Seen, compare_groups, wanted_of
from evaluator.analyses.fairness.judged import fair_metrics
from evaluator.analyses.fairness.run import run as fairness_analysis
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.loading import load_plan
from evaluator.plan.schema import Plan
from evaluator.records import Population
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Partition, Rows, Subject

ROWS, QUICK_ROWS = 1_000_000, 6_000
PEER_ROWS, QUICK_PEER_ROWS = 100_000, 3_000
LEVELS = (2, 3, 4, 5, 6, 4)
SEED = 7


class Inputs(NamedTuple):
    """Rows of two outcomes, and the level of every attribute on every row."""

    rows: BinaryRows
    levels: tuple[np.ndarray, ...]


def inputs(n: int) -> Inputs:
    rng = np.random.default_rng(SEED)
    score = rng.beta(2, 3, n)
    rows = BinaryRows(rng.random(n) < score, score > 0.45, score, True)
    return Inputs(rows, tuple(rng.integers(0, count, n) for count in LEVELS))


def seen_of(made: Inputs, plan: Plan, subject: Subject) -> Seen:
    """The rows as a subject with the groups of every attribute and of every two of them, laid over that of a demo plan."""
    populations: list[Rows] = []
    partitions: list[Partition] = []
    for columns in [*((place,) for place in range(len(LEVELS))), *combinations(range(len(LEVELS)), 2)]:
        names = tuple(f"attribute_{place + 1}" for place in columns)
        groups = []
        for level in np.ndindex(*(LEVELS[place] for place in columns)):
            inside = np.all([made.levels[place] == value for place, value in zip(columns, level, strict=True)], axis=0)
            name = "&".join(f"{column}={value}" for column, value in zip(names, level, strict=True))
            groups.append(name)
            index = np.flatnonzero(inside)
            populations.append(Rows(_population(name, " & ".join(names), len(groups), index.size), index))
        partitions.append(Partition(" & ".join(names), names, "all", tuple(groups)))
    known = {"n": made.rows.n, "populations": tuple(populations), "partitions": tuple(partitions), "gap_questions": {}}
    return Seen("model", made.rows, replace(subject, weight=None, cluster=None, **known), plan)


def _population(name: str, attribute: str, position: int, n: int) -> Population:
    return Population(
        population_id=name, words=name, label=name, definition=name, attribute=attribute, kind="group",
        position=position, origin="plan", n=n, share=0.0,
    )  # fmt: skip


def values(made: Inputs, plan: Plan, subject: Subject, partitions: tuple[Partition, ...]) -> None:
    """Every metric with its interval on every group, sorting included."""
    seen = Seen("model", made.rows, subject, plan)
    for partition in partitions:
        arms = seen.arms(partition)
        for metric in fair_metrics("binary"):
            seen.measure_arms(metric, arms)


def with_gaps(made: Inputs, plan: Plan, subject: Subject, partitions: tuple[Partition, ...]) -> None:
    """The same and all gaps between the groups."""
    seen = Seen("model", made.rows, subject, plan)
    for partition in partitions:
        compare_groups(partition, wanted_of(partition, (), seen, planned=True), seen)


def fairlearn_frames(made: Inputs, levels: tuple[np.ndarray, ...]) -> None:
    """What fairlearn's frames say of the groups of some attributes: values alone, without any interval."""
    from fairlearn import metrics
    from sklearn.metrics import (
        accuracy_score,
        balanced_accuracy_score,
        brier_score_loss,
        precision_score,
        roc_auc_score,
    )

    decided = {
        "accuracy": accuracy_score,
        "balanced": balanced_accuracy_score,
        "precision": partial(precision_score, zero_division=0),
        "share": metrics.selection_rate,
        "tpr": metrics.true_positive_rate,
        "fpr": metrics.false_positive_rate,
        "tnr": metrics.true_negative_rate,
        "fnr": metrics.false_negative_rate,
    }
    scored = {"auc": roc_auc_score, "brier": brier_score_loss}
    features = {f"attribute_{place}": level for place, level in enumerate(levels)}
    for asked, answers in ((decided, made.rows.decision), (scored, made.rows.score)):
        frame = metrics.MetricFrame(metrics=asked, y_true=made.rows.label, y_pred=answers, sensitive_features=features)
        assert len(frame.by_group)


def measure(quick: bool) -> list[Figure]:
    # One core: else the threads of the linear algebra wait for each other and are counted as work.
    with threadpool_limits(1):
        return _figures(quick)


def _figures(quick: bool) -> list[Figure]:
    n, peer_n, times = (QUICK_ROWS, QUICK_PEER_ROWS, 1) if quick else (ROWS, PEER_ROWS, 3)
    with tempfile.TemporaryDirectory() as name:
        loaded = load_plan(lending_plan(Path(name), quick=quick))
        plan, lending = loaded.plan, load_subject(loaded.plan, loaded.folder)
    made, small = inputs(n), inputs(peer_n)
    subject, small_subject = (seen_of(rows, plan, lending).subject for rows in (made, small))
    alone, apart = in_turn(
        times,
        partial(values, made, plan, subject, subject.partitions),
        partial(with_gaps, made, plan, subject, subject.partitions),
    )
    pair = subject.partitions[-1:]
    ours, peer = in_turn(
        times,
        partial(values, small, plan, small_subject, pair),
        partial(fairlearn_frames, small, small.levels[-2:]),
    )
    analysis = in_turn(times, partial(fairness_analysis, plan, lending, lambda what, done, total: None))[0]
    size = f"{n:,} rows, {len(LEVELS)} attributes and every two"
    one = f"{peer_n:,} rows, one pair of attributes"
    return [
        Figure(f"{size}: every metric with its interval", alone, "s", 3.0),
        Figure(f"{size}: and every gap", apart, "s", None),
        Figure(f"{one}: every metric with its interval", ours, "s", None),
        Figure(f"{one}: fairlearn's frames, ten metrics without intervals", peer, "s", None),
        Figure(f"{one}: fairlearn's frames over ours", peer / ours, "times", None, False),
        Figure(f"lending, {rows_of(quick=quick):,} rows: the fairness analysis", analysis, "s", 5.0),
    ]


if __name__ == "__main__":
    run(measure, __doc__ or "")
