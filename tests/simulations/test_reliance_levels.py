"""Checks of explanations hold their level: what is claimed of a world where it is false, and ranges over the truth."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evaluator.analyses.explanations.asking import ask
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.analyses.explanations.reliance.agreement_of_methods import agreement_of
from evaluator.analyses.explanations.reliance.faithfulness import faithfulness
from evaluator.analyses.explanations.reliance.identifiers import repeats_too_little
from evaluator.analyses.explanations.reliance.orders import mean_of_pairs, rank_correlation, unit_ranks
from evaluator.analyses.explanations.reliance.proxies import proxies
from evaluator.analyses.explanations.reliance.seeds import TIMES, Repeat, means_of, range_of_repeats
from evaluator.analyses.explanations.reliance.surrogate import surrogate
from evaluator.analyses.explanations.shifting import SHIFTS, Shifted
from evaluator.plan.schema import Plan
from evaluator.records import ExplanationCheck
from evaluator.subject.loading import load_subject
from evaluator.subject.models.model import Model

SEED = 20_260
NAMES = ("a", "b", "c", "d")
SLOPES = np.array([1.2, 0.8, 0.5, 0.2])
LEVELS = ("p", "q", "r", "s")
QUICK, MANY = 60, 1_000
SMALLEST_P = 0.001


def scores(frame: pd.DataFrame) -> np.ndarray:
    level = frame["d"].map({name: number - 1.5 for number, name in enumerate(LEVELS)}).astype(float)
    columns = np.stack([*(frame[name] for name in NAMES[:3]), level], axis=1)
    return np.asarray(1 / (1 + np.exp(-(columns @ SLOPES))))


def drawn_people(rng: np.random.Generator, n: int) -> pd.DataFrame:
    frame = pd.DataFrame(rng.normal(0, 1, (n, 3)), columns=list(NAMES[:3]))
    return frame.assign(d=rng.choice(LEVELS, n))


def world(folder: Path, n: int = 500) -> Explained:
    """A model of four features that knows nothing of the group, with the parts it would have if it were linear."""
    rng = np.random.default_rng(SEED)
    frame = drawn_people(rng, n)
    frame = frame.assign(
        id=[f"r{row}" for row in range(n)], y=1, group=rng.choice(["x", "y", "z"], n, p=[0.5, 0.4, 0.1])
    )
    frame.loc[::2, "y"] = 0
    frame.assign(score=scores(frame)).to_parquet(folder / "w.parquet", index=False)
    plan = Plan.model_validate(
        {
            "plan_version": 1, "plan": "world", "title": "World", "model": {"name": "world", "version": "1"},
            "task": {"kind": "binary", "label": "y", "positive": 1, "score": "score", "threshold": 0.5},
            "data": {"evaluation": {"path": "w.parquet"}, "id": "id", "features": list(NAMES), "sensitive": ["group"]},
        }
    )  # fmt: skip
    model = Model(
        "call", "0" * 64, "world:scores", folder, "world:scores", None, NAMES, 4, (), "probability", scores
    )  # fmt: skip
    subject = replace(load_subject(plan, folder), model=model)
    asked = ask(plan, subject, model)
    sizes = np.array([n])
    every = Drawn(np.arange(n), np.ones(n), np.zeros(n, dtype=np.int64), sizes, sizes, None)
    parts = Contributions(every, linear_parts(asked.frame), np.zeros(n), "sampled", "chance", 100, 0.0, 0)
    return Explained(plan, subject, asked, 50_000.0, lambda: 0.0, parts, "", (None,) * 4)


def linear_parts(frame: pd.DataFrame) -> np.ndarray:
    level = frame["d"].map({name: number - 1.5 for number, name in enumerate(LEVELS)}).astype(float)
    return np.stack([*(frame[name] for name in NAMES[:3]), level], axis=1) * SLOPES / 4


def with_people(explained: Explained, frame: pd.DataFrame) -> Explained:
    """The same subject with other features."""
    asked = replace(explained.asked, mixer=Mixer(frame, scores), score=scores(frame))
    return replace(explained, asked=asked)


def at_most(hits: int, n: int, rate: float) -> None:
    assert stats.binomtest(hits, n, rate, alternative="greater").pvalue > SMALLEST_P, (hits, n)


def at_least(hits: int, n: int, rate: float) -> None:
    assert stats.binomtest(hits, n, rate, alternative="less").pvalue > SMALLEST_P, (hits, n)


REPLICATES = pytest.mark.parametrize("n", [QUICK, pytest.param(MANY, marks=pytest.mark.slow)])


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    return world(tmp_path_factory.mktemp("world"))


@REPLICATES
def test_features_that_know_nothing_of_a_group_are_not_proxies(explained: Explained, n: int) -> None:
    rng = np.random.default_rng(SEED + 1)
    hits = 0
    for _ in range(n):
        rows = proxies(with_people(explained, drawn_people(rng, explained.asked.n)))
        assert len(rows) == 12
        hits += any(row.proven for row in rows)
    at_most(hits, n, 0.05)


@REPLICATES
def test_the_range_of_a_proxy_holds_the_truth(explained: Explained, n: int) -> None:
    rng = np.random.default_rng(SEED + 2)
    group = explained.subject.frame["group"].to_numpy()
    truth = float(stats.norm.cdf(0.5 / np.sqrt(2)))
    kept = 0
    for _ in range(n):
        frame = drawn_people(rng, explained.asked.n)
        frame["a"] += 0.5 * (group == "x")
        rows = [row for row in proxies(with_people(explained, frame)) if row.feature == "a"]
        row = next(row for row in rows if row.population_id == "group=x")
        assert row.low is not None
        assert row.high is not None
        kept += row.low <= truth <= row.high
    at_least(kept, n, 0.95)


@pytest.mark.parametrize("draw", ["even", "bell", "amounts"])
def test_measured_whole_numbers_are_not_called_given_out(draw: str) -> None:
    rng = np.random.default_rng(SEED + 3)
    hits = 0
    for _ in range(2_000):
        values = {
            "even": lambda: rng.integers(0, 100_000, 1_500),
            "bell": lambda: np.rint(rng.normal(0, 30_000, 1_500)),
            "amounts": lambda: np.rint(rng.lognormal(11, 1, 1_500)),
        }[draw]()
        hits += repeats_too_little(values.astype(float))
    at_most(hits, 2_000, 0.002)


def shuffled_parts(explained: Explained, rng: np.random.Generator) -> Explained:
    parts = explained.parts
    assert parts is not None
    values = rng.permuted(parts.values, axis=1)
    return replace(explained, parts=replace(parts, values=values))


@REPLICATES
def test_parts_in_a_random_order_are_not_called_faithful(explained: Explained, n: int) -> None:
    rng = np.random.default_rng(SEED + 4)
    tables = [faithfulness(reseeded(shuffled_parts(explained, rng), seed)) for seed in range(n)]
    for place in range(2):
        at_most(sum(rows[place].proven for rows in tables), n, 0.025)
        at_least(sum(holds(rows[place], 0.0) for rows in tables), n, 0.95)


def test_parts_that_are_right_are_called_faithful(explained: Explained) -> None:
    tables = [faithfulness(reseeded(explained, seed)) for seed in range(QUICK)]
    at_least(sum(all(row.proven for row in rows) for rows in tables), QUICK, 0.95)


def reseeded(explained: Explained, seed: int) -> Explained:
    settings = explained.plan.settings.model_copy(update={"seed": seed})
    plan = explained.plan.model_copy(update={"settings": settings})
    return replace(explained, plan=plan, asked=replace(explained.asked, plan=plan))


def holds(row: ExplanationCheck, truth: float) -> bool:
    assert row.low is not None
    assert row.high is not None
    return row.low <= truth <= row.high


MEANS = {
    "apart": ((0.2, 0.15, 0.1, 0.06, 0.03, 0.01), (0.05, 0.03, 0.035, 0.01, 0.004, 0.001)),
    "near ties": ((0.2, 0.1, 0.1, 0.09, 0.09, 0.01), (0.05, 0.02, 0.021, 0.022, 0.02, 0.0)),
    "unrelated": ((0.2, 0.15, 0.1, 0.06, 0.03, 0.01), (0.01, 0.03, 0.004, 0.02, 0.035, 0.025)),
}


def all_rows(n: int) -> Drawn:
    size = np.array([n])
    return Drawn(np.arange(n), np.ones(n), np.zeros(n, dtype=np.int64), size, size, None)


def in_pairs(growth: np.ndarray) -> Shifted:
    """Growth that is of the row that is asked about alone, whichever row it is given values of."""
    rows = len(growth)
    donor = np.stack([np.roll(np.arange(rows), shift) for shift in range(1, SHIFTS + 1)])
    return Shifted(all_rows(rows), donor, np.repeat(growth[None], SHIFTS, axis=0), "brier")


@pytest.mark.parametrize("name", MEANS)
@pytest.mark.parametrize(("n", "rows"), [(QUICK, 100), pytest.param(MANY, 300, marks=pytest.mark.slow)])
def test_the_agreement_of_two_ways_lies_in_its_range(name: str, n: int, rows: int) -> None:
    rng = np.random.default_rng(SEED + 5)
    sizes, losses = (np.array(one) for one in MEANS[name])
    truth, kept = rank_correlation(sizes, losses), 0
    for _ in range(n):
        first = rng.gamma(1.0, 1.0, (rows, sizes.size)) * sizes
        second = losses + rng.standard_t(5, (rows, sizes.size)) * (3 * losses + 0.01)
        seen = agreement_of(first, in_pairs(second), 0.95, rng)
        assert seen is not None
        assert seen.low is not None
        assert seen.high is not None
        kept += seen.low - 1e-9 <= truth <= seen.high + 1e-9
    at_least(kept, n, 0.95)


def test_orders_without_anything_in_common_are_not_said_to_agree() -> None:
    rng = np.random.default_rng(SEED + 6)
    hits = 0
    for _ in range(100):
        first = rng.gamma(1.0, 1.0, (100, 8)) * 0.1
        second = rng.standard_t(5, (100, 8))
        seen = agreement_of(first, in_pairs(second), 0.95, rng)
        hits += seen is not None and seen.proven
    at_most(hits, 100, 0.05)


@pytest.mark.parametrize("name", MEANS)
@pytest.mark.parametrize(("n", "rows"), [(20, 40), pytest.param(300, 300, marks=pytest.mark.slow)])
def test_what_repeats_have_in_common_lies_in_its_range(name: str, n: int, rows: int) -> None:
    rng = np.random.default_rng(SEED + 7)
    sizes = np.array(MEANS[name][0])

    def repeat() -> Repeat:
        background = np.exp(rng.normal(0, 0.05, sizes.size))
        return Repeat(all_rows(rows), rng.gamma(1.0, 1.0, (rows, sizes.size)) * sizes * background)

    truth = float(mean_of_pairs(unit_ranks(means_of([repeat() for _ in range(1_500)]))))
    kept = 0
    for _ in range(n):
        repeats = [repeat() for _ in range(TIMES)]
        value = float(mean_of_pairs(unit_ranks(means_of(repeats))))
        low, high = range_of_repeats(repeats, value, 0.95, rng, 100)
        kept += low <= truth <= high
    at_least(kept, n, 0.95)


@REPLICATES
def test_the_mean_scores_of_leaves_and_the_fidelity_hold(explained: Explained, n: int) -> None:
    """Of every tree, the leaves' mean scores and the fidelity among very many others of the same kind."""
    rng = np.random.default_rng(SEED + 8)
    many = drawn_people(rng, 20_000)
    truth = scores(many)
    kept, leaves, fidelity = 0, 0, 0
    for seed in range(n):
        found = surrogate(reseeded(with_people(explained, drawn_people(rng, 500)), seed))
        for leaf in found.leaves:
            assert leaf.low is not None
            assert leaf.high is not None
            kept += leaf.low <= float(truth[fits(many, leaf.path)].mean()) <= leaf.high
            leaves += 1
        fidelity += found.check.proven
    at_least(kept, leaves, 0.95)
    assert fidelity == n


def fits(frame: pd.DataFrame, path: str) -> np.ndarray:
    """The rows that fit the words of a leaf."""
    inside = np.ones(len(frame), dtype=bool)
    for name, words in json.loads(path):
        if ": " in words:
            inside &= frame[name].isin(words.split(": ")[1].split(" or ")).to_numpy()
            continue
        numbers = [float(part.replace("−", "-")) for part in words.split()[1:] if part.strip("-−.0123456789") == ""]
        if "to under" in words:
            inside &= frame[name].between(numbers[0], numbers[1], inclusive="left").to_numpy()
        else:
            inside &= (frame[name] < numbers[0] if "under" in words else frame[name] >= numbers[0]).to_numpy()
    return inside
