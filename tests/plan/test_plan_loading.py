from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluator.errors import PlanError
from evaluator.plan import Plan, load_plan, parse_plan

Change = Callable[..., str]
JARGON = ("Input should", "valid ", "pydantic", "tuple", "dictionary", "another kind of value")


def complaint_about(text: str) -> str:
    """The message about a plan, empty when there is none."""
    try:
        parse_plan(text)
    except PlanError as error:
        return error.message
    return ""


COMPLETE = """\
plan_version: 1
plan: loan-approval-2-3
title: Loan approval, version 2.3
question: May version 2.3 replace version 2.2 for consumer loans up to EUR 10,000?   # the title of the brief
agreed_with: [Retail credit, Compliance]
stage: before release
model:
  name: loan-approval
  version: "2.3"
  owner: Retail credit
  purpose: Rank applications by the chance of repayment; a clerk decides.
  users: [credit clerks]
  affected: [applicants]
  out_of_scope: [business loans, applicants under 18]
  trust_sha256: null
words:
  case: [applicant, applicants]
  positive: repaid
  negative: did not repay
  predicted_positive: approved
  predicted_negative: refused
  bears_false_positive: the bank
  bears_false_negative: the applicant
use: {volume_per_year: 40000, costs: {false_positive: 5, false_negative: 1, unit: refused good payers}}
task:
  kind: binary
  label: repaid
  positive: 1
  score: score
  score_kind: probability
  prediction: null
  threshold: 0.5
  favourable: 1
  unit: null
data:
  evaluation: {path: data/loans_test.parquet, period: 2026-01/2026-06, source: core banking, licence: internal, sha256: null}
  join: [{path: data/people.parquet, on: application_id}]
  training:   {path: data/loans_train.parquet}
  reference:  null
  current:    null
  id: application_id
  cluster: household_id
  weight: null
  time: applied_on
  windows: quarter
  sensitive: [sex, ethnicity, {column: age, bands: [18, 26, 40, 65]}]
  features: null
  columns:
    sex: {words: sex, levels: {F: women, M: men}}
    debt_share: {words: debt compared with income, unit: "%", min: 0}
  min_group: 30
compare_with: {version: "2.2", score: score_2_2}
policy: null
criteria:
  - id: ranks-well
    question: Does it rank applicants well enough?
    metric: auc
    at_least: 0.78
    why: version 2.2 reached 0.77
    blocking: true
  - id: regions
    metric: accuracy
    population: {region: [north, south]}
    at_least: 0.75
  - id: no-worse-than-before
    metric: true_positive_rate
    against: previous
    at_least: -0.01
claims:      []
refit: null
analyses: all
stress: {scenarios: []}
assumptions:
  - {statement: Repayment after 12 months is a good stand-in for lifetime repayment, kind: data, if_wrong: ranks-well would not carry over}
limitations:
  - {statement: Refused applicants have no outcome, affects: all refused applicants, control: yearly random approval of 1 % }
settings: {level: 0.95, resamples: 1024, seed: 7, threads: 2, keep_rows: true, keep_model: false}
governance: {jurisdictions: [EU], role: provider, domain: credit, independent: true, evaluator: Model risk}
"""


def test_the_complete_plan_loads() -> None:
    plan = parse_plan(COMPLETE)
    assert plan.model.version == "2.3"
    assert plan.data.evaluation.period == "2026-01/2026-06"
    assert plan.data.columns["sex"].levels == {"F": "women", "M": "men"}
    assert plan.criteria[1].population == {"region": ("north", "south")}
    assert plan.criteria[2].at_least == -0.01


def test_the_smallest_useful_plan_is_ten_lines(smallest: str) -> None:
    assert len(smallest.splitlines()) == 10
    assert isinstance(parse_plan(smallest), Plan)


def test_defaults_are_written_out(smallest: str) -> None:
    plan = parse_plan(smallest.replace("auc", "roc_auc"))
    assert plan.question == "Loans"
    assert plan.task.favourable == 1
    assert plan.task.threshold == 0.5
    assert plan.criteria[0].metric == "auc"


