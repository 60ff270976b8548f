"""The questions a meeting is likeliest to ask of a run: whom they are about, in plain words, and why they come to mind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from evaluator.analyses.fairness.judged import lead_metric
from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.statuses import STATUSES
from evaluator.recompute import Filter, Question, link_of
from evaluator.records import ALL, MODEL, CriterionResult, Gap, Population
from evaluator.report.evidence import Evidence

MOST = 6
OPEN = ("not_met", "inconclusive", "too_few")


@dataclass(frozen=True, slots=True)
class LikelyQuestion:
    """One question.

    Attributes
    ----------
    people : whom it is about, as the plan says it: "women aged 60 or over".
    link : the parts of an address that ask it.
    columns : the columns it looks at, in the order of the plan.
    why : open (a requirement about them is open), gap (the largest gap of a column), pair (the largest of two columns
        together), few (too few of them to compare) or group (a group of the plan).
    """

    people: str
    link: Mapping[str, str]
    columns: tuple[str, ...]
    why: str
    population_id: str

    @property
    def words(self) -> str:
        """The same as the label of a button: "Women aged 60 or over"."""
        return self.people[:1].upper() + self.people[1:]


def likely_questions(evidence: Evidence, most: int = MOST) -> tuple[LikelyQuestion, ...]:
    """At most `most` questions, no two about the same rows.

    Each kind gives its strongest first, in turn: groups of open requirements, worse groups of the largest gaps (by what
    a gap is at least) of one column and of two together, groups with too few cases, then whatever the plan names.
    """
    kinds = (_of_open(evidence), _of_gaps(evidence, pairs=False), _of_gaps(evidence, pairs=True), _of_few(evidence))
    in_turn = ((name, why) for round_ in zip_longest(*kinds) for name, why in filter(None, round_))
    found: dict[str, LikelyQuestion] = {}
    for population_id, why in (*in_turn, *_of_plan(evidence)):
        if population_id not in found and (one := _question(evidence, population_id, why)) is not None:
            found[population_id] = one
        if len(found) == most:
            break
    return tuple(found.values())


def refining_questions(evidence: Evidence, asked: Iterable[str], most: int = 4) -> tuple[LikelyQuestion, ...]:
    """Likely groups of one column that is not among the columns asked about: what a next chip would add."""
    taken = set(asked)
    likely = likely_questions(evidence, most=len(evidence.populations))
    single = [one for one in likely if len(one.columns) == 1 and one.columns[0] not in taken]
    first_of_each = {one.columns[0]: one for one in reversed(single)}
    return tuple(one for one in single if one in first_of_each.values())[:most]


Named = Iterator[tuple[str, str]]


def _of_open(evidence: Evidence) -> Named:
    """Groups that an open requirement is about, the worst requirement first."""
    still_open = [row for row in evidence.criteria if row.status in OPEN]
    for row in sorted(still_open, key=lambda row: (-STATUSES[row.status].severity, not row.blocking, row.position)):
        name = _worse_of_criterion(evidence, row) if row.gap_by else row.population_id
        if name and name != ALL:
            yield name, "open"


def _worse_of_criterion(evidence: Evidence, row: CriterionResult) -> str:
    gaps = [gap for gap in (*evidence.gaps, *evidence.class_gaps) if gap.class_ == row.class_ and _told(gap)]
    return next((_worse(gap) for gap in gaps if (gap.attribute, gap.metric) == (row.gap_by, row.metric)), "")


def _of_gaps(evidence: Evidence, *, pairs: bool) -> Named:
    """The worse group of each column, or of two together; columns no requirement looks at before the others."""
    metric = lead_metric(evidence.run.task, evidence.words)
    gaps = [gap for gap in evidence.gaps if gap.metric == metric and _told(gap) and (" & " in gap.attribute) == pairs]
    limited = {row.gap_by for row in evidence.criteria if row.gap_by}
    for gap in sorted(gaps, key=lambda gap: (gap.attribute in limited, -(gap.at_least or 0.0))):
        if gap.status == "ok" and gap.at_least is not None:
            yield _worse(gap), "pair" if pairs else "gap"


def _told(gap: Gap) -> bool:
    return (gap.subject, gap.within, gap.kind, gap.against) == (MODEL, ALL, "difference", "extremes")


def _worse(gap: Gap) -> str:
    return gap.group_low if METRICS[gap.metric].direction == "higher" else gap.group_high


def _of_few(evidence: Evidence) -> Named:
    metric = lead_metric(evidence.run.task, evidence.words)
    for gap in evidence.gaps:
        if gap.metric == metric and _told(gap) and " & " not in gap.attribute:
            yield from ((str(name), "few") for name in json.loads(gap.excluded))


def _of_plan(evidence: Evidence) -> Named:
    for name, population in evidence.populations.items():
        if population.kind in ("group", "slice"):
            yield name, "group"


def _question(evidence: Evidence, population_id: str, why: str) -> LikelyQuestion | None:
    population = evidence.populations.get(population_id)
    filters = filters_of_population(population) if population is not None else None
    if population is None or not filters:
        return None
    columns = tuple(one.column for one in filters)
    return LikelyQuestion(population.words, link_of(Question(filters)), columns, why, population_id)


def filters_of_population(population: Population) -> tuple[Filter, ...] | None:
    """The filters that ask for the rows of a population, in the order its words name them; None when none say it."""
    named = population.attribute.split(" & ")
    terms = json.loads(population.definition).get("terms", [])
    terms.sort(key=lambda term: named.index(term["column"]) if term["column"] in named else len(named))
    found = [_filter(term) for term in terms]
    known = tuple(one for one in found if one is not None)
    return known if known and len(known) == len(found) else None


def _filter(term: Mapping[str, Any]) -> Filter | None:
    """One term of a definition; several bands of a column are not one range."""
    column, levels = str(term["column"]), term.get("levels")
    spans = [*term.get("bands", ()), *term.get("windows", ())]
    if levels == [None]:
        return Filter(column, "missing")
    if levels and None not in levels and not spans:
        return Filter(column, "in", tuple(str(level) for level in levels))
    if levels or len(spans) != 1:
        return None
    low, high = (date.fromisoformat(end) if isinstance(end, str) else end for end in spans[0])
    return Filter(column, "between", low=low, high=high)
