"""Calibration: promised probabilities against what happened, and what chance alone would show of a kept promise."""

from evaluator.statistics.calibration.bands import Band, consistency_band
from evaluator.statistics.calibration.binned import (
    BINS,
    Bins,
    binned_error_interval,
    calibration_error,
    calibration_error_interval,
    equal_mass_bins,
)
from evaluator.statistics.calibration.checks import (
    Reference,
    SignedTest,
    bins_from,
    debiased_error,
    drawn_debiased_errors,
    drawn_errors,
    reference_of,
    spiegelhalter,
    two_sided,
    uncertainty_between,
)
from evaluator.statistics.calibration.isotonic import (
    Decomposition,
    cell_miscalibration,
    decomposition,
    drawn_decompositions,
)
from evaluator.statistics.calibration.residuals import GRID, Cells, Residuals, condense, null_sums
from evaluator.statistics.calibration.slopes import (
    cox_intercept,
    cox_slope,
    log_odds,
    shift_of_log_odds,
    slope_on_log_odds,
)
from evaluator.statistics.calibration.smooth import drawn_smooth_errors, smooth_error, smooth_errors

__all__ = [
    "BINS",
    "GRID",
    "Band",
    "Bins",
    "Cells",
    "Decomposition",
    "Reference",
    "Residuals",
    "SignedTest",
    "binned_error_interval",
    "bins_from",
    "calibration_error",
    "calibration_error_interval",
    "cell_miscalibration",
    "condense",
    "consistency_band",
    "cox_intercept",
    "cox_slope",
    "debiased_error",
    "decomposition",
    "drawn_debiased_errors",
    "drawn_decompositions",
    "drawn_errors",
    "drawn_smooth_errors",
    "equal_mass_bins",
    "log_odds",
    "null_sums",
    "reference_of",
    "shift_of_log_odds",
    "slope_on_log_odds",
    "smooth_error",
    "smooth_errors",
    "spiegelhalter",
    "two_sided",
    "uncertainty_between",
]
