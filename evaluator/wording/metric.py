"""One door for every metric: an estimate in, a sentence out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.records import Estimate, Population, Words
from evaluator.wording import calibration, classes, edges, predictions, ranking, rates, scores
from evaluator.wording.reading import Reading, has_value
from evaluator.wording.sentence import Sentence

Template = Callable[[Reading], Sentence]

TEMPLATES: dict[str, Template] = {
    **dict.fromkeys(PROPORTIONS, rates.proportion),
    "accuracy": rates.accuracy,
    "balanced_accuracy": rates.balanced_accuracy,
    "auc": ranking.auc,
    "average_precision": ranking.average_precision,
    "expected_calibration_error": calibration.expected_calibration_error,
    "calibration_slope": calibration.calibration_slope,
    "calibration_intercept": calibration.calibration_intercept,
    "f1": scores.f1,
    "mcc": scores.mcc,
    "informedness": scores.informedness,
    "error_ratio": scores.error_ratio,
    "brier_loss": scores.brier_loss,
    "log_loss": scores.log_loss,
    **classes.TEMPLATES,
    "mean_error": predictions.mean_error,
    "mean_absolute_error": predictions.mean_absolute_error,
    "median_absolute_error": predictions.median_absolute_error,
    "p90_absolute_error": predictions.p90_absolute_error,
    "root_mean_squared_error": predictions.root_mean_squared_error,
    "r2": predictions.r2,
}

_EDGES: dict[str, Template] = {
    "ok": edges.undefined,
    "undefined": edges.undefined,
    "too_few": edges.too_few,
    "not_tested": edges.not_tested,
    "not_applicable": edges.not_applicable,
    "failed": edges.failed,
}


def metric_sentence(
    estimate: Estimate,
    words: Words,
    population: Population,
    *,
    limit: float | tuple[float, ...] | None = None,
    per: int | None = None,
    level_said: bool = False,
    baseline: Estimate | None = None,
    names: Mapping[str, str] | None = None,
    fewer_than: int | None = None,
) -> Sentence:
    """Say an estimate in the plan's own words.

    Parameters
    ----------
    estimate : the number; its status decides between a number and the reason why there is none.
    words, population : the plan's words, and whom the number is about.
    limit : limits that will stand beside the number; they take part in the choice of the scale but are not said.
    per : fixes the scale (100, 1,000, 10,000), for shares that stand side by side.
    level_said : the level of the range was named earlier in the same block.
    baseline : the same metric for a baseline on the same rows; said in a second sentence.
    names : what to call the other subjects, {"previous": "version 2.2"}.
    fewer_than : for viewers: nothing is said about fewer cases than this.
    """
    limits = () if limit is None else limit if isinstance(limit, tuple) else (limit,)
    reading = Reading(estimate, words, population, limits, per, level_said, baseline, names or {})
    if fewer_than is not None and edges.is_suppressed(reading, fewer_than):
        return edges.suppressed(words, population, fewer_than)
    if not has_value(estimate):
        return _EDGES[estimate.status](reading)
    return TEMPLATES[estimate.metric](reading)
