"""FAIR03 and FAIR04: gaps beside their limits as findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluator.analyses.fairness.judged import lead_metric
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.finding_row import finding_row
from evaluator.analyses.seen import classes_in_words
from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.plan.plan_words import words_of
from evaluator.records import ALL, MODEL, CriterionResult, Finding, Gap, Outcome, Population, Words
from evaluator.wording import (
    Phrase,
    Quoted,
    Sentence,
    compose,
    criterion_sentences,
    evidence_id,
    join,
    join_words,
    plural,
)
from evaluator.wording.phrases import cases
from evaluator.wording.rates import rate_words
from evaluator.wording.reading import count

if TYPE_CHECKING:
    from evaluator.analyses.fairness.limits import LimitedGap

TWICE = 2.0
"""From this many times its limit on, a gap is critical."""
UNLIKELY_TO_SETTLE = "Decide knowing that the limit may be missed: more cases alone are unlikely to settle it."
MAY_SETTLE_OTHERS = "Decide knowing that this limit may be missed; more cases may settle the others."


def findings_about(limited: Sequence[LimitedGap], measured: Measured) -> tuple[Finding, ...]:
    """One finding about gaps provably beyond their limits, and one about those of which the data cannot tell."""
    told = _Told(measured)
    return _beyond(limited, told), _cannot_tell(limited, told)


class _Told:
    """What the sentences need of a plan and its data."""

    def __init__(self, measured: Measured) -> None:
        plan, subject = measured.plan, measured.subject
        self.words = words_of(plan)
        self.lead = lead_metric(subject.task, self.words)
        self.populations = {rows.population.population_id: rows.population for rows in subject.populations}
        self.volume = plan.use.volume_per_year
        self._of_class = classes_in_words(plan, subject)
        self._columns = {column.name: column.words for column in subject.columns}

    def words_about(self, class_: str) -> Words:
        return self._of_class.get(class_, self.words)

    def by(self, attribute: str) -> str:
        """The columns of an attribute in words."""
        return join_words([self._columns.get(name, name) for name in attribute.split(" & ")])

    def groups(self, gap: Gap) -> tuple[Population, Population] | None:
        """Both groups of a gap, where they provably differ and are two groups."""
        low, high = self.populations.get(gap.group_low), self.populations.get(gap.group_high)
        if low is None or high is None or gap.against == "overall" or not gap.names_proven:
            return None
        return low, high


def _beyond(limited: Sequence[LimitedGap], told: _Told) -> Finding:
    rows = [one for one in limited if one.status == "not_met"]
    if not rows:
        known = [one for one in limited if one.status in ("met", "inconclusive")]
        return _nothing("FAIR03", known, told, "no gap is provably beyond its limit.")
    worst = max(rows, key=lambda one: one.times)
    said = join(*_sentences(worst, told), *_counted(worst.gap, told), *_more(rows, worst, " beyond "))
    found = _finding("FAIR03", "found", said, [one.gap for one in rows], worst.gap.metric, worst.gap.within)
    return replace(found, severity="critical") if worst.times >= TWICE else found


def _cannot_tell(limited: Sequence[LimitedGap], told: _Told) -> Finding:
    rows = [one for one in limited if one.status == "inconclusive"]
    few = [one for one in limited if one.status == "too_few"]
    if not rows and not few:
        known = [one for one in limited if one.status in ("met", "not_met")]
        return _nothing("FAIR04", known, told, "for every gap with a limit, the data tell on which side it lies.")
    said: list[Sentence] = []
    if rows:
        first = max(rows, key=_nearness)
        said += [*_sentences(first, told), *_counted(first.gap, told), *_more(rows, first, " undecided beside ")]
    if few:
        by = Quoted(join_words(list(dict.fromkeys(told.by(one.gap.attribute) for one in few))))
        said.append(compose("too few cases to hold a gap by ", by, " against its limit."))
    about = (rows or few)[0].gap
    found = _finding("FAIR04", "found", join(*said), [one.gap for one in (*rows, *few)], about.metric, about.within)
    action = _without_more_cases(rows, few)
    return found if action is None else replace(found, action=action)


def _without_more_cases(rows: Sequence[LimitedGap], few: Sequence[LimitedGap]) -> str | None:
    """What to do where more cases are unlikely to settle the gap that is told; None where they may."""
    if not rows or max(rows, key=_nearness).rows_needed is not None:
        return None
    others = few or any(one.rows_needed is not None for one in rows)
    return MAY_SETTLE_OTHERS if others else UNLIKELY_TO_SETTLE


def _nothing(code: str, known: Sequence[LimitedGap], told: _Told, clear: str) -> Finding:
    if not known:
        why = compose("gaps were not held against limits: no measured gap has one.")
        return _finding(code, "not_tested", why, [], told.lead, ALL)
    return _finding(code, "clear", compose(clear), [one.gap for one in known], known[0].gap.metric, ALL)


def _nearness(one: LimitedGap) -> float:
    """How far an undecided gap seems to lie beyond its limit, in widths of its range."""
    gap = one.gap
    if gap.value is None or gap.at_least is None or gap.at_most is None:
        return 0.0
    beyond = one.limit - gap.value if gap.kind == "ratio" else gap.value - one.limit
    return beyond / max(gap.at_most - gap.at_least, 1e-12)


def _sentences(one: LimitedGap, told: _Told) -> tuple[Sentence, ...]:
    """The gap with its range, its limit, what the status is, and what would settle it."""
    gap = one.gap
    everyone = told.populations[gap.within]
    said = criterion_sentences(
        as_criterion(one, everyone.n), told.words_about(gap.class_), everyone, by=told.by(gap.attribute),
        groups=told.groups(gap), rows_of=told.populations.get(one.settling), volume_per_year=told.volume,
    )  # fmt: skip
    # The last one says whether the requirement blocks approval: that is for the requirement to say.
    return said[:-1]


def as_criterion(one: LimitedGap, n: int) -> CriterionResult:
    """The limit on a gap as the requirement it is, for the sentences that are the same."""
    gap = one.gap
    ratio = gap.kind == "ratio"
    return CriterionResult(
        criterion_id=one.criterion_id, position=0, question="", analysis=gap.analysis, metric=gap.metric,
        class_=gap.class_, subject=MODEL, population_id=gap.within, gap_by=gap.attribute, gap_kind=gap.kind,
        gap_against=gap.against, against="", limit_low=one.limit if ratio else None,
        limit_high=None if ratio else one.limit, value=gap.value, low=gap.at_least, high=gap.at_most, level=gap.level,
        method=gap.method, n=n, status=one.status, reason=gap.reason, rows_needed=one.rows_needed, blocking=False,
        why="", family=gap.family, family_size=gap.family_size,
    )  # fmt: skip


def _counted(gap: Gap, told: _Told) -> tuple[Sentence, ...]:
    """ "This rests on 7,100 women who repaid and 8,740 men."."""
    groups = told.groups(gap)
    if groups is None or not gap.n_low or not gap.n_high:
        return ()
    low, high = groups
    words, evidence = told.words_about(gap.class_), evidence_id(gap)
    among: Phrase = cases(words, high)
    if gap.metric in PROPORTIONS:
        among = rate_words(gap.metric, words, high).among
    first: Phrase = (count(gap.n_high, "n", evidence), " ", *among)
    second: Phrase = (count(gap.n_low, "n", evidence), " ", *cases(words, low))
    return (compose("this rests on ", first, " and ", second, "."),)


def _more(rows: Sequence[LimitedGap], told: LimitedGap, where: str) -> tuple[Sentence, ...]:
    others = len(rows) - 1
    if others < 1:
        return ()
    number = count(others, "count", evidence_id(told.gap))
    gaps = plural(others, " more gap is", " more gaps are")
    return (compose(number, gaps, where, plural(others, "its limit.", "their limits.")),)


def _finding(
    code: str, outcome: Outcome, said: Sentence, gaps: Sequence[Gap], metric: str, population_id: str
) -> Finding:
    return finding_row(code, outcome, said, metric, map(evidence_id, gaps), population_id)
