"""Cases made up from real ones: each column taken from a row of its own, with the type that the model expects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from evaluator.statistics.spread import FloatArray, IntArray

ROWS_AT_ONCE = 50_000

Answer = Callable[[pd.DataFrame], FloatArray]
"""What a model says about every row of a table."""


class Mixer:
    """Asks a model about mixed cases.

    Every value that the model sees is one of the column's own, taken by the position of its row, so that text, numbers
    and missing values keep their type.
    """

    def __init__(self, frame: pd.DataFrame, answer: Answer) -> None:
        self.frame = frame
        self._answer = answer
        self._columns = [(name, frame[name].array) for name in frame.columns]

    @property
    def width(self) -> int:
        return len(self._columns)

    def rows(self, index: IntArray) -> FloatArray:
        """What the model says about unmixed rows, taken from the table as it is."""
        return np.concatenate([self._answer(self.frame.iloc[part]) for part in _parts(index)])

    def mixed(self, source: IntArray) -> FloatArray:
        """What the model says about cases whose column j comes from row `source[:, j]`; shape (n,)."""
        return np.concatenate([self._answer(self.table(part)) for part in _parts(source)])

    def replaced(self, index: IntArray, column: int, source: IntArray) -> FloatArray:
        """What the model says about the rows `index` with one column taken from the rows `source`."""
        rows = np.repeat(index[:, None], self.width, axis=1)
        rows[:, column] = source
        return self.mixed(rows)

    def table(self, source: IntArray) -> pd.DataFrame:
        """Mixed cases as the model gets them: column j of case i comes from row `source[i, j]`."""
        taken = {name: values.take(source[:, place]) for place, (name, values) in enumerate(self._columns)}
        return pd.DataFrame(taken, copy=False)


def _parts(rows: IntArray) -> list[IntArray]:
    return np.array_split(rows, max(1, -(-len(rows) // ROWS_AT_ONCE)))
