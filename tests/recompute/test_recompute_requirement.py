"""A question as a requirement: the plan that holds it is refused without a limit, and means the same people with one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from recompute_samples import applications, loaded

from evaluator.errors import PlanError
from evaluator.plan import parse_plan
from evaluator.recompute import LoadedRows, Question, filters_of, lead_metrics, mask, metrics_of
from evaluator.recompute.question import Filter, GroupCutoff, Target
from evaluator.recompute.requirement import OPEN_LIMIT, Requirement, requirement_of
from evaluator.records import ALL
from evaluator.subject.loading import load_subject
from evaluator.wording import errors, lint_sentence

HOSTILE = 'a: "b", [c] {d} # <script>alert(1)</script> \U0001f600 \u202e\t%'
TIME = "applied_on"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("requirement")


@pytest.fixture(scope="module")
def rows(folder: Path) -> LoadedRows:
    frame = applications(400, seed=11)
    frame.loc[frame.index % 9 == 0, "region"] = None
    frame.loc[frame.index % 7 == 0, "region"] = HOSTILE
    frame["code"] = np.where(frame.index % 2 == 0, "1", "yes")
    frame["decided_on"] = frame["applied_on"] + pd.Timedelta(days=3)
    return loaded(folder, frame)


def written(rows: LoadedRows, question: Question, metric: str | None = None) -> Requirement:
    return requirement_of(rows, question, metric or lead_metrics(rows)[0], time_column=TIME)


def plan_with(folder: Path, requirement: Requirement, limit: str = "0.2") -> str:
    text = (folder / "plan.yaml").read_text(encoding="utf-8").replace("criteria: []\n", "")
    filled = requirement.yaml.replace(f":   # {OPEN_LIMIT}", f": {limit}" if limit else ":")
    return f"{text}criteria:\n{filled}"


CONDITIONS = [
    ["sex=F"],
    ["sex!=F"],
    ["region=north,south"],
    ["region!=north"],
    ["region!=north", "region!=south"],
    ["region=missing"],
    ["age>=60"],
    ["age<30"],
    ["age>=30", "age<60"],
    ["age=41,42"],
    ["income=missing"],
    ["income>=2500.5"],
    ["online=true"],
    ["code=1"],
    ["code=yes"],
    ["applied_on>=2025-03-01"],
    ["applied_on>=2025-03-01", "applied_on<2025-09-01"],
    ["sex=F", "age>=60", "region!=north", "applied_on<2025-09-01"],
    [],
]


@pytest.mark.parametrize("conditions", CONDITIONS, ids=str)
def test_a_filled_in_requirement_is_accepted_and_names_exactly_these_rows(
    conditions: list[str], folder: Path, rows: LoadedRows
) -> None:
    question = Question(filters_of(conditions, rows.columns))
    requirement = written(rows, question)
    plan = parse_plan(plan_with(folder, requirement))
    subject = load_subject(plan, folder)
    assert not subject.unknown_levels
    found = subject.find_rows(subject.criterion_populations.get(plan.criteria[0].id, ALL))
    assert found is not None
    assert found.population.n == int(mask(rows, question).sum())
    assert plan.criteria[0].blocking is False


def test_hostile_values_are_written_so_that_they_are_read_back(folder: Path, rows: LoadedRows) -> None:
    requirement = written(rows, Question((Filter("region", "in", (HOSTILE,)),)))
    (entry,) = yaml.safe_load(requirement.yaml)
    assert entry["population"] == {"region": HOSTILE}
    (criterion,) = parse_plan(plan_with(folder, requirement)).criteria
    assert criterion.population == {"region": HOSTILE}


def test_without_a_limit_the_plan_is_refused(folder: Path, rows: LoadedRows) -> None:
    requirement = written(rows, Question(filters_of(["sex=F"], rows.columns)))
    assert OPEN_LIMIT in requirement.yaml
    for text in (plan_with(folder, requirement, limit=""), plan_with(folder, requirement).replace(": 0.2", ": later")):
        with pytest.raises(PlanError, match=r"at_most|needs a limit"):
            parse_plan(text)


def test_every_metric_of_the_page_can_be_required(folder: Path, rows: LoadedRows) -> None:
    question = Question(filters_of(["sex=F"], rows.columns))
    for metric in metrics_of(rows, headline_only=True):
        (criterion,) = parse_plan(plan_with(folder, written(rows, question, metric), "1")).criteria
        assert criterion.metric == metric


def test_the_earlier_model_is_named_and_an_id_is_never_taken_twice(folder: Path, rows: LoadedRows) -> None:
    question = Question(filters_of(["sex=F"], rows.columns), compare="previous")
    first = written(rows, question)
    (criterion,) = parse_plan(plan_with(folder, first)).criteria
    assert criterion.against == "previous"
    again = requirement_of(rows, question, lead_metrics(rows)[0], taken=[criterion.id])
    assert criterion.id not in {entry["id"] for entry in yaml.safe_load(again.yaml)}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Question((Filter("sex", "in", ("F",)), Filter("age", "between", low=60.0)), "any"), "several columns"),
        (Question((Filter("age", "not_in", ("41",)),)), "cannot say the condition on “age”"),
        (Question((Filter("decided_on", "between", low=None, high=None),)), "cannot say the condition on “decided"),
        (Question((Filter("age", "between", low=60.0), Filter("age", "between", high=30.0))), "nobody fits"),
        (Question((Filter("sex", "missing"),)), "nobody fits"),
        (Question((Filter("age", "between", low=60.0), Filter("age", "in", ("61",)))), "cannot say"),
    ],
)
def test_what_a_plan_cannot_say_is_told_and_nothing_is_written(question: Question, told: str, rows: LoadedRows) -> None:
    requirement = written(rows, question)
    assert requirement.yaml == ""
    assert told in " ".join(str(sentence) for sentence in requirement.told).lower()


def test_what_a_requirement_leaves_out_is_told_in_short_plain_sentences(rows: LoadedRows) -> None:
    question = Question(
        (Filter("sex", "not_in", ("F",)),), "all", 0.46, "all", "",
        (GroupCutoff("sex", "F", 0.4),), None, (Target("sex", (("F", 0.5),)),),
    )  # fmt: skip
    told = written(rows, question).told
    said = " ".join(str(sentence) for sentence in told)
    for part in ("judge it on rows", "values of “sex” that are left", "0.46", "single groups", "mix", "comparison"):
        assert part in said
    for sentence in (*told, *written(rows, Question((Filter("age", "not_in", ("41",)),))).told):
        assert errors(lint_sentence(sentence)) == []


def test_any_of_several_ranges_of_one_column_is_a_list(folder: Path, rows: LoadedRows) -> None:
    question = Question((Filter("age", "between", high=25.0), Filter("age", "between", low=60.0)), "any")
    plan = parse_plan(plan_with(folder, written(rows, question)))
    subject = load_subject(plan, folder)
    found = subject.find_rows(subject.criterion_populations[plan.criteria[0].id])
    assert found is not None
    assert found.population.n == int(mask(rows, question).sum())
