"""Can the data be trusted: copies, gaps, impossible values, mixed units, leaks, and what the plan declares?"""

from evaluator.analyses.data.run import run
from evaluator.analyses.question import Analysis

ANALYSIS = Analysis("data", run)
