"""One share of cases, compared between groups level by level of a factor: counts to records. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from evaluator.analyses.fairness.strata import Factor
from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import MIN_RELEVANT, PAIRS_TOGETHER_FROM
from evaluator.metrics.measurement import few_reason
from evaluator.records import MODEL, Conditional, Stratum
from evaluator.records.vocabulary import EstimateStatus
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.stratified import (
    Averaged,
    Levels,
    averaged_difference,
    case_parts,
    levels_of_cases,
    levels_of_counts,
    mantel_haenszel_parts,
)
from evaluator.statistics.stratified_odds import common_odds_ratio, no_association, same_odds

SELECTION = "selection_rate"
ONE_CLUSTER = "All cases of one side share one cluster."


@dataclass(frozen=True, eq=False)
class Question:
    """One share of cases and the groups of one attribute; arrays have one entry per case the share is about.

    Attributes
    ----------
    group : position of each case's group among `groups`.
    counted : the cases that the share counts.
    sizes : rows of each group, whether the share is about them or not.
    unfavourable_counted : what is counted is the decision that people would rather not have.
    """

    metric: str
    attribute: str
    attribute_words: str
    groups: tuple[str, ...]
    group: IntArray
    counted: BoolArray
    sizes: IntArray
    weight: FloatArray | None
    cluster: IntArray | None
    unfavourable_counted: bool
    level: float
    min_group: int

    @cached_property
    def cases(self) -> IntArray:
        """Cases of each group that the share is about."""
        return np.bincount(self.group, minlength=len(self.groups))

    @property
    def mirrored(self) -> bool:
        """With two groups, everyone else is the other group: both comparisons are one."""
        return int(np.count_nonzero(self.sizes)) == 2

    @cached_property
    def _crude(self) -> dict[tuple[int, float], tuple[Levels, Averaged]]:
        return {}

    def crude(self, place: int, level: float) -> tuple[Levels, Averaged]:
        """A group and everyone else without any levels, and how far apart they are; computed once."""
        if (place, level) not in self._crude:
            whole = ByLevel(self, np.zeros_like(self.group), 1).shares(place)
            self._crude[place, level] = (whole, averaged_difference(whole, np.ones(1), level))
        return self._crude[place, level]

    def few(self, place: int) -> str:
        """Why a group, or everyone else, has too few cases to be compared; '' when both have enough."""
        sizes = int(self.sizes[place]), int(self.sizes.sum() - self.sizes[place])
        counts = int(self.cases[place]), int(self.cases.sum() - self.cases[place])
        for size, count, side in zip(sizes, counts, ("", "Everyone else: "), strict=True):
            if size < self.min_group or count < MIN_RELEVANT:
                return side + few_reason(METRICS[self.metric], size, count, self.min_group)
        return ""

    def usable(self) -> tuple[int, ...]:
        """Positions of the groups with enough cases, in their order."""
        return tuple(place for place in range(len(self.groups)) if not self.few(place))

    def n_comparisons(self) -> int:
        """How many different comparisons of a group with everyone else there are."""
        return max(1, len(self.usable()) // (2 if self.mirrored else 1))

    def family_size(self, n_factors: int) -> int:
        """How many differences are read together: each comparison, all together and alike in every factor."""
        return self.n_comparisons() * (1 + n_factors)

    def pair_level(self, n_factors: int) -> float:
        """The level of one difference at which all hold together: Bonferroni's with small groups, else Sidak's."""
        size = self.family_size(n_factors)
        smallest = min((int(min(self.cases[place], self.cases.sum() - self.cases[place])) for place in self.usable()), default=0)  # fmt: skip
        if smallest < PAIRS_TOGETHER_FROM:
            return 1 - (1 - self.level) / size
        return float(self.level ** (1 / size))


@dataclass(frozen=True, eq=False)
class ByLevel:
    """The cases of a question by level of a factor; `code` is each case's level, `k` how many there are."""

    question: Question
    code: IntArray
    k: int

    @property
    def _plain(self) -> bool:
        return self.question.weight is None and self.question.cluster is None

    @cached_property
    def _counts(self) -> FloatArray:
        """Independent cases by level, group and whether counted, shape (k, groups, 2)."""
        asked, width = self.question, len(self.question.groups)
        place = (self.code * width + asked.group) * 2 + asked.counted
        return np.bincount(place, minlength=self.k * width * 2).astype(np.float64).reshape(self.k, width, 2)

    def shares(self, place: int) -> Levels:
        """The group (side 0) and everyone else (side 1); what the share counts is counted."""
        asked = self.question
        if not self._plain:
            return levels_of_cases(
                self.code, asked.group == place, asked.counted, self.k, weight=asked.weight, cluster=asked.cluster
            )
        own = self._counts[:, place]
        rest = self._counts.sum(axis=1) - own
        return levels_of_counts(np.stack([own[:, 1], rest[:, 1]], axis=1), np.stack([own.sum(1), rest.sum(1)], axis=1))

    def makeup(self, place: int) -> Levels:
        """Cases with the unfavourable decision (side 0) and with the favourable one (side 1); the group is counted."""
        asked = self.question
        if not self._plain:
            unfavourable = asked.counted == asked.unfavourable_counted
            return levels_of_cases(
                self.code, unfavourable, asked.group == place, self.k, weight=asked.weight, cluster=asked.cluster
            )
        order = [1, 0] if asked.unfavourable_counted else [0, 1]
        return levels_of_counts(self._counts[:, place][:, order], self._counts.sum(axis=1)[:, order])


