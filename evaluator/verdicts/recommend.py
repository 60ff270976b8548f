"""From statuses to a recommendation, and the criterion that decided it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from evaluator.catalogue.statuses import STATUSES
from evaluator.records import CriterionResult, Recommendation, RecommendationCode
from evaluator.wording.statuses import recommendation_sentence

OPEN = ("inconclusive", "too_few", "not_tested")


def recommend(criteria: Sequence[CriterionResult]) -> Recommendation:
    """The worst blocking criterion decides; no average, no score.

    A blocking criterion not met: do not approve. A blocking one undecided or untested: defer. Only others open or not
    met: approve with conditions. A plan without criteria: defer, for nothing was asked.
    """
    code, deciding = _decide(criteria)
    counts: Counter[str] = Counter(result.status for result in criteria)
    text = json.dumps({status: counts[status] for status in STATUSES if counts[status]}, sort_keys=True)
    sentence = recommendation_sentence(code)
    return Recommendation(code, deciding.criterion_id if deciding else "", str(sentence), text)


def _decide(criteria: Sequence[CriterionResult]) -> tuple[RecommendationCode, CriterionResult | None]:
    blocking = [result for result in criteria if result.blocking]
    if failed := [result for result in blocking if result.status == "not_met"]:
        return "do_not_approve", failed[0]
    if undecided := [result for result in blocking if result.status in OPEN]:
        return "defer", undecided[0]
    if not any(result.status != "not_applicable" for result in criteria):
        return "defer", None
    if conditions := [result for result in criteria if result.status in ("not_met", *OPEN)]:
        return "approve_with_conditions", max(conditions, key=lambda result: STATUSES[result.status].severity)
    return "approve", None
