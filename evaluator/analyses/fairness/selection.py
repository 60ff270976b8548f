"""Selection rates against four fifths of the highest."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.fairness.arms import Arm, arms_of, shared_clusters
from evaluator.analyses.fairness.compared import Compared, compared
from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.contrast import Contrast, every_pair
from evaluator.analyses.fairness.families import Family, family_of
from evaluator.analyses.fairness.findings_selection import four_fifths_finding
from evaluator.analyses.fairness.measured import Measured
from evaluator.catalogue.settings import FOUR_FIFTHS
from evaluator.metrics.measure import Measurement
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import words_of
from evaluator.records import AnalysisTables, SelectionRatio
from evaluator.records.selection import RatioOutcome, Rule
from evaluator.statistics.multiplicity import holm
from evaluator.statistics.pairs import Ends, koopman_ends, quantiles
from evaluator.statistics.power import rows_needed
from evaluator.statistics.quantiles import normal_quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.statutory_rates import shortfall
from evaluator.statistics.streams import stream
from evaluator.statistics.two_proportions import (
    SMALL_EXPECTED,
    fisher_p_value,
    katz_ends,
    ratios_to_highest,
    score_p_values,
    smallest_expected,
)
from evaluator.subject.subject import Partition

METRIC = "selection_rate"
RATIO = Contrast("ratio")


def selection(measured: Measured) -> AnalysisTables:
    """Every group of every attribute against the group selected most; binary decisions of the model alone."""
    if measured.subject.task != "binary":
        reason = "four fifths are about decisions with two outcomes"
        return AnalysisTables(findings=(four_fifths_finding((), measured.plan, measured.subject, reason),))
    seen = favoured(measured)
    if seen is None:
        reason = "the plan gives neither a decision nor a threshold"
        return AnalysisTables(findings=(four_fifths_finding((), measured.plan, measured.subject, reason),))
    rows = tuple(row for partition in measured.attributes for row in _four_fifths(partition, seen))
    return AnalysisTables(selection_ratios=rows, findings=(four_fifths_finding(rows, measured.plan, measured.subject),))


def favoured(measured: Measured) -> Seen | None:
    """The model's rows with the favourable decision as the one that is counted; None without a decision.

    Where the negative outcome is favourable (a model that scores defaults), being selected is being predicted negative.
    """
    seen = measured.model
    if not isinstance(seen.rows, BinaryRows) or seen.rows.decision is None:
        return None
    if words_of(measured.plan).favourable_positive:
        return seen
    return replace(seen, rows=replace(seen.rows, decision=~seen.rows.decision))


def _four_fifths(partition: Partition, seen: Seen) -> list[SelectionRatio]:
    held = hold_against_highest(partition, seen)
    return [ratio_row(held, position, "four_fifths", partition.attribute) for position in range(len(partition.groups))]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Groups held against the one seen highest.

    `sides` are the usable groups as arrays, `best` the place of the highest among them (-1 where nothing is compared);
    `ends`, `alone`, `p`, `p_adjusted` and `exact` have one entry for each of them. `why` says why nothing is compared.
    """

    partition: Partition
    seen: Seen
    arms: tuple[Arm, ...]
    found: tuple[Measurement, ...]
    sides: Compared
    family: Family
    best: int
    ends: Ends
    alone: Ends
    p: FloatArray
    p_adjusted: FloatArray
    exact: tuple[bool, ...]
    why: str = ""


def hold_against_highest(partition: Partition, seen: Seen) -> Held:
    """Hold the share of positive decisions of every usable group against the highest.

    Notes
    -----
    Ranges are those of the gap of the same rate: score intervals of all pairs (Koopman) at the level at which all of them
    hold together, at effective sizes with weights or clusters. The smallest over the others is the range of a group's
    share of the truly highest rate.
    """
    arms = arms_of(partition, seen.subject, seen.rows)
    found = tuple(seen.measure(METRIC, arm.rows, arm.population_id) for arm in arms)
    sides = compared(METRIC, arms, found, shared_clusters(arms))
    if sides.k < 2:
        return _nothing(partition, seen, arms, found, sides, "Fewer than two groups have enough cases.")
    if sides.value.max() == 0:
        return _nothing(partition, seen, arms, found, sides, "The share is 0 in every group, so there is no ratio.")
    settings = seen.plan.settings
    pairs = every_pair(sides.k)
    rng = stream(settings.seed, "simultaneous")
    family = family_of(RATIO, sides, pairs, attribute=partition.by, level=settings.level, rng=rng)
    counts = _pair_counts(sides, *pairs)
    quantile = quantiles(family.pair_level, counts.df)
    ends = koopman_ends(counts.share_a, counts.n_a, counts.share_b, counts.n_b, quantile)
    best = int(np.argmax(sides.value))
    p, exact = _p_values(counts, plain=sides.plain)
    against = _against(pairs, best, sides.k)
    alone = quantiles(settings.level, counts.df)
    return Held(
        partition, seen, arms, found, sides, family, best, ratios_to_highest(ends, *pairs, sides.k),
        _alone(sides, counts, pairs, best, alone), _spread_out(p, against), _spread_out(holm(p), against),
        tuple(bool(place >= 0 and exact[place]) for place in against),
    )  # fmt: skip


