"""Cards of groups, two and three attributes together: said within the house rules, linked, and withheld for few people."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.group_values import group_values
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.three_way import planned_partitions
from evaluator.analyses.seen import rows_as_seen
from evaluator.demo.portfolio import build_portfolio
from evaluator.plan.loading import load_plan
from evaluator.records import GroupGap, Population, Shrunken, Words
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.fairness import pair_grid
from evaluator.report.fairness_parts.beside import beside_of
from evaluator.report.fairness_parts.closing import HIDDEN
from evaluator.report.fairness_parts.together import three_together, two_together
from evaluator.report.fairness_parts.which_people import (
    guesses_of,
    which_people,
    withhold_gaps,
    withhold_guesses,
)
from evaluator.store import open_run
from evaluator.subject.loading import load_subject
from evaluator.wording import Sentence, check_figures, lint_sentence
from evaluator.wording.group_values import guess_sentence, proven_distance, rest_sentence

LEAD = "false_negative_rate"


@pytest.fixture(scope="module")
def loans(demo_store: Path, demo_runs: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """The demo's run with the records of its own plan and data, three attributes together included."""
    evidence = read_evidence(open_run(demo_store, demo_runs["loan-approval-2-3"]))
    folder = tmp_path_factory.mktemp("loans")
    path = next(path for path in build_portfolio(folder, applications=4000) if path.stem == "loan-approval-2-3")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    views = tuple(Seen(one.subject, rows_as_seen(subject, one), subject, loaded.plan) for one in subject.scores)
    measured = Measured(loaded.plan, subject, views, planned_partitions(loaded.plan, subject), {}, evidence.gaps)
    tables = group_values(measured)
    populations = {rows.population.population_id: rows.population for rows in subject.populations}
    return replace(
        evidence, shrunken=tables.shrunken, group_gaps=tables.group_gaps, populations={**populations, **evidence.populations},
    )  # fmt: skip


def check_said(sentences: tuple[Sentence, ...]) -> None:
    for sentence in sentences:
        check_figures(sentence)
        problems = [one for one in lint_sentence(sentence) if one.severity == "error"]
        assert not problems, (str(sentence), problems)


def test_every_group_has_a_card_with_its_guess_and_people_a_year(loans: Evidence) -> None:
    shown = which_people(loans, "sex", LEAD)
    assert shown is not None
    assert [card.title for card in shown.cards] == ["women", "men"]
    for card in shown.cards:
        text = " ".join(str(one) for one in card.sentences)
        assert "The best guess is " in text
        assert "In a year, about " in text
        assert "of 1,000" in text.replace("Of", "of")
        check_said(card.sentences)
    assert sum(card.named for card in shown.cards) == 2
    assert shown.pair is not None
    check_said((shown.pair,))
    guess = guesses_of(loans, "sex", LEAD)
    for line, (name, row) in zip(shown.table.rows, guess.items(), strict=True):
        assert row.value is not None
        assert line[0] == loans.populations[name].label
        assert line[3] == str(round(row.value * 1000))
        assert line[-1] == f"{row.n:,}"


def test_a_run_without_best_guesses_shows_what_was_seen(loans: Evidence) -> None:
    older = replace(loans, shrunken=(), group_gaps=())
    shown, whole = which_people(older, "sex", LEAD), which_people(loans, "sex", LEAD)
    assert shown is not None
    assert whole is not None
    assert [card.sentences[0] for card in shown.cards] == [card.sentences[0] for card in whole.cards]
    assert [line[1:3] for line in shown.table.rows] == [line[1:3] for line in whole.table.rows]
    assert {line[3:7] for line in shown.table.rows} == {("", "", "", "")}
    assert three_together(older, "", LEAD) is None
    assert which_people(loans, "sex", "equalized_odds") is None


def test_the_grid_leads_to_the_question_about_each_group(loans: Evidence) -> None:
    shown = two_together(loans, "sex & age", LEAD)
    assert shown is not None
    assert shown.grid == pair_grid(loans, "sex & age", LEAD)
    assert shown.grid is not None
    names = [cell.population_id for line in shown.grid.cells for cell in line]
    assert set(shown.links) == set(names)
    women = next(name for name in names if "sex=F" in name)
    assert shown.links[women]["where"].startswith("sex:in:F;age:between:")
    check_said(tuple(one for worst in shown.worst for one in worst.sentences))


def test_the_worst_of_three_come_by_what_is_proven(loans: Evidence) -> None:
    shown = three_together(loans, "", LEAD)
    assert shown is not None
    assert shown.grid is None
    rows = [
        row for row in loans.group_gaps if (row.attribute, row.metric, row.against) == (shown.attribute, LEAD, "rest")
    ]
    known = [row for row in rows if row.difference is not None]
    assert len(shown.table.rows) == len(known)
    proven = sorted((max(0.0, row.low or 0.0) for row in known), reverse=True)
    told = [
        max(0.0, row.low or 0.0)
        for one in shown.worst
        for row in known
        if loans.populations[row.population_id].label == one.title
    ]
    assert told == [least for least in proven if least > 0][: len(told)]
    assert len(told) == min(5, sum(least > 0 for least in proven))
    assert str(shown.summary).startswith(f"{sum(least > 0 for least in proven)} of {len(known)} groups provably ")
    assert (shown.few is None) == (len(known) == len(rows))
    check_said(tuple(one for worst in shown.worst for one in worst.sentences))
    assert all(worst.link for worst in shown.worst)


