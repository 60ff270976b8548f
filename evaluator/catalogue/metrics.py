"""Every metric: its names, what it needs, which way is better, what it means and where it misleads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower", "target"]
RelevantCount = Literal[
    "n",
    "positives",
    "negatives",
    "predicted_positive",
    "predicted_negative",
    "smaller_class",
    "true_or_wrong",
    "wrong",
    "rarest_class",
    "rarest_choice",
    "outside_commonest",
]
Need = Literal["labels", "prediction", "score", "probability"]
Scope = Literal["all_classes", "one_class", "both"]


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
    scope : with several classes, whether it is about all of them together, about one against the rest, or either.
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
    scope: Scope = "all_classes"


_BINARY = ("binary",)
_REGRESSION = ("regression",)
MULTICLASS = "multiclass"
_CLASSES = ("binary", MULTICLASS)
_SEVERAL = (MULTICLASS,)
_BY_INFLUENCE = "Interval: by influence on the log-odds scale; with few errors, exact at the number of cases that the rows are worth."


def _rate(
    name: str,
    aliases: tuple[str, ...],
    direction: Direction,
    count: RelevantCount,
    label: str,
    definition: str,
    caveat: str,
    *,
    scope: Scope = "one_class",
) -> Metric:
    """A share of rows, or a mean of such shares, that asks for decisions."""
    ideal = 1.0 if direction == "higher" else 0.0
    return Metric(
        name,
        aliases,
        _CLASSES,
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
        scope=scope,
    )


def _over_classes(
    name: str, aliases: tuple[str, ...], need: Need, unit: str, count: RelevantCount, label: str, definition: str, caveat: str,
    source: str = "", *, headline: bool = False, chance: float | None = None,
) -> Metric:  # fmt: skip
    """A metric of all classes together that is best at 1 and worst at 0."""
    return Metric(
        name, aliases, _SEVERAL, (need,), "higher", 1.0, 0.0, 1.0, unit, count, label, definition, caveat, source,
        headline, chance,
    )  # fmt: skip


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
        "Looks high when one outcome is rare; compare it with giving everyone the same answer.", scope="all_classes",
    ),
    _rate(
        "balanced_accuracy", ("balanced_accuracy_score",), "higher", "smaller_class", "Balanced accuracy",
        "Mean over the outcomes of the share of its cases that were decided as the label says.",
        "Weighs every outcome alike, whatever each error costs and however rare it is.", scope="all_classes",
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
        "selection_rate", ("positive_rate", "acceptance_rate"), _CLASSES, ("prediction",), "target", 0.0, 0.0, 1.0, "fraction",
        "n", "Predicted positive (selection rate)", "Share of all cases that were predicted positive.",
        "Neither high nor low is better by itself; it matters when groups are compared.", scope="one_class",
    ),
    Metric(
        "f1", ("f1_score", "f_score", "dice"), _CLASSES, ("prediction",), "higher", 1.0, 0.0, 1.0, "score", "true_or_wrong", "F1",
        "Harmonic mean of precision and true positive rate.",
        "One number that mixes both kinds of error; it ignores true negatives.",
        "Interval: F1 is monotone in the binomial share TP/(TP+FP+FN), arXiv 2309.14621.", headline=False, scope="one_class",
    ),
    Metric(
        "mcc", ("matthews_corrcoef", "phi"), _CLASSES, ("prediction",), "higher", 1.0, -1.0, 1.0, "score", "smaller_class",
        "Matthews correlation", "Correlation between decision and label.",
        "Undefined when all labels or all decisions are the same.", "Several classes: Gorodkin 2004.", headline=False,
        chance=0.0,
    ),
    Metric(
        "informedness", ("youden_j", "youdens_index", "bookmaker_informedness"), _BINARY, ("prediction",), "higher", 1.0, -1.0,
        1.0, "score", "smaller_class", "Informedness (Youden's J)",
        "True positive rate plus true negative rate minus one: 0 for guessing, 1 for no error.",
        "Weighs both outcomes alike, whatever each error costs.",
        "Interval: twice that of balanced accuracy, minus one.", headline=False, chance=0.0,
    ),
    Metric(
        "error_ratio", ("treatment_equality", "fn_fp_ratio"), _BINARY, ("prediction",), "target", 1.0, 0.0, None, "score",
        "wrong", "Missed for each wrong alarm (error ratio)",
        "Number of false negatives over the number of false positives.",
        "Neither high nor low is better by itself; it matters when groups are compared. Undefined without false positives.",
        "Interval: that of the share of errors that are false negatives, mapped to its odds.", headline=False,
    ),
    Metric(
        "auc", ("roc_auc", "roc_auc_score", "auroc", "c_statistic"), _CLASSES, ("score",), "higher", 1.0, 0.0, 1.0, "fraction",
        "smaller_class", "Ranking (AUC)",
        "Chance that a random positive case scores above a random negative one; ties count one half.",
        "Not accuracy, and not about the threshold in use.",
        "DeLong, DeLong and Clarke-Pearson 1988; Newcombe 2006, method 5.", chance=0.5, scope="one_class",
    ),
    Metric(
        "average_precision", ("average_precision_score", "pr_auc", "auprc"), _CLASSES, ("score",), "higher", 1.0, 0.0, 1.0, "score",
        "positives", "Average precision", "Precision averaged over the positive cases in order of score.",
        "Its chance value is the share of positive cases, so it cannot be compared between populations.", headline=False,
        scope="one_class",
    ),
    Metric(
        "brier_loss", ("brier_score_loss", "brier", "brier_score"), _CLASSES, ("probability",), "lower", 0.0, 0.0, 1.0, "score", "n",
        "Squared error of the probability (Brier)", "Mean squared difference between probability and outcome.",
        "Mixes calibration with ranking; compare it with the same data's base rate.",
        "All classes together: half the squared distance, summed over the classes (Brier 1950), so that it stays in 0 to 1.",
        headline=False, scope="both",
    ),
    Metric(
        "log_loss", ("logloss", "cross_entropy"), _CLASSES, ("probability",), "lower", 0.0, 0.0, None, "score", "n", "Log loss",
        "Mean of minus the log of the probability given to what happened, clipped to [1e-15, 1 - 1e-15].",
        "One confident mistake can dominate it.", headline=False,
    ),
    Metric(
        "expected_calibration_error", ("ece",), _CLASSES, ("probability",), "lower", 0.0, 0.0, 1.0, "fraction", "n",
        "Distance between promised and seen (calibration error)",
        "Mean distance between the promised and the seen share over ten groups of equal size, ordered by probability.",
        "Positive by chance even for a perfect model; read it beside what chance alone gives.",
        "All classes together: of the probability of the chosen class against whether the choice was right (Guo et al. 2017).",
        scope="both",
    ),
    Metric(
        "calibration_slope", ("cox_slope",), _CLASSES, ("probability",), "target", 1.0, None, None, "score", "smaller_class",
        "Calibration slope", "Slope of a logistic regression of the outcome on the log-odds of the probability.",
        "Below 1: probabilities are too extreme; above 1: too timid.", "Cox 1958.", headline=False, scope="one_class",
    ),
    Metric(
        "calibration_intercept", ("calibration_in_the_large",), _CLASSES, ("probability",), "target", 0.0, None, None, "score",
        "smaller_class", "Calibration intercept",
        "Shift in log-odds between promised and seen, with the slope held at 1.",
        "Above 0: the outcome happens more often than promised; below 0: less often.", "Cox 1958.", headline=False,
        scope="one_class",
    ),
    _over_classes(
        "top_2_accuracy", ("top_two_accuracy",), "score", "fraction", "n", "Right within two guesses (top-2)",
        "Share of all cases whose true class is one of the two with the highest scores.",
        "Helps where a person sees both guesses; of equal scores, the class that comes first counts as higher.",
        headline=True,
    ),
    _over_classes(
        "top_3_accuracy", ("top_three_accuracy",), "score", "fraction", "n", "Right within three guesses (top-3)",
        "Share of all cases whose true class is one of the three with the highest scores.",
        "Helps where a person sees all three guesses; of equal scores, the class that comes first counts as higher.",
    ),
    _over_classes(
        "true_positive_rate_macro", ("recall_macro", "macro_recall"), "prediction", "fraction", "rarest_class",
        "Found, mean over classes (macro recall)", "Mean over the classes of the share of its cases that were put into it.",
        "The same number as balanced accuracy; a rare class counts as much as a common one.", _BY_INFLUENCE,
    ),
    _over_classes(
        "true_positive_rate_micro", ("recall_micro", "micro_recall"), "prediction", "fraction", "n",
        "Found, over all cases (micro recall)", "Share of all cases that were put into their class.",
        "The same number as accuracy, since every case has one class.",
    ),
    _over_classes(
        "true_positive_rate_weighted", ("recall_weighted", "weighted_recall"), "prediction", "fraction", "n",
        "Found, mean by size of class (weighted recall)",
        "Mean over the classes of the share of its cases that were put into it, each class counting by its cases.",
        "The same number as accuracy, so a rare class hardly matters.",
    ),
    _over_classes(
        "precision_macro", ("macro_precision",), "prediction", "fraction", "rarest_choice",
        "Right among chosen, mean over classes (macro precision)",
        "Mean over the classes of the share of the cases put into it that belong there.",
        "Undefined when a class is never chosen; changes with how common the classes are.", _BY_INFLUENCE,
    ),
    _over_classes(
        "precision_micro", ("micro_precision",), "prediction", "fraction", "n",
        "Right among chosen, over all cases (micro precision)", "Share of all choices that were right.",
        "The same number as accuracy, since every case is put into one class.",
    ),
    _over_classes(
        "precision_weighted", ("weighted_precision",), "prediction", "fraction", "n",
        "Right among chosen, mean by size of class (weighted precision)",
        "Mean over the classes of the share of the cases put into it that belong there, each class counting by its cases.",
        "Undefined when a class that has cases is never chosen; a rare class hardly matters.", _BY_INFLUENCE,
    ),
    _over_classes(
        "f1_macro", ("macro_f1", "f1_score_macro"), "prediction", "score", "rarest_class", "F1, mean over classes (macro F1)",
        "Mean over the classes of the harmonic mean of precision and true positive rate.",
        "One number that mixes both kinds of error; a rare class counts as much as a common one.", _BY_INFLUENCE,
    ),
    _over_classes(
        "f1_micro", ("micro_f1", "f1_score_micro"), "prediction", "score", "n", "F1 over all cases (micro F1)",
        "Harmonic mean of precision and true positive rate, both over all cases.",
        "The same number as accuracy, since every case has one class and is put into one.",
    ),
    _over_classes(
        "f1_weighted", ("weighted_f1", "f1_score_weighted"), "prediction", "score", "n",
        "F1, mean by size of class (weighted F1)",
        "Mean over the classes of the harmonic mean of precision and true positive rate, each class counting by its cases.",
        "A rare class hardly matters.",
    ),
    _over_classes(
        "auc_macro", ("roc_auc_ovr", "macro_auc"), "score", "fraction", "rarest_class", "Ranking, mean over classes (macro AUC)",
        "Mean over the classes of the chance that a random case of the class gets a higher score for it than a random "
        "other case; ties count one half.",
        "Not accuracy: says whether each class ranks its own cases first, not whether the right class is chosen.",
        "One class against the rest: Provost and Domingos 2000. Interval: by influence on the log-odds scale; with few rows "
        "ranked wrongly, Newcombe's at the number of rows they are worth.", chance=0.5,
    ),
    _over_classes(
        "auc_micro", ("roc_auc_ovr_micro", "micro_auc"), "score", "fraction", "n", "Ranking over all scores (micro AUC)",
        "Chance that the score of a true class is higher than the score of a wrong class, of any two cases; ties count "
        "one half.",
        "Compares scores of different classes and cases, so it also rewards knowing which classes are common.",
    ),
    _over_classes(
        "auc_weighted", ("roc_auc_ovr_weighted", "weighted_auc"), "score", "fraction", "n",
        "Ranking, mean by size of class (weighted AUC)",
        "Mean over the classes of the chance that a random case of the class gets a higher score for it than a random "
        "other case, each class counting by its cases.",
        "A rare class hardly matters.", "One class against the rest: Provost and Domingos 2000.", chance=0.5,
    ),
    _over_classes(
        "average_precision_macro", ("macro_average_precision",), "score", "score", "rarest_class",
        "Average precision, mean over classes (macro)",
        "Mean over the classes of the precision averaged over the cases of the class in order of its score.",
        "Its chance value depends on how common the classes are, so it cannot be compared between populations.",
    ),
    _over_classes(
        "average_precision_micro", ("micro_average_precision",), "score", "score", "n", "Average precision over all scores (micro)",
        "Precision averaged over the scores of the true classes, in order among all scores of all classes.",
        "Compares scores of different classes and cases, so it also rewards knowing which classes are common.",
    ),
    _over_classes(
        "average_precision_weighted", ("weighted_average_precision",), "score", "score", "n",
        "Average precision, mean by size of class (weighted)",
        "Mean over the classes of the precision averaged over the cases of the class in order of its score, each class "
        "counting by its cases.",
        "A rare class hardly matters.",
    ),
    Metric(
        "quadratic_kappa", ("quadratic_weighted_kappa", "qwk", "cohen_kappa_quadratic"), _SEVERAL, ("prediction",), "higher",
        1.0, -1.0, 1.0, "score", "outside_commonest", "Agreement of ordered classes (quadratic kappa)",
        "One minus the mean squared distance, in steps, between the true and the chosen class over what chance alone would "
        "give.",
        "For ordered classes only; takes every step between classes to be equally long.", "Cohen 1968.", headline=False,
        chance=0.0,
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
CLASS_PROPORTIONS: frozenset[str] = frozenset(
    {
        "accuracy", "top_2_accuracy", "top_3_accuracy", "true_positive_rate_micro", "true_positive_rate_weighted",
        "precision_micro", "f1_micro",
    }
)  # fmt: skip
"""Metrics of several classes together that are a plain share of all cases."""

NEITHER_WAY: frozenset[str] = frozenset({"selection_rate", "error_ratio"})
"""Metrics of which neither a high nor a low value is better by itself; they matter when groups are compared."""


def canonical_metric(name: str) -> str | None:
    """The canonical name behind `name`, or None when it is unknown."""
    return name if name in METRICS else ALIASES.get(name)


def metrics_for(task: str) -> tuple[Metric, ...]:
    """The metrics of one task kind, in catalogue order; with several classes, those about all of them together."""
    return tuple(
        metric for metric in _ALL if task in metric.tasks and (task != MULTICLASS or metric.scope != "one_class")
    )


def class_metrics_for(task: str) -> tuple[Metric, ...]:
    """The metrics of one class against the rest; none for a task without several classes."""
    return tuple(
        metric for metric in _ALL if task == MULTICLASS and task in metric.tasks and metric.scope != "all_classes"
    )
