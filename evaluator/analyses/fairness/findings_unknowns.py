"""Could people whose group is not known decide on which side of its limit a gap lies?"""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.fairness.judged import lead_metric
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.finding_row import finding_row
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.plan.plan_words import words_of
from evaluator.records import ALL, Finding, Outcome, Population, UnknownBound
from evaluator.wording import Sentence, compose, join
from evaluator.wording.unknowns import how_many_sentence, tips_sentence, unknown_evidence

CODE = "FAIR10"


def unknown_finding(bounds: Sequence[UnknownBound], measured: Measured, *, shares: bool = True) -> Finding:
    """One judgement over all attributes, shares and kinds that have a limit.

    Parameters
    ----------
    shares : whether groups are compared by shares at all; of predicted numbers there are no bounds.
    """
    metric = lead_metric(measured.subject.task, words_of(measured.plan))
    if not shares:
        return _finding(
            "not_tested", compose("bounds were computed for shares of cases, and here numbers are predicted."), metric
        )
    if not bounds:
        return _finding("clear", compose("the group of every case is known."), metric)
    known = [row for row in bounds if row.status == "ok"]
    limited = [row for row in known if row.limit is not None]
    if not limited:
        return _finding("not_tested", compose("no gap that unknown groups could change has a limit."), metric)
    tipped = [row for row in limited if row.could_change]
    if not tipped:
        said = compose("no division of people of unknown group changes the side of a limit.")
        return _finding("clear", said, limited[0].metric, limited)
    # What the plan asks comes before four fifths, then what takes fewest people.
    worst = min(tipped, key=lambda row: (not row.criterion_id, row.tips is None, row.tips or 0))
    same = {row.unknown_id for row in tipped}
    return _finding("found", _said(worst, measured), worst.metric, tipped, worst.unknown_id if len(same) == 1 else ALL)


def _said(bound: UnknownBound, measured: Measured) -> Sentence:
    words = words_of(measured.plan)
    by = next(column.words for column in measured.subject.columns if column.name == bound.attribute)
    everyone, unknown = _population(ALL, measured), _population(bound.unknown_id, measured)
    opening = how_many_sentence(unknown, everyone, by, words, FEWER_THAN)
    # A finding is read by everyone, so that it counts no kind of few people.
    kinds = (unknown.n, bound.n_unknown_event, bound.n_unknown - bound.n_unknown_event)
    tipped = tips_sentence(bound, words, _population(bound.tips_to, measured) if bound.tips_to else None)
    if tipped is None or any(0 < number < FEWER_THAN for number in kinds):
        return join(opening, compose("they could decide on which side of its limit a gap lies."))
    return join(opening, tipped)


def _population(population_id: str, measured: Measured) -> Population:
    rows = measured.subject.find_rows(population_id)
    assert rows is not None
    return rows.population


def _finding(
    outcome: Outcome, said: Sentence, metric: str, rows: Sequence[UnknownBound] = (), population_id: str = ALL
) -> Finding:
    return finding_row(CODE, outcome, said, metric, map(unknown_evidence, rows), population_id)
