from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from recompute_samples import THRESHOLD, applications, loaded, oracle

from evaluator.errors import InputError
from evaluator.recompute import (
    GroupCutoff,
    LoadedRows,
    Question,
    Target,
    answer,
    askable,
    change_sentences,
    cutoffs_of,
    dots,
    group_changes,
    link_of,
    metric_columns,
    mix_of,
    question_from_link,
    question_sentence,
    sentences,
)
from evaluator.wording import check_figures, errors, lint_sentence

WOMEN, MEN = GroupCutoff("sex", "F", 0.46), GroupCutoff("sex", "M", 0.6)


def with_volume(content: dict[str, Any]) -> None:
    content["use"] = {"volume_per_year": 40_000}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return applications(2_000)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame) -> LoadedRows:
    return loaded(tmp_path_factory.mktemp("cutoffs"), frame, with_volume)


@pytest.mark.parametrize(
    ("question", "of_women", "of_men"),
    [
        (Question(cutoffs=(WOMEN,)), 0.46, THRESHOLD),
        (Question(cutoffs=(WOMEN, MEN)), 0.46, 0.6),
        (Question(threshold=0.3, cutoffs=(MEN,)), 0.3, 0.6),
    ],
)
def test_each_group_is_decided_at_its_cutoff(
    rows: LoadedRows, frame: pd.DataFrame, question: Question, of_women: float, of_men: float
) -> None:
    answered = answer(rows, question)
    cut = np.where(frame["sex"] == "F", of_women, of_men)
    decided = frame.assign(score=(frame["score"] >= cut).astype(float))
    for metric in ("false_negative_rate", "false_positive_rate", "selection_rate", "accuracy"):
        assert answered.everyone.tried[metric].value == pytest.approx(oracle(metric, decided, 0.5), abs=1e-12)
        assert answered.everyone.today[metric].value == pytest.approx(oracle(metric, frame), abs=1e-12)


def test_everyone_is_not_mixed_up_between_questions(rows: LoadedRows) -> None:
    first, second = (answer(rows, Question(cutoffs=(one,))).everyone.tried["accuracy"].value for one in (WOMEN, MEN))
    assert first != second


def test_what_changes_for_each_group_is_said(rows: LoadedRows, frame: pd.DataFrame) -> None:
    answered = answer(rows, Question(cutoffs=(WOMEN, MEN)), metrics=["false_negative_rate", "false_positive_rate"])
    women, men = group_changes(answered)
    assert (women.name, men.name) == ("women", "men")
    assert women.in_all is not None
    moved = frame["sex"].eq("F") & frame["score"].between(0.46, THRESHOLD, inclusive="left")
    assert women.in_all.difference == pytest.approx(moved.mean(), abs=1e-12)
    told = change_sentences(women, rows.facts.words)
    more = moved.sum() / frame["sex"].eq("F").sum()
    assert told[0].text.startswith(f"Of 1,000 women, {more * 1_000:.0f} more would be approved (95% range ")
    assert told[-1].text.startswith(
        f"In a year of 40,000 applicants, about {moved.mean() * 40_000:,.0f} more women would be approved"
    )
    assert "fewer men would be approved" in change_sentences(men, rows.facts.words)[-1].text
    for sentence in (*told, *change_sentences(men, rows.facts.words), *sentences(answered, rows.facts.words).all):
        check_figures(sentence)
        assert not errors(lint_sentence(sentence))


def test_few_people_are_not_told_about(rows: LoadedRows) -> None:
    answered = answer(rows, Question(cutoffs=(WOMEN,)), metrics=["false_negative_rate", "false_positive_rate"])
    (change,) = group_changes(answered)
    assert [one.text for one in change_sentences(change, rows.facts.words, fewer_than=10_000)] == [
        "For women: too few cases to say."
    ]


def test_the_question_and_its_tables_say_which_cutoffs(rows: LoadedRows) -> None:
    question = askable(rows, Question(threshold=0.5, cutoffs=(WOMEN, GroupCutoff("sex", "men", 0.6))))
    assert question_sentence(rows, question) == (
        "What about all applicants, with the cut-off at 0.46 for women and 0.60 for men, else at 0.50?"
    )
    answered = answer(rows, question, headline_only=True)
    assert metric_columns(answered)[2] == "all applicants, at cut-offs by group"
    picture = dots(answered)
    assert picture is not None
    assert picture.rows[1].label == "all applicants, at cut-offs by group"


