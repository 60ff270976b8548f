"""Numbers to findings. Every check appears once: found, clear, or not tested with its reason."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluator.analyses.performance.views import MAJORITY
from evaluator.catalogue.findings import FINDINGS
from evaluator.records import ALL, MODEL, AnalysisTables, Estimate, Finding, Outcome, Paired, Population, Words
from evaluator.statistics.quantiles import normal_quantile
from evaluator.wording import Sentence, compose, evidence_id, metric_sentence, paired_sentence
from evaluator.wording.reading import scale, share

SAME_ANSWER = {MAJORITY: "the same answer for everyone"}


@dataclass(frozen=True, slots=True)
class Material:
    """What the checks read."""

    estimates: dict[tuple[str, str], Estimate]
    paired: dict[tuple[str, str], Paired]
    everyone: Population
    windows: tuple[Population, ...]
    words: Words


def findings(tables: AnalysisTables, populations: Sequence[Population], words: Words) -> tuple[Finding, ...]:
    """Run every check of this analysis."""
    material = Material(
        estimates={(row.metric, row.population_id): row for row in tables.estimates if row.subject == MODEL},
        paired={(row.metric, row.b): row for row in tables.paired if row.population_id == ALL},
        everyone=next(row for row in populations if row.population_id == ALL),
        windows=tuple(sorted((row for row in populations if row.kind == "window"), key=lambda row: row.position)),
        words=words,
    )
    return tuple(_finding(code, *check(material)) for code, check in CHECKS.items())


Checked = tuple[Outcome, Sentence | str, str, Sequence[str]]
"""Outcome, sentence, metric, ids of the evidence."""


def _finding(code: str, outcome: Outcome, sentence: Sentence | str, metric: str, evidence: Sequence[str]) -> Finding:
    entry = FINDINGS[code]
    return Finding(
        code, entry.analysis, entry.severity, outcome, str(sentence), ALL, metric, json.dumps(list(evidence)),
        entry.action if outcome == "found" else "",
    )  # fmt: skip


def _no_better_than_one_answer(material: Material) -> Checked:
    row = material.paired.get(("accuracy", MAJORITY))
    if row is None or row.status != "ok" or row.low is None:
        return "not_tested", "There are no decisions to compare with one answer for everyone.", "accuracy", ()
    said = paired_sentence(row, material.words, material.everyone, SAME_ANSWER)
    return ("clear" if row.low > 0 else "found"), said, "accuracy", (evidence_id(row),)


def _promises_not_kept(material: Material) -> Checked:
    rows = [material.estimates.get((name, ALL)) for name in ("calibration_intercept", "calibration_slope")]
    known = [row for row in rows if row is not None and row.status == "ok" and row.low is not None]
    if not known:
        return "not_tested", "There are no probabilities to hold against what happened.", "calibration_slope", ()
    off = [row for row in known if not _holds(row, 0.0 if row.metric == "calibration_intercept" else 1.0)]
    told = (off or known)[0]
    said = metric_sentence(told, material.words, material.everyone)
    return ("found" if off else "clear"), said, told.metric, [evidence_id(row) for row in known]


def _holds(row: Estimate, ideal: float) -> bool:
    return row.low is not None and row.high is not None and row.low <= ideal <= row.high


def _worse_lately(material: Material) -> Checked:
    rows = [material.estimates.get(("auc", window.population_id)) for window in material.windows]
    known = [row for row in rows if row is not None and row.value is not None and row.se]
    if len(known) < 2 or rows[-1] is None or rows[-1] is not known[-1]:
        return "not_tested", "There are not two time windows with enough cases to compare.", "auc", ()
    last, before = known[-1], known[:-1]
    weights = [1 / (row.se or math.inf) ** 2 for row in before]
    earlier = sum(weight * (row.value or 0.0) for weight, row in zip(weights, before, strict=True)) / sum(weights)
    se = math.hypot(last.se or 0.0, 1 / math.sqrt(sum(weights)))
    worse = (last.value or 0.0) - earlier + normal_quantile(last.level) * se < 0
    said = _lately(last, earlier)
    return ("found" if worse else "clear"), said, "auc", [evidence_id(row) for row in known]


def _lately(last: Estimate, earlier: float) -> Sentence:
    evidence = evidence_id(last)
    assert last.value is not None
    assert last.low is not None
    assert last.high is not None
    per = 1_000
    return compose(
        "in the last window it ranked ", share(last.value, per, "value", evidence), " of ", scale(per, evidence),
        " pairs rightly (", share(last.low, per, "low", evidence), " to ", share(last.high, per, "high", evidence),
        "); before, ", share(earlier, per, "comparison", evidence), ".",
    )  # fmt: skip


CHECKS: dict[str, Callable[[Material], Checked]] = {
    "PERF01": _no_better_than_one_answer,
    "PERF02": _promises_not_kept,
    "PERF03": _worse_lately,
}
