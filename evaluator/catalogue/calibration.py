"""The checks of promised probabilities: what each number is, and what a perfectly calibrated model would show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["fraction", "score"]


@dataclass(frozen=True, slots=True)
class CalibrationCheck:
    """`ideal` is the value of a kept promise, None where a promise has no bearing on it.

    `unit` "fraction" is printed as so many of 100. `tests` says that the value is held against what a perfectly
    calibrated model would show; `whole` that it is for all rows alone and not for every group.
    """

    name: str
    label: str
    definition: str
    ideal: float | None
    unit: Unit
    tests: bool
    whole: bool
    source: str


CALIBRATION_CHECKS: dict[str, CalibrationCheck] = {
    check.name: check
    for check in (
        CalibrationCheck(
            "plug_in", "Average distance between promised and seen (calibration error)",
            "Mean absolute difference between promised and seen share over ten groups of rows of equal weight.",
            0.0, "fraction", True, True,
            "Never zero by chance: read it beside what a perfectly calibrated model of this size shows.",
        ),
        CalibrationCheck(
            "debiased", "Distance between promised and seen, chance taken out",
            "Root mean square difference between promised and seen share over the same groups, less what chance adds; "
            "below zero where the groups differ by less than chance alone would make them.",
            0.0, "fraction", True, False,
            "After Kumar, Liang and Ma 2019, with the variance of label minus probability instead of that of the label.",
        ),
        CalibrationCheck(
            "smooth", "Distance between promised and seen without groups (smooth calibration error)",
            "Mean size of label minus probability, smoothed by a Gaussian exactly as wide as the result.",
            0.0, "fraction", True, True, "Blasiok and Nakkiran 2023, on 2,048 cells.",
        ),
        CalibrationCheck(
            "spiegelhalter", "Squared errors as large as promised (Spiegelhalter's Z)",
            "Squared error of the probabilities against the one they promise, standardised.",
            0.0, "score", True, True, "Spiegelhalter 1986; with clusters the variance is that of cluster sums.",
        ),
        CalibrationCheck(
            "intercept", "Seen more or less often than promised (calibration intercept)",
            "Shift in log-odds from promised to seen; above 0 the outcome came more often than promised.",
            0.0, "score", True, False, "Logistic regression with the log-odds as offset (Cox 1958).",
        ),
        CalibrationCheck(
            "slope", "Too extreme or too timid (calibration slope)",
            "Slope of the outcome's log-odds on the promised ones; below 1 the probabilities are too extreme.",
            1.0, "score", True, False, "Logistic regression on the log-odds of the probability (Cox 1958).",
        ),
        CalibrationCheck(
            "miscalibration", "What better probabilities in the same order would save (miscalibration)",
            "Brier score less that of the best probabilities that keep the order of the promised ones.",
            0.0, "score", True, True, "Isotonic regression; Dimitriadis, Gneiting and Jordan 2021.",
        ),
        CalibrationCheck(
            "discrimination", "What the order of the scores saves (discrimination)",
            "Brier score of the same probability for everyone less that of the best probabilities in the model's order.",
            None, "score", False, True, "Isotonic regression; Dimitriadis, Gneiting and Jordan 2021.",
        ),
        CalibrationCheck(
            "uncertainty", "What stays open without a model (uncertainty)",
            "Brier score of the same probability for everyone: share times one minus share of positive outcomes.",
            None, "score", False, True, "Brier score = miscalibration - discrimination + uncertainty.",
        ),
    )
}  # fmt: skip
FAMILY_CHECKS: tuple[str, ...] = ("debiased", "intercept", "slope")
"""The checks that a judgement rests on: how far, in which direction, and whether too extreme."""
