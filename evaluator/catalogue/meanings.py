"""What each status and recommendation stands for, in words."""

from __future__ import annotations

from evaluator.catalogue.settings import MIN_GROUP, MIN_RELEVANT

STATUS_MEANINGS: dict[str, str] = {
    "met": "The whole range is on the good side of the limit; touching the limit is met.",
    "not_met": "The whole range is beyond the limit.",
    "inconclusive": "The range lies on both sides of the limit, or there is no range.",
    "too_few": f"Fewer rows than the plan asks for ({MIN_GROUP} if it says nothing), or fewer than {MIN_RELEVANT} relevant cases.",
    "not_tested": "The plan or the data lack what the metric needs; the reason is given.",
    "not_applicable": "The criterion does not apply to this model.",
}
RECOMMENDATION_RULES: dict[str, str] = {
    "do_not_approve": "A blocking criterion is not met.",
    "defer": "No blocking criterion is not met, but one is inconclusive, has too few cases or was not tested; or the "
    "plan has no criteria.",
    "approve_with_conditions": "Every blocking criterion is met; another one is not met or is open.",
    "approve": "Every criterion is met.",
}
