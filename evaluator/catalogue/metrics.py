"""Every metric: its names, what it needs, which way is better, what it means and where it misleads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower", "target"]
RelevantCount = Literal[
    "n", "positives", "negatives", "predicted_positive", "predicted_negative", "smaller_class", "true_or_wrong"
]
Need = Literal["labels", "prediction", "score", "probability"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One catalogue entry.

    Attributes
    ----------
    name, aliases : canonical name, and the names other libraries use for it.
    tasks : task kinds it applies to.
    needs : what of the subject it reads, beside the labels.
    direction, ideal : "higher" or "lower" is better, or "target": the closer to `ideal` the better.
    low, high : closed range of possible values; None is unbounded.
    unit : "fraction", "score" (a bare number) or "label" (the unit of the label).
    relevant_count : the count that limits its precision; decides `too_few` and the interval method.
    label : what a chart or table calls it. `definition`, `caveat` : one sentence each.
    headline : False for numbers that only a technical table should show.
    chance : value a guesser reaches whatever the data, if there is one.
    """

    name: str
    aliases: tuple[str, ...]
    tasks: tuple[str, ...]
    needs: tuple[Need, ...]
    direction: Direction
    ideal: float
    low: float | None
    high: float | None
    unit: str
    relevant_count: RelevantCount
    label: str
    definition: str
    caveat: str
    source: str = ""
    headline: bool = True
    chance: float | None = None


_BINARY = ("binary",)
_REGRESSION = ("regression",)


def _rate(
    name: str,
    aliases: tuple[str, ...],
    direction: Direction,
    count: RelevantCount,
    label: str,
    definition: str,
    caveat: str,
) -> Metric:
    ideal = 1.0 if direction == "higher" else 0.0
    return Metric(
        name,
        aliases,
        _BINARY,
        ("prediction",),
        direction,
        ideal,
        0.0,
        1.0,
        "fraction",
        count,
        label,
        definition,
        caveat,
    )


def _error(
    name: str, aliases: tuple[str, ...], direction: Direction, label: str, definition: str, caveat: str, source: str, *,
    headline: bool = True,
) -> Metric:  # fmt: skip
    """A metric in the unit of the label, best at 0."""
    low = None if direction == "target" else 0.0
    return Metric(
        name, aliases, _REGRESSION, ("score",), direction, 0.0, low, None, "label", "n", label, definition, caveat, source,
        headline,
    )  # fmt: skip


