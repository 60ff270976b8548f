"""Do errors fall alike on everyone: rates for groups and for two attributes together, and how far apart they are?"""

from evaluator.analyses.fairness.run import run
from evaluator.analyses.question import Analysis

ANALYSIS = Analysis("fairness", run)
