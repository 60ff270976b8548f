"""What every analysis is: a name, what it needs, and how it is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Progress
from evaluator.subject.subject import Subject


@dataclass(frozen=True, slots=True)
class Analysis:
    """`run` is pure: the same plan and subject give the same tables."""

    name: str
    run: Callable[[Plan, Subject, Progress], AnalysisTables]


def load_analysis(name: str) -> Analysis:
    """The analysis of a catalogue entry; its package is imported only when it is needed."""
    analysis: Analysis = import_module(f"evaluator.analyses.{name}").ANALYSIS
    return analysis