def compare(question: Question, factor: Factor, code: IntArray, place: int, n_factors: int) -> Conditional:
    """One group against everyone else, before and after comparing only cases of the same level.

    Parameters
    ----------
    code : level of each case of the question.
    n_factors : factors looked at, which all take part in the family.
    """
    by_level = ByLevel(question, code, factor.k)
    levels, pair_level = by_level.shares(place), question.pair_level(n_factors)
    used = levels.rows[levels.used].sum(axis=0).astype(int)
    crude, whole = Averaged(0.0, None, None, "none"), None
    averaged = crude
    status, reason = _few_alike(question, place, used)
    if not question.few(place):
        whole, crude = question.crude(place, pair_level)
        averaged = averaged_difference(levels, mantel_haenszel_parts(levels), pair_level)
        if status == "ok" and (averaged.low is None or crude.low is None):
            status, reason = "undefined", ONE_CLUSTER
    known = status == "ok"
    odds = common_odds_ratio(levels, pair_level) if known else None
    makeup = _disparity(by_level, place, pair_level) if known else None
    sides = (_side(crude), _side(averaged) if known else 0)
    return Conditional(
        metric=question.metric, subject=MODEL, attribute=question.attribute, population_id=question.groups[place],
        given=factor.name, given_words=factor.words,
        rate=None if whole is None else float(whole.share[0, 0]),
        rate_rest=None if whole is None else float(whole.share[0, 1]),
        crude=None if whole is None else crude.value, crude_low=crude.low, crude_high=crude.high,
        difference=averaged.value if known else None,
        low=averaged.low if known else None, high=averaged.high if known else None,
        odds_ratio=odds.value if odds else None, odds_low=odds.low if odds else None,
        odds_high=odds.high if odds else None,
        disparity=makeup.value if makeup else None, disparity_low=makeup.low if makeup else None,
        disparity_high=makeup.high if makeup else None,
        p_value=no_association(levels) if known else None, p_adjusted=None,
        p_alike=same_odds(levels) if known else None,
        reversed_=sides[0] * sides[1] < 0, explained=known and sides[0] != 0 and sides[1] == 0,
        uncovered=known and sides[0] == 0 and sides[1] != 0,
        strata=int(np.count_nonzero(levels.rows.sum(axis=1))), strata_used=int(np.count_nonzero(levels.used)),
        n=int(question.cases[place]), n_rest=int(question.cases.sum() - question.cases[place]),
        n_used=int(used[0]), n_rest_used=int(used[1]), level=question.level, pair_level=pair_level,
        method=averaged.method if known else "none", weighted=question.weight is not None,
        family=_family(question, n_factors), family_size=question.family_size(n_factors), status=status, reason=reason,
    )  # fmt: skip


def _few_alike(question: Question, place: int, used: IntArray) -> tuple[EstimateStatus, str]:
    if reason := question.few(place):
        return "too_few", reason
    if used.min() < MIN_RELEVANT:
        cases = "1 case has" if used.min() == 1 else f"{int(used.min())} cases have"
        return "too_few", f"{cases} somebody of the other side in their level; at least {MIN_RELEVANT} are needed."
    return "ok", ""


