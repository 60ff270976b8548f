"""How well does it work, overall, for each group and over time, beside the earlier model and beside trivial ones?"""

from evaluator.analyses.performance.run import run
from evaluator.analyses.question import Analysis

ANALYSIS = Analysis("performance", run)
