"""Loading the subject of a model that chooses one of several classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluator.plan.schema import CriterionPart
from evaluator.subject.class_columns import class_columns
from evaluator.subject.levels import nfc
from evaluator.subject.problems import Problems
from evaluator.subject.subject import Subject, criterion_class

Load = Callable[..., Subject]
Refused = Callable[..., str]
TASK = {
    "kind": "multiclass",
    "label": "animal",
    "score_prefix": "p_",
    "score": None,
    "positive": None,
    "threshold": None,
}
HOSTILE = [
    "all",
    "?",
    "a&b",
    "<script>alert(1)</script>",
    "=SUM(A1)",
    "a=b|c",
    "💡",
    "e\u0301",
    " ",
    "x" * 10_000,
    "missing",
]


def animals(**columns: Any) -> pd.DataFrame:
    """Six animals of three kinds; the fourth is scored as another kind, the fifth is a tie."""
    return pd.DataFrame(
        {
            "animal": ["cat", "dog", "emu", "cat", "dog", "emu"],
            "p_cat": [0.7, 0.2, 0.1, 0.2, 0.4, 0.1],
            "p_dog": [0.2, 0.7, 0.1, 0.7, 0.4, 0.2],
            "p_emu": [0.1, 0.1, 0.8, 0.1, 0.2, 0.7],
        }
        | columns
    )


def test_the_label_and_the_answers_are_positions_in_the_classes(load: Load) -> None:
    subject = load(animals(), task=TASK)
    assert subject.classes is not None
    assert (subject.classes.values, subject.classes.labels) == (("cat", "dog", "emu"),) * 2
    assert subject.classes.ordered is False
    assert subject.label.dtype == np.int64
    assert subject.label.tolist() == [0, 1, 2, 0, 1, 2]
    (model,) = subject.scores
    assert model.class_scores is not None
    assert model.class_scores.tolist() == animals()[["p_cat", "p_dog", "p_emu"]].to_numpy().tolist()
    assert model.chosen is not None
    assert model.chosen.tolist() == [0, 1, 2, 1, 0, 2], "ties go to the first class in order"
    assert model.score is not None
    assert model.score.tolist() == [0.7, 0.7, 0.8, 0.7, 0.4, 0.7]
    assert (model.prediction, model.threshold, model.recorded, model.probability) == (None, None, False, True)


def test_score_columns_have_their_role_and_are_no_features(load: Load) -> None:
    subject = load(animals(weight=[1.0, 2, 3, 4, 5, 6]), task=TASK)
    roles = {column.name: column.role for column in subject.columns}
    assert roles == {"animal": "label", "p_cat": "score", "p_dog": "score", "p_emu": "score", "weight": "feature"}
    label = next(column for column in subject.columns if column.role == "label")
    assert (label.type, label.levels) == ("category", (("cat", "cat"), ("dog", "dog"), ("emu", "emu")))


def test_scores_can_be_named_one_by_one(load: Load) -> None:
    named = animals().rename(columns={"p_cat": "first", "p_dog": "second", "p_emu": "third"})
    scores = {"emu": "third", "cat": "first", "dog": "second"}
    subject = load(named, task=TASK | {"score_prefix": None, "scores": scores})
    assert subject.scores[0].class_scores is not None
    assert subject.scores[0].class_scores.tolist() == named[["first", "second", "third"]].to_numpy().tolist()


def test_a_prediction_alone_is_enough(load: Load) -> None:
    said = ["cat", "dog", "cat", "cat", "dog", "emu"]
    task = TASK | {"score_prefix": None, "prediction": "said"}
    model = load(animals(said=said)[["animal", "said"]], task=task).scores[0]
    assert model.chosen is not None
    assert model.chosen.tolist() == [0, 1, 0, 0, 1, 2]
    assert (model.class_scores, model.score, model.probability, model.recorded) == (None, None, False, True)


def test_a_prediction_beside_scores_is_taken_as_it_is_and_said(load: Load) -> None:
    said = ["dog", "dog", "emu", "dog", "cat", "emu"]
    subject = load(animals(said=said), task=TASK | {"prediction": "said"})
    model = subject.scores[0]
    assert model.chosen is not None
    assert model.chosen.tolist() == [1, 1, 2, 1, 0, 2]
    assert model.score is not None
    assert model.score.tolist() == [0.2, 0.7, 0.8, 0.7, 0.4, 0.7]
    assert subject.warnings == ("version 2: in 1 row the prediction is not the class with the highest score.",)


def test_the_earlier_models_columns_start_like_the_models(load: Load) -> None:
    earlier = {f"p_old_{name}": animals()[f"p_{name}"].to_numpy()[::-1] for name in ("cat", "dog", "emu")}
    compare = {"version": "1", "score_prefix": "p_old_"}
    subject = load(animals(**earlier), task=TASK, compare_with=compare)
    assert [scores.subject for scores in subject.scores] == ["model", "previous"]
    previous = subject.scores[1].class_scores
    assert previous is not None
    assert previous.tolist() == animals()[["p_cat", "p_dog", "p_emu"]].to_numpy()[::-1].tolist()
    assert not subject.warnings


@pytest.mark.parametrize(
    ("label", "values", "suffixes"),
    [
        ([3, 1, 2, 10], ("1", "2", "3", "10"), ("1", "2", "3", "10")),
        ([3.0, 1.0, 2.0, 10.0], ("1", "2", "3", "10"), ("1.0", "2.0", "3.0", "10.0")),
        (["b", "a", "c", "B"], ("B", "a", "b", "c"), ("B", "a", "b", "c")),
        ([True, False, True, False], ("false", "true"), ("0", "1")),
    ],
    ids=["integers", "floats", "text", "booleans"],
)
def test_classes_of_any_kind_are_in_order_and_find_their_columns(
    load: Load, label: list[Any], values: tuple[str, ...], suffixes: tuple[str, ...]
) -> None:
    share = [1 / len(values)] * 4
    subject = load(pd.DataFrame({"animal": label} | {f"p_{suffix}": share for suffix in suffixes}), task=TASK)
    assert subject.classes is not None
    assert subject.classes.values == values
    assert [values[position] for position in subject.label] == [
        str(value).lower().removesuffix(".0") if not isinstance(value, str) else value for value in label
    ]


def test_the_plan_gives_the_order_and_the_words(load: Load) -> None:
    levels = {"emu": "an emu", "cat": "a cat", "dog": "a dog"}
    data = {"columns": {"animal": {"levels": levels, "ordered": True}}}
    subject = load(animals(), task=TASK, data=data)
    assert subject.classes is not None
    assert subject.classes.values == ("emu", "cat", "dog")
    assert subject.classes.labels == ("an emu", "a cat", "a dog")
    assert subject.classes.ordered is True
    assert subject.label.tolist() == [1, 2, 0, 1, 2, 0]


def test_classes_that_the_plan_leaves_out_follow(load: Load) -> None:
    subject = load(animals(), task=TASK, data={"columns": {"animal": {"levels": {"emu": "emus"}}}})
    assert subject.classes is not None
    assert subject.classes.values == ("emu", "cat", "dog")


def test_an_order_must_name_every_class_of_text(refused: Refused, load: Load) -> None:
    part = {"levels": {"emu": "emus"}, "ordered": True}
    said = refused(animals(), task=TASK, data={"columns": {"animal": part}})
    assert "data.columns.animal.ordered: the order of 'cat', 'dog' is not known" in said
    grades = pd.DataFrame({"animal": [1, 2, 3], "p_1": [0.5] * 3, "p_2": [0.25] * 3, "p_3": [0.25] * 3})
    found = load(grades, task=TASK, data={"columns": {"animal": {"ordered": True}}})
    assert found.classes is not None
    assert found.classes.ordered


def test_a_class_without_rows_is_one_when_the_plan_names_it(load: Load) -> None:
    rows = animals().iloc[[0, 1, 3, 4]]
    subject = load(rows, task=TASK, data={"columns": {"animal": {"levels": {"emu": "emus"}}}})
    assert subject.classes is not None
    assert subject.classes.values == ("emu", "cat", "dog")
    assert "task.label: no row has 'emu'." in subject.warnings
    label = next(column for column in subject.columns if column.role == "label")
    assert label.levels[0] == ("emu", "emus")


def test_columns_that_fit_no_class_are_named(refused: Refused, load: Load) -> None:
    rows = animals().iloc[[0, 1, 3, 4]]
    said = refused(rows, task=TASK)
    assert "do not add up to 1 in" in said
    assert "'p_emu' start like them but fit no class" in said
    ranked = load(rows, task=TASK | {"score_kind": "rank"})
    assert "task.score_prefix: 'p_emu' start like the score columns but fit no class." in ranked.warnings


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"p_cat": [0.7, 0.2, None, 0.2, 0.4, 0.1]}, "task.score_prefix: 'p_cat' is missing in 1 row (row 3)"),
        ({"p_cat": [0.7, 0.2, np.inf, 0.2, 0.4, 0.1]}, "task.score_prefix: 'p_cat' is infinite in 1 row (row 3)"),
        ({"p_cat": [0.7, 0.2, -0.1, 0.2, 0.4, 0.1]}, "lies outside 0 to 1 in 1 row (row 3: -0.1)"),
        ({"p_cat": [0.9, 0.2, 0.1, 0.2, 0.4, 0.1]}, "do not add up to 1 in 1 row (row 1: 1.2)"),
        ({"p_cat": ["0,7", "0,2", "0,1", "0,2", "0,4", "0,1"]}, "'p_cat' is not a column of numbers"),
        ({"animal": ["cat", "dog", "emu", "cat", "dog", None]}, "task.label: 'animal' is missing in 1 row (row 6)"),
        ({"animal": ["cat"] * 6}, "task.label: 'animal' has one class only, 'cat'"),
        ({"animal": ["cat", "dog", "emu", "cat", "dog", "yak"]}, "task.score_prefix: no score column for 'yak'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_rows(refused: Refused, columns: dict[str, Any], said: str) -> None:
    assert said in refused(animals(**columns), task=TASK)


def test_everything_wrong_is_said_at_once(refused: Refused) -> None:
    frame = animals(
        p_cat=[0.7, None, 0.1, 0.2, 0.4, 0.1], p_dog=[2.0] * 6, said=["cat", "dog", "emu", "yak", "dog", "emu"],
        animal=["cat", "dog", "emu", None, "dog", "emu"],
    )  # fmt: skip
    said = refused(frame, task=TASK | {"prediction": "said"})
    assert said.startswith("4 things are wrong with the data")
    assert "values that are no class of the label ('cat', 'dog', 'emu') in 1 row (row 4: 'yak')" in said


def test_many_wrong_columns_are_cut_short(refused: Refused) -> None:
    classes = [f"c{number:02}" for number in range(20)]
    frame = pd.DataFrame({"animal": classes} | {f"p_{name}": ["x"] * 20 for name in classes})
    said = refused(frame, task=TASK)
    assert said.startswith("6 things are wrong with the data")
    assert "the columns after 'p_c04' were not looked at" in said


def test_printed_probabilities_may_miss_one_by_their_rounding(load: Load, refused: Refused) -> None:
    load(animals(p_cat=[0.701, 0.2, 0.1, 0.2, 0.4, 0.1]), task=TASK)
    assert "add up to 1" in refused(animals(p_cat=[0.702, 0.2, 0.1, 0.2, 0.4, 0.1]), task=TASK)


def test_ranks_need_not_be_probabilities(load: Load) -> None:
    model = load(animals(p_cat=[9.0, -3, 0, 1, 2, 3]), task=TASK | {"score_kind": "rank"}).scores[0]
    assert model.probability is False
    assert model.chosen is not None
    assert model.chosen.tolist() == [0, 1, 2, 0, 0, 0]


def test_an_empty_text_is_no_class(refused: Refused, load: Load) -> None:
    data = {"evaluation": {"path": "a.parquet"}}
    said = refused(animals(animal=["cat", "dog", "", "cat", "dog", ""]), task=TASK, data=data)
    assert "task.label: 'animal' is empty text in 2 rows (row 3; row 6)" in said


def test_more_classes_than_can_be_shown_are_refused(refused: Refused, load: Load) -> None:
    def frame(k: int) -> pd.DataFrame:
        return pd.DataFrame({"animal": range(k), "said": [0] * k})

    task = TASK | {"score_prefix": None, "prediction": "said"}
    assert "has 201 classes; at most 200 can be evaluated: 0, 1, 2 and 198 more" in refused(
        frame(201), task=task
    ).replace("'", "")
    assert len(load(frame(200), task=task).classes.values) == 200  # type: ignore[union-attr]


def test_two_classes_are_evaluated_and_the_other_kind_is_named(load: Load) -> None:
    frame = pd.DataFrame({"animal": ["cat", "dog"] * 3, "p_cat": [0.6] * 6, "p_dog": [0.4] * 6})
    assert any("with kind: binary" in warning for warning in load(frame, task=TASK).warnings)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({"cat": "p_cat", "dog": "p_dog"}, "task.scores: no score column for 'emu'"),
        ({"cat": "p_cat", "dog": "p_cat", "emu": "p_emu"}, "'p_cat' is the column of 'cat', 'dog'"),
        ({"cat": "p_cat", "dog": "p_dgo", "emu": "p_emu"}, "task.scores.dog: there is no column 'p_dgo'"),
        ({"cat": "p_cat", "dog": "p_dog", "emu": "animal"}, "the label is among the score columns"),
    ],
    ids=["lacking", "twice", "unknown", "label"],
)
def test_each_class_has_one_column_of_its_own(refused: Refused, scores: dict[str, str], said: str) -> None:
    task = TASK | {"score_prefix": None, "scores": scores, "score_kind": "rank"}
    assert said in refused(animals(), task=task)


def test_two_columns_for_one_class_are_named(refused: Refused) -> None:
    frame = pd.DataFrame({"animal": [1, 2, 1], "p_1": [0.5] * 3, "p_2": [0.5] * 3, "p_1.0": [0.5] * 3})
    assert "task.score_prefix: '1' has several columns, 'p_1', 'p_1.0'" in refused(frame, task=TASK)


def test_a_prefix_without_columns_says_what_one_would_be_called(refused: Refused) -> None:
    assert "no column named 'q_' and a class, such as 'q_cat'" in refused(animals(), task=TASK | {"score_prefix": "q_"})


def test_the_label_cannot_be_the_prediction(refused: Refused) -> None:
    task = TASK | {"score_prefix": None, "prediction": "animal"}
    assert "both the label and the model's answer" in refused(animals(), task=task)


def test_hostile_classes_are_loaded_and_their_labels_can_be_read(load: Load) -> None:
    n = len(HOSTILE)
    data = {"evaluation": {"path": "a.parquet"}}
    columns = {f"p_{name}": np.full(n, 1 / n) for name in HOSTILE}
    subject = load(pd.DataFrame({"animal": HOSTILE} | columns), task=TASK, data=data)
    assert subject.classes is not None
    assert set(subject.classes.values) == {"é" if name == "e\u0301" else name for name in HOSTILE}
    assert len(set(subject.classes.labels)) == n
    assert all(0 < len(label) <= 82 and label.strip() for label in subject.classes.labels)


def test_labels_that_would_read_alike_are_numbered(load: Load) -> None:
    long = ["y" * 90 + end for end in ("a", "b")]
    frame = pd.DataFrame({"animal": [*long, "cat"], "said": [*long[::-1], "cat"]})
    classes = load(frame, task=TASK | {"score_prefix": None, "prediction": "said"}).classes
    assert classes is not None
    assert len(set(classes.labels)) == 3
    assert classes.labels[1].endswith("… (1)")


@pytest.mark.parametrize(("written", "found"), [("dog", "dog"), ("dgo", ""), (None, "")])
def test_a_criterion_names_a_class_or_the_nearest_is_told(load: Load, written: str | None, found: str) -> None:
    criterion = {"id": "finds", "metric": "true_positive_rate", "class": written, "at_least": 0.5}
    subject = load(animals(), task=TASK, criteria=[criterion])
    assert criterion_class(subject, CriterionPart.model_validate(criterion)) == found
    unknown = [(level.criterion_id, level.column, level.level, level.nearest) for level in subject.unknown_levels]
    assert unknown == ([("finds", "animal", "dgo", "dog")] if written == "dgo" else [])


def test_a_criterion_finds_a_number_however_it_is_written(load: Load) -> None:
    frame = pd.DataFrame({"animal": [1, 2, 1], "p_1": [0.5] * 3, "p_2": [0.5] * 3})
    subject = load(frame, task=TASK)
    for written in (1, 1.0, "1", "1.0", True):
        criterion = CriterionPart.model_validate({"id": "a", "metric": "f1", "class": written, "at_least": 0})
        assert criterion_class(subject, criterion) == "1"


def test_weights_groups_and_criteria_work_as_for_two_classes(load: Load) -> None:
    data = {"weight": "w", "sensitive": ["sex"]}
    frame = animals(w=[1.0, 2, 3, 4, 5, 0], sex=["f", "m"] * 3)
    subject = load(frame, task=TASK, data=data)
    assert subject.weight is not None
    assert {rows.population.population_id for rows in subject.populations} >= {"all", "sex=f", "sex=m"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1, max_size=6).map(nfc), min_size=2, max_size=8, unique=True), st.integers(0, 1000))
def test_every_class_finds_its_own_column_whatever_the_names(
    make_plan: Callable[..., Any], classes: list[str], seed: int
) -> None:
    plan = make_plan(task=TASK)
    order = np.random.default_rng(seed).permutation(len(classes))
    frame = pd.DataFrame({"animal": [0]} | {f"p_{classes[position]}": [0.0] for position in order})
    found = class_columns(plan, plan.task, "task", classes, frame, Problems())
    assert found is not None
    assert found.by_class == {value: f"p_{value}" for value in classes}
