"""What the scorecard says and lists about promised probabilities, of two outcomes and of several classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.analyses.calibration import words as said
from evaluator.analyses.calibration.draw import reliability_lines
from evaluator.analyses.performance.draw import calibration_lines
from evaluator.analyses.performance.words import calibration_title
from evaluator.catalogue.calibration import CALIBRATION_CHECKS
from evaluator.charts import Lines
from evaluator.records import ALL, MODEL, PREVIOUS, Calibration, CurvePoint, Population
from evaluator.report.classes import labels_of, words_about, words_by_class
from evaluator.report.evidence import Evidence
from evaluator.report.scorecard import RELIABILITY, calibrated_populations, promise_curve
from evaluator.wording import (
    Phrase,
    Quoted,
    Sentence,
    choose_places,
    choose_scale,
    compose,
    evidence_id,
    format_count,
    format_decimal,
    format_level,
    format_people,
    format_share,
)
from evaluator.wording.reading import count

ANALYSIS = "calibration"
CLASS_KEY = "class:"
"""What a choice of whom begins with when it is one class."""
TOGETHER = "all classes together (its confidence)"
SMALLEST_P = 0.0001
LEAST_SCALE = 1_000
"""Distances are printed at least this finely, so that both versions can be told apart."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The section about one population: sentences first, then the picture. None without steps to draw."""

    lead: tuple[Sentence, ...]
    chart: Lines | None


def promised_about(evidence: Evidence) -> dict[str, str]:
    """Whose promises can be shown: of everyone, of the populations, and of each class among everyone."""
    known, labels = calibrated_populations(evidence), labels_of(evidence)
    if not known or not labels:
        return known
    classes = {
        f"{CLASS_KEY}{value}": f"the class {label}"
        for value, label in labels.items()
        if (RELIABILITY, value, MODEL, ALL) in evidence.class_curves
    }
    return {**known, ALL: TOGETHER, **classes}


def chosen_promise(evidence: Evidence, chosen: str) -> tuple[Population, str]:
    """The population of one choice of `promised_about`, and the class or ''."""
    if chosen.startswith(CLASS_KEY):
        return evidence.everyone, chosen.removeprefix(CLASS_KEY)
    return evidence.populations[chosen], ""


def promise_of(evidence: Evidence, population: Population, class_: str = "") -> Promise:
    """How far promises are from what happened, beside chance; and where."""
    if promise_curve(evidence) != RELIABILITY:
        return _older(evidence, population)
    points = _points(evidence, population, class_)
    level, words = evidence.plan.settings.level, words_about(evidence, class_)
    per = said.point_scale(points, _scale(evidence, population, class_))
    lead = _distances(evidence, population, class_, per)
    step = said.point_sentence(points, words, population, level, per=per)
    lead += [step] if step is not None else []
    if population.population_id == ALL and not class_:
        lead += _elsewhere(evidence)
    title = str(said.promise_title(evidence.calibrations, words, population, class_=class_))
    chart = reliability_lines(points, words, population, title=title, level=level) if points else None
    return Promise(tuple(lead), chart)


def _points(evidence: Evidence, population: Population, class_: str) -> tuple[CurvePoint, ...]:
    where = population.population_id
    if class_:
        return evidence.class_curves.get((RELIABILITY, class_, MODEL, where), ())
    return evidence.curves.get((RELIABILITY, MODEL, where), ())


def _elsewhere(evidence: Evidence) -> list[Sentence]:
    """For which classes, and for which groups and time windows, the promise is off."""
    told = (
        said.classes_sentence(evidence.calibrations, words_by_class(evidence)),
        said.groups_sentence(evidence.calibrations, _parts(evidence)),
    )
    return [sentence for sentence in told if sentence is not None]


def why_not(evidence: Evidence) -> tuple[str, ...]:
    """Why there is nothing to show, and the line of the plan that would change it."""
    rows = [row for row in evidence.not_tested if row.analysis == ANALYSIS]
    told = tuple(
        f"Not tested, because {row.reason}." + (f" Add to the plan: {row.add_to_plan}" if row.add_to_plan else "")
        for row in rows
    )
    return told or ("Not tested, because there are too few cases to hold promises against.",)


def _older(evidence: Evidence, population: Population) -> Promise:
    """A run from before promises were held against chance: each share with its own range."""
    title = str(calibration_title(evidence.estimates, evidence.words, population))
    points = evidence.curves["calibration", MODEL, population.population_id]
    return Promise((), calibration_lines(points, evidence.words, population, title=title))


def check_columns(evidence: Evidence) -> tuple[str, ...]:
    """Headings of the table of checks."""
    level = format_level(evidence.plan.settings.level)
    return (
        "Check", f"Value ({level} % range)", "A kept promise shows", "Chance of as much", "Adjusted", "Earlier version",
        "Rows", "Method",
    )  # fmt: skip


