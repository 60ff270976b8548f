"""Do the promised probabilities come true, overall and for each group, by more than chance explains?"""

from evaluator.analyses.calibration.run import run
from evaluator.analyses.question import Analysis

ANALYSIS = Analysis("calibration", run)
