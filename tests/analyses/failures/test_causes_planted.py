"""The cause that was planted is the one that is named, and chance alone is given no cause."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from planted_causes import GENERATORS, causes_of, likely, load, nothing, west_of
from scipy import stats

from evaluator.analyses.failures.causes import causes
from evaluator.analyses.failures.found import FoundSlice
from evaluator.demo.lending import build
from evaluator.plan.loading import load_plan
from evaluator.subject.loading import load_subject

PLANTED = {name: "overlap" if name == "unadmitted_overlap" else name for name in GENERATORS}
CLAIM, NOISE, LEVEL = 0.85, 0.05, 0.001
QUICK_SEEDS, SLOW_SEEDS = (1, 2), tuple(range(1_000, 1_024))
NOISE_SEEDS, MANY_NOISE_SEEDS = (3, 4), tuple(range(2_000, 2_040))
SHARES = (0.03, 0.1, 0.3)
DEMO = {
    ("false_positive", "branch"): "units",
    ("error", "employment"): "calibration",
    ("error", "region"): "neighbours",
    ("error", "region&employment"): "overlap",
    ("error", "applied_on"): "shift",
}


@pytest.mark.parametrize("name", GENERATORS)
def test_the_planted_cause_is_named_first(name: str, tmp_path: Path) -> None:
    named = []
    for seed in QUICK_SEEDS:
        rows = causes_of(tmp_path, GENERATORS[name](seed))
        named.append(rows[0].cause if rows[0].verdict == "likely" else None)
        assert sum(row.verdict == "likely" for row in rows) <= 1
    assert PLANTED[name] in named


@pytest.mark.slow
@pytest.mark.parametrize("name", GENERATORS)
def test_the_planted_cause_is_named_first_as_often_as_claimed(name: str, tmp_path: Path) -> None:
    named = [likely(causes_of(tmp_path, GENERATORS[name](seed))) for seed in SLOW_SEEDS]
    right = named.count(PLANTED[name])
    assert stats.binom.cdf(right, len(named), CLAIM) > LEVEL, (right, named)


def named_by_chance(folder: Path, seeds: tuple[int, ...]) -> list[str | None]:
    """What is named in the west, where nothing is wrong, and in slices of rows drawn by lot."""
    named = []
    for seed in seeds:
        lender, rng = nothing(seed), np.random.default_rng([seed, 1])
        plan, subject = load(folder, lender)
        assert subject.training is not None
        found = [west_of(lender)] + [
            FoundSlice(loss, f"lot-{share}", rng.random(subject.n) < share, ("region",),
                       training_mask=rng.random(len(subject.training)) < share)
            for share in SHARES for loss in ("error", "false_negative", "false_positive")
        ]  # fmt: skip
        rows = causes(plan, subject, found)
        for one in found:
            named.append(likely(tuple(row for row in rows if (row.loss, row.slice_id) == (one.loss, one.slice_id))))
    return named


def check_noise(named: list[str | None]) -> None:
    wrong = len(named) - named.count(None)
    assert stats.binom.sf(wrong - 1, len(named), NOISE) > LEVEL, (wrong, len(named))


def test_chance_alone_is_given_no_cause(tmp_path: Path) -> None:
    check_noise(named_by_chance(tmp_path, NOISE_SEEDS))


@pytest.mark.slow
def test_chance_alone_is_given_no_cause_in_many_slices(tmp_path: Path) -> None:
    check_noise(named_by_chance(tmp_path, MANY_NOISE_SEEDS))


@pytest.mark.slow
def test_the_faults_of_the_lending_demo_are_named(tmp_path: Path) -> None:
    path, _ = build(tmp_path)
    plan = load_plan(path).plan
    subject = load_subject(plan, tmp_path)
    frame = subject.frame
    masks = {
        "branch": frame["branch"] == "B07",
        "employment": frame["employment"] == "self_employed",
        "region": frame["region"] == "north",
        "region&employment": (frame["region"] == "east") & (frame["employment"] == "seasonal"),
        "applied_on": frame["applied_on"] >= np.datetime64("2025-07-01"),
    }
    found = [FoundSlice(loss, name, masks[name].to_numpy(), tuple(name.split("&"))) for loss, name in DEMO]
    rows = causes(plan, subject, found)
    named = {(row.loss, row.slice_id): row for row in rows if row.verdict == "likely"}
    assert {key: row.cause for key, row in named.items()} == DEMO
    units = named["false_positive", "branch"]
    assert units.feature == "monthly_income"
    assert units.value == pytest.approx(12, rel=0.1)
