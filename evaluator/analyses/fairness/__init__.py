"""Do errors fall alike on everyone: groups of one, two and three attributes, how far apart they are, and what follows."""

from evaluator.analyses.fairness.run import run
from evaluator.analyses.question import Analysis

ANALYSIS = Analysis("fairness", run)
