"""The tables of Local Law 144, from a data file through the whole analysis, number by number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import analysed
from statutory_samples import CELLS, DATA, law, rows_of, worked_example

from evaluator.records import AnalysisTables, SelectionRatio, StatutoryTable


def made(folder: Path, frame: pd.DataFrame, more: dict[str, Any] | None = None, **changes: Any) -> AnalysisTables:
    return analysed(folder, frame, data=DATA | (more or {}), fairness=law(**changes))


def rows_by_words(tables: AnalysisTables, table: str) -> dict[str, SelectionRatio]:
    return {row.words: row for row in tables.selection_ratios if (row.rule, row.table) == ("nyc_ll144", table)}


def top(tables: AnalysisTables, table: str = "sex") -> StatutoryTable:
    (found,) = [row for row in tables.statutory_tables if row.table == table]
    return found


def printed(rows: dict[str, SelectionRatio]) -> dict[str, tuple[int, int | None, float, float | None, bool]]:
    return {
        name: (row.n, row.counted, round(row.rate or 0, 3), None if row.ratio is None else round(row.ratio, 3), row.excluded)
        for name, row in rows.items()
    }  # fmt: skip


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return made(tmp_path_factory.mktemp("worked"), worked_example())


def test_the_worked_example_by_sex_and_by_race(worked: AnalysisTables) -> None:
    assert printed(rows_by_words(worked, "sex")) == {
        "Male": (204, 97, 0.475, 1.0, False), "Female": (196, 80, 0.408, 0.858, False),
    }  # fmt: skip
    assert printed(rows_by_words(worked, "race_ethnicity")) == {
        "Asian": (73, 38, 0.521, 1.0, False), "White": (200, 95, 0.475, 0.912, False),
        "Black": (120, 42, 0.35, 0.672, False), "AI/AN": (7, 2, 0.286, None, True),
    }  # fmt: skip


def test_the_worked_example_of_intersections(worked: AnalysisTables) -> None:
    found = {name: row.ratio for name, row in rows_by_words(worked, "intersection").items()}
    assert {name: None if ratio is None else round(ratio, 3) for name, ratio in found.items()} == {
        "Male, Asian": 1.0, "Male, White": 0.909, "Female, Asian": 0.882, "Female, White": 0.818, "Male, Black": 0.727,
        "Female, Black": 0.545, "Male, AI/AN": None, "Female, AI/AN": None,
    }  # fmt: skip
    rows = rows_by_words(worked, "intersection")
    assert {name for name, row in rows.items() if row.excluded} == {"Male, AI/AN", "Female, AI/AN"}
    assert {row.justification for row in rows.values()} == {"", "Too few for a stable rate."}


def test_unknown_people_are_counted_and_stand_in_no_rate(worked: AnalysisTables) -> None:
    for table in ("sex", "race_ethnicity", "intersection"):
        over = top(worked, table)
        assert (over.n, over.n_unknown, over.counted_unknown, over.status) == (440, 40, 10, "ok")
        assert sum(row.n for row in rows_by_words(worked, table).values()) == 400


def test_what_stands_beside_the_tables(worked: AnalysisTables) -> None:
    black, female = rows_by_words(worked, "race_ethnicity")["Black"], rows_by_words(worked, "sex")["Female"]
    assert (round(black.alone_low or 0, 3), round(black.alone_high or 0, 3)) == (0.484, 0.934)
    assert (round(female.alone_low or 0, 3), round(female.alone_high or 0, 3)) == (0.688, 1.072)
    assert (black.shortfall, black.shortfall_equal) == (8, 21)
    assert black.outcome == female.outcome == "cannot_say"
    assert black.low is not None
    assert black.low < 0.484
    assert black.p_value == pytest.approx(0.0197, abs=1e-4)
    assert black.p_adjusted is not None
    assert black.p_adjusted > black.p_value


def test_choices_are_recorded_and_what_a_reader_must_know(worked: AnalysisTables) -> None:
    chosen = json.loads(top(worked).parameters)
    assert (chosen["tie_rule"], chosen["exclude_below"], chosen["exclude_base"]) == ("strict_above", 0.02, "known")
    assert (chosen["reference_pool"], chosen["unknown"]) == ("not_excluded_same_table", "counted_not_filled_in")
    assert json.loads(top(worked).warnings) == []
    assert json.loads(top(worked, "race_ethnicity").warnings) == ["categories_left_out"]


def test_parts_name_the_columns_of_an_intersection(worked: AnalysisTables) -> None:
    ids = {row.population_id: row.words for row in worked.selection_ratios if row.table in ("sex", "race_ethnicity")}
    for name, row in rows_by_words(worked, "intersection").items():
        assert ", ".join(ids[part] for part in json.loads(row.parts)) == name


def test_nothing_is_left_out_unless_the_plan_says_so(tmp_path: Path) -> None:
    tables = made(tmp_path, worked_example(), exclude_below=None)
    rows = rows_by_words(tables, "race_ethnicity")
    few = rows["AI/AN"]
    assert (round(few.ratio or 0, 3), few.excluded, few.outcome, few.low) == (0.549, False, "too_few", None)
    assert rows["Black"].outcome == "cannot_say"


def test_the_base_of_the_two_per_cent_may_be_everyone(tmp_path: Path) -> None:
    frame = rows_of({("M", "A"): (50, 192), ("F", "B"): (3, 8), (None, None): (5, 201)})
    known, everyone = (
        rows_by_words(made(tmp_path, frame, exclude_base=base), "race_ethnicity")["B"] for base in ("known", "all")
    )
    assert (known.excluded, everyone.excluded) == (False, True)


def test_a_small_category_may_have_the_highest_rate_and_then_no_range_is_given(tmp_path: Path) -> None:
    frame = rows_of({("M", "A"): (50, 100), ("M", "B"): (40, 100), ("F", "C"): (9, 10)})
    tables = made(tmp_path, frame, exclude_below=None, justification=None)
    rows = rows_by_words(tables, "race_ethnicity")
    assert [round(row.ratio or 0, 3) for row in rows.values()] == [0.556, 0.444, 1.0]
    assert [row.outcome for row in rows.values()] == ["too_few", "too_few", "reference"]
    assert all(row.low is None for row in rows.values())
    assert json.loads(top(tables, "race_ethnicity").warnings) == ["reference_few"]


SCORED = pd.DataFrame(
    {
        "sex": ["A"] * 6 + ["B"] * 6, "race": ["x", "y"] * 6, "label": [0, 1] * 6, "id": [f"p{i}" for i in range(12)],
        "score": [88.0, 75, 70, 70, 64, 60, 90, 70, 70, 60, 55, 50],
    }
)  # fmt: skip
RANK = {"score_kind": "rank", "threshold": None}


def scored(
    folder: Path, frame: pd.DataFrame = SCORED, task: dict[str, Any] | None = None, **changes: Any
) -> AnalysisTables:
    section = law(measure="score", exclude_below=None, justification=None, **changes)
    return analysed(folder, frame, data=DATA, task=RANK | (task or {}), fairness=section)


def test_the_scoring_golden_counts_strictly_above_the_median(tmp_path: Path) -> None:
    tables = scored(tmp_path)
    rows = rows_by_words(tables, "sex")
    assert [(row.n, row.counted, row.ratio) for row in rows.values()] == [(6, 2, 1.0), (6, 1, 0.5)]
    over = top(tables)
    assert (over.measure, over.median_score, over.tied_at_median) == ("score", 70, 4)
    assert "tied_at_median" in json.loads(over.warnings)


def test_a_score_of_refusal_is_counted_below_the_median(tmp_path: Path) -> None:
    plain = rows_by_words(scored(tmp_path), "sex")
    tables = scored(tmp_path, SCORED.assign(score=-SCORED["score"]), {"favourable": 0})
    assert [(row.counted, row.ratio) for row in rows_by_words(tables, "sex").values()] == [(row.counted, row.ratio) for row in plain.values()]  # fmt: skip
    assert "score_reversed" in json.loads(top(tables).warnings)
    assert json.loads(top(tables).parameters)["counted"] == "below_median"


def test_the_median_may_be_that_of_known_people(tmp_path: Path) -> None:
    unknown = SCORED.assign(sex=None, race=None, score=99.0, id=[f"u{i}" for i in range(12)])
    frame = pd.concat([SCORED, unknown], ignore_index=True)
    assert top(scored(tmp_path, frame, median_sample="known")).median_score == 70
    assert top(scored(tmp_path, frame)).median_score != 70


def test_where_refusal_is_the_positive_outcome_the_tables_stay(tmp_path: Path, worked: AnalysisTables) -> None:
    frame = worked_example()
    frame = frame.assign(score=1 - frame["score"], label=1 - frame["label"])
    tables = analysed(tmp_path, frame, data=DATA, fairness=law(), task={"favourable": 0})
    for table in ("sex", "race_ethnicity", "intersection"):
        assert printed(rows_by_words(tables, table)) == printed(rows_by_words(worked, table))


def test_the_published_table_of_the_department(tmp_path: Path) -> None:
    counts = {"Hispanic": (204, 408), "White": (412, 797), "Black": (170, 390), "NHPI": (52, 119), "Asian": (302, 616), "AI/AN": (18, 41), "Two+": (96, 213)}  # fmt: skip
    frame = rows_of({("Male", race): count for race, count in counts.items()})
    tables = made(tmp_path, frame, exclude_below=None, justification=None)
    found = {name: round(row.ratio or 0, 2) for name, row in rows_by_words(tables, "race_ethnicity").items()}
    assert found == {"Hispanic": 0.97, "White": 1.0, "Black": 0.84, "NHPI": 0.85, "Asian": 0.95, "AI/AN": 0.85, "Two+": 0.87}  # fmt: skip


def test_seven_categories_make_fourteen_intersections(tmp_path: Path) -> None:
    frame = rows_of({(sex, f"race {place}"): (place + 3, 10) for sex in ("F", "M") for place in range(7)})
    rows = rows_by_words(made(tmp_path, frame, exclude_below=None, justification=None), "intersection")
    assert len(rows) == 14
    assert max(row.ratio or 0 for row in rows.values()) == 1


def test_weights_and_missing_decisions_are_said(tmp_path: Path) -> None:
    weighted = made(tmp_path, worked_example().assign(w=1.5), {"weight": "w"})
    assert not [row for row in weighted.selection_ratios if row.rule == "nyc_ll144"]
    assert {row.status for row in weighted.statutory_tables} == {"not_tested"}
    (why,) = [row for row in weighted.not_tested if "Local Law 144" in row.what]
    assert "weights" in why.reason
    ranked = analysed(tmp_path, worked_example(), data=DATA, fairness=law(), task=RANK)
    assert "neither a decision nor a threshold" in top(ranked).reason


def test_nobody_selected_nobody_known_and_no_wish(tmp_path: Path) -> None:
    none = made(tmp_path, rows_of({key: (0, n) for key, (_, n) in CELLS.items()}))
    assert {row.ratio for row in none.selection_ratios} == {None}
    assert "nobody_counted" in json.loads(top(none).warnings)
    unknown = made(tmp_path, rows_of({(None, None): (5, 60)}))
    assert top(unknown).n_unknown == 60
    assert json.loads(top(unknown).warnings) == ["no_categories"]
    assert analysed(tmp_path, worked_example(), data=DATA).statutory_tables == ()


def test_rows_that_share_a_person_are_warned_of(tmp_path: Path) -> None:
    frame = worked_example()
    tables = made(tmp_path, frame.assign(home=np.arange(len(frame)) // 2), {"cluster": "home"})
    assert "rows_share_cluster" in json.loads(top(tables).warnings)
    assert printed(rows_by_words(tables, "sex"))["Female"][1] == 80
