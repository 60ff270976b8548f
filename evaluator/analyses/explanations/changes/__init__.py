"""What would change a decision: ways out of the unfavourable one, for how many there is one, and the main reasons for it."""

from evaluator.analyses.explanations.changes.run import changes

__all__ = ["changes"]
