"""What could be behind a confirmed slice: each cause tested, and at most one named."""

from evaluator.analyses.failures.causes.naming import causes

__all__ = ["causes"]