_ALL = (
    _rate(
        "accuracy", ("accuracy_score", "acc"), "higher", "n", "Right decisions (accuracy)",
        "Share of all cases that were decided as the label says.",
        "Looks high when one outcome is rare; compare it with giving everyone the same answer.",
    ),
    _rate(
        "balanced_accuracy", ("balanced_accuracy_score",), "higher", "smaller_class", "Balanced accuracy",
        "Mean of the true positive rate and the true negative rate.",
        "Weighs both outcomes alike, whatever each error costs.",
    ),
    _rate(
        "precision", ("precision_score", "positive_predictive_value", "ppv"), "higher", "predicted_positive",
        "Right among predicted positive (precision)",
        "Share of cases predicted positive that are positive.",
        "Changes with how common the positive outcome is, so it does not carry over to another population.",
    ),
    _rate(
        "true_positive_rate", ("recall", "recall_score", "sensitivity", "tpr", "hit_rate"), "higher", "positives",
        "Found among positive (true positive rate)",
        "Share of positive cases that were predicted positive.",
        "Says nothing about wrong positives; read it beside the false positive rate.",
    ),
    _rate(
        "false_positive_rate", ("fpr", "fall_out"), "lower", "negatives", "Wrong among negative (false positive rate)",
        "Share of negative cases that were predicted positive.",
        "A small rate of a large group can still be many people.",
    ),
    _rate(
        "true_negative_rate", ("specificity", "tnr", "selectivity"), "higher", "negatives",
        "Right among negative (true negative rate)",
        "Share of negative cases that were predicted negative.",
        "Says nothing about missed positives.",
    ),
    _rate(
        "false_negative_rate", ("fnr", "miss_rate"), "lower", "positives", "Missed among positive (false negative rate)",
        "Share of positive cases that were predicted negative.",
        "Says nothing about wrong positives.",
    ),
    _rate(
        "negative_predictive_value", ("npv",), "higher", "predicted_negative",
        "Right among predicted negative (negative predictive value)",
        "Share of cases predicted negative that are negative.",
        "Changes with how common the positive outcome is.",
    ),
    Metric(
        "selection_rate", ("positive_rate", "acceptance_rate"), _BINARY, ("prediction",), "target", 0.0, 0.0, 1.0, "fraction",
        "n", "Predicted positive (selection rate)", "Share of all cases that were predicted positive.",
        "Neither high nor low is better by itself; it matters when groups are compared.",
    ),
    Metric(
        "f1", ("f1_score", "f_score", "dice"), _BINARY, ("prediction",), "higher", 1.0, 0.0, 1.0, "score", "true_or_wrong", "F1",
        "Harmonic mean of precision and true positive rate.",
        "One number that mixes both kinds of error; it ignores true negatives.",
        "Interval: F1 is monotone in the binomial share TP/(TP+FP+FN), arXiv 2309.14621.", headline=False,
    ),
    Metric(
        "mcc", ("matthews_corrcoef", "phi"), _BINARY, ("prediction",), "higher", 1.0, -1.0, 1.0, "score", "smaller_class",
        "Matthews correlation", "Correlation between decision and label.",
        "Undefined when all labels or all decisions are the same.", headline=False, chance=0.0,
    ),
    Metric(
        "auc", ("roc_auc", "roc_auc_score", "auroc", "c_statistic"), _BINARY, ("score",), "higher", 1.0, 0.0, 1.0, "fraction",
        "smaller_class", "Ranking (AUC)",
        "Chance that a random positive case scores above a random negative one; ties count one half.",
        "Not accuracy, and not about the threshold in use.",
        "DeLong, DeLong and Clarke-Pearson 1988; Newcombe 2006, method 5.", chance=0.5,
    ),
    Metric(
        "average_precision", ("average_precision_score", "pr_auc", "auprc"), _BINARY, ("score",), "higher", 1.0, 0.0, 1.0, "score",
        "positives", "Average precision", "Precision averaged over the positive cases in order of score.",
        "Its chance value is the share of positive cases, so it cannot be compared between populations.", headline=False,
    ),
    Metric(
        "brier_loss", ("brier_score_loss", "brier", "brier_score"), _BINARY, ("probability",), "lower", 0.0, 0.0, 1.0, "score", "n",
        "Squared error of the probability (Brier)", "Mean squared difference between probability and outcome.",
        "Mixes calibration with ranking; compare it with the same data's base rate.", headline=False,
    ),
    Metric(
        "log_loss", ("logloss", "cross_entropy"), _BINARY, ("probability",), "lower", 0.0, 0.0, None, "score", "n", "Log loss",
        "Mean of minus the log of the probability given to what happened, clipped to [1e-15, 1 - 1e-15].",
        "One confident mistake can dominate it.", headline=False,
    ),
    Metric(
        "expected_calibration_error", ("ece",), _BINARY, ("probability",), "lower", 0.0, 0.0, 1.0, "fraction", "n",
        "Distance between promised and seen (calibration error)",
        "Mean distance between the promised and the seen share over ten groups of equal size, ordered by probability.",
        "Positive by chance even for a perfect model; read it beside what chance alone gives.",
    ),
    Metric(
        "calibration_slope", ("cox_slope",), _BINARY, ("probability",), "target", 1.0, None, None, "score", "smaller_class",
        "Calibration slope", "Slope of a logistic regression of the outcome on the log-odds of the probability.",
        "Below 1: probabilities are too extreme; above 1: too timid.", "Cox 1958.", headline=False,
    ),
    Metric(
        "calibration_intercept", ("calibration_in_the_large",), _BINARY, ("probability",), "target", 0.0, None, None, "score",
        "smaller_class", "Calibration intercept",
        "Shift in log-odds between promised and seen, with the slope held at 1.",
        "Above 0: the outcome happens more often than promised; below 0: less often.", "Cox 1958.", headline=False,
    ),
    _error(
        "mean_absolute_error", ("mae", "neg_mean_absolute_error"), "lower", "Average size of the error (mean absolute error)",
        "Mean distance between the predicted and the true number, whether too high or too low.",
        "A mean hides a few very large errors; read it beside the error that nine in ten stay within.",
        "Interval: the farther ends of t and of its correction for skewness, Hall 1992.",
    ),
    _error(
        "mean_error", ("bias", "mean_bias_error", "mbe"), "target", "Too high or too low on average (mean error)",
        "Mean of the predicted minus the true number: above 0, predictions are too high on average.",
        "Errors in both directions cancel out, so 0 does not mean that predictions are close.",
        "Interval: the farther ends of t and of its correction for skewness, Hall 1992.",
    ),
    _error(
        "median_absolute_error", ("medae", "neg_median_absolute_error"), "lower",
        "Half are off by at most this (median absolute error)",
        "The distance from the true number that half of the predictions stay within.",
        "Says nothing about the worse half.",
        "Interval: order statistics at binomial ranks.",
    ),
    _error(
        "p90_absolute_error", ("p90_error", "absolute_error_p90"), "lower",
        "Nine in ten are off by at most this (90th percentile of the absolute error)",
        "The distance from the true number that nine in ten predictions stay within.",
        "Says nothing about the worst tenth; with fewer than 36 independent rows it has no 95% range.",
        "Interval: order statistics at binomial ranks.",
    ),
    _error(
        "root_mean_squared_error", ("rmse", "neg_root_mean_squared_error"), "lower",
        "Size of the error, large ones weighing more (root mean squared error)",
        "Square root of the mean squared distance between the predicted and the true number.",
        "A few large errors can decide it; read it beside the median.",
        "Interval: the root of that of the mean squared error, which takes the farther ends of t and of its correction for "
        "skewness, Hall 1992.", headline=False,
    ),
    Metric(
        "r2", ("r2_score", "coefficient_of_determination", "explained_share"), _REGRESSION, ("score",), "higher", 1.0, None, 1.0,
        "score", "n", "Explained share of the variation (R\u00b2)",
        "One minus the mean squared error over the variance of the true numbers: 1 is perfect, 0 no better than always "
        "predicting the mean.",
        "Depends on how much the true numbers vary, so it cannot be compared between populations; below 0 is worse than "
        "the mean.",
        "Interval: Fieller 1954.", headline=False,
    ),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
ALIASES: dict[str, str] = {alias: metric.name for metric in _ALL for alias in metric.aliases}
PROPORTIONS: frozenset[str] = frozenset(
    {
        "accuracy", "precision", "true_positive_rate", "false_positive_rate", "true_negative_rate", "false_negative_rate",
        "negative_predictive_value", "selection_rate",
    }
)  # fmt: skip
"""Metrics that are a plain share of some cases."""


def canonical_metric(name: str) -> str | None:
    """The canonical name behind `name`, or None when it is unknown."""
    return name if name in METRICS else ALIASES.get(name)


def metrics_for(task: str) -> tuple[Metric, ...]:
    """The metrics of one task kind, in catalogue order."""
    return tuple(metric for metric in _ALL if task in metric.tasks)
