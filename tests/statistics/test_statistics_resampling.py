"""Replicates of prepared rows against scikit-learn with the same weights, replicate by replicate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, f1_score, roc_auc_score

from evaluator.statistics.resampling import (
    Prepared,
    Replicates,
    compiled,
    engine,
    hashing,
    prepare,
    resample,
    whole_blocks,
)
from evaluator.statistics.resampling import rows as prepared_rows

SEED = 7
KEY = hashing.seed_of(SEED, "resampling")
ENGINES = ["compiled", "numpy"]


class World(NamedTuple):
    label: np.ndarray
    score: np.ndarray
    decision: np.ndarray
    weight: np.ndarray | None = None
    cluster: np.ndarray | None = None
    group: np.ndarray | None = None
    groups: int = 1

    def prepare(self) -> Prepared:
        return prepare(
            self.label, self.score, self.decision, losses=((self.score - self.label) ** 2,), weight=self.weight,
            cluster=self.cluster, group=self.group, groups=self.groups,
        )  # fmt: skip

    def drawn(self, replicates: int) -> np.ndarray:
        """Weight of each row in each replicate, shape (n, replicates)."""
        unit = np.arange(self.label.size)
        if self.cluster is not None:
            unit = np.unique(self.cluster, return_inverse=True)[1]
        times = [hashing.drawn(unit.astype(np.uint32), b, KEY) for b in range(0, replicates, 64)]
        together = np.concatenate(times, axis=1).astype(float)
        return together if self.weight is None else together * self.weight[:, None]


def world(n: int, *, places: int | None = None, seed: int = 5, share: float = 0.3, **columns: np.ndarray) -> World:
    """Scores that rank better than chance; `places` rounds them, so that many are equal. Decisions are their own."""
    rng = np.random.default_rng(seed)
    label = rng.random(n) < share
    score = np.clip(rng.beta(2, 3, n) + 0.15 * label, 0, 1)
    score = score if places is None else np.round(score, places)
    return World(label, score, (score > 0.4) ^ (rng.random(n) < 0.1), **columns)


def random_numbers(n: int, below: int, seed: int = 6) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, below, n)


def worlds() -> dict[str, World]:
    n = 1_500
    weight = np.random.default_rng(8).gamma(2.0, 1.0, n) * (random_numbers(n, 10) > 0)
    return {
        "untied": world(n),
        "ties": world(n, places=2),
        "heavy ties": world(n, places=1),
        "one score": world(n, places=0)._replace(score=np.full(n, 0.25)),
        "rare": world(n, share=0.01),
        "clusters": world(n, places=2, cluster=random_numbers(n, 90) * 1_000_003),
        "weights": world(n, places=2, weight=weight),
        "groups": world(n, places=1, group=random_numbers(n, 20) - 1, groups=19),
        "groups, clusters, weights": world(
            n, places=1, weight=weight, cluster=random_numbers(n, 200), group=random_numbers(n, 4, 9), groups=4
        ),
    }


WORLDS = worlds()


def oracle(found: World, times: np.ndarray) -> list[float]:
    """The five metrics by scikit-learn."""
    label, score, decision = found.label, found.score, found.decision
    both = 0 < times[label].sum() < times.sum()
    return [
        roc_auc_score(label, score, sample_weight=times) if both else np.nan,
        average_precision_score(label, score, sample_weight=times) if both else np.nan,
        accuracy_score(label, decision, sample_weight=times),
        f1_score(label, decision, sample_weight=times),
        brier_score_loss(label, score, sample_weight=times),
    ]


def metrics(found: Replicates) -> np.ndarray:
    """The five metrics, shape (5, groups, replicates)."""
    return np.stack([found.auc(), found.average_precision(), found.accuracy(), found.f1(), found.mean_loss()])


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("name", WORLDS)
def test_every_replicate_equals_scikit_learn_with_its_weights(name: str, by: str) -> None:
    found = WORLDS[name]
    got = metrics(resample(found.prepare(), replicates=128, seed=SEED, engine=by))
    times = found.drawn(128)
    group = np.zeros(found.label.size, dtype=int) if found.group is None else found.group
    for position in range(min(found.groups, 4)):
        inside = group == position
        part = World(found.label[inside], found.score[inside], found.decision[inside])
        for replicate in (0, 1, 31, 32, 63, 64, 127):
            wanted = oracle(part, times[inside, replicate])
            np.testing.assert_allclose(got[:, position, replicate], wanted, rtol=1e-12)


def same_bits(first: Replicates, second: Replicates) -> bool:
    names = [name for name in Replicates.__slots__ if isinstance(getattr(first, name), np.ndarray)]
    assert len(names) == 7
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in names)


@pytest.mark.parametrize("name", WORLDS)
def test_both_engines_and_any_number_of_threads_give_the_same_bits(name: str) -> None:
    rows = WORLDS[name].prepare()
    one = resample(rows, replicates=192, seed=SEED, engine="compiled")
    assert same_bits(one, resample(rows, replicates=192, seed=SEED, engine="compiled", threads=2))
    assert same_bits(one, resample(rows, replicates=192, seed=SEED, engine="numpy", threads=3))


def test_blocks_and_parts_end_anywhere() -> None:
    """Ties across the ends of the compiled blocks of 128 rows and of the NumPy parts of 1,024."""
    for n in (1, 2, 127, 128, 129, 1_023, 1_024, 1_025, 2_500):
        for places in (None, 1, 0):
            rows = world(n, places=places).prepare()
            assert same_bits(
                resample(rows, replicates=64, seed=1, engine="compiled"),
                resample(rows, replicates=64, seed=1, engine="numpy"),
            )


def test_more_replicates_leave_the_first_as_they_were() -> None:
    rows = WORLDS["ties"].prepare()
    few, many = (resample(rows, replicates=count, seed=SEED).auc() for count in (64, 256))
    assert np.array_equal(many[:, :64], few)


def test_two_models_are_drawn_together() -> None:
    """The same rows under another order: the same outcomes are drawn, and equal models never differ."""
    first, second = WORLDS["untied"], world(1_500, seed=5)._replace(score=WORLDS["heavy ties"].score)
    a, b = (resample(found.prepare(), replicates=64, seed=SEED) for found in (first, second))
    assert np.array_equal(a.positives, b.positives)
    reverse = resample(first._replace(score=-first.score).prepare(), replicates=64, seed=SEED)
    np.testing.assert_allclose(reverse.auc(), 1 - a.auc(), rtol=1e-12)


def test_rows_of_a_cluster_are_drawn_together() -> None:
    n = 50_000
    rng = np.random.default_rng(3)
    label, cluster = np.tile(rng.random(n) < 0.4, 2), np.tile(np.arange(n) * 7_919, 2)
    found = resample(prepare(label, decision=label, cluster=cluster), replicates=64, seed=SEED)
    assert (found.positives % 2 == 0).all()
    alone = resample(prepare(label[:n], decision=label[:n]), replicates=64, seed=SEED)
    assert np.array_equal(found.positives, 2 * alone.positives)
    assert found.accuracy() == pytest.approx(1.0)


def test_rows_sorted_by_score_need_no_sort() -> None:
    found = WORLDS["ties"]
    order = np.argsort(-found.score, kind="stable")
    label, score, decision = found.label[order], found.score[order], found.decision[order]
    ours = [
        resample(prepare(label, score, decision, by_score=by_score), replicates=64, seed=SEED)
        for by_score in (True, False)
    ]
    assert same_bits(ours[0], ours[1])


def test_a_row_of_weight_two_is_the_row_twice_in_one_cluster() -> None:
    found, twice = world(400, places=1), np.repeat(np.arange(400), 2)
    weighted = found._replace(weight=np.full(400, 2.0)).prepare()
    doubled = World(found.label[twice], found.score[twice], found.decision[twice], cluster=twice).prepare()
    a, b = (metrics(resample(rows, replicates=64, seed=SEED)) for rows in (weighted, doubled))
    np.testing.assert_allclose(a, b, rtol=1e-12)


@pytest.mark.parametrize("by", ENGINES)
def test_weights_of_one_give_what_equal_weights_give(by: str) -> None:
    found = WORLDS["ties"]
    alike, ones = (
        metrics(resample(rows.prepare(), replicates=64, seed=SEED, engine=by))
        for rows in (found, found._replace(weight=np.ones(found.label.size)))
    )
    np.testing.assert_allclose(alike, ones, rtol=1e-12)


def test_counts_of_many_tied_rows_do_not_overflow() -> None:
    """Three million equal scores: 4.5e12 pairs, and more tied rows than 16 bits can count."""
    label = np.arange(3_000_000) % 2 == 0
    rows = prepare(label, np.full(label.size, 0.5), label)
    found = resample(rows, replicates=64, seed=SEED, engine="compiled")
    assert found.auc() == pytest.approx(0.5, abs=1e-15)
    np.testing.assert_allclose(found.average_precision(), found.positives / found.total, rtol=1e-12)
    assert np.array_equal(found.true_positives, found.positives)


def test_pairs_of_many_untied_rows_do_not_overflow() -> None:
    label = np.arange(200_000) < 100_000
    found = resample(prepare(label, -np.arange(200_000.0)), replicates=64, seed=SEED, engine="compiled")
    assert (found.auc() == 1.0).all()
    worst = resample(prepare(label, np.arange(200_000.0)), replicates=64, seed=SEED, engine="compiled")
    assert (worst.auc() == 0.0).all()
    assert worst.wrong_pairs.min() > 2**33


@pytest.mark.parametrize("by", ENGINES)
def test_groups_without_rows_or_without_an_outcome_are_counted_as_missing(by: str) -> None:
    label = np.array([True, True, False, True])
    rows = prepare(label, np.arange(4.0), label, group=np.array([0, 0, 2, 3]), groups=5)
    found = resample(rows, replicates=64, seed=SEED, engine=by)
    assert found.missing.tolist() == [64] * 5
    assert np.isnan(found.auc()).all()
    assert np.isnan(found.average_precision()).all()
    assert np.isnan(found.accuracy()[[1, 4]]).all()
    assert set(found.total[1]) == {0}
    assert np.nanmin(found.accuracy()[0]) == 1.0


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("n", [0, 1])
def test_no_row_and_one_row_have_no_ranking(n: int, by: str) -> None:
    found = resample(world(n).prepare(), replicates=64, seed=SEED, engine=by)
    assert found.missing.tolist() == [64]
    assert np.isnan(found.auc()).all()


def test_few_rows_lack_an_outcome_in_some_replicates() -> None:
    label = np.array([True, False, False])
    found = resample(prepare(label, np.array([0.9, 0.5, 0.1])), replicates=1024, seed=SEED)
    absent = (found.positives == 0) | (found.negatives == 0)
    assert found.missing.tolist() == [int(absent.sum())]
    assert 0 < absent.sum() < 1024
    assert np.array_equal(np.isnan(found.auc()), absent)


def test_efron_draws_exactly_as_many_rows() -> None:
    found = WORLDS["untied"]
    efron = resample(found.prepare(), replicates=128, seed=SEED, exact_total=True)
    assert (efron.total == found.label.size).all()
    poisson = resample(found.prepare(), replicates=128, seed=SEED)
    assert efron.auc().std() == pytest.approx(poisson.auc().std(), rel=0.4)
    assert np.corrcoef(efron.auc()[0], poisson.auc()[0])[0, 1] > 0.9


def test_what_was_not_prepared_cannot_be_asked_for() -> None:
    label = np.array([True, False])
    with pytest.raises(ValueError, match="without scores"):
        resample(prepare(label, decision=label), replicates=64, seed=1).auc()
    with pytest.raises(ValueError, match="without decisions"):
        resample(prepare(label, np.array([0.1, 0.2])), replicates=64, seed=1).f1()
    with pytest.raises(ValueError, match="blocks of 64"):
        resample(prepare(label), replicates=100, seed=1)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared_rows, "MOST_ROWS", 3)
    with pytest.raises(ValueError, match="at most 3"):
        prepare(np.zeros(4, dtype=bool))


def test_replicates_come_in_whole_blocks() -> None:
    assert [whole_blocks(count) for count in (1, 64, 65, 1000, 1024)] == [64, 64, 128, 1024, 1024]


def test_without_numba_the_numpy_engine_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = WORLDS["ties"].prepare()
    wanted = resample(rows, replicates=64, seed=SEED, engine="compiled")
    monkeypatch.setattr(compiled, "compiled", lambda: None)
    monkeypatch.setattr(engine, "SMALL", 0)
    assert same_bits(resample(rows, replicates=64, seed=SEED), wanted)
    with pytest.raises(ValueError, match="needs numba"):
        resample(rows, replicates=64, seed=SEED, engine="compiled")


def test_a_folder_that_cannot_be_written_costs_the_cache_alone() -> None:
    class Numba:
        def njit(self, *, cache: bool = False, **_: object) -> object:
            if cache:
                raise RuntimeError("no locator")
            return lambda function: function

    def kernel() -> None: ...

    assert compiled.compiled_function(Numba(), kernel) is kernel
