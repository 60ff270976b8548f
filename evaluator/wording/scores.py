"""Sentences for technical scores: the number, its range, which way is better, and what it is compared with."""

from __future__ import annotations

from evaluator.catalogue.metrics import METRICS, NEITHER_WAY
from evaluator.wording.phrases import about_outcome, for_whom, subject_name
from evaluator.wording.reading import Reading, bracket, decimal, lead
from evaluator.wording.sentence import Figure, Quoted, Sentence, compose, evidence_id, join

PLAIN_NAMES: dict[str, str] = {
    "f1": "one number mixing both kinds of error (F1)",
    "informedness": "how well decisions separate outcomes (Youden's J)",
    "error_ratio": "missed cases for each wrong alarm (error ratio)",
    "mcc": "agreement of decision and outcome (Matthews correlation)",
    "average_precision": "how well the top is chosen (average precision)",
    "brier_loss": "squared error of the probability (Brier)",
    "log_loss": "penalty for confident mistakes (log loss)",
    "calibration_slope": "spread of the probabilities (calibration slope)",
    "calibration_intercept": "shift of the probabilities (calibration intercept)",
    "expected_calibration_error": "promised against seen (calibration error)",
    "balanced_accuracy": "right decisions weighed alike (balanced accuracy)",
    "true_positive_rate_macro": "cases rightly classed (macro recall)",
    "true_positive_rate_micro": "cases rightly classed (micro recall)",
    "true_positive_rate_weighted": "cases rightly classed (weighted recall)",
    "precision_macro": "classes rightly given (macro precision)",
    "precision_micro": "classes rightly given (micro precision)",
    "precision_weighted": "classes rightly given (weighted precision)",
    "f1_macro": "both kinds of error mixed (macro F1)",
    "f1_micro": "both kinds of error mixed (micro F1)",
    "f1_weighted": "both kinds of error mixed (weighted F1)",
    "auc_macro": "pairs ranked rightly (macro AUC)",
    "auc_micro": "pairs ranked rightly (micro AUC)",
    "auc_weighted": "pairs ranked rightly (weighted AUC)",
    "average_precision_macro": "top choices that are right (macro average precision)",
    "average_precision_micro": "top choices that are right (micro average precision)",
    "average_precision_weighted": "top choices that are right (weighted average precision)",
    "top_2_accuracy": "own class among two guesses",
    "top_3_accuracy": "own class among three guesses",
    "quadratic_kappa": "agreement that counts far misses more (quadratic kappa)",
    "mean_error": "how far predictions lean (mean error)",
    "mean_absolute_error": "how far predictions are off (MAE)",
    "median_absolute_error": "error that half stay within (median)",
    "p90_absolute_error": "error that nine in ten stay within",
    "root_mean_squared_error": "error that weighs large misses more (RMSE)",
    "r2": "differences accounted for (R2)",
}


def f1(reading: Reading) -> Sentence:
    """One number that mixes both kinds of error."""
    return score(reading, PLAIN_NAMES["f1"])


def mcc(reading: Reading) -> Sentence:
    """Correlation between decision and label, beside what guessing and perfection give."""
    guessing = Figure("0", 0, "chance", "catalogue:mcc")
    perfect = Figure("1", 1, "ideal", "catalogue:mcc")
    ends = compose("guessing gives ", guessing, " and a perfect record ", perfect, ".")
    return join(score(reading, PLAIN_NAMES["mcc"], direction=False), ends)


def informedness(reading: Reading) -> Sentence:
    """How well decisions tell the two outcomes apart."""
    return score(reading, PLAIN_NAMES["informedness"])


def error_ratio(reading: Reading) -> Sentence:
    """Missed cases for each wrong alarm."""
    return score(reading, PLAIN_NAMES["error_ratio"])


def brier_loss(reading: Reading) -> Sentence:
    """Squared error of the probability."""
    return score(reading, PLAIN_NAMES["brier_loss"])


def log_loss(reading: Reading) -> Sentence:
    """Log loss."""
    return score(reading, PLAIN_NAMES["log_loss"])


def score(reading: Reading, name: str, *, direction: bool = True) -> Sentence:
    """ "Squared error of the probability (Brier): 0.081 (95% range 0.077 to 0.085). Lower is better."."""
    places, evidence = reading.places(), reading.evidence
    number = decimal(reading.value, places, "value", evidence)
    within = bracket(reading, lambda value, role: decimal(value, places, role, evidence))
    opening = (*lead(reading), *about_outcome(reading.estimate.class_, reading.words), name)
    said = compose(opening, for_whom(reading.words, reading.population), ": ", number, within, ".")
    after = (direction_sentence(reading.estimate.metric),) if direction else ()
    return join(said, *after, *_compared(reading, places))


def direction_sentence(metric: str) -> Sentence:
    """Which way is better."""
    entry = METRICS[metric]
    if entry.direction != "target":
        return compose(entry.direction, " is better.")
    if metric in NEITHER_WAY:
        return compose("neither way is better by itself.")
    ideal = Figure(f"{entry.ideal:g}", entry.ideal, "ideal", f"catalogue:{metric}")
    return compose("the closer to ", ideal, ", the better.")


def _compared(reading: Reading, places: int) -> tuple[Sentence, ...]:
    baseline = reading.baseline
    if baseline is None or baseline.value is None:
        return ()
    other = decimal(baseline.value, places, "comparison", evidence_id(baseline))
    name = Quoted(subject_name(baseline.subject, reading.names))
    return (compose(name, " has ", other, "."),)
