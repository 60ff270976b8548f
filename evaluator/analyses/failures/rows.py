"""What was searched and found as rows of the run file."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from evaluator.analyses.failures.losses import Loss
from evaluator.analyses.failures.measured import measured
from evaluator.analyses.failures.saying import condition_words, words_of_levels
from evaluator.analyses.failures.search import Found, Search, Searched
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.shared_ranges import share_range
from evaluator.records import MODEL, EstimateStatus, Interval
from evaluator.records.failures import Slice, SliceCondition, SliceSearch
from evaluator.statistics.influence import BoolArray
from evaluator.subject.terms import definition_json


def search_row(search: Search, searched: Searched, names: dict[str, str]) -> SliceSearch:
    """What was looked through for one loss.

    Parameters
    ----------
    names : what each column is called.
    """
    tests, found = searched.tests, searched.found
    status, reason = _status(search, searched)
    among = search.kept & search.outcomes.among(searched.loss)
    return SliceSearch(
        loss=searched.loss.name, subject=MODEL, columns=columns_json(search), left_out=left_out_json(search, names),
        n=int(among.sum()), total=float(search.outcomes.values(searched.loss)[among].sum()),
        mean=_mean(searched), fewest=search.plan.data.min_group,
        examined=int(tests.examined), too_small=int(tests.too_small),
        confirmed=sum(one.status == "confirmed" for one in found), leads=sum(one.status == "lead" for one in found),
        family_size=int(tests.family_size), level=search.plan.settings.level, method=tests.method,
        weighted=search.outcomes.rows.weight is not None, status=status, reason=reason,
    )  # fmt: skip


def _mean(searched: Searched) -> float | None:
    mean = float(searched.tests.everyone.mean)
    return mean if np.isfinite(mean) else None


def _status(search: Search, searched: Searched) -> tuple[EstimateStatus, str]:
    if searched.tests.examined:
        return "ok", ""
    fewest = search.plan.data.min_group
    return "too_few", f"no combination of features holds at least {fewest:,} such cases, with as many elsewhere"


def columns_json(search: Search) -> str:
    """Every column with what each of its levels is called."""
    phrasing = search.features.phrasing
    listed = [
        {
            "column": feature.name, "words": phrasing.column(feature.name).words,
            "levels": [condition_words(feature, frozenset([level]), phrasing) for level in range(feature.card)],
        }
        for feature in search.features.features
    ]  # fmt: skip
    return json.dumps(listed)


def left_out_json(search: Search, names: dict[str, str]) -> str:
    left_out = search.features.left_out
    return json.dumps(
        [{"column": name, "words": names.get(name, name), "reason": why} for name, why in left_out.items()]
    )


def slice_rows(search: Search, searched: Searched) -> tuple[list[Slice], list[SliceCondition]]:
    """The slices of one loss with their conditions."""
    slices = [_slice(search, searched, found, rank) for rank, found in enumerate(searched.found, start=1)]
    conditions = [row for found in searched.found for row in _conditions(search, searched.loss, found)]
    return slices, conditions


def _slice(search: Search, searched: Searched, found: Found, rank: int) -> Slice:
    loss, tests, place = searched.loss, searched.tests, found.position
    mask = search.mask(found.conditions)
    slice_id = search.slice_id(found.conditions)
    here = measured(loss, search.outcomes, mask, search.plan, slice_id)
    of_all = _of_all(search, loss, mask)
    everyone = tests.everyone
    held = {feature: frozenset([level]) for feature, level in found.conditions}
    return Slice(
        loss=loss.name, subject=MODEL, slice_id=slice_id, rank=rank, status=found.status,
        words=words_of_levels(search.features.features, held, search.features.phrasing),
        n=int(tests.n[place]), n_rest=int(tests.n_rest[place]), total=here.total, value=float(tests.value[place]),
        low=here.low, high=here.high, rest=float(tests.rest[place]), best_guess=found.best_guess, at_least=found.at_least,
        at_most=found.at_most, excess=float(tests.excess[place]) * float(everyone.n / everyone.w), share=float(tests.share[place]),
        of_all=of_all[0], of_all_low=of_all[1], of_all_high=of_all[2], p_family=float(tests.p_family[place]),
        q_value=float(tests.q_value[place]), stands_for=found.stands_for, level=search.plan.settings.level,
        method=found.method,
    )  # fmt: skip


def _of_all(search: Search, loss: Loss, mask: BoolArray) -> tuple[float | None, float | None, float | None]:
    """The share of all cases that are in a slice and have its loss."""
    rows = search.outcomes.rows
    if not loss.is_share or isinstance(rows, NumberRows):
        return None, None, None
    counted = mask & search.outcomes.among(loss) & (search.outcomes.values(loss) > 0)
    interval: Interval = share_range(counted, search.kept, rows, search.plan.settings.level)
    weight = np.ones(counted.size) if rows.weight is None else rows.weight
    return float(weight[counted].sum() / weight[search.kept].sum()), interval.low, interval.high


def _conditions(search: Search, loss: Loss, found: Found) -> Sequence[SliceCondition]:
    features, phrasing = search.features.features, search.features.phrasing
    return [
        SliceCondition(
            loss=loss.name, slice_id=search.slice_id(found.conditions), position=position,
            column=features[place].name, definition=definition_json([features[place].terms[level]]),
            words=condition_words(features[place], frozenset([level]), phrasing), contribution=float(part),
        )
        for position, ((place, level), part) in enumerate(zip(found.conditions, found.contributions, strict=True))
    ]  # fmt: skip
