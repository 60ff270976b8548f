"""What the first part of this analysis found, for the parts that build on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.analyses.fairness.compute import Seen
from evaluator.plan.schema import Plan
from evaluator.records import Estimate, Gap
from evaluator.subject.subject import Partition, Subject

EstimateKey = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was measured on every group, and how far apart groups are: the earlier model by single attributes alone.

    `views` are the model and the earlier one, with several classes followed by each class; the model comes first.
    `estimates` are keyed by (metric, class, subject, population), `partitions` the planned ones: every attribute, and
    every two and three of them.
    """

    plan: Plan
    subject: Subject
    views: tuple[Seen, ...]
    partitions: tuple[Partition, ...]
    estimates: Mapping[EstimateKey, Estimate]
    gaps: tuple[Gap, ...]

    @property
    def model(self) -> Seen:
        """All rows as the model sees them, of several classes all together."""
        return self.views[0]

    @property
    def attributes(self) -> tuple[Partition, ...]:
        """The groups of one column each."""
        return tuple(partition for partition in self.partitions if len(partition.columns) == 1)
