"""What the fairness page says about people whose group is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bearing_runs import published, synthetic_people

from evaluator.catalogue.palette import LIGHT
from evaluator.plan.plan_words import words_of
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.unknowns import unknowns_of, withhold
from evaluator.report.render_svg.picture import svg
from evaluator.report.suppression import suppress
from evaluator.wording import Sentence, check_figures, errors, lint_sentence

FEW = 10


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return published(tmp_path_factory.mktemp("unknown"))


def assert_well_said(sentences: tuple[Sentence, ...]) -> None:
    for sentence in sentences:
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == [], sentence.text


def test_the_metric_with_a_limit_leads(run: Evidence) -> None:
    part = unknowns_of(run)
    assert part is not None
    assert part.metric == "true_positive_rate"
    (told,) = part.told
    assert told[0].text == "For 90 of 900 applicants, sex is not known."
    assert "the gap lies between" in " ".join(sentence.text for sentence in told)
    assert_well_said(told)


def test_numbers_of_the_picture_and_the_table_are_those_of_the_records(run: Evidence) -> None:
    part = unknowns_of(run, "selection_rate")
    assert part is not None
    assert part.picture is not None
    record = next(row for row in run.unknown_bounds if (row.metric, row.kind) == ("selection_rate", "difference"))
    (row,) = part.picture.rows
    assert (row.value, row.low, row.high) == (record.value, record.low, record.high)
    assert len(part.table.rows) == 2
    assert part.table.rows[0][1] == "90"
    assert "100" in " ".join(sentence.text for sentence in part.told[0])


def test_nothing_where_all_are_known(run: Evidence) -> None:
    assert unknowns_of(replace(run, unknown_bounds=())) is None


def test_few_unknown_are_not_counted_for_viewers(tmp_path: Path) -> None:
    evidence = published(tmp_path, synthetic_people(few_unknown=True))
    seen = suppress(evidence, FEW)
    assert unknowns_of(evidence) is not None
    part = unknowns_of(seen)
    assert part is not None
    text = " ".join(sentence.text for told in part.told for sentence in told)
    assert text.startswith("For fewer than 10 of 900 applicants")
    assert len(part.told[0]) == 2
    assert part.picture is None
    assert {row[1] for row in part.table.rows} == {"fewer than 10"}


def test_the_picture_draws_each_limit_in_its_own_row(run: Evidence) -> None:
    part = unknowns_of(run, "true_positive_rate")
    assert part is not None
    assert part.picture is not None
    rows = {row.label: row for row in part.picture.rows}
    assert part.picture.limits == ()
    assert (rows["sex"].limit, rows["sex"].note.split(",")[0]) == (0.12, "limit 120")
    assert {row.limit for label, row in rows.items() if label != "sex"} <= {None}
    assert "dashed line" in part.picture.how_to_read
    unlimited = unknowns_of(run, "accuracy")
    assert unlimited is not None
    assert unlimited.picture is not None
    assert "dashed line" not in unlimited.picture.how_to_read


def test_withheld_rows_keep_no_bound_and_no_count(run: Evidence) -> None:
    few = tuple(replace(row, n_unknown_event=row.n_unknown - 3) for row in run.unknown_bounds)
    for row in withhold(few, FEW):
        assert (row.low, row.high, row.pair_low, row.pair_high, row.tips) == (None,) * 5
        assert row.n_unknown == row.n_unknown_event == -1
    assert withhold(run.unknown_bounds, 0) == run.unknown_bounds
    assert withhold(withhold(few, FEW), FEW) == withhold(few, FEW)


@pytest.mark.parametrize("favourable", [1, 0])
@pytest.mark.parametrize("plain", [True, False])
def test_sentences_in_both_polarities(run: Evidence, favourable: int, plain: bool) -> None:
    task = run.plan.task.model_copy(update={"favourable": favourable})
    plan = run.plan.model_copy(update={"task": task, **({"words": None} if plain else {})})
    evidence = replace(run, plan=plan, words=words_of(plan))
    for metric in {row.metric for row in evidence.unknown_bounds}:
        part = unknowns_of(evidence, metric)
        assert part is not None
        for told in part.told:
            assert_well_said(told)
        assert part.picture is not None
        assert svg(part.picture, LIGHT, 340)
