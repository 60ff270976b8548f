"""What changed inputs would do, said: figures read back, directions, who may not see small ones, and the table."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.recompute import LoadedRows, Question
from evaluator.recompute.changed.change import Change
from evaluator.recompute.changed.draw import flips_by_group
from evaluator.recompute.changed.grouping import Group
from evaluator.recompute.changed.measuring import Both
from evaluator.recompute.changed.result import ChangedInput, ModelAnswers, Part, Result
from evaluator.recompute.changed.table import COLUMNS, lines
from evaluator.recompute.changed.words import SpokenChange, sentences
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.facts import Facts
from evaluator.records import Population, Words
from evaluator.subject.words import ColumnWords, Phrasing
from evaluator.wording import Sentence, check_figures, errors, lint_sentence

WORDS = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused")
OTHER = replace(WORDS, positive="defaulted", negative="repaid", predicted_positive="refused", predicted_negative="approved",
                favourable_positive=False, people=False)  # fmt: skip
POINTS = replace(WORDS, positive="", negative="", predicted_positive="", predicted_negative="", unit="points")
CHANGES = (Change("income", "scale", 0.9),)


def facts(words: Words, task: str) -> Facts:
    phrasing = Phrasing("applicants", words.people, {})
    return Facts("r", task, words, phrasing, {"model": "version 1"}, 0.5, None, False, task == "binary", 30, 0.95, 7)


def loaded(words: Words, n: int, task: str = "binary") -> LoadedRows:
    values = np.arange(float(n))
    columns = {
        "income": AskedColumn("income", "number", ColumnWords("income", "EUR"), lambda: values),
        "sex": AskedColumn("sex", "category", ColumnWords("sex"), lambda: values.astype(int) % 2, ("F", "M")),
    }
    label = np.zeros(n, dtype=bool if task == "binary" else float)
    prediction = label if task == "binary" else None
    return LoadedRows(facts(words, task), label, None, prediction, None, None, None, None, columns)


def population(words: str, n: int) -> Population:
    return Population(words, words, words, "{}", "", "slice", 0, "found", n, 1.0)


def decided(words: Words, up: int, down: int, n: int = 2_000, weight: bool = False) -> tuple[Result, LoadedRows]:
    """A result in which `up` rows become positive and `down` negative, spread over both sexes."""
    rng = np.random.default_rng(5)
    before = np.concatenate([np.zeros(up, bool), np.ones(down, bool), rng.random(n - up - down) < 0.6])
    after = before.copy()
    after[: up + down] = ~before[: up + down]
    score, changed = np.where(before, 0.7, 0.3), np.where(after, 0.6, 0.2)
    label = rng.random(n) < 0.5
    weights = rng.uniform(0.5, 2, n) if weight else None
    rows = loaded(words, n)
    both = Both(
        rows.facts, BinaryRows(label, before, score, True, weights), BinaryRows(label, after, changed, True, weights),
        score, changed,
    )  # fmt: skip
    half = np.arange(n) % 2 == 0
    groups = [
        Group("sex", population("women", int(half.sum())), half),
        Group("sex", population("men", int((~half).sum())), ~half),
    ]
    everyone = both.everyone(population("applicants", n))
    return result(everyone, tuple(both.groups(groups, np.ones(n, bool))), weighted=weight), rows


def result(everyone: Part, groups: tuple[Part, ...] = (), *, weighted: bool = False) -> Result:
    return Result(
        everyone, groups, everyone.population.n, 0.95, 0.5, "", weighted, (ChangedInput("income", 0, 0, 0, ()),),
        ModelAnswers("Pipeline", everyone.population.n, 100, 0), (),
    )  # fmt: skip


def checked(spoken: SpokenChange) -> SpokenChange:
    for sentence in spoken.all:
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == [], str(sentence)
    return spoken


def numbers(sentence: Sentence, role: str) -> list[float]:
    return [figure.value for figure in sentence.figures if figure.role == role]


@pytest.mark.parametrize("words", [WORDS, OTHER])
@pytest.mark.parametrize(("up", "down"), [(8, 60), (60, 8), (0, 30), (1, 0), (3, 4), (301, 402)])
def test_the_lead_says_how_many_each_way(words: Words, up: int, down: int) -> None:
    found, rows = decided(words, up, down)
    spoken = checked(sentences(found, rows, Question(), CHANGES))
    text = str(spoken.lead)
    assert text.startswith("With income 10% lower, ")
    (per,) = numbers(spoken.lead, "scale")
    assert numbers(spoken.lead, "value") == pytest.approx([(up + down) / 2_000 * per], abs=1)
    counted = re.search(r": (?:fewer than )?(\S+) (\w+), (?:fewer than )?(\S+) (\w+)\.$", text)
    assert counted is not None
    assert (counted[2], counted[4]) == (words.predicted_negative, words.predicted_positive)
    negative, positive = (0 if one == "none" else int(one.replace(",", "")) for one in (counted[1], counted[3]))
    assert (negative > positive) == (down > up) or abs(negative - positive) <= 1
    way = next(
        sentence for sentence in spoken.detail if f"would be {words.predicted_negative} instead" in str(sentence)
    )
    assert numbers(way, "value") == pytest.approx([down / 2_000 * numbers(way, "scale")[0]], abs=1)
    assert any("Labels are as they were" in str(sentence) for sentence in spoken.notes)


def test_nothing_that_changes_has_an_upper_end() -> None:
    found, rows = decided(WORDS, 0, 0)
    spoken = checked(sentences(found, rows, Question(), CHANGES))
    assert str(spoken.lead).startswith(
        "With income 10% lower, none of 1,000 applicants would be decided otherwise (95%"
    )
    assert str(spoken.lead).endswith("0 to 2).")
    told = [str(sentence) for sentence in spoken.detail]
    assert any("as many as today may be refused" in text for text in told)
    assert not any("more would be" in text or "fewer would be" in text for text in told)


def test_weights_are_said_to_be_about() -> None:
    found, rows = decided(WORDS, 10, 50, weight=True)
    assert "about " in str(checked(sentences(found, rows, Question(), CHANGES)).lead)


@pytest.mark.parametrize(("by", "side"), [(5.0, "higher"), (-5.0, "lower")])
def test_predicted_numbers_move_by_their_unit(by: float, side: str) -> None:
    rng = np.random.default_rng(6)
    label = rng.normal(100, 20, 400)
    before = label + rng.normal(0, 5, 400)
    after = before + by + rng.normal(0, 1, 400)
    rows = loaded(POINTS, 400, "regression")
    both = Both(rows.facts, NumberRows(label, before), NumberRows(label, after), before, after)
    found = result(both.everyone(population("applicants", 400)))
    spoken = checked(sentences(found, rows, Question(), CHANGES))
    assert re.fullmatch(
        rf"With income 10% lower, predictions would be [45]\.\d points {side} on average \(95% range .*\)\.",
        str(spoken.lead),
    )
    assert flips_by_group(found, spoken.lead) is None
    assert "predictions would be off by" in str(spoken.detail[0]).lower()
    exact = Both(rows.facts, NumberRows(label, before), NumberRows(label, before + by), before, before + by)
    told = sentences(result(exact.everyone(population("applicants", 400))), rows, Question(), CHANGES)
    assert f"would be 5 points {side} on average (no range)" in str(told.lead)


def test_figures_about_few_people_stay_with_those_who_may_see_them() -> None:
    found, rows = decided(WORDS, 4, 5, n=40)
    few = population("women", 7)
    found = replace(found, groups=(replace(found.groups[0], population=few), found.groups[1]))
    seen = checked(sentences(found, rows, Question(), CHANGES, fewer_than=10))
    assert not any("women" in str(sentence) for sentence in seen.all)
    cells = lines(found, rows, Question(), fewer_than=10)
    assert [line for line in cells if line[0] == "women"] == [("women", "fewer than 10", "", "", "", "")]
    hidden = replace(found, everyone=replace(found.everyone, population=population("applicants", 7)))
    told = checked(sentences(hidden, rows, Question(), CHANGES, fewer_than=10))
    assert str(told.lead) == "With income 10% lower, too few cases to say anything."
    assert str(told.facts).startswith("Fewer than 10 people")
    assert told.detail == ()
    picture = flips_by_group(hidden, told.lead, fewer_than=10)
    assert picture is None or [row.label for row in picture.rows] == ["men"]


def test_most_and_fewest_of_the_groups_are_told_and_drawn() -> None:
    found, rows = decided(WORDS, 10, 50)
    shares = {part.population.words: part.flips.changed.value for part in found.groups if part.flips is not None}
    spoken = checked(sentences(found, rows, Question(), CHANGES))
    most, fewest = spoken.groups["sex"]
    assert str(most).startswith("By sex, most: 30 of 1,000 ")
    assert [numbers(one, "value")[0] / numbers(one, "scale")[0] for one in (most, fewest)] == pytest.approx(
        sorted(shares.values(), key=lambda share: -(share or 0))
    )
    picture = flips_by_group(found, spoken.lead, "sex")
    assert picture is not None
    assert [row.label for row in picture.rows] == ["applicants", "women", "men"]
    assert flips_by_group(found, spoken.lead, "age") == replace(picture, rows=picture.rows[:1], axis=flips_by_group(
        replace(found, groups=()), spoken.lead).axis, table=replace(picture.table, rows=picture.table.rows[:1]),
        how_to_read=picture.how_to_read.replace(", for all groups of a kind at once", ""))  # fmt: skip


def test_groups_too_small_have_no_figure_and_take_no_part_in_the_ranges() -> None:
    found, rows = decided(WORDS, 4, 5, n=50)
    assert all(part.flips is not None and part.flips.changed.status == "too_few" for part in found.groups)
    picture = flips_by_group(found, sentences(found, rows, Question(), CHANGES).lead)
    assert picture is not None
    assert [row.status for row in picture.rows] == [None, "too_few", "too_few"]


def test_what_stands_beside_the_numbers_is_said() -> None:
    found, rows = decided(WORDS, 4, 50)
    found = replace(
        found, n_fit=5_000, inputs=(ChangedInput("income", 3, 12, 1, ("<b>",)),), no_decisions="",
        model=ModelAnswers("Pipeline", 1_990, 2_000, 12), ungrouped=("age",), cutoff=0.46,
    )  # fmt: skip
    spoken = checked(sentences(found, rows, Question(threshold=0.46), CHANGES))
    told = " ".join(map(str, spoken.notes))
    for words in (
        "The model was asked about 2,000 of 5,000 people, drawn by their ids.",
        "For 3 people, income is missing and stays so.",
        "For 12 people, the changed income lies beyond anything in the data.",
        "For 1 person, the changed income lies outside what the plan allows.",
        "No row of the data has “<b>” as income",
        "Asked twice, the model gives another score for 12 people of 2,000.",
        "The kept model gives other scores than the run for 10 people of 2,000 people.",
        "decided at the cut-off 0.46",
        "Age has no groups in the plan",
    ):
        assert words in told


def test_the_table_holds_every_number_of_everyone_and_of_every_group() -> None:
    found, rows = decided(WORDS, 8, 60)
    table = lines(found, rows, Question())
    assert all(len(line) == len(COLUMNS) for line in table)
    assert len(table) == 3 * (3 + 6 + 2)
    (flips,) = [line for line in table if line[0] == "applicants" and line[2].startswith("decided otherwise")]
    assert flips[-1].startswith("34 (")
    (missed,) = [line for line in table if line[0] == "applicants" and "false negative rate" in line[2]]
    today, changed = (int(cell.split()[0]) for cell in missed[3:5])
    assert missed[5].split()[0].replace("−", "-") in {str(changed - today + off) for off in (-1, 0, 1)}
