"""Two and three attributes together: a grid whose cells can be asked about, and the groups that fare worst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluator.analyses.fairness.draw import Grid
from evaluator.catalogue.metrics import METRICS, NEITHER_WAY
from evaluator.charts import ChartTable
from evaluator.errors import EvaluatorError
from evaluator.recompute import Question, link_of
from evaluator.records import MODEL, GroupGap, Population, Shrunken
from evaluator.report.classes import words_about
from evaluator.report.evidence import Evidence
from evaluator.report.fairness import JOINT, pair_grid, pairs_of
from evaluator.report.fairness_parts.which_people import PER, beside_notes, guesses_of, rests_of
from evaluator.report.likely_questions import filters_of_population
from evaluator.report.reasons import attribute_words
from evaluator.wording import Sentence, compose, format_people
from evaluator.wording.differences import choose_ruler
from evaluator.wording.group_values import groups_evidence, guess_sentence, proven_distance, rest_sentence
from evaluator.wording.numbers import plural
from evaluator.wording.reading import count

MOST_WORST = 5
COLUMNS = ("Group", "More than everyone else", "Range of that", "Seen", "Best guess", "Own part", "Cases")


@dataclass(frozen=True, slots=True)
class Worst:
    """One group of several attributes: what is said of it, and the part of an address that asks about it."""

    title: str
    sentences: tuple[Sentence, ...]
    link: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Together:
    """Groups of some attributes together.

    Attributes
    ----------
    grid : two attributes as rows and columns; None for three.
    links : the part of an address that asks about the group of a cell of the grid, by its population.
    worst : the groups that provably fare worse than everyone else, by what is proven at least; the others stand in
        the table.
    summary : how many of them there are.
    few : how many groups have too few cases, in words; None where none has.
    notes : what the ranges of the table hold together with.
    """

    attribute: str
    attributes: Mapping[str, str]
    grid: Grid | None
    links: Mapping[str, Mapping[str, str]]
    worst: tuple[Worst, ...]
    summary: Sentence
    few: Sentence | None
    table: ChartTable
    notes: tuple[Sentence, ...]


def two_together(evidence: Evidence, attribute: str, metric: str, class_: str = "") -> Together | None:
    """The grid of two attributes with the groups that fare worst; None where no two were looked at together."""
    pairs = pairs_of(evidence)
    if not pairs or metric not in METRICS:
        return None
    chosen = attribute if attribute in pairs else next(iter(pairs))
    grid = pair_grid(evidence, chosen, metric, class_)
    if grid is None:
        return None
    return _together(evidence, chosen, pairs, metric, class_, grid)


def three_together(evidence: Evidence, attribute: str, metric: str, class_: str = "") -> Together | None:
    """The groups of three attributes that fare worst; None where no three were looked at together."""
    names = [
        row.attribute
        for row in evidence.group_gaps
        if row.attribute.count(JOINT) == 2 and (row.metric, row.class_, row.subject) == (metric, class_, MODEL)
    ]
    triples = {name: attribute_words(evidence, name) for name in dict.fromkeys(names)}
    if not triples or metric not in METRICS:
        return None
    chosen = attribute if attribute in triples else next(iter(triples))
    return _together(evidence, chosen, triples, metric, class_, None)


def _together(
    evidence: Evidence, attribute: str, attributes: Mapping[str, str], metric: str, class_: str, grid: Grid | None
) -> Together:
    rests = rests_of(evidence, attribute, metric, class_)
    guesses = guesses_of(evidence, attribute, metric, class_)
    ordered = _worst_first([row for row in rests.values() if row.difference is not None], metric)
    proven = [row for row in ordered if _proven(row, metric) > 0]
    asked = [cell.population_id for line in (grid.cells if grid is not None else ()) for cell in line]
    return Together(
        attribute,
        attributes,
        grid,
        {name: link for name in asked if (link := _link(evidence, name, class_))},
        tuple(_worst(evidence, row, guesses.get(row.population_id)) for row in proven[:MOST_WORST]),
        _summary(ordered, proven, groups_evidence(attribute, metric, class_)),
        _few(rests.values(), groups_evidence(attribute, metric, class_)),
        ChartTable(COLUMNS, tuple(_line(evidence, row, guesses.get(row.population_id)) for row in ordered)),
        beside_notes(ordered),
    )


def _summary(known: Sequence[GroupGap], proven: Sequence[GroupGap], evidence: str) -> Sentence:
    """ "3 of 12 groups provably fare worse than everyone else."."""
    if not known:
        return compose("too few cases to hold any of these groups against everyone else.")
    metric = known[0].metric
    apart = metric in NEITHER_WAY or METRICS[metric].direction == "target"
    some = count(len(proven), "count", evidence) if proven else "none"
    numbers = (some, " of ", count(len(known), "count", evidence), " groups provably ")
    verb = plural(len(proven), "differs", "differ") if apart else plural(len(proven), "fares worse", "fare worse")
    return compose(*numbers, verb, " from everyone else." if apart else " than everyone else.")


def _worst_first(rows: Sequence[GroupGap], metric: str) -> list[GroupGap]:
    """By what is proven in the worse direction, then by what was seen in it, small groups not first by chance."""
    return sorted(rows, key=lambda row: (-_proven(row, metric), -_seen(row, metric), row.population_id))


def _proven(row: GroupGap, metric: str) -> float:
    if metric in NEITHER_WAY or METRICS[metric].direction == "target":
        return proven_distance(row) or 0.0
    low, high = row.low or 0.0, row.high or 0.0
    return max(0.0, -high if METRICS[metric].direction == "higher" else low)


def _seen(row: GroupGap, metric: str) -> float:
    """What was seen in the worse direction, in halves of its range."""
    worse = row.difference or 0.0
    if metric in NEITHER_WAY or METRICS[metric].direction == "target":
        worse = abs(worse)
    elif METRICS[metric].direction == "higher":
        worse = -worse
    return worse / max(((row.high or 0.0) - (row.low or 0.0)) / 2, 1e-12)


def _worst(evidence: Evidence, row: GroupGap, guess: Shrunken | None) -> Worst:
    population, words = evidence.populations[row.population_id], words_about(evidence, row.class_)
    per = PER if METRICS[row.metric].unit == "fraction" else None
    weighted = _weighted(evidence)
    told = [
        rest_sentence(row, words, population, per=per, weighted=weighted),
        None if guess is None else guess_sentence(guess, words, per=per, weighted=weighted),
    ]  # fmt: skip
    said = tuple(sentence for sentence in told if sentence is not None)
    return Worst(population.label, said, _link(evidence, row.population_id, row.class_))


def _weighted(evidence: Evidence) -> bool:
    return evidence.plan.data.weight is not None


def _link(evidence: Evidence, population_id: str, class_: str) -> Mapping[str, str]:
    """The part of an address that asks about a group; empty where no link can hold the question."""
    population: Population | None = evidence.populations.get(population_id)
    filters = None if population is None else filters_of_population(population)
    if not filters:
        return {}
    try:
        return link_of(Question(filters, class_=class_))
    except EvaluatorError:
        return {}


def _few(rows: Iterable[GroupGap], evidence: str) -> Sentence | None:
    n = sum(row.status == "too_few" for row in rows)
    if not n:
        return None
    number = count(n, "count", evidence)
    return compose("too few cases to say anything about ", number, plural(n, " group.", " groups."))


def _line(evidence: Evidence, row: GroupGap, guess: Shrunken | None) -> tuple[str, ...]:
    words = words_about(evidence, row.class_)
    known = guess is not None and guess.value is not None and guess.raw is not None and guess.weight is not None
    numbers = [abs(one) for one in (row.difference, row.low, row.high) if one is not None]
    per = PER if METRICS[row.metric].unit == "fraction" else None
    ruler = choose_ruler(row.metric, numbers, (), per, unit=words.unit)
    seen = best = own = ""
    if known and guess is not None:
        seen, best = ruler.text(guess.raw or 0.0), ruler.text(guess.value or 0.0)
        own = f"{round((guess.weight or 0.0) * 100)} of 100"
    between = f"{ruler.text(row.low or 0.0)} to {ruler.text(row.high or 0.0)}"
    n = format_people(row.n, evidence.fewer_than)
    return (
        evidence.populations[row.population_id].label,
        ruler.text(row.difference or 0.0),
        between,
        seen,
        best,
        own,
        n,
    )
