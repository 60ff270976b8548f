"""Every number of a result as a table: everyone, then group by group."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.catalogue.metrics import METRICS
from evaluator.recompute.answering import rows_about
from evaluator.recompute.changed.difference_words import is_chance
from evaluator.recompute.changed.measuring import MEAN
from evaluator.recompute.changed.result import MetricChange, Number, Part, Result
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.table import PER, PLACES
from evaluator.wording import choose_scale, format_count, format_decimal, format_share
from evaluator.wording.numbers import choose_unit_places
from evaluator.wording.phrases import outcome

COLUMNS = ("Who", "Cases", "Number", "Today", "With the changes", "Change")
Line = tuple[str, ...]


def lines(
    result: Result, rows: LoadedRows, question: Question, *, fewer_than: int | None = None
) -> tuple[Line, ...]:  # fmt: skip
    """One line per group and number, with ranges; figures about fewer than `fewer_than` people are not printed."""
    table = _Table(rows_about(rows, question), fewer_than)
    return tuple(line for part in (result.everyone, *result.groups) for line in table.of_part(part))


class _Table:
    def __init__(self, rows: LoadedRows, fewer_than: int | None) -> None:
        self._rows, self._fewer_than = rows, fewer_than

    def of_part(self, part: Part) -> Iterator[Line]:
        n = part.population.n
        if self._fewer_than is not None and n < self._fewer_than:
            yield (part.population.label, f"fewer than {self._fewer_than}", "", "", "", "")
            return
        for name, cells in self._numbers(part):
            yield (part.population.label, format_count(n), name, *cells)

    def _numbers(self, part: Part) -> Iterator[tuple[str, Line]]:
        if part.flips is not None:
            flips = part.flips
            yield self._alone("decided otherwise", flips.changed)
            for number, name in ((flips.to_negative, "predicted_negative"), (flips.to_positive, "predicted_positive")):
                if number is not None:
                    yield self._alone(f"newly {_bare(self._rows, name)}", number)
        for one in part.metrics:
            yield self._compared(one)
        what = "prediction" if self._rows.predicts_numbers else "score"
        for name, number in (("median", part.moves.median), ("nine in ten within", part.moves.p90)):
            yield self._alone(f"move of the {what}, {name}", number, fraction=is_chance(self._rows))

    def _alone(self, name: str, number: Number, *, fraction: bool = True) -> tuple[str, Line]:
        per = _per([number]) if fraction else 0
        label = f"{name}, of {format_count(per)}" if fraction else name
        return label, ("", "", self._cell(number, per))

    def _compared(self, one: MetricChange) -> tuple[str, Line]:
        numbers = (one.today, one.changed, one.difference)
        if one.metric == MEAN:
            label, fraction = (
                ("mean prediction" if self._rows.predicts_numbers else "mean score"),
                is_chance(self._rows),
            )
        else:
            label, fraction = METRICS[one.metric].label, METRICS[one.metric].unit == "fraction"
        per = _per(numbers) if fraction else 0
        return f"{label}, of {format_count(per)}" if fraction else label, tuple(self._cell(one, per) for one in numbers)

    def _cell(self, number: Number, per: int) -> str:
        """ "98 (94 to 102)", or why there is no number; without a scale in the unit of the score."""
        counted = number.n if number.relevant_count is None else min(number.n, number.relevant_count)
        if self._fewer_than is not None and counted < self._fewer_than:
            return f"fewer than {self._fewer_than}"
        if number.value is None:
            return number.status.replace("_", " ")
        places = PLACES if self._rows.facts.task == "binary" else choose_unit_places(_shown(number))

        def text(value: float) -> str:
            return format_share(value, per) if per else format_decimal(value, places=places)

        value = text(number.value)
        if number.low is None or number.high is None:
            return value
        return f"{value} ({text(number.low)} to {text(number.high)})"


def _bare(rows: LoadedRows, name: str) -> str:
    words = outcome(rows.facts.words, name).words
    return words if isinstance(words, str) else words.text


def _per(numbers: tuple[Number, ...] | list[Number]) -> int:
    return max([PER, *(choose_scale(_shown(one)) for one in numbers)])


def _shown(number: Number) -> list[float]:
    return [one for one in (number.value, number.low, number.high) if one is not None]
