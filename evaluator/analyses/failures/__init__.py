"""Where it fails, and why: combinations of features whose cases fail more, what could be behind them, and a small tree."""

from evaluator.analyses.failures.run import run
from evaluator.analyses.question import Analysis

ANALYSIS = Analysis("failures", run)