def checks_together(evidence: Evidence, population: Population) -> tuple[Sentence, ...]:
    """With which other tests those of one population were adjusted, each check named where they differ."""
    found = [evidence.calibrations.get((name, "", MODEL, population.population_id)) for name in CALIBRATION_CHECKS]
    rows = [row for row in found if row is not None and row.value is not None]
    alike = len({row.family for row in rows}) == 1
    return tuple(_together(row, named=not alike) for row in rows[: 1 if alike else None] if row.family_size > 1)


def _together(row: Calibration, *, named: bool) -> Sentence:
    number = count(row.family_size, "count", evidence_id(row))
    lead: Phrase = (Quoted(CALIBRATION_CHECKS[row.check].label), ": adjusted") if named else ("adjusted",)
    return compose(*lead, " together with ", Quoted(row.family), ", ", number, " tests in all.")


def check_rows(evidence: Evidence, population: Population, class_: str = "") -> tuple[tuple[str, ...], ...]:
    """Every check of one population, or of one class in it, with the earlier version beside it."""
    key = population.population_id
    rows = [evidence.calibrations.get((name, class_, MODEL, key)) for name in CALIBRATION_CHECKS]
    return tuple(_check_row(evidence, row) for row in rows if row is not None)


def _check_row(evidence: Evidence, row: Calibration) -> tuple[str, ...]:
    earlier = evidence.calibrations.get((row.check, row.class_, PREVIOUS, row.population_id))
    printed = Printed.of([row, *([earlier] if earlier is not None else [])])
    beside = printed.value(earlier) if earlier is not None else ""
    label, people = CALIBRATION_CHECKS[row.check].label, format_people(row.n, evidence.fewer_than)
    if row.value is None:
        return (label, printed.value(row), "", "", "", beside, people, "")
    chances, method = (_chance(row.p_value), _chance(row.p_adjusted)), row.method.replace("_", " ")
    return (label, printed.value(row), printed.null(row), *chances, beside, people, method)


@dataclass(frozen=True, slots=True)
class Printed:
    """How the numbers of one check are printed, alike for both versions: of so many, or with so many decimals."""

    per: int | None
    places: int

    @classmethod
    def of(cls, rows: Sequence[Calibration]) -> Printed:
        """The scale that keeps the numbers of these rows apart."""
        numbers = [number for row in rows for number in (row.value, row.low, row.high, row.null_high)]
        known = [number for number in numbers if number is not None]
        fraction = CALIBRATION_CHECKS[rows[0].check].unit == "fraction"
        return cls(max(LEAST_SCALE, choose_scale(known)) if fraction else None, choose_places(known))

    def value(self, row: Calibration) -> str:
        """The value with its range, or why there is none."""
        if row.value is None:
            return row.reason or "not tested"
        ends = [] if row.low is None or row.high is None else [self._number(row.low), self._number(row.high)]
        between = f" ({' to '.join(ends)})" if ends else ""
        return f"{self._number(row.value)}{between}{self._of()}"

    def null(self, row: Calibration) -> str:
        """What a kept promise shows: up to so much, or for numbers with a sign between two ends."""
        if row.null_low is None or row.null_high is None:
            return ""
        high = f"{self._number(row.null_high)}{self._of()}"
        signed = self.per is None and row.check != "miscalibration"
        return f"{self._number(row.null_low)} to {high}" if signed else f"up to {high}"

    def _number(self, number: float) -> str:
        return format_decimal(number, places=self.places) if self.per is None else format_share(number, self.per)

    def _of(self) -> str:
        return "" if self.per is None else f" of {format_count(self.per)}"


def _distances(evidence: Evidence, population: Population, class_: str, per: int) -> list[Sentence]:
    """The average distance of the model and of the earlier version, where the population has one."""
    words = words_about(evidence, class_)
    told: list[Sentence] = []
    for position, row in enumerate(_known(evidence, population, class_)):
        names, level_said = evidence.names(), position > 0
        told.append(said.distance_sentence(row, words, population, names, per=per, level_said=level_said))
    return told


def _known(evidence: Evidence, population: Population, class_: str) -> list[Calibration]:
    keys = [("plug_in", class_, who, population.population_id) for who in (MODEL, PREVIOUS)]
    rows = [evidence.calibrations.get(key) for key in keys]
    return [row for row in rows if row is not None and row.value is not None and row.null_high is not None]


def _scale(evidence: Evidence, population: Population, class_: str) -> int:
    """One denominator for all that is said of a population, or of a class in it."""
    rows = _known(evidence, population, class_)
    return said.distance_scale(rows) if rows else 100


def _parts(evidence: Evidence) -> list[Population]:
    return [row for key, row in evidence.populations.items() if key != ALL]


def _chance(p_value: float | None) -> str:
    """A p-value as printed: in words where it is too small to write out."""
    if p_value is None:
        return ""
    return f"below {SMALLEST_P}" if p_value < SMALLEST_P else format_decimal(p_value, places=4)