@pytest.mark.parametrize(
    "question",
    [
        Question(cutoffs=(WOMEN, MEN), cost=2.5),
        Question(threshold=0.4, cutoffs=(GroupCutoff("age", "[18,30)", 0.3),)),
        Question(cost=1e-3, mix=(Target("sex", (("F", 0.7),)), Target("region", (("north", 0.2), ("south", 0.3))))),
    ],
)
def test_a_link_brings_the_question_back(rows: LoadedRows, question: Question) -> None:
    assert askable(rows, question_from_link(link_of(question), rows.columns)) == question


def test_as_typed(rows: LoadedRows) -> None:
    assert cutoffs_of(["sex=women:0.46", 'age="[18,30)": .3'], rows.columns) == (
        GroupCutoff("sex", "women", 0.46),
        GroupCutoff("age", "[18,30)", 0.3),
    )
    asked = askable(rows, Question(mix=mix_of(["age=18-29:0.3", "age=30 to 60:0.5", "sex=F:0.5"], rows.columns)))
    assert asked.mix == (Target("age", (("[18,30)", 0.3), ("[30,60)", 0.5))), Target("sex", (("F", 0.5),)))
    for wrong in ("sex=women", "sex:0.4", "sex=women:much", "sex=F,M:0.4", "women:0.4"):
        with pytest.raises(InputError, match="names"):
            cutoffs_of([wrong], rows.columns)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"cutoffs": "sx:F:0.4"}, "no column 'sx'"),
        ({"cutoffs": "sex:Q:0.4"}, "has no group 'Q'"),
        ({"cutoffs": "sex:F"}, "names no group and number"),
        ({"cutoffs": "sex:F:lots"}, "is no number"),
        ({"cutoffs": "sex:F:1.4"}, "between 0 and 1"),
        ({"cutoffs": "sex:F:1e999"}, "must be a number"),
        ({"cutoffs": "sex:F:0.4;sex:F:0.5"}, "has two cut-offs"),
        ({"cutoffs": "sex:F:0.4;region:north:0.5"}, "must come from one column"),
        ({"cutoffs": "income:100:0.4"}, "gives no bands"),
        ({"cutoffs": "applied_on:2025-01-01:0.4"}, "come in no groups"),
        ({"cutoffs": ";".join(f"sex:F:0.{k:03d}" for k in range(51))}, "at most 50"),
        ({"cutoffs": "sex:%ff%fe:0.4"}, "which is no text"),
        ({"cutoffs": "sex:" + "F" * 3_000 + ":0.4"}, "characters in a link"),
        ({"cost": "five"}, "is no number"),
        ({"cost": "-2"}, "must lie above 0"),
        ({"cost": "1e300"}, "must lie above 0"),
        ({"mix": "sex:F:0.7;sex:M:0.6"}, "add up to 1.3"),
        ({"mix": "sex:F:0"}, "must lie above 0"),
        ({"mix": "sex:F:0.5;sex:women:0.4"}, "has two shares"),
        ({"mix": "sex:X%3Cb%3E:0.5"}, "has no group 'X<b>'"),
    ],
)
def test_a_wrong_link_says_what_is_wrong(rows: LoadedRows, params: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        askable(rows, question_from_link(params, rows.columns))


def test_without_a_score_no_group_has_a_cutoff(tmp_path: Path) -> None:
    def decided(content: dict[str, Any]) -> None:
        content["task"] = {"kind": "binary", "label": "repaid", "positive": 1, "prediction": "approved"}
        content.pop("compare_with")

    frame = applications(200)
    rows = loaded(tmp_path, frame.assign(approved=(frame["score"] > 0.5).astype(int)), decided)
    with pytest.raises(InputError, match="no score"):
        answer(rows, Question(cutoffs=(WOMEN,)))


def test_rows_without_a_group_keep_their_cutoff(tmp_path: Path) -> None:
    frame = applications(400)
    frame.loc[frame.index[:60], "sex"] = None
    rows = loaded(tmp_path, frame)
    answered = answer(rows, Question(cutoffs=(WOMEN, MEN)))
    cut = frame["sex"].map({"F": 0.46, "M": 0.6}).fillna(THRESHOLD)
    assert answered.everyone.tried["selection_rate"].value == pytest.approx((frame["score"] >= cut).mean())
