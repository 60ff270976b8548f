"""Errors of a year: shares of all cases times the declared volume, for every kind of task, and visible gaps."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.plan.schema import Plan, UsePart
from evaluator.records import ALL, MODEL
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.people_a_year import ADD_VOLUME, MOST, PeopleAYear, people_a_year, year_table
from evaluator.report.suppression import suppress
from evaluator.report.year_words import YearLine
from evaluator.statistics.proportions import proportion
from evaluator.store import open_run
from evaluator.wording import errors, lint_sentence

PLANS = ("loan-approval-2-3", "breast-cancer-2-0", "diabetes-progression-2-0", "digits-2-0")
FEW = 10


@pytest.fixture(scope="module")
def runs(demo_store: Path, demo_runs: dict[str, str]) -> dict[str, Evidence]:
    return {plan: read_evidence(open_run(demo_store, demo_runs[plan])) for plan in PLANS}


def with_volume(evidence: Evidence, volume: int | None) -> Evidence:
    use = UsePart(volume_per_year=volume, costs=evidence.plan.use.costs)
    plan: Plan = evidence.plan.model_copy(update={"use": use})
    return replace(evidence, plan=plan)


def figures(line: YearLine) -> dict[str, float]:
    return {figure.role: figure.value for figure in line.sentence.figures}


def drawn(year: PeopleAYear) -> list[YearLine]:
    return [line for line in year.lines if line.strip is not None]


@pytest.mark.parametrize("plan", PLANS)
def test_at_most_three_lawful_lines(plan: str, runs: dict[str, Evidence]) -> None:
    for evidence in (runs[plan], suppress(runs[plan], FEW)):
        year = people_a_year(evidence)
        assert 1 <= len(year.lines) <= MOST
        assert not [broken for line in year.lines for broken in errors(lint_sentence(line.sentence))]


def test_two_outcomes_are_counted_among_all_cases(runs: dict[str, Evidence]) -> None:
    """Independent cases: Wilson or exact on so many of n, at the declared volume."""
    evidence = runs["breast-cancer-2-0"]
    volume = evidence.plan.use.volume_per_year
    assert volume is not None
    lines = drawn(people_a_year(evidence))
    for line, rate in zip(lines, ("false_negative_rate", "false_positive_rate"), strict=True):
        row = evidence.estimates[rate, MODEL, ALL]
        assert row.successes is not None
        exact = proportion(row.successes, evidence.run.n, row.level)
        found = figures(line)
        assert exact.low is not None
        assert exact.high is not None
        assert found["value"] == pytest.approx(row.successes / evidence.run.n * volume, abs=0.51)
        assert found["low"] == pytest.approx(exact.low * volume, abs=0.51)
        assert found["high"] == pytest.approx(exact.high * volume, abs=0.51)
        assert line.strip is not None
        assert line.strip.marked == int(row.successes / evidence.run.n * 100 + 0.5)


def test_households_widen_the_range(runs: dict[str, Evidence]) -> None:
    """The lending rows come in households: the range is that of their standard errors, not that of counted rows."""
    evidence = runs["loan-approval-2-3"]
    row = evidence.estimates["false_negative_rate", MODEL, ALL]
    assert row.n_clusters is not None
    assert row.successes is not None
    line = drawn(people_a_year(with_volume(evidence, 10**9)))[0]
    counted = proportion(row.successes, evidence.run.n, row.level)
    assert counted.low is not None
    assert counted.high is not None
    found = figures(line)
    assert found["value"] == pytest.approx(row.successes / evidence.run.n * 10**9, rel=0.006)
    assert found["low"] < found["value"] < found["high"]
    wide, narrow = found["high"] - found["low"], (counted.high - counted.low) * 10**9
    assert 0.9 < wide / narrow < 1.5


def test_who_bears_an_error_stands_beside_it(runs: dict[str, Evidence]) -> None:
    missed, flagged = drawn(people_a_year(runs["loan-approval-2-3"]))
    assert "applicants who repaid are refused" in missed.sentence.text
    assert str(missed.bears) == "The applicant bears this error."
    assert "applicants who did not repay are approved" in flagged.sentence.text
    assert str(flagged.bears) == "The lender bears this error."


def test_a_group_of_too_few_has_a_line_of_its_own(runs: dict[str, Evidence]) -> None:
    last = people_a_year(runs["loan-approval-2-3"]).lines[-1]
    held = runs["loan-approval-2-3"].populations["age=[18,21)"].n
    assert last.strip is None
    assert last.sentence.text == (
        f"For applicants under 21 nothing can be said: the data hold {held} "
        f"{'person' if held == 1 else 'people'}, too few."
    )


def test_a_viewer_is_not_told_how_few(runs: dict[str, Evidence]) -> None:
    evidence = runs["loan-approval-2-3"]
    few = {**evidence.populations, "age=[18,21)": replace(evidence.populations["age=[18,21)"], n=7)}
    last = people_a_year(suppress(replace(evidence, populations=few), FEW)).lines[-1]
    assert "fewer than 10 people, too few" in last.sentence.text
    assert "7" not in last.sentence.text


def test_a_group_that_the_data_lack_was_not_tested(runs: dict[str, Evidence]) -> None:
    evidence = runs["loan-approval-2-3"]
    none = {**evidence.populations, "age=[18,21)": replace(evidence.populations["age=[18,21)"], n=0)}
    last = people_a_year(replace(evidence, populations=none)).lines[-1]
    assert last.sentence.text == "Applicants under 21 were not tested, because the data hold none."


def test_without_a_volume_the_gap_shows_with_the_line_to_add(runs: dict[str, Evidence]) -> None:
    year = people_a_year(with_volume(runs["digits-2-0"], None))
    assert year.lines == ()
    assert year.why == "The plan does not say how many images there are in a year."
    assert year.add_to_plan == ADD_VOLUME


def test_without_decisions_it_says_why_there_are_no_errors(runs: dict[str, Evidence]) -> None:
    evidence = runs["breast-cancer-2-0"]
    rates = {
        key: replace(row, value=None, low=None, high=None, status="not_tested", reason="the plan names no threshold")
        if key[0].startswith(("false_", "selection"))
        else row
        for key, row in evidence.estimates.items()
    }
    year = people_a_year(replace(evidence, estimates=rates))
    assert year.lines == ()
    assert year.why == "No errors could be counted: the plan names no threshold."


def test_nothing_seen_is_said_with_its_upper_end(runs: dict[str, Evidence]) -> None:
    evidence = runs["breast-cancer-2-0"]
    key = ("false_positive_rate", MODEL, ALL)
    none = {**evidence.estimates, key: replace(evidence.estimates[key], value=0.0, successes=0)}
    line = drawn(people_a_year(replace(evidence, estimates=none)))[1]
    high = proportion(0, evidence.run.n, 0.95).high
    assert high is not None
    assert line.sentence.text == (
        f"No patients who did not have cancer are called malignant in the test. In a year, it could still be up to about "
        f"{int(high * 1000 + 0.5)} (end of the 95% range)."
    )
    assert not errors(lint_sentence(line.sentence))
    assert line.strip is not None
    assert line.strip.marked == 0


def test_predicted_numbers_count_what_is_beyond_the_limits(runs: dict[str, Evidence]) -> None:
    evidence = runs["diabetes-progression-2-0"]
    points = {round(point.x, 6): point for point in evidence.curves["within_distance", MODEL, ALL]}
    lines = drawn(people_a_year(evidence))
    assert len(lines) == 2
    for line, limit in zip(lines, (50, 100), strict=True):
        found = figures(line)
        point = points[round(found["bound"], 6)]
        assert 0.9 * limit < point.x <= limit
        assert found["value"] == pytest.approx((1 - point.y) * 2000, abs=0.51)
        assert point.high is not None
        assert found["low"] == pytest.approx((1 - point.high) * 2000, abs=0.51)


def test_without_a_limit_on_distance_the_farthest_tenth_is_told(runs: dict[str, Evidence]) -> None:
    evidence = replace(runs["diabetes-progression-2-0"], criteria=())
    (line,) = drawn(people_a_year(evidence))
    assert figures(line)["value"] <= 200


def test_several_classes_tell_all_that_went_wrong_and_the_class_asked_about(runs: dict[str, Evidence]) -> None:
    evidence = runs["digits-2-0"]
    wrong, eights = drawn(people_a_year(evidence))
    row = evidence.value("accuracy")
    assert row is not None
    assert row.value is not None
    assert "images are put into the wrong class" in wrong.sentence.text
    assert figures(wrong)["value"] == pytest.approx((1 - row.value) * 500_000, rel=0.01)
    missed = evidence.class_estimates["false_negative_rate", "8", MODEL, ALL]
    assert missed.successes is not None
    assert "images that showed 8 are read as another digit" in eights.sentence.text
    assert figures(eights)["value"] == pytest.approx(missed.successes / evidence.run.n * 500_000, rel=0.01)


def test_without_a_class_asked_about_the_one_missed_most_is_told(runs: dict[str, Evidence]) -> None:
    evidence = runs["digits-2-0"]
    plain = replace(evidence, criteria=tuple(row for row in evidence.criteria if not row.class_))
    _, most = drawn(people_a_year(plain))
    missed = [
        row.successes or 0
        for key, row in evidence.class_estimates.items()
        if key[0] == "false_negative_rate" and key[2:] == (MODEL, ALL)
    ]
    assert figures(most)["value"] == pytest.approx(max(missed) / evidence.run.n * 500_000, rel=0.01)


@pytest.mark.parametrize("volume", [1, 12, 999, 40_000, 123_456_789])
def test_the_sentence_the_figures_and_the_table_agree(volume: int, runs: dict[str, Evidence]) -> None:
    year = people_a_year(with_volume(runs["loan-approval-2-3"], volume))
    for line, row in zip(drawn(year), year_table(year.lines).rows, strict=True):
        found = figures(line)
        assert found["low"] <= found["value"] <= found["high"] or found["value"] == 1
        numbers = [float(text.replace(",", "")) for text in re.findall(r"\d[\d,]*", row[2])]
        assert numbers[1:] == [found["low"], found["high"]]
        assert numbers[0] in (found["value"], 0.0)
        assert line.strip is not None
        assert line.strip.title == line.sentence.text


@pytest.mark.parametrize(
    ("volume", "said"),
    [(1_000, "about 13 patients who had cancer are called benign"), (90, "about 1 of the patients who had cancer is called benign"),
     (20, "fewer than 1 of the patients who had cancer is called benign")],
    ids=["several", "one", "none"],
)  # fmt: skip
def test_one_is_one(volume: int, said: str, runs: dict[str, Evidence]) -> None:
    evidence = runs["breast-cancer-2-0"]
    missed = replace(evidence.estimates["false_negative_rate", MODEL, ALL], successes=3)
    rates = {**evidence.estimates, ("false_negative_rate", MODEL, ALL): missed}
    line = people_a_year(with_volume(replace(evidence, estimates=rates), volume)).lines[0]
    assert line.sentence.text.startswith(f"In a year, {said} (95% range ")
    assert not errors(lint_sentence(line.sentence))
