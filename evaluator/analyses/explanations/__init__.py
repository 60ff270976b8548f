"""What does the model look at: which features its scores lean on, and what each does to the score?"""

from evaluator.analyses.explanations.run import run
from evaluator.analyses.question import Analysis

ANALYSIS = Analysis("explanations", run)
