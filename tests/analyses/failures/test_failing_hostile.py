"""Nothing to look at, nothing to tell apart, and names that nobody should have given: a sentence, and never an error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from failing_samples import BINARY, analysed, cases, conditions, plan_of, with_errors

from evaluator.records import AnalysisTables
from evaluator.statistics.readable_edges import readable_edges
from evaluator.wording import errors, lint_sentence
from evaluator.wording.sentence import Sentence

NAMES = (
    "<script>alert(1)</script>",
    "a=b&c|d?[e](f),g",
    "🙂 “quoted” 'twice'",
    "x" * 10_000,
    "\u202eright to left",
    "",
    " ",
)


def everywhere(frame: pd.DataFrame, seed: int = 7) -> pd.DataFrame:
    return with_errors(frame, np.zeros(len(frame), dtype=bool), 0.0, 0.2, seed)


def codes(tables: AnalysisTables) -> dict[str, str]:
    return {row.code: row.outcome for row in tables.findings}


def test_a_ranking_is_not_looked_through(tmp_path: Path) -> None:
    frame = cases(300, 1).assign(rank=lambda rows: rows["income"])
    tables = analysed(tmp_path, frame, plan_of(task={**BINARY, "score": "rank", "score_kind": "rank"}))
    assert codes(tables) == {"FAIL01": "not_tested", "FAIL02": "not_tested", "FAIL03": "not_tested"}
    assert tables.slice_searches == ()
    assert all("ranking" in row.reason for row in tables.not_tested)
    assert "because" in tables.findings[0].sentence


def test_without_features_a_sentence_says_so(tmp_path: Path) -> None:
    frame = cases(300, 1)[["id", "label", "decided"]]
    tables = analysed(tmp_path, everywhere(frame), plan_of(data={"features": None}))
    assert codes(tables) == dict.fromkeys(("FAIL01", "FAIL02", "FAIL03"), "not_tested")
    assert {row.add_to_plan for row in tables.not_tested} == {"data: {features: [NAME_OF_A_COLUMN]}"}


@pytest.mark.parametrize("label", [0, 1])
def test_one_outcome_alone_leaves_out_what_nobody_could_suffer(label: int, tmp_path: Path) -> None:
    frame = everywhere(cases(600, 2)).assign(w=lambda rows: (rows["label"] == label).astype(float))
    tables = analysed(tmp_path, frame, plan_of(data={"weight": "w"}))
    missing = "false_negative" if label == 0 else "false_positive"
    assert missing not in {row.loss for row in tables.slice_searches}
    assert len([row for row in tables.not_tested if "no case of that outcome" in row.reason]) == 1


def test_nothing_but_missing_values(tmp_path: Path) -> None:
    frame = everywhere(cases(300, 3)).assign(
        **dict.fromkeys(("job", "region", "income", "months", "home", "asked"), np.nan)
    )
    tables = analysed(tmp_path, frame)
    assert tables.slices == ()
    assert all(row.outcome == "not_tested" for row in tables.findings)


def test_nobody_decided_wrongly(tmp_path: Path) -> None:
    tables = analysed(tmp_path, cases(400, 4))
    assert tables.slices == ()
    assert codes(tables)["FAIL01"] == "clear"


def test_everybody_decided_wrongly(tmp_path: Path) -> None:
    frame = cases(400, 4).assign(decided=lambda rows: 1 - rows["label"])
    tables = analysed(tmp_path, frame)
    assert tables.slices == ()
    assert tables.error_leaves == ()


@pytest.mark.parametrize("n", [12, 40, 70])
def test_few_rows_are_too_few_or_hold_no_group(n: int, tmp_path: Path) -> None:
    tables = analysed(tmp_path, everywhere(cases(n, 5)))
    assert not any(row.status == "confirmed" for row in tables.slices)
    few = [row for row in tables.slice_searches if row.status == "too_few"]
    assert all("at least 30" in row.reason for row in few)
    assert len(few) == {12: 3, 40: 3, 70: 2}[n]


def test_names_of_levels_and_columns_are_only_ever_quoted(tmp_path: Path) -> None:
    frame = cases(2_000, 6)
    rng = np.random.default_rng(8)
    frame["<b>col</b>"] = rng.choice(list(NAMES), len(frame))
    frame = with_errors(frame, np.asarray(frame["<b>col</b>"] == NAMES[0]), 0.5, 0.06, 9)
    plan = plan_of(data={"features": ["job", "region", "<b>col</b>"]})
    tables = analysed(tmp_path, frame, plan)
    assert "<b>col</b>" in {row.column for row in tables.slice_conditions}
    assert all(len(row.words) < 400 for row in tables.slices)
    assert all(len(one) < 300 for one in conditions(tables)[0])


def test_a_column_of_ids_text_or_lists_is_left_out_with_why(tmp_path: Path) -> None:
    frame = everywhere(cases(400, 7))
    frame["note"] = [f"text {place}" for place in range(len(frame))]
    frame["same"] = 1
    tables = analysed(tmp_path, frame, plan_of(data={"features": ["job", "note", "same", "id"]}))
    (first, *_) = tables.slice_searches
    assert "nearly every value is its own" in first.left_out
    assert "one value" in first.left_out
    assert '"id"' not in first.columns


def test_infinite_numbers_fall_into_the_outer_bands(tmp_path: Path) -> None:
    frame = everywhere(cases(600, 8))
    frame.loc[:20, "income"] = np.inf
    frame.loc[21:40, "income"] = -np.inf
    assert analysed(tmp_path, frame).slice_searches


def test_findings_keep_the_rules_of_language(tmp_path: Path) -> None:
    frame = cases(3_000, 9)
    frame = with_errors(frame, np.asarray(frame["job"] == "seasonal"), 0.4, 0.08, 10)
    for row in analysed(tmp_path, frame).findings:
        text = Sentence(row.sentence, quoted=(row.sentence,))
        assert errors(lint_sentence(text)) == []


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        (np.arange(1_000.0), (99.0, 199.0, 299.0, 399.0, 499.0, 599.0, 699.0, 799.0, 899.0)),
        (np.zeros(50), ()),
        (np.repeat([0.0, 1.0, 2.0], 20), (1.0, 2.0)),
        (np.array([]), ()),
    ],
)
def test_edges_can_be_read_aloud(values: np.ndarray, edges: tuple[float, ...]) -> None:
    found = readable_edges(values)
    assert len(found) == len(edges)
    assert all(abs(one - other) <= 1.0 for one, other in zip(found, edges, strict=True))


def test_a_value_that_many_share_has_a_bin_of_its_own() -> None:
    rng = np.random.default_rng(3)
    values = np.concatenate([np.zeros(400), rng.gamma(2.0, 500.0, 600)])
    edges = readable_edges(values)
    assert len(edges) <= 9
    assert ((values < edges[0]) == (values == 0)).all()
