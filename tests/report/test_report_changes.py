"""What changed between two runs: which requirements moved, why as far as the records show, and whose numbers stand there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.records import CriterionResult
from evaluator.report.changes import Change, changes_between, changes_headline, comparable
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.wording import Figure, check_figures, errors, lint_sentence

NEWER = "loan-approval-2-3_20270101T000000Z_0123abcd"


@pytest.fixture(scope="module")
def old(demo_store: Path, demo_runs: dict[str, str]) -> Evidence:
    """Every requirement that has a number is met, so that what is small enough to build fast can change its status."""
    found = read_evidence(open_run(demo_store, demo_runs["loan-approval-2-3"]))
    met = tuple(replace(row, status="met") if row.value is not None else row for row in found.criteria)
    return replace(found, criteria=met)


def later(old: Evidence, **changes: object) -> Evidence:
    """The same run once more under another id, changed as asked."""
    return replace(old, run=replace(old.run, run_id=NEWER), **changes)  # type: ignore[arg-type]


def with_row(old: Evidence, row: CriterionResult, **changes: object) -> Evidence:
    """A later run in which one requirement is different."""
    changed = replace(row, **changes)  # type: ignore[arg-type]
    return later(old, criteria=tuple(changed if other is row else other for other in old.criteria))


def texts(change: Change) -> list[str]:
    return [str(sentence) for sentence in change.sentences]


def figures(changes: tuple[Change, ...]) -> list[Figure]:
    return [
        figure
        for change in changes
        for said in (*change.sentences, *change.then, *change.now)
        for figure in said.figures
    ]


def check(changes: tuple[Change, ...]) -> None:
    for change in changes:
        assert change.sentences
        for sentence in (*change.sentences, *change.then, *change.now):
            check_figures(sentence)
            assert errors(lint_sentence(sentence)) == []


def met(old: Evidence) -> CriterionResult:
    """A met requirement on one number."""
    return next(row for row in old.criteria if row.status == "met" and not row.gap_by and not row.against)


def test_the_same_run_again_changed_nothing(old: Evidence) -> None:
    assert changes_between(old, later(old)) == ()
    assert comparable(old, later(old))
    assert changes_headline(()) == "No requirement has another status than before."


def test_a_number_that_moved_without_its_status_is_not_news(old: Evidence) -> None:
    row = met(old)
    assert row.value is not None
    assert changes_between(old, with_row(old, row, value=row.value + 0.001)) == ()


def test_a_status_that_moved_says_from_where_to_where(old: Evidence) -> None:
    row = met(old)
    assert row.value is not None
    assert row.low is not None
    (change,) = found = changes_between(old, with_row(old, row, status="inconclusive", low=row.low - 0.2))
    assert (change.kind, change.criterion_id, change.about) == ("status", row.criterion_id, row.question)
    assert (change.before, change.after) == ("met", "inconclusive")
    assert texts(change) == ["It moved from met to inconclusive.", "Its range is wider."]
    assert [said[0].text.partition(" ")[0] for said in (change.then, change.now)] == ["Before:", "Now:"]
    assert changes_headline(found) == "1 requirement has another status than before."
    check(found)


def test_ranges_about_as_wide_as_each_other_are_not_told_apart(old: Evidence) -> None:
    row = met(old)
    assert row.low is not None
    assert row.high is not None
    newer = with_row(old, row, status="inconclusive", low=row.low - 0.05 * (row.high - row.low))
    (change,) = changes_between(old, newer)
    assert texts(change) == ["It moved from met to inconclusive."]


def test_a_changed_limit_is_said_though_the_status_stayed(old: Evidence) -> None:
    row = met(old)
    assert row.limit_low is not None
    assert row.limit_high is None
    newer = with_row(old, row, limit_low=row.limit_low - 0.05)
    whole, change = found = changes_between(old, newer)
    assert not comparable(old, newer)
    assert whole.kind == "criteria"
    assert "cannot be compared line by line" in texts(whole)[0]
    assert (change.kind, texts(change)) == ("limit", ["Its status stayed the same.", "The limit is not the same."])
    assert changes_headline(found).startswith("No requirement")
    check(found)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"n": 17}, "It rests on 17 applicants; before, on "),
        ({"n": 0}, "It rests on 0 applicants; before, on "),
        ({"blocking": False}, "It no longer blocks approval."),
        ({"population_id": "region=north"}, "What it measures is not the same."),
        ({"value": 0.5}, "The number itself moved."),
    ],
    ids=["rows", "no rows", "blocking", "population", "value"],
)
def test_what_differs_in_the_records_is_said(changes: dict[str, object], says: str, old: Evidence) -> None:
    row = next(row for row in old.criteria if row.status == "met" and row.blocking and not row.gap_by)
    found = changes_between(old, with_row(old, row, status="not_met", **changes))
    (change,) = [change for change in found if change.criterion_id]
    assert any(text.startswith(says) for text in texts(change)), texts(change)
    check(found)


def test_other_data_are_said_once_and_first(old: Evidence) -> None:
    row = met(old)
    newer = with_row(old, row, status="not_met")
    newer = replace(newer, run=replace(newer.run, data_sha256="0" * 64))
    whole, change = changes_between(old, newer)
    assert (whole.kind, whole.criterion_id) == ("data", "")
    assert "different test data, so their numbers cannot be compared line by line" in texts(whole)[0]
    assert change.criterion_id == row.criterion_id
    assert not comparable(old, newer)


def test_another_model_is_named_by_its_version_or_its_file(old: Evidence) -> None:
    newer = later(old)
    version = replace(newer, run=replace(newer.run, version="2.4"))
    file = replace(newer, run=replace(newer.run, model_sha256="0" * 64))
    release = replace(newer, run=replace(newer.run, code_version="99"))
    assert [texts(change) for change in changes_between(old, version)] == [
        ["The model is version 2.4; before, it was version 2.3."]
    ]
    assert "another one, under the same version" in texts(changes_between(old, file)[0])[0]
    assert texts(changes_between(old, release)[0]) == ["Another release of the evaluator did the sums."]
    check((*changes_between(old, version), *changes_between(old, file)))


def test_a_recommendation_that_moved_is_said(old: Evidence) -> None:
    other = "approve" if old.recommendation.recommendation != "approve" else "defer"
    newer = later(old, recommendation=replace(old.recommendation, recommendation=other))
    (change,) = changes_between(old, newer)
    assert change.kind == "recommendation"
    assert texts(change)[0].endswith("It is now: approve.")
    check((change,))


def test_requirements_come_and_go(old: Evidence) -> None:
    first, *others = old.criteria
    without = later(old, criteria=tuple(others))
    for before, after, kind in ((old, without, "removed"), (without, later(old), "added")):
        whole, change = changes_between(before, replace(after, run=replace(after.run, run_id=NEWER)))
        assert (whole.kind, change.kind, change.criterion_id) == ("criteria", kind, first.criterion_id)
        assert (change.before, change.after) == ((first.status, None) if kind == "removed" else (None, first.status))
        check((whole, change))
    gone = changes_between(old, without)
    assert {figure.evidence.partition("#")[0] for figure in figures(gone)} == {old.run.run_id}


def test_every_figure_names_the_run_it_comes_from(old: Evidence) -> None:
    row = met(old)
    (change,) = changes_between(old, with_row(old, row, status="not_met"))
    for said, run_id in ((change.then, old.run.run_id), (change.now, NEWER)):
        evidence = [figure.evidence for sentence in said for figure in sentence.figures]
        assert evidence
        assert {name.partition("#")[0] for name in evidence} == {run_id}
        assert f"{run_id}#criterion:{row.criterion_id}" in evidence


def test_both_runs_are_said_on_one_scale(old: Evidence) -> None:
    row = next(row for row in old.criteria if row.metric == "true_positive_rate" and not row.gap_by and not row.against)
    found = changes_between(old, with_row(old, row, status="not_met", value=0.88123, low=0.88119, high=0.88127))
    scales = {figure.value for figure in figures(found) if figure.role == "scale"}
    assert scales == {10_000}
    check(found)


def test_few_people_stay_hidden(old: Evidence) -> None:
    row = next(row for row in old.criteria if row.status == "too_few")
    newer = suppress(with_row(old, row, status="met", n=7), 10)
    (change,) = changes_between(suppress(old, 10), newer)
    said = " ".join(texts(change))
    assert "It rests on fewer than 10 " in said
    assert 7 not in [figure.value for figure in figures((change,))]


def test_the_worst_news_comes_first(old: Evidence) -> None:
    rows = [row for row in old.criteria if row.status == "met"][:3]
    assert len(rows) == 3
    news = dict(zip((row.criterion_id for row in rows), ("inconclusive", "not_met", "not_tested"), strict=True))
    newer = later(
        old, criteria=tuple(replace(row, status=news.get(row.criterion_id, row.status)) for row in old.criteria)
    )  # type: ignore[arg-type]
    assert [change.after for change in changes_between(old, newer)] == ["not_met", "inconclusive", "not_tested"]
    assert changes_headline(changes_between(old, newer)).startswith("3 requirements have")
