"""The tests behind the causes against brute force, scipy and what must not change the answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from planted_causes import Lender, calibration, clean, load, missing, neighbours, overlap, training, west_of
from scipy import stats

from evaluator.analyses.failures.causes.answers import Answered, Unanswered
from evaluator.analyses.failures.causes.compared import compare_means, compare_shares, explained_without
from evaluator.analyses.failures.causes.flagged import Marks, copies, units
from evaluator.analyses.failures.causes.judging import judged
from evaluator.analyses.failures.causes.learning import Elsewhere
from evaluator.analyses.failures.causes.neighbours import NEAREST, Neighbourhood
from evaluator.analyses.failures.causes.promises import departures_of, explained_by
from evaluator.analyses.failures.causes.scene import Here, here_of, scene_of
from evaluator.analyses.failures.causes.thresholds import FOLDS, folds_of, lost_with_own_cut, threshold
from evaluator.analyses.failures.causes.training import _stability, shift
from evaluator.analyses.failures.causes.training import training as too_little
from evaluator.statistics.unit_factors import off_levels, off_rows


def here_in(folder: Path, lender: Lender, loss: str = "error", **data: object) -> Here:
    plan, subject = load(folder, lender, **data)
    scene = scene_of(plan, subject)
    assert scene is not None
    here = here_of(scene, west_of(lender, loss))
    assert here is not None
    return here


def test_means_are_compared_as_welch_does(tmp_path: Path) -> None:
    here = here_in(tmp_path, calibration(8))
    found = compare_means(here.values, here.here, here.rest, here.scene, "greater")
    oracle = stats.ttest_ind(here.values[here.here], here.values[here.rest], equal_var=False, alternative="greater")
    assert found.p_value == pytest.approx(oracle.pvalue, rel=1e-6)
    assert found.value - found.elsewhere == pytest.approx(here.excess, abs=1e-12)


@pytest.mark.parametrize("side", ["greater", "less", "both"])
def test_shares_are_compared_as_chi_square_does(side: str, tmp_path: Path) -> None:
    here = here_in(tmp_path, missing(8))
    flag = here.scene.columns["income"].missing
    found = compare_shares(flag, here.here, here.rest, here.scene, side)  # type: ignore[arg-type]
    table = [[(flag & rows).sum(), (~flag & rows).sum()] for rows in (here.here, here.rest)]
    both = float(stats.chi2_contingency(table, correction=False).pvalue)
    assert found.p_value == pytest.approx({"greater": both / 2, "less": 1 - both / 2, "both": both}[side], rel=1e-6)


def test_rare_shares_are_compared_exactly(tmp_path: Path) -> None:
    here = here_in(tmp_path, missing(8))
    flag = np.zeros(here.mask.size, dtype=bool)
    flag[np.flatnonzero(here.here)[:3]] = True
    found = compare_shares(flag, here.here, here.rest, here.scene, "both")
    table = [[(flag & rows).sum(), (~flag & rows).sum()] for rows in (here.here, here.rest)]
    assert found.method == "fisher"
    assert found.p_value == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)


def test_a_row_of_weight_two_is_that_row_twice(tmp_path: Path) -> None:
    _, test, train, _ = clean(8, 1_500)
    weight = np.where(np.arange(1_500) % 3 == 0, 2.0, 1.0)
    twice = test.loc[test.index.repeat(weight.astype(int))].reset_index(drop=True)
    weighted = here_in(tmp_path, Lender(test.assign(w=weight), train), weight="w")
    repeated = here_in(tmp_path, Lender(twice, train))
    assert weighted.excess == pytest.approx(repeated.excess, abs=1e-12)
    both = [departures_of(one) for one in (weighted, repeated)]
    assert both[0] is not None
    assert both[1] is not None
    assert both[0].kept == pytest.approx(both[1].kept, abs=0.01)
    assert both[0].shifted.expected == pytest.approx(both[1].shifted.expected, abs=0.01)


def test_clusters_take_evidence_away(tmp_path: Path) -> None:
    lender = missing(8)
    whole = lender.test.loc[lender.test.index.repeat(2)].reset_index(drop=True)
    whole["home"] = np.repeat(np.arange(len(lender.test)), 2)
    alone, paired = (
        here_in(tmp_path, Lender(whole, lender.train)),
        here_in(tmp_path, Lender(whole, lender.train), cluster="home"),
    )
    flag = alone.scene.columns["income"].missing
    once = here_in(tmp_path, lender)
    p_values = [
        compare_means(one.values, one.here, one.rest, one.scene, "both").p_value for one in (alone, paired, once)
    ]
    assert p_values[0] < p_values[1]
    assert p_values[1] == pytest.approx(p_values[2], rel=0.02)
    widths = [compare_shares(flag, one.here, one.rest, one.scene, "both") for one in (alone, paired)]
    assert (widths[1].high or 0) - (widths[1].low or 0) > 1.3 * ((widths[0].high or 0) - (widths[0].low or 0))


def test_what_leaving_out_rows_explains(tmp_path: Path) -> None:
    here = here_in(tmp_path, missing(8))
    flag = here.scene.columns["income"].missing
    left = here.values[here.here & ~flag].mean() - here.values[here.rest & ~flag].mean()
    assert explained_without(here, flag) == pytest.approx(min(1.0, max(0.0, 1 - left / here.excess)))
    # Nobody is left: held against the same rows elsewhere, and without any of those all of it goes.
    assert explained_without(here, here.mask) == 1.0
    everywhere = np.ones(here.mask.size, dtype=bool)
    assert explained_without(here, everywhere) == pytest.approx(0.0, abs=1e-9)


def test_each_departure_describes_its_own_kind_best(tmp_path: Path) -> None:
    for made, way in ((calibration, "shifted"), (neighbours, "flipped")):
        here = here_in(tmp_path, made(8))
        found = departures_of(here)
        assert found is not None
        gains = {name: getattr(found, name).gain for name in ("shifted", "flipped", "faded")}
        assert max(gains, key=lambda name: gains[name]) == way
        explained = explained_by(here, found, getattr(found, way))
        assert explained is not None
        assert explained > 0.7


def test_expected_losses_are_those_of_drawn_outcomes(tmp_path: Path) -> None:
    """What is expected of kept promises is the mean over many drawn outcomes, for every loss."""
    rng = np.random.default_rng(8)
    lender = calibration(8)
    for loss in ("error", "false_negative", "false_positive"):
        here = here_in(tmp_path, lender, loss)
        found = departures_of(here)
        rows = here.scene.binary
        assert found is not None
        assert rows is not None
        assert rows.score is not None
        assert rows.decision is not None
        drawn = rng.random((400, int(here.mask.sum()))) < rows.score[here.mask]
        counted = {"error": drawn | True, "false_negative": drawn, "false_positive": ~drawn}[loss]
        seen = ((drawn != rows.decision[here.mask]) & counted).sum() / counted.sum()
        # The promise is read off the others' bins, which add some noise to honest scores.
        assert found.kept == pytest.approx(seen, abs=0.03)


def test_the_stability_index_is_that_of_the_book() -> None:
    rng = np.random.default_rng(8)
    own, other = rng.multinomial(4_000, [0.1] * 10) + 0.0, rng.multinomial(6_000, [0.1] * 10) + 0.0
    p, q = (own + 0.5) / (own.sum() + 5), (other + 0.5) / (other.sum() + 5)
    index, p_value = _stability(own, other)
    plain = float(((p - q) * np.log(p / q)).sum())
    assert index == pytest.approx(plain - 9 * (1 / 4_000 + 1 / 6_000))
    assert p_value == pytest.approx(stats.chi2.sf(plain / (1 / 4_000 + 1 / 6_000), 9))
    assert _stability(own, own * 0)[1] == 1.0


def test_the_index_rejects_as_often_as_it_says() -> None:
    rng = np.random.default_rng(9)
    shares = [0.1] * 10
    p_values = [
        _stability(rng.multinomial(800, shares) + 0.0, rng.multinomial(1_000, shares) + 0.0)[1] for _ in range(1_000)
    ]
    rejected = int((np.array(p_values) < 0.05).sum())
    assert stats.binom.sf(rejected - 1, 1_000, 0.05) > 0.001


def test_own_cut_offs_are_the_best_of_all_that_there_are(tmp_path: Path) -> None:
    here = here_in(tmp_path, overlap(8))
    rows = here.scene.binary
    assert rows is not None
    assert rows.score is not None
    score, label, fold = rows.score[here.mask], rows.label[here.mask], folds_of(here, here.mask)
    lost = lost_with_own_cut(here, here.mask, score, fold)
    for number in range(FOLDS):
        fitted, tried = fold != number, fold == number
        cuts = np.concatenate([np.sort(score[fitted]), [np.inf]])
        wrong = np.array([((score[fitted] >= cut) != label[fitted]).sum() for cut in cuts])
        best = cuts[wrong == wrong.min()]
        # Any of the best cuts, which may tie, decides the rows of the other fold about alike.
        errors = [((score[tried] >= cut) != label[tried]).mean() for cut in best]
        assert min(errors) - 0.02 <= lost[tried].mean() <= max(errors) + 0.02


def test_a_cut_off_of_its_own_does_not_trade_errors(tmp_path: Path) -> None:
    """Where scores say less, fewer misses could be had for more wrong approvals; that explains nothing."""
    for loss in ("false_negative", "false_positive"):
        found = threshold(here_in(tmp_path, overlap(8), loss))
        assert isinstance(found, Answered)
        assert found.p_value > 0.001 or (found.explains or 0) < 0.25


def test_neighbours_are_the_nearest(tmp_path: Path) -> None:
    here = here_in(tmp_path, neighbours(8))
    around = Neighbourhood(here.scene)
    asked = np.flatnonzero(here.mask)[:5]
    label = here.scene.outcomes.rows.label
    for row, found in zip(asked, around.contradicted(asked), strict=True):
        far = np.sqrt(((around.place[around.sample] - around.place[row]) ** 2).sum(axis=1))
        others = around.sample[np.argsort(far, kind="stable")]
        nearest = others[others != row][:NEAREST]
        assert found == pytest.approx((label[nearest] != label[row]).mean())


def test_what_others_teach_is_a_ridge_regression_on_them(tmp_path: Path) -> None:
    here = here_in(tmp_path, training(8))
    elsewhere = Elsewhere(here.scene)
    answers = elsewhere.answers(here.mask)
    design = elsewhere._made[0]
    held = np.diag([1e-9] + [10.0] * (design.shape[1] - 1))
    rest = design[~here.mask]
    label = here.scene.outcomes.rows.label[~here.mask].astype(float)
    expected = design @ np.linalg.solve(rest.T @ rest + held, rest.T @ label)
    np.testing.assert_allclose(answers, expected, atol=1e-8)


def test_training_rows_of_a_slice_are_found_by_its_conditions(tmp_path: Path) -> None:
    lender = calibration(8)
    here = here_in(tmp_path, lender)
    assert here.training is not None
    np.testing.assert_array_equal(here.training, (lender.train["region"] == "west").to_numpy())
    span = lender.test["debt"].between(20, 40).to_numpy()
    by_number = replace(here, found=replace(here.found, columns=("debt",)), mask=span)
    assert by_number.training is not None
    assert by_number.training.sum() == pytest.approx(lender.train["debt"].between(20, 40).sum(), abs=10)


def test_a_slice_as_common_in_training_is_not_short(tmp_path: Path) -> None:
    here = here_in(tmp_path, calibration(8))
    found = too_little(here)
    assert isinstance(found, Answered)
    assert found.p_value >= 0.5
    assert found.value == pytest.approx(found.elsewhere, abs=0.02)
    moved = shift(here)
    assert isinstance(moved, Answered)
    assert moved.p_value >= 0.5


def test_copies_are_counted_once_each(tmp_path: Path) -> None:
    lender = calibration(8)
    west = np.flatnonzero(lender.test["region"] == "west")[:40]
    twice = Lender(lender.test.loc[[*range(len(lender.test)), *west]].reset_index(drop=True), lender.train)
    here = here_in(tmp_path, twice)
    found = copies(here, Marks(here.scene))
    assert isinstance(found, Answered)
    assert found.count == 40
    leaked = Lender(twice.test, twice.train)
    leaked.train.loc[:99, list(leaked.train.columns)] = leaked.test.loc[:99, list(leaked.train.columns)].to_numpy()
    flag = Marks(here_in(tmp_path, leaked).scene).copies
    assert flag is not None
    assert flag[:100].all()


def test_units_of_a_slice_that_no_column_names(tmp_path: Path) -> None:
    """The slice itself is off, whatever its conditions."""
    lender = calibration(8)
    odd = lender.test["years"].between(2, 6)
    lender.test["debt"] = lender.test["debt"].where(~odd, lender.test["debt"] * 100)
    here = here_in(tmp_path, lender)
    slice_ = replace(here, mask=odd.to_numpy(), found=replace(here.found, columns=("years",)))
    found = units(slice_, Marks(here.scene))
    assert isinstance(found, Answered)
    assert found.feature == "debt"
    assert found.value == pytest.approx(100, rel=0.1)


def test_off_rows_and_off_levels_agree() -> None:
    rng = np.random.default_rng(8)
    logs, places = rng.normal(size=3_000), rng.integers(0, 4, 3_000)
    logs[places == 2] += np.log(12)
    assert off_levels(logs, places)[2] == pytest.approx(np.log(12), abs=0.15)
    assert off_rows(logs, places == 2) == pytest.approx(np.log(12), abs=0.15)
    assert off_rows(logs, places == 1) is None
    assert off_rows(logs[:50], places[:50] == 2) is None


def answered(cause: str, p_value: float, explains: float | None, fits: float = 0.0) -> Answered:
    return Answered(cause, 0.5, 0.4, 0.6, 0.2, "share", p_value, explains, 500, "score", fits=fits)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([answered("missing", 1e-6, 0.6), answered("calibration", 1e-9, 0.9, 9.0)], "missing"),
        ([answered("missing", 1e-6, 0.3), answered("calibration", 1e-9, 0.9, 9.0)], "calibration"),
        ([answered("missing", 0.03, 0.9), answered("threshold", 0.04, 0.9)], None),
        ([answered("missing", 1e-6, 0.2)], None),
        ([answered("training", 1e-6, None)], None),
        ([answered("calibration", 1e-6, 0.9, 3.0), answered("overlap", 1e-6, 0.6, 8.0)], "overlap"),
        ([answered("threshold", 1e-6, 0.9), answered("overlap", 1e-6, 0.3, 1.0)], "overlap"),
        ([answered("threshold", 1e-6, 0.9), answered("overlap", 0.9, 0.3, 1.0)], "threshold"),
        ([Unanswered("shift", "there are no training data")], None),
        ([], None),
    ],
)
def test_which_cause_is_named(answers: list[Answered], expected: str | None, tmp_path: Path) -> None:
    rows = judged(here_in(tmp_path, Lender(*clean(8, 800)[1:3])), answers)
    assert [row.cause for row in rows if row.verdict == "likely"] == ([expected] if expected else [])
    if expected:
        assert rows[0].cause == expected


def test_p_values_are_adjusted_for_the_causes_tested(tmp_path: Path) -> None:
    answers = [answered("missing", 0.01, 0.9), answered("copies", 0.04, 0.5), Unanswered("shift", "no training data")]
    rows = {row.cause: row for row in judged(here_in(tmp_path, Lender(*clean(8, 800)[1:3])), answers)}
    assert rows["missing"].p_value == pytest.approx(0.02)
    assert rows["copies"].p_value == pytest.approx(0.04)
    assert rows["shift"].p_value is None