def _nothing(
    partition: Partition, seen: Seen, arms: tuple[Arm, ...], found: tuple[Measurement, ...], sides: Compared, why: str
) -> Held:
    none = np.full(sides.k, math.nan)
    nobody = (False,) * sides.k
    return Held(
        partition, seen, arms, found, sides, Family("", 0, 0.0), -1, Ends(none, none), Ends(none, none), none, none,
        nobody, why,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class PairCounts:
    """Both shares of every pair, the independent cases behind them, and degrees of freedom, shape (pairs,) each."""

    share_a: FloatArray
    n_a: FloatArray
    share_b: FloatArray
    n_b: FloatArray
    df: FloatArray


def _pair_counts(sides: Compared, first: IntArray, second: IntArray) -> PairCounts:
    """As many independent cases as make the log ratio as uncertain as it is, and never more than there are."""
    relative = sides.standard_errors("ratio")
    apart = relative[first] ** 2 + relative[second] ** 2
    together = apart - 2 * sides.correlation[first, second] * relative[first] * relative[second]
    factor = apart / np.maximum(together, 1e-12)
    n_a, n_b = (np.minimum(sides.size[side] * factor, sides.count[side]) for side in (first, second))
    df = np.minimum(sides.df[first], sides.df[second])
    return PairCounts(sides.value[first], n_a, sides.value[second], n_b, df)


def _p_values(counts: PairCounts, *, plain: bool) -> tuple[FloatArray, list[bool]]:
    """Equal rates, pair by pair; Fisher's exact test where plain counts are small."""
    p = score_p_values(counts.share_a, counts.n_a, counts.share_b, counts.n_b, counts.df)
    small = smallest_expected(counts.share_a, counts.n_a, counts.share_b, counts.n_b) < SMALL_EXPECTED
    exact = [plain and bool(one) for one in small]
    for place in np.flatnonzero(exact):
        x_a, x_b = (round(float(s[place] * n[place])) for s, n in ((counts.share_a, counts.n_a), (counts.share_b, counts.n_b)))  # fmt: skip
        p[place] = fisher_p_value(x_a, round(float(counts.n_a[place])), x_b, round(float(counts.n_b[place])))
    return p, exact


def _against(pairs: tuple[IntArray, IntArray], best: int, k: int) -> list[int]:
    """For every group the place of its pair with the best; -1 for the best itself."""
    places = {(int(a), int(b)): place for place, (a, b) in enumerate(zip(*pairs, strict=True))}
    return [-1 if group == best else places[min(group, best), max(group, best)] for group in range(k)]


def _spread_out(values: FloatArray, against: Sequence[int]) -> FloatArray:
    return np.array([math.nan if place < 0 else values[place] for place in against], dtype=np.float64)


def _alone(
    sides: Compared, counts: PairCounts, pairs: tuple[IntArray, IntArray], best: int, quantile: FloatArray
) -> Ends:
    """Each group's ratio to the best by itself, Katz's interval."""
    against = _against(pairs, best, sides.k)
    ends = katz_ends(counts.share_a, counts.n_a, counts.share_b, counts.n_b, quantile)
    low, high = (_spread_out(end, against) for end in ends)
    turned = np.arange(sides.k) > best
    # The pair of a group behind the best is held the other way round.
    return Ends(np.where(turned, 1 / high, low), np.where(turned, 1 / low, high))


def ratio_row(held: Held, position: int, rule: Rule, table: str) -> SelectionRatio:
    """One group as a row of the table."""
    arm, found = held.arms[position], held.found[position]
    blank = bare_row(arm, held.seen, position, rule, table)
    places = np.flatnonzero(held.sides.place == position)
    if held.best < 0 or not places.size:
        status = (
            found.status if found.status != "ok" else "undefined" if held.why.startswith("The share") else "too_few"
        )
        return replace(blank, status=status, reason=found.reason or held.why)
    place, best = int(places[0]), held.best
    sides = held.sides
    low, high = float(held.ends.low[place]), float(held.ends.high[place])
    reference = sides.arms[best].population_id
    row = replace(
        blank, rate=float(sides.value[place]), ratio=float(sides.value[place] / sides.value[best]), reference=reference,
        low=low, high=high, outcome=_outcome(low, high, is_best=place == best), level=held.seen.plan.settings.level,
        method="koopman_to_highest" if sides.plain else "koopman_effective_to_highest", family=held.family.words,
        family_size=held.family.size, status="ok", reason="",
    )  # fmt: skip
    if place == best:
        return row
    short = _shortfalls(arm, sides.arms[best])
    needed, settling = _settling(held, place, row)
    return replace(
        row, alone_low=_known(held.alone.low[place]), alone_high=_known(held.alone.high[place]),
        test=_test(held, place), p_value=_known(held.p[place]), p_adjusted=_known(held.p_adjusted[place]),
        shortfall=short[0], shortfall_equal=short[1], rows_needed=needed, settling=settling,
    )  # fmt: skip


def bare_row(arm: Arm, seen: Seen, position: int, rule: Rule, table: str) -> SelectionRatio:
    """A group with its counts, held against nothing."""
    population = seen.subject.find_rows(arm.population_id)
    assert population is not None
    return SelectionRatio(
        rule=rule, table=table, position=position, population_id=arm.population_id,
        words=population.population.label, parts=json.dumps([arm.population_id]), n=arm.rows.n, counted=counted_of(arm),
        weighted=arm.rows.weight is not None, rate=None, ratio=None, reference="", low=None, high=None, alone_low=None,
        alone_high=None, outcome="too_few", test="", p_value=None, p_adjusted=None, shortfall=None,
        shortfall_equal=None, rows_needed=None, settling="", excluded=False, justification="",
        level=seen.plan.settings.level, method="none", family="", family_size=0, status="too_few", reason="",
    )  # fmt: skip


def counted_of(arm: Arm) -> int | None:
    """How many are counted; None where rows have weights, so that they count for no people."""
    rows = arm.rows
    assert isinstance(rows, BinaryRows)
    assert rows.decision is not None
    return None if rows.weight is not None else int(np.count_nonzero(rows.decision))


def _outcome(low: float, high: float, *, is_best: bool) -> RatioOutcome:
    if is_best:
        return "reference"
    if high < FOUR_FIFTHS:
        return "below"
    return "not_below" if low >= FOUR_FIFTHS else "cannot_say"


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _test(held: Held, place: int) -> str:
    if held.exact[place]:
        return "fisher"
    return "score" if held.sides.plain else "score_effective"


def _shortfalls(arm: Arm, best: Arm) -> tuple[int | None, int | None]:
    counted, most = counted_of(arm), counted_of(best)
    if counted is None or most is None:
        return None, None
    four, five = (shortfall(counted, arm.rows.n, most, best.rows.n, fifths=fifths) for fifths in (4, 5))
    return four, five


def _settling(held: Held, place: int, row: SelectionRatio) -> tuple[int | None, str]:
    """Further rows of the smaller of both groups that would settle an open outcome, if the ratio stays."""
    if row.outcome != "cannot_say" or row.low is None or row.high is None:
        return None, ""
    sides, best = held.sides, held.best
    smaller = place if sides.count[place] <= sides.count[best] else best
    relative = sides.standard_errors("ratio")[[place, best]]
    ratio = max(float(sides.value[place]), 0.5 / float(sides.size[place])) / float(sides.value[best])
    covariance = sides.correlation[place, best] * relative[0] * relative[1]
    se = math.sqrt(max(1e-12, float(np.square(relative).sum()) - 2 * float(covariance)))
    end = row.high if ratio < FOUR_FIFTHS else max(row.low, 1e-9)
    # A range that errs on the safe side has to shrink below the limit too.
    width = max(se, abs(math.log(end / ratio)) / normal_quantile(held.family.pair_level))
    n = held.sides.arms[smaller].rows.n
    needed = rows_needed(math.log(ratio), math.log(FOUR_FIFTHS), width, n, held.family.pair_level)
    return needed, sides.arms[smaller].population_id