WORDS = (
    Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused"),
    Words("applicant", "applicants", "defaulted", "repaid", "refused", "approved", favourable_positive=False),
    Words("parcel", "parcels", "arrived", "got lost", "sent", "kept", people=False),
)  # fmt: skip
GROUP = Population("sex=F", "women", "women", "{}", "sex", "group", 0, "planned", 400, 0.4)
GAP = GroupGap(
    "selection_rate", "", "model", "sex", "sex=F", "rest", "", 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.95, "newcombe", "", 1, 400,
    "ok", "",
)  # fmt: skip
GUESS = Shrunken("selection_rate", "", "model", "sex", "sex=F", 0.2, 0.2, 0.2, "mean", 0.5, 0.1, 400)
METRICS_SAID = (
    "selection_rate",
    "true_positive_rate",
    "false_negative_rate",
    "false_positive_rate",
    "precision",
    "accuracy",
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.tuples(st.floats(-1, 1), st.floats(0, 0.3), st.floats(0, 0.3)), st.sampled_from(METRICS_SAID),
    st.sampled_from(WORDS), st.booleans(), st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_sentences_say_what_the_record_says(
    ends: tuple[float, float, float], metric: str, words: Words, weighted: bool, value: float, weight: float
) -> None:
    difference, below, above = ends
    row = replace(GAP, metric=metric, difference=difference, low=difference - below, high=difference + above)
    said = rest_sentence(row, words, GROUP, per=1000, weighted=weighted)
    assert said is not None
    proven = (proven_distance(row) or 0) > 0
    assert (re.search(r"Of 1,000 .*women.*, .* more .* than of as many others", str(said)) is not None) == (
        proven and difference > 0
    )
    assert (re.search(r"Of 1,000 .*women.*, .* fewer .* than of as many others", str(said)) is not None) == (
        proven and difference < 0
    )
    assert ("No difference from everyone else is proven" in str(said)) == (not proven)
    guess = guess_sentence(
        replace(GUESS, metric=metric, value=value, weight=weight), words, per=1000, weighted=weighted
    )
    assert guess is not None
    check_said((said, guess))


def rows_of(sizes: dict[str, int], **changes: Any) -> tuple[list[Shrunken], list[GroupGap]]:
    guesses = [replace(GUESS, population_id=name, n=n, **changes) for name, n in sizes.items()]
    return guesses, [replace(GAP, population_id=name, n=n) for name, n in sizes.items()]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 100, "b": 50, "c": 80}, {"a", "b", "c"}),
        ({"a": 100, "b": 4, "c": 80, "d": 30}, {"a", "c"}),
        ({"a": 100, "b": 4, "c": 3, "d": 30}, {"a"}),
        ({"a": 100, "b": 6, "c": 7, "d": 30}, {"a", "d"}),
        ({"a": 100, "b": 0, "c": 80}, {"a", "b", "c"}),
    ],
)
def test_nothing_about_few_people_is_shown_nor_follows(sizes: dict[str, int], shown: set[str]) -> None:
    guesses, gaps = rows_of(sizes)
    assert {row.population_id for row in withhold_guesses(guesses, 10) if row.value is not None} == shown
    left = withhold_gaps(gaps, 10)
    assert {row.population_id for row in left if row.difference is not None} == shown
    every: list[Shrunken | GroupGap] = [*withhold_guesses(guesses, 10), *left]
    for row in every:
        assert row.n == HIDDEN or not 0 < row.n < 10
        assert row.reason == "" or row.status == "too_few"


def test_what_is_held_against_a_hidden_group_is_hidden(loans: Evidence) -> None:
    _, gaps = rows_of({"a": 100, "b": 50, "c": 4})
    against = [replace(row, against="best", against_id="b") for row in gaps if row.population_id == "a"]
    assert [row.difference for row in withhold_gaps([*gaps, *against], 10)] == [0.0, None, None, None]
    few = replace(loans, shrunken=withhold_guesses(loans.shrunken, 10), group_gaps=withhold_gaps(loans.group_gaps, 10), fewer_than=10)  # fmt: skip
    for attribute in ("sex", "age", "region"):
        assert which_people(few, attribute, LEAD) is not None
    assert three_together(few, "", LEAD) is not None


def test_every_group_stands_beside_the_best_and_beside_everyone_else(loans: Evidence) -> None:
    table = beside_of(loans, "age", LEAD)
    assert table is not None
    rows = [row for row in loans.group_gaps if (row.attribute, row.metric, row.subject) == ("age", LEAD, "model")]
    assert len(table.rows) == len(rows) > 4
    shown = {(line[0], line[1] == "everyone else"): line for line in table.rows}
    for row in rows:
        line = shown[loans.populations[row.population_id].label, row.against == "rest"]
        if row.difference is None or row.ratio is None:
            assert line[2:6] == (row.reason, "", "", "")
        else:
            assert line[2].replace("−", "-") == str(round(row.difference * 1000))
            assert line[4] == f"{row.ratio:.2f}"
    assert beside_of(loans, "age", "equalized_odds") is None
