"""Does a group provably bear more wrong decisions than everyone else?"""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.fairness.judged import lead_metric
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.finding_row import finding_row
from evaluator.plan.plan_words import words_of
from evaluator.records import ALL, Finding, GroupGap, Outcome
from evaluator.wording import Sentence, compose
from evaluator.wording.burden import ERRORS, burden_evidence, provably_more_sentence

CODE = "FAIR11"
MARGIN = 1.25
"""A quarter more errors than everyone else, of as many cases, is named."""


def burden_finding(rows: Sequence[GroupGap], measured: Measured) -> Finding:
    """One judgement over both errors, all attributes and all groups; none without decisions about two outcomes."""
    metric = lead_metric(measured.subject.task, words_of(measured.plan))
    known = [row for row in rows if row.status == "ok"]
    if not known:
        why = (
            "too few cases to compare who bears errors."
            if rows
            else "errors of two kinds need decisions about two outcomes."
        )
        return _finding("not_tested", compose(why), metric)
    more = [row for row in known if row.ratio_low is not None and row.ratio_low >= MARGIN]
    if not more:
        said = compose("no group provably bears a quarter more errors of one kind than everyone else.")
        return _finding("clear", said, metric, known)
    worst = max(more, key=lambda row: row.ratio_low or 0.0)
    group = measured.subject.find_rows(worst.population_id)
    assert group is not None
    said = provably_more_sentence(worst, words_of(measured.plan), group.population, MARGIN)
    return _finding("found", said, ERRORS[worst.metric].rate, more, worst.population_id)


def _finding(
    outcome: Outcome, said: Sentence, metric: str, rows: Sequence[GroupGap] = (), population_id: str = ALL
) -> Finding:
    return finding_row(CODE, outcome, said, metric, map(burden_evidence, rows), population_id)
