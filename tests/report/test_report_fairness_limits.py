"""The fairness page beside limits on a ratio, what its checks leave out, and which group it begins with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bearing_runs import published

from evaluator.catalogue.statuses import STATUSES
from evaluator.records import CriterionResult, Finding
from evaluator.report.evidence import Evidence
from evaluator.report.fairness import fairness_of, lead_group
from evaluator.report.fairness_parts.checks import check_labels, checks_not_told, checks_of
from evaluator.wording import check_figures, errors, lint_block

SELECTED = "selection_rate"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return published(tmp_path_factory.mktemp("limits"))


def ratio_limit(evidence: Evidence, limit: float = 0.8, status: Any = "not_met", **changes: Any) -> CriterionResult:
    """A requirement on the ratio of selection rates by sex, with the numbers of the run."""
    gap = next(row for row in evidence.gaps if (row.metric, row.kind, row.attribute) == (SELECTED, "ratio", "sex"))
    given: dict[str, Any] = {
        "criterion_id": "ratio", "metric": SELECTED, "gap_kind": "ratio", "limit_low": limit, "limit_high": None,
        "value": gap.value, "low": gap.at_least, "high": gap.at_most, "status": status, "rows_needed": None,
        "family": gap.family, "family_size": gap.family_size,
    }  # fmt: skip
    return replace(evidence.criteria[0], **{**given, **changes})


def limited(evidence: Evidence, *rows: CriterionResult) -> Evidence:
    return replace(evidence, criteria=rows)


def text_of(evidence: Evidence, metric: str = SELECTED) -> str:
    shown = fairness_of(evidence, metric)
    return " ".join(str(sentence) for told in shown.told for sentence in told.sentences)


@pytest.mark.parametrize("status", ["not_met", "inconclusive", "met"])
def test_a_limit_on_the_ratio_judges_the_gap(run: Evidence, status: str) -> None:
    evidence = limited(run, ratio_limit(run, status=status))
    shown = fairness_of(evidence, SELECTED)
    said = {"not_met": "beyond its limit", "inconclusive": "the data cannot tell", "met": "within its limit"}[status]
    assert said in str(shown.headline)
    assert "no limit was set" not in f"{shown.headline} {text_of(evidence)}"
    assert "for every 100 in the highest" in text_of(evidence)
    assert "The limit is 80 or more." in text_of(evidence)
    assert STATUSES[status].word.lower() in text_of(evidence).lower()
    assert shown.picture is not None
    (row,) = [row for row in shown.picture.rows if row.label == "sex"]
    assert (row.status, row.note, row.limit) == (status, "limit on the ratio", None)
    assert {line[-2] for line in shown.picture.table.rows} == {"on the ratio", ""}
    for told in shown.told:
        assert not errors(lint_block(told.sentences))
        for sentence in told.sentences:
            check_figures(sentence)


def test_of_two_limits_the_worse_status_leads_and_each_is_told_with_its_own(run: Evidence) -> None:
    difference = ratio_limit(
        run, criterion_id="difference", gap_kind="difference", limit_low=None, limit_high=0.9, status="met"
    )
    evidence = limited(run, difference, ratio_limit(run))
    shown = fairness_of(evidence, SELECTED)
    assert shown.picture is not None
    (row,) = [row for row in shown.picture.rows if row.label == "sex"]
    assert (row.status, row.note, row.limit) == ("not_met", "limit 900, limit on the ratio", 0.9)
    assert "the limit is 900. Met." in text_of(evidence)
    assert "Not met: " in text_of(evidence)
    assert [told.criteria for told in shown.told] == [("difference",), ("ratio",)]


def test_a_limit_on_another_ratio_judges_nothing(run: Evidence) -> None:
    evidence = limited(run, ratio_limit(run, metric="true_positive_rate"))
    assert str(fairness_of(evidence, SELECTED).headline).endswith("; no limit was set.")


def finding(code: str) -> Finding:
    return Finding(code, "fairness", "high", "found", "Something.", "all", SELECTED, "[]", "Do something.")


def codes(evidence: Evidence, metric: str = SELECTED) -> list[str]:
    return [row.code for row in checks_not_told(evidence, fairness_of(evidence, metric))]


def test_checks_of_limits_are_left_out_if_and_only_if_every_gap_concerned_is_told(run: Evidence) -> None:
    both = tuple(finding(code) for code in ("FAIR01", "FAIR03", "FAIR04"))
    told = limited(replace(run, findings=both), ratio_limit(run))
    assert codes(told) == ["FAIR01"]
    assert len(checks_of(told)) == 3
    assert codes(told, "false_negative_rate") == ["FAIR01", "FAIR03"], "another number is told"
    more = limited(
        told, ratio_limit(run), ratio_limit(run, criterion_id="open", gap_by="region & sex", status="inconclusive")
    )
    assert codes(more) == ["FAIR01", "FAIR04"], "of two attributes together nothing is told above"


def test_labels_speak_of_people_where_there_are_any(run: Evidence) -> None:
    people = check_labels(run.words)
    cases = check_labels(replace(run.words, people=False))
    assert people["FAIR06"] == "differences that change among people alike"
    assert cases["FAIR06"] == "differences that change among cases alike"
    assert not any("people" in label for label in cases.values())
    assert set(people) == set(cases)


def test_selection_begins_with_those_to_whom_the_favourable_decision_comes_least(run: Evidence) -> None:
    gap = next(row for row in run.gaps if (row.metric, row.kind, row.attribute) == (SELECTED, "difference", "sex"))
    assert run.words.favourable_positive
    assert lead_group(run, SELECTED, "sex") == gap.group_low == "sex=F"
    unwelcome = replace(run, words=replace(run.words, favourable_positive=False))
    assert lead_group(unwelcome, SELECTED, "sex") == gap.group_high