def test_empty_keys_mean_the_default(changed: Change) -> None:
    plan = parse_plan(changed(add="agreed_with:\nwords: {case: }\nsettings:\n  seed:\n"))
    assert plan.agreed_with == ()
    assert plan.settings.seed == 7


def test_a_file_is_loaded_with_its_hash_and_folder(tmp_path: Path, smallest: str) -> None:
    path = tmp_path / "loans.yaml"
    path.write_bytes(smallest.replace("\n", "\r\n").encode())
    loaded = load_plan(path)
    assert loaded.plan == parse_plan(smallest)
    assert loaded.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert loaded.folder == tmp_path.resolve()
    assert "\r\n" in loaded.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the plan is empty"),
        (b"title: caf\xe9", "line 1): expected UTF-8 text, found byte 0xe9"),
        (b"\xff\xfea\x00", "found UTF-16"),
        (b"\xef\xbb\xbfplan_version: 1", "byte order mark"),
        (b"a: \x00", "NUL"),
        (b"#" * (1024 * 1024 + 1), "at most 1 MiB"),
        (b"a: '" + "é".encode() * (1024 * 512) + b"'", "at most 1 MiB"),
    ],
)
def test_files_that_are_not_text_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "loans.yaml"
    path.write_bytes(content)
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    assert caught.value.message.startswith("loans.yaml")
    assert message in caught.value.message
    assert caught.value.hint


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "loans.yaml").write_text("a: 1")
    with pytest.raises(PlanError, match="no such file") as caught:
        load_plan(tmp_path / "loan.yaml")
    assert caught.value.hint == "Did you mean 'loans.yaml'?"


def test_a_missing_folder_has_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no such file") as caught:
        load_plan(tmp_path / "nowhere" / "loan.yaml")
    assert "plan new" in caught.value.hint


def test_a_folder_lists_its_plans(tmp_path: Path) -> None:
    (tmp_path / "loans.yaml").write_text("a: 1")
    with pytest.raises(PlanError, match="found a folder") as caught:
        load_plan(tmp_path)
    assert "loans.yaml" in caught.value.hint


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(PlanError, match="device or pipe"):
        load_plan(tmp_path / "pipe.yaml")


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError) as caught:
        load_plan(tmp_path / ("x" * 5000))
    assert caught.value.hint


def test_all_problems_are_listed_in_the_order_of_lines(changed: Change, error_of: Callable[[str], PlanError]) -> None:
    text = changed("positive: 1, ", "", add="  - {id: ranks-well, metric: aucc, at_least: 75, class: 1}\ncolour: red\n")
    error = error_of(text)
    lines = error.message.splitlines()
    wheres = [line.split(":")[0] for line in lines]
    assert wheres == [
        "task.positive (line 5)", "criteria[1].id (line 11)", "criteria[1].metric (line 11)", "criteria[1].class (line 11)",
        "colour (line 12)",
    ]  # fmt: skip
    assert error.hint.startswith("Mend these 5 places in plan")


def test_many_problems_are_cut_short(changed: Change, error_of: Callable[[str], PlanError]) -> None:
    error = error_of(changed(add="".join(f"key{i}: 1\n" for i in range(80))))
    assert len(error.message.splitlines()) == 51
    assert error.message.endswith("... and 30 more.")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    key=st.sampled_from(
        [
            "model",
            "task",
            "data",
            "criteria",
            "words",
            "use",
            "settings",
            "stage",
            "compare_with",
            "analyses",
            "question",
        ]
    ),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.sampled_from("ab1. "), max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "metric", "label", "columns", "case", "windows", "bands"]), inner)
        ),
        max_leaves=6,
    ),
)
def test_any_value_anywhere_gives_a_plan_or_plain_sentences(smallest: str, key: str, value: object) -> None:
    kept = [line for line in smallest.splitlines()[:6] if not line.startswith(f"{key}:")]
    complaint = complaint_about("\n".join([*kept, f"{key}: {json.dumps(value)}"]))
    assert not any(jargon in complaint for jargon in JARGON)
    assert all(": " in line for line in complaint.splitlines())
