"""How many cases have about the value of a chosen case, counted again by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import explained_records as made
import numpy as np
import pandas as pd
import pytest
from explained_samples import FEATURES, asked_of, loaded, model_of, people, plan_of

from evaluator.analyses.explanations.cases.chosen import chosen
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.held_values import counted, with_held_by
from evaluator.analyses.explanations.value_bands import Bands
from evaluator.records import AnalysisTables

MODEL = model_of(lambda frame: np.full(len(frame), 0.5), FEATURES)


def explained_of(folder: Path, frame: pd.DataFrame, **changes: object) -> Explained:
    plan = plan_of(**changes)
    subject, asked = loaded(folder, plan, MODEL, frame), asked_of(folder, plan, MODEL, frame)
    return Explained(plan, subject, asked, 1e6, lambda: 0.0, None, "", ())


def held(explained: Explained, *row_ids: str) -> dict[tuple[str, str], int | None]:
    """What is counted of every feature of these rows."""
    names = [str(name) for name in explained.subject.row_id[explained.positions]]
    place_of = {number: names.index(name) for number, name in enumerate(row_ids, 1)}
    parts = tuple(made.part(name, number, held_by=None) for number in place_of for name in FEATURES)
    found = counted(explained, AnalysisTables(case_parts=parts), place_of)
    return {(row_ids[row.number - 1], row.feature): row.held_by for row in found.case_parts}


def test_quantities_and_levels_are_counted_as_by_hand(tmp_path: Path) -> None:
    frame = people(300)
    frame.loc[5, "debt"] = 99.0
    frame.loc[6, "region"] = "isle"
    frame.loc[[7, 8, 9], "income"] = np.nan
    found = held(explained_of(tmp_path, frame), "r5", "r6", "r7", "r40")
    assert found["r5", "debt"] == 1
    assert found["r6", "region"] == 1
    assert found["r7", "income"] == 3
    debt, own = frame["debt"], frame.loc[40, "debt"]
    near = 0.25 * (debt.quantile(0.75) - debt.quantile(0.25))
    assert found["r40", "debt"] == min(((debt - own).abs() <= near).sum(), (debt <= own).sum(), (debt >= own).sum())
    assert found["r40", "region"] == (frame["region"] == frame.loc[40, "region"]).sum()


@pytest.mark.parametrize(("row", "expected"), [(0, 96), (97, 3), (99, 1)])
def test_a_value_that_most_share_is_no_rarer_than_it_is(row: int, expected: int, tmp_path: Path) -> None:
    frame = people(100)
    frame["debt"] = [0.0] * 96 + [5.0] * 3 + [1000.0]
    assert held(explained_of(tmp_path, frame), f"r{row}")[f"r{row}", "debt"] == expected


def test_a_constant_is_held_by_all(tmp_path: Path) -> None:
    frame = people(60)
    frame["income"] = 2.0
    found = held(explained_of(tmp_path, frame), "r3")
    assert found["r3", "income"] == 60


def test_rows_without_weight_do_not_count(tmp_path: Path) -> None:
    frame = people(60)
    frame["region"] = ["isle"] * 30 + ["coast"] * 30
    frame.loc[:24, "w"] = 0.0
    assert held(explained_of(tmp_path, frame, data={"weight": "w"}), "r29")["r29", "region"] == 5


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    frame = people(200)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    mixed = frame.sample(frac=1, random_state=4).reset_index(drop=True)
    rows = ("r1", "r17", "r190")
    assert held(explained_of(tmp_path / "a", frame), *rows) == held(explained_of(tmp_path / "b", mixed), *rows)


def test_reasons_and_changes_are_counted_too_and_nothing_else_changes(tmp_path: Path) -> None:
    frame = people(200)
    tables = AnalysisTables(
        cases=(made.case(1),), reasons=(made.reason(feature="debt", held_by=None),),
        way_out_changes=(made.change(feature="loans", held_by=None), made.change(2, feature="loans", held_by=None)),
    )  # fmt: skip
    found = counted(explained_of(tmp_path, frame), tables, {1: 4})
    assert (found.reasons[0].held_by or 0) > 1
    assert found.way_out_changes[0].held_by == (frame["loans"] == frame.loc[4, "loans"]).sum()
    assert found.way_out_changes[1].held_by is None
    assert replace(found.reasons[0], held_by=None, band="") == replace(tables.reasons[0], band="")
    assert found.reasons[0].band == Bands(explained_of(tmp_path, frame)).own(FEATURES.index("debt"), 4) != ""
    assert found.way_out_changes[0].to_band != "40% to under 50%"
    assert found.cases == tables.cases


def test_the_chosen_cases_are_found_by_their_numbers(tmp_path: Path) -> None:
    explained = explained_of(tmp_path, people(200))
    rows = tuple(made.part("region", case.number, held_by=None) for case in chosen(explained))
    found = with_held_by(explained, AnalysisTables(case_parts=rows))
    region = explained.asked.frame["region"]
    expected = [(region == region.iloc[case.position]).sum() for case in chosen(explained)]
    assert [row.held_by for row in found.case_parts] == expected
    assert expected


def test_without_cases_nothing_is_looked_for(tmp_path: Path) -> None:
    tables = AnalysisTables()
    assert with_held_by(explained_of(tmp_path, people(60)), tables) is tables
