"""Columns of the rows file as arrays: without loss, in few bytes, read when asked about, and a bounded number kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from recompute_samples import applications, loaded, published

from evaluator.errors import StoreError
from evaluator.recompute import Filter, LoadedRows, Question, answer, load_rows
from evaluator.recompute.rows import mask
from evaluator.recompute.stored import KeptColumns, StoredColumns
from evaluator.store import ColumnRow, RowsReader, ScoredRows, open_rows
from evaluator.store import rows as rows_module
from evaluator.store.database import open_for_reading
from evaluator.subject.levels import canonical_codes

N = 500
RNG = np.random.default_rng(6)
GAPS = RNG.random(N) < 0.2
TEXTS = np.array(
    ["a", "A", " ", "", "?", "ß", "x\u0301", "x́", "😀" * 40, "'; DROP TABLE rows", "nan", "1", "1.0"], dtype=object
)
COLUMNS: dict[str, Any] = {
    "age": RNG.integers(0, 90, N),
    "debt": RNG.integers(-300, 300, N),
    "rank": RNG.integers(0, 60_000, N),
    "salary": RNG.integers(0, 3_000_000, N),
    "account": RNG.integers(0, 2**52, N),
    "rating": RNG.integers(0, 5, N).astype(np.float32),
    "half": np.where(GAPS, np.nan, RNG.integers(0, 40, N) / 2),
    "price": RNG.random(N) * 100,
    "huge": RNG.choice([1e300, -np.inf, 0.1], N),
    "empty": np.full(N, np.nan),
    "late": np.where(np.arange(N) < N - 1, 2.0, 0.1),
    "text": np.where(GAPS, None, RNG.choice(TEXTS, N)),
    "flag": RNG.random(N) < 0.5,
    "gapped flag": pd.array(np.where(GAPS, None, RNG.random(N) < 0.5), dtype="boolean"),
    "grade": np.where(GAPS, np.nan, RNG.integers(1, 4, N)),
    "single": RNG.choice([0.1, 0.2, 7.0], N).astype(np.float32),
    "nothing": pd.array([None] * N, dtype="string"),
    "many": [f"level {number % 200}" for number in range(N)],
    "day": np.datetime64("2025-01-01", "ns") + RNG.integers(0, 9, N).astype("timedelta64[D]"),
}
WIDTHS = {
    "age": "uint8", "debt": "int16", "rank": "uint16", "salary": "uint32", "account": "float64", "rating": "float32",
    "half": "float32", "price": "float64", "huge": "float64", "empty": "float32", "late": "float64",
}  # fmt: skip


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> RowsReader:
    """Rows in the order of N to 1, which are many batches."""
    names = list(COLUMNS)
    base = dict.fromkeys(rows_module.BASE_COLUMNS, np.full(N, np.nan))
    base |= {"row_id": [f"{number:05}" for number in range(N)], "score": -np.arange(N, dtype=float)}
    stored = {f"c{place}": pd.Series(COLUMNS[name]) for place, name in enumerate(names)}
    rows = ScoredRows(
        pd.DataFrame(base | stored),
        tuple(ColumnRow(place, name, "feature", "", "[]", name, "") for place, name in enumerate(names)),
    )
    path = tmp_path_factory.mktemp("rows") / "rows.duckdb"
    rows_module.write_rows(path, rows)
    return RowsReader(path, open_for_reading(path))


@pytest.fixture(autouse=True)
def _many_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "BATCH", 64)


def place(name: str) -> str:
    return f"c{list(COLUMNS).index(name)}"


@pytest.mark.parametrize("name", WIDTHS)
def test_numbers_keep_their_value_in_few_bytes(reader: RowsReader, name: str) -> None:
    found = StoredColumns(reader, None).numbers(place(name))
    assert np.array_equal(found.astype(np.float64), np.asarray(COLUMNS[name], dtype=np.float64), equal_nan=True)
    assert found.dtype == WIDTHS[name]


@pytest.mark.parametrize("name", ["text", "flag", "gapped flag", "grade", "single", "nothing", "many", "day"])
@pytest.mark.parametrize("some", [False, True])
def test_codes_are_those_of_the_whole_column(reader: RowsReader, name: str, some: bool) -> None:
    kept = np.arange(N) % 3 > 0 if some else None
    series = pd.Series(COLUMNS[name])
    expected = canonical_codes(series if kept is None else series[kept])
    found = StoredColumns(reader, kept).coded(place(name))
    assert found.levels == expected.levels
    assert found.codes.tolist() == expected.codes.tolist()
    assert found.codes.dtype.itemsize == (1 if len(found.levels) <= 128 else 2)


def test_flags_are_none_where_some_are_missing(reader: RowsReader) -> None:
    stored = StoredColumns(reader, None)
    assert stored.flags(place("gapped flag")) is None
    found = stored.flags(place("flag"))
    assert found is not None
    assert found.tolist() == COLUMNS["flag"].tolist()


def test_the_file_knows_the_span_of_its_numbers(reader: RowsReader) -> None:
    found = reader.spans([place(name) for name in ("age", "half", "empty")])
    half = pd.Series(COLUMNS["half"])
    assert tuple(found[place("half")]) == (half.min(), half.max(), half.isna().sum())
    assert tuple(found[place("empty")]) == (None, None, N)
    assert reader.spans([]) == {}
    with pytest.raises(StoreError, match="no column"):
        reader.spans(["c0; DROP TABLE rows"])
    with pytest.raises(StoreError, match="no column"):
        list(reader.batches("c99"))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    return loaded(tmp_path_factory.mktemp("rows"), applications(400))


def test_numbers_and_times_are_read_when_they_are_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, run_id = published(tmp_path, applications(400))
    asked: list[str] = []
    batches = RowsReader.batches

    def watched(self: RowsReader, column: str) -> Any:
        asked.append(column)
        return batches(self, column)

    monkeypatch.setattr(RowsReader, "batches", watched)
    rows = load_rows(store, run_id)
    names = {row.name: f"c{row.position}" for row in open_rows(store, run_id).columns()}
    assert names["sex"] in asked
    assert {names["age"], names["income"], "time"} & set(asked) == set()
    assert rows.columns["income"].has_missing
    assert rows.columns["age"].span == (18.0, 79.0)
    assert names["age"] not in asked, "the file knows the span"
    question = Question((Filter("age", "between", low=40.0), Filter("income", "missing")))
    assert answer(rows, question) is not None
    assert answer(rows, question) is not None
    assert (asked.count(names["age"]), asked.count(names["income"])) == (1, 1)


def test_spans_are_those_of_the_rows_that_count(tmp_path: Path) -> None:
    frame = applications(400).assign(weight=1.0)
    frame.loc[frame["age"] > 50, "weight"] = 0.0
    frame["income"] = np.where(frame["age"] > 50, np.nan, 3.0)
    rows = loaded(tmp_path, frame, lambda plan: plan["data"].update(weight="weight"))
    assert rows.columns["age"].span[1] == 50
    assert not rows.columns["income"].has_missing


def test_only_so_many_bytes_are_kept() -> None:
    read: list[str] = []

    def values(name: str) -> np.ndarray:
        read.append(name)
        return np.zeros(100)

    kept = KeptColumns(1_700)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert not kept.values(name, values).flags.writeable
    assert read == ["a", "b", "c", "b"]
    small = KeptColumns(10)
    assert small.values("a", values).size == small.values("a", values).size == 100
    assert read[4:] == ["a"]


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (20, 40),
        (19.5, 40.5),
        (19.0000001, 40.0000001),
        (-1e9, 1e9),
        (17.99999999, 18.00000001),
        (300.0, 400.0),
        (-5.0, 18.0),
    ],
)
def test_ends_of_ranges_are_not_rounded_to_the_type_of_a_column(rows: LoadedRows, low: float, high: float) -> None:
    for name in ("age", "income"):
        values = rows.columns[name].values
        assert values.dtype.itemsize <= 4
        whole = values.astype(np.float64)
        for first, last in ((low, high), (low * 50, high * 50)):
            found = mask(rows, Question((Filter(name, "between", low=first, high=last),)))
            assert found.tolist() == ((whole >= first) & (whole < last)).tolist()
    for value in ("20", "20.5", "300", "-1", "3000", "20.0000001"):
        for name in ("age", "income"):
            found = mask(rows, Question((Filter(name, "in", (value,)),)))
            assert found.tolist() == (rows.columns[name].values.astype(np.float64) == float(value)).tolist()


@pytest.mark.parametrize("name", ["age", "income"])
def test_an_end_next_to_a_value_is_told_from_it(rows: LoadedRows, name: str) -> None:
    whole = rows.columns[name].values.astype(np.float64)
    for value in whole[~np.isnan(whole)][:20].tolist():
        for end in (np.nextafter(value, -np.inf), value, np.nextafter(value, np.inf), value * (1 + 1e-10)):
            for low, high in ((float(end), None), (None, float(end))):
                found = mask(rows, Question((Filter(name, "between", low=low, high=high),)))
                assert found.tolist() == ((whole >= end) if high is None else (whole < end)).tolist()
        beside = mask(rows, Question((Filter(name, "in", (repr(float(np.nextafter(value, np.inf))),)),)))
        assert not beside.any()