def _disparity(by_level: ByLevel, place: int, level: float) -> Averaged | None:
    """What part the group has in unfavourable decisions beyond its part in favourable ones, level by level."""
    if by_level.question.metric != SELECTION:
        return None
    makeup = by_level.makeup(place)
    parts = case_parts(makeup)
    return averaged_difference(makeup, parts, level) if parts.any() else None


def _side(found: Averaged) -> int:
    """On which side of 0 the whole range lies: -1, 1, or 0 for neither."""
    if found.low is None or found.high is None:
        return 0
    return 1 if found.low > 0 else -1 if found.high < 0 else 0


def _family(question: Question, n_factors: int) -> str:
    """ "all 8 differences by region: 4 groups, each with everyone else, together and alike in 1 factor"."""
    groups = question.n_comparisons()
    several = "one group" if groups == 1 else f"{groups} groups, each"
    each = "the two groups" if question.mirrored else f"{several} with everyone else"
    factors = "1 factor" if n_factors == 1 else f"{n_factors} factors"
    return f"all {groups * (1 + n_factors)} differences by {question.attribute_words}: {each}, together and alike in {factors}"


def strata_of(question: Question, factor: Factor, code: IntArray) -> list[Stratum]:
    """Every level of a factor for every group with enough cases, beside everyone else.

    The ranges of one comparison hold together (Bonferroni over its levels).
    """
    places, k = question.usable(), factor.k
    alone = [_inside(question, np.flatnonzero(code == position)) for position in range(k)]
    levels = [[one.shares(place) for one in alone] for place in places]
    return [row for place, each in zip(places, levels, strict=True) for row in _strata(question, factor, place, each)]


def _inside(question: Question, index: IntArray) -> ByLevel:
    """The cases of one level by themselves."""
    part = replace(
        question, group=question.group[index], counted=question.counted[index],
        weight=None if question.weight is None else question.weight[index],
        cluster=None if question.cluster is None else question.cluster[index],
    )  # fmt: skip
    return ByLevel(part, np.zeros(index.size, dtype=np.int64), 1)


def _strata(question: Question, factor: Factor, place: int, levels: Sequence[Levels]) -> list[Stratum]:
    reasons = [_few_in_level(question, one.rows[0].astype(int)) for one in levels]
    size = max(1, reasons.count(""))
    pair_level = 1 - (1 - question.level) / size
    return [
        _stratum(question, factor, place, position, one, pair_level, size, reasons[position])
        for position, one in enumerate(levels)
        if one.rows.sum() > 0
    ]


def _few_in_level(question: Question, rows: IntArray) -> str:
    if rows.sum() < question.min_group:
        cases = "1 case" if rows.sum() == 1 else f"{int(rows.sum())} cases"
        return f"{cases} in this level; at least {question.min_group} are needed."
    if rows.min() < MIN_RELEVANT:
        cases = "1 case" if rows.min() == 1 else f"{int(rows.min())} cases"
        return f"{cases} on one side; at least {MIN_RELEVANT} are needed."
    return ""


def _stratum(
    question: Question, factor: Factor, place: int, position: int, level: Levels, pair_level: float, size: int, reason: str
) -> Stratum:  # fmt: skip
    found = None if reason else averaged_difference(level, np.ones(1), pair_level)
    status: EstimateStatus = "ok" if found is not None else "too_few"
    if found is not None and found.low is None:
        status, reason = "undefined", ONE_CLUSTER
    shown = found if status == "ok" else None
    rates = level.share[0].tolist() if shown else (None, None)
    named = factor.levels[position]
    return Stratum(
        metric=question.metric, subject=MODEL, attribute=question.attribute, population_id=question.groups[place],
        given=factor.name, position=position, stratum_id=named.stratum_id, words=named.words, label=named.label,
        n=int(level.rows[0, 0]), n_rest=int(level.rows[0, 1]), rate=rates[0], rate_rest=rates[1],
        difference=shown.value if shown else None, low=shown.low if shown else None,
        high=shown.high if shown else None, level=question.level, pair_level=pair_level,
        method=shown.method if shown else "none", weighted=question.weight is not None, family_size=size,
        status=status, reason=reason,
    )  # fmt: skip
