"""What the fairness page says about who bears the errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bearing_runs import published, synthetic_people

from evaluator.catalogue.palette import LIGHT
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import UsePart
from evaluator.records import MODEL
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.burden import AS_IN_THE_TEST, NO_VOLUME, WEIGHTED, burden_of, withhold
from evaluator.report.render_svg.picture import svg
from evaluator.report.suppression import suppress
from evaluator.statistics.joint_shares import joint_share
from evaluator.wording import check_figures, errors, lint_block, lint_sentence
from evaluator.wording.burden import ERRORS

FEW = 10
MISSED = next(iter(ERRORS))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return published(tmp_path_factory.mktemp("burden"))


def test_both_errors_with_pictures_and_who_bears_them(run: Evidence) -> None:
    part = burden_of(run)
    assert part is not None
    assert [one.error for one in part.errors] == list(ERRORS)
    assert dict(part.attributes) == {"sex": "sex", "region": "region"}
    missed = " ".join(sentence.text for sentence in part.errors[0].told)
    assert missed.startswith("Of 1,000 women, ")
    assert "repaid and were refused" in missed
    assert "The applicant bears this error." in missed
    assert "In a year, about " in missed
    flagged = " ".join(sentence.text for sentence in part.errors[1].told)
    assert "did not repay and were approved" in flagged
    assert "The bank bears this error." in flagged


def test_numbers_are_those_of_the_records(run: Evidence) -> None:
    part = burden_of(run, "sex")
    assert part is not None
    picture = part.errors[0].picture
    assert picture is not None
    rates = {key[0]: row for key, row in run.estimates.items() if key[1:] == (MODEL, "sex=F")}
    share = joint_share("false_negative", rates)
    assert share is not None
    women = next(row for row in picture.rows if row.label == "women")
    assert (women.value, women.low, women.high) == (share.value, share.interval.low, share.interval.high)
    line = next(row for row in part.table.rows if row[0] == "women")
    volume, group = 10_000, run.populations["sex=F"].share
    assert float(line[4].split(" ")[0].replace(",", "")) == pytest.approx(share.value * group * volume, rel=0.01)
    beside = [row.ratio for row in run.group_gaps if (row.metric, row.population_id) == (MISSED, "sex=F")]
    assert beside[0] is not None
    assert line[5].startswith(f"{beside[0] * 100:.0f} for every 100")


def test_the_years_add_up(run: Evidence) -> None:
    """Over the groups of an attribute, errors a year add up to those of everyone."""
    part = burden_of(run, "sex")
    assert part is not None
    lines = [row for row in part.table.rows if row[2] == part.table.rows[0][2]]
    whole = joint_share(
        "false_negative", {key[0]: row for key, row in run.estimates.items() if key[1:] == (MODEL, "all")}
    )
    assert whole is not None
    total = sum(float(row[4].split(" ")[0].replace(",", "")) for row in lines)
    assert total == pytest.approx(whole.value * 10_000, rel=0.01)


def test_sentences_pass_the_rules(run: Evidence) -> None:
    for favourable in (1, 0):
        for plain in (False, True):
            task = run.plan.task.model_copy(update={"favourable": favourable})
            plan = run.plan.model_copy(update={"task": task, **({"words": None} if plain else {})})
            part = burden_of(replace(run, plan=plan, words=words_of(plan)), "region")
            assert part is not None
            for one in part.errors:
                for sentence in one.told:
                    check_figures(sentence)
                    assert errors(lint_sentence(sentence)) == [], sentence.text
                assert one.picture is not None
                assert svg(one.picture, LIGHT, 340)


def test_one_denominator_for_shares(run: Evidence) -> None:
    part = burden_of(run)
    assert part is not None
    assert errors(lint_block(part.errors[0].told[:1])) == []


def test_notes_say_what_a_year_is_made_of(run: Evidence, tmp_path: Path) -> None:
    part = burden_of(run)
    assert part is not None
    assert part.notes[1] == AS_IN_THE_TEST
    plan = run.plan.model_copy(update={"use": UsePart()})
    without = burden_of(replace(run, plan=plan))
    assert without is not None
    assert without.notes[1] == NO_VOLUME
    assert {row[4] for row in without.table.rows} == {""}
    weighted = burden_of(published(tmp_path, weighted=True))
    assert weighted is not None
    assert weighted.notes[1] == WEIGHTED
    assert any("about" in row[3] for row in weighted.table.rows)


def test_few_people_and_the_next_smallest_are_withheld(run: Evidence) -> None:
    part = burden_of(suppress(run, FEW), "region")
    assert part is not None
    cells = {row[0]: row for row in part.table.rows}
    assert cells["isles"][1:4:2] == ("not shown", "too few cases")
    assert cells["east"][3] == "too few cases"
    assert cells["north"][3] != "too few cases"
    once = withhold(run.group_gaps, FEW)
    assert withhold(once, FEW) == once
    assert withhold(run.group_gaps, 0) == run.group_gaps


def test_nothing_without_records_and_for_numbers(run: Evidence, tmp_path: Path) -> None:
    assert burden_of(replace(run, group_gaps=())) is None
    assert burden_of(published(tmp_path, numbers=True)) is None


def test_strange_levels_stay_text(tmp_path: Path) -> None:
    part = burden_of(published(tmp_path, synthetic_people(strange=True)), "region")
    assert part is not None
    text = csv_text(part.table.columns, part.table.rows)
    assert "<script>" in text
    assert max(len(cell) for row in part.table.rows for cell in row) < 300
    assert part.errors[0].picture is not None
    assert "<script>" not in svg(part.errors[0].picture, LIGHT, 340)
