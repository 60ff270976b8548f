"""Groups of two columns, and the groups that criteria on gaps compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.subject.subject import GapQuestion, Subject, UnknownLevel

Load = Callable[..., Subject]
Refused = Callable[..., str]
SEXES, AGES = ("F", "M"), ((18, 26), (26, 40))


def people(n: int = 77) -> pd.DataFrame:
    """Columns that cycle with prime lengths, so that every combination occurs."""
    row = np.arange(n)
    return pd.DataFrame(
        {
            "repaid": row % 2,
            "score": (row % 5) / 5,
            "sex": np.array(["F", "M"])[row % 2],
            "age": 18 + (row * 7) % 22,
            "home": np.array(["owner", "tenant", None], dtype=object)[row % 3],
        }
    )


def data(**fields: Any) -> dict[str, Any]:
    return {"evaluation": {"path": "loans.parquet"}, **fields}


SENSITIVE = data(sensitive=["sex", {"column": "age", "bands": [18, 26, 40]}])
NOUNS = {"sex": {"levels": {"F": "women", "M": "men"}}, "age": {"unit": "years"}}


def gap_criterion(name: str = "gap", **changes: Any) -> dict[str, Any]:
    return {"id": name, "metric": "accuracy", "gap": {"by": "sex"}, "at_most": 0.1} | changes


def indexes(subject: Subject) -> dict[str, list[int]]:
    return {
        rows.population.population_id: [] if rows.index is None else rows.index.tolist() for rows in subject.populations
    }


def test_every_two_columns_are_cut_together_like_brute_force(load: Load) -> None:
    frame = people()
    subject = load(frame, data=SENSITIVE)
    partition = subject.find_partition("sex & age")
    assert partition is not None
    assert partition.groups == (
        "age=[18,26)&sex=F", "age=[26,40)&sex=F", "age=[18,26)&sex=M", "age=[26,40)&sex=M",
    )  # fmt: skip
    found = indexes(subject)
    for (sex, (low, high)), group in zip([(s, a) for s in SEXES for a in AGES], partition.groups, strict=True):
        inside = (frame["sex"] == sex) & frame["age"].between(low, high, inclusive="left")
        assert found[group] == np.flatnonzero(inside).tolist()
    assert [made.attribute for made in subject.partitions] == ["sex", "age", "sex & age"]


def test_groups_of_two_columns_are_called_by_both_in_the_order_of_the_plan(load: Load) -> None:
    subject = load(people(), data=SENSITIVE | {"columns": NOUNS})
    made = [rows.population for rows in subject.populations if rows.population.kind == "intersection"]
    assert [population.words for population in made][:2] == [
        "women whose age is from 18 to under 26 years",
        "women whose age is from 26 to under 40 years",
    ]
    assert [population.label for population in made][:2] == ["women, 18 to under 26", "women, 26 to under 40"]
    assert {population.attribute for population in made} == {"sex & age"}
    assert [population.position for population in made] == [0, 1, 2, 3]


def test_missing_values_are_a_group_of_both_columns(load: Load) -> None:
    subject = load(people(), data=data(sensitive=["sex", "home"]))
    partition = subject.find_partition("sex & home")
    assert partition is not None
    assert "home=?&sex=F" in partition.groups
    assert sum(len(indexes(subject)[group]) for group in partition.groups) == subject.n


def test_groups_without_rows_exist_and_are_empty(load: Load) -> None:
    frame = people().assign(home=lambda rows: np.where(rows["sex"] == "F", "owner", "tenant"))
    subject = load(frame, data=data(sensitive=["sex", "home"]))
    sizes = {key: len(index) for key, index in indexes(subject).items() if "&" in key}
    assert sizes["home=tenant&sex=F"] == sizes["home=owner&sex=M"] == 0


def test_too_many_combinations_are_left_out_by_name(load: Load) -> None:
    row = np.arange(1000)
    frame = pd.DataFrame({"repaid": row % 2, "score": 0.5, "a": row % 20, "b": row % 19, "c": row % 3, "d": row % 30})
    subject = load(frame, data=data(sensitive=["a", "b", "c", "d"]))
    pairs = [made.attribute for made in subject.partitions if len(made.columns) == 2]
    assert pairs == ["a & b"]
    warning, _ = subject.warnings
    assert warning.startswith("At most 400 groups of two columns together are made; left out: a & c (60), a & d (600)")
    assert sum(rows.population.kind == "intersection" for rows in subject.populations) == 380


def test_what_cuts_across_the_groups_is_a_slice(load: Load) -> None:
    asked: list[dict[str, dict[str, Any]]] = [
        {"both": {"sex": ["F", "M"]}}, {"young": {"age": "[18,20)"}}, {"women": {"sex": "F"}},
        {"pair": {"sex": "F", "age": "[18,26)"}}, {"young_women": {"sex": "F", "age": "[18,20)"}}, {"owners": {"home": "owner"}},
    ]  # fmt: skip
    criteria = [
        {"id": name.replace("_", "-"), "metric": "accuracy", "at_least": 0.5, "population": population}
        for entry in asked
        for name, population in entry.items()
    ]
    subject = load(people(), data=SENSITIVE, criteria=criteria)
    kinds = {}
    for name, key in subject.criterion_populations.items():
        rows = subject.find_rows(key)
        assert rows is not None
        kinds[name] = rows.population.kind
    assert kinds == {
        "both": "slice", "young": "slice", "women": "group", "pair": "intersection", "young-women": "slice",
        "owners": "group",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("gap", "question"),
    [
        ({"by": "sex"}, GapQuestion("sex", "all", "extremes", "")),
        ({"by": ["age", "sex"]}, GapQuestion("sex & age", "all", "extremes", "")),
        ({"by": "sex", "against": "overall"}, GapQuestion("sex", "all", "overall", "")),
        ({"by": "sex", "against": "M"}, GapQuestion("sex", "all", "M", "sex=M")),
        ({"by": "age", "against": "[26, 40)"}, GapQuestion("age", "all", "[26,40)", "age=[26,40)")),
        ({"by": "home"}, GapQuestion("home", "all", "extremes", "")),
        ({"by": ["home", "sex"]}, GapQuestion("sex & home", "all", "extremes", "")),
    ],
)
def test_questions_name_the_groups_they_compare(load: Load, gap: dict[str, Any], question: GapQuestion) -> None:
    subject = load(people(), data=SENSITIVE, criteria=[gap_criterion(gap=gap)])
    assert subject.gap_questions == {"gap": question}
    partition = subject.find_partition(question.attribute)
    assert partition is not None
    rows = indexes(subject)
    assert sum(len(rows[group]) for group in partition.groups) == subject.n
    assert not question.reference or question.reference in partition.groups


def test_groups_inside_a_population_are_its_rows_alone(load: Load) -> None:
    frame = people()
    criteria = [gap_criterion(population={"home": ["owner", None]}, gap={"by": "sex"})]
    subject = load(frame, data=SENSITIVE, criteria=criteria)
    question = subject.gap_questions["gap"]
    assert question.within == "home=?|owner"
    partition = subject.find_partition("sex", question.within)
    assert partition is not None
    women, men = (indexes(subject)[group] for group in partition.groups)
    inside = (frame["home"] == "owner") | frame["home"].isna()
    assert women == np.flatnonzero(inside & (frame["sex"] == "F")).tolist()
    assert men == np.flatnonzero(inside & (frame["sex"] == "M")).tolist()
    found = subject.find_rows(partition.groups[0])
    assert found is not None
    assert found.population.kind == "slice"


@pytest.mark.parametrize(
    ("gap", "unknown"),
    [
        ({"by": "home", "against": "ownr"}, UnknownLevel("gap", "home", "ownr", "owner")),
        ({"by": "sex", "against": "zzz"}, UnknownLevel("gap", "sex", "zzz", None)),
        ({"by": "age", "against": "[18,27)"}, UnknownLevel("gap", "age", "[18,27)", "[18,26)")),
        ({"by": "age", "against": "[30,20)"}, UnknownLevel("gap", "age", "[30,20)", None)),
    ],
)
def test_a_level_that_no_row_has_is_unknown_and_names_the_nearest(
    load: Load, gap: dict[str, Any], unknown: UnknownLevel
) -> None:
    subject = load(people(), data=SENSITIVE, criteria=[gap_criterion(gap=gap)])
    assert subject.unknown_levels == (unknown,)
    assert subject.gap_questions == {}


def test_an_unknown_population_asks_no_question(load: Load) -> None:
    subject = load(people(), data=SENSITIVE, criteria=[gap_criterion(population={"home": "ownr"})])
    assert [level.level for level in subject.unknown_levels] == ["ownr"]
    assert subject.gap_questions == {}


def test_an_unknown_column_is_refused_with_the_nearest(refused: Refused) -> None:
    text = refused(people(), data=SENSITIVE, criteria=[gap_criterion(gap={"by": ["sex", "hom"]})])
    assert "criteria[0].gap.by: there is no column 'hom'" in text
    assert "Did you mean 'home'?" in text


def test_too_many_groups_to_compare_are_refused(refused: Refused) -> None:
    frame = people().assign(
        street=[f"s{position}" for position in range(77)], a=np.arange(77) % 30, b=np.arange(77) % 29
    )
    text = refused(frame, data=SENSITIVE, criteria=[gap_criterion(gap={"by": "street"})])
    assert "criteria[0].gap.by: 'street' has 77 levels; at most 50 can be compared." in text
    text = refused(frame, data=SENSITIVE, criteria=[gap_criterion(gap={"by": ["a", "b"]})])
    assert "criteria[0].gap.by: these columns make 870 groups; at most 400 can be compared." in text
