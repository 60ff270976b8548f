"""Groups among people who are alike, in words, pictures and tables, and what few people leave of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from alike_samples import admissions, alike_evidence, berkeley

from evaluator.catalogue.palette import LIGHT
from evaluator.records import Conditional, Stratum
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.conditional import (
    COLUMNS,
    MOST_LEVELS,
    alike_of,
    comparison_lines,
    levels_picture,
    withhold,
)
from evaluator.report.render_svg.picture import svg
from evaluator.wording import Sentence, check_figures, errors, lint_sentence
from evaluator.wording.conditional import conditional_id

HOSTILE = ["<b>bold</b>", "a & b", 'say "no"', "\u202egnorw", "🙂", "x" * 10_000, "", "=1+1"]


@pytest.fixture(scope="module")
def admitted(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return alike_evidence(tmp_path_factory.mktemp("berkeley"), berkeley())


def said(evidence: Evidence) -> list[str]:
    part = alike_of(evidence)
    assert part is not None
    return [" ".join(str(one) for one in told.sentences) for told in part.told]


def test_berkeley_in_words(admitted: Evidence) -> None:
    (told,) = said(admitted)
    assert told == (
        "Of 1,000 women, 304 were admitted; of 1,000 men, 445. Before rounding, that is 142 fewer (95% range 109 to 173). "
        "Compared with others alike in department, it is 18 more of 1,000 (15 fewer to 50 more). "
        "So no difference is proven among those alike in department. "
        "In 1 of 6 levels of department, the difference is provably the other way: A. "
        "The 6 levels differ by more than chance explains: read them one by one. "
        "Alike in department, of 1,000 applicants who were rejected, 19 fewer are women than of 1,000 admitted "
        "(56 fewer to 18 more)."
    )


def test_the_picture_shows_all_together_then_alike_then_every_level(admitted: Evidence) -> None:
    part = alike_of(admitted)
    assert part is not None
    picture = levels_picture(admitted, part.lead)
    assert picture is not None
    assert picture.title == "No difference is proven among those alike in department."
    assert [row.label for row in picture.rows] == ["all together", "alike in department", *"ABCDEF"]
    assert [row.emphasis for row in picture.rows][:3] == [False, True, False]
    assert picture.axis.title == "more admitted per 1,000: women less men"
    assert picture.table.columns == (
        "Level", "women per 1,000", "cases: women", "men per 1,000", "cases: men", "Difference (range)",
    )  # fmt: skip
    assert picture.table.rows[0] == ("all together", "304", "1,835", "445", "2,691", "−142 (−173 to −109)")
    assert picture.table.rows[2][:5] == ("A", "824", "108", "621", "825")
    assert picture.limits[0].value == 0
    assert "<svg" in svg(picture, LIGHT, 880)


def test_two_groups_are_one_choice_and_the_worse_side_is_spoken_of(admitted: Evidence) -> None:
    part = alike_of(admitted)
    assert part is not None
    assert list(part.choices.values()) == [
        "women, alike in department: Predicted positive (selection rate)",
        "women, alike in department: Missed among positive (false negative rate)",
    ]
    assert len(comparison_lines(admitted)) == 4


def test_all_comparisons_as_a_table(admitted: Evidence) -> None:
    line = dict(zip(COLUMNS, comparison_lines(admitted)[0], strict=True))
    assert line["Odds ratio"] == "1.11 (0.92 to 1.32)"
    assert line["If no level differed, of 1,000 such samples at least as far apart"] == "217"
    assert line["If all levels were alike, of 1,000 such samples at least as unlike"] == "2"
    assert line["What is proven"] == "No difference is proven among those alike in department"
    assert line["Levels used"] == "6 of 6"
    assert csv_text(COLUMNS, comparison_lines(admitted)).count("\r\n") == 5


def test_without_comparisons_the_page_says_nothing(tmp_path: Path) -> None:
    evidence = alike_evidence(tmp_path, admissions(300), fairness={"legitimate": []})
    assert alike_of(evidence) is None
    assert comparison_lines(evidence) == ()
    assert levels_picture(evidence, "conditional/x") is None


def test_too_few_say_why(tmp_path: Path) -> None:
    frame = admissions(60)
    frame.loc[frame.index[:45], "sex"] = "men"
    (told,) = said(alike_evidence(tmp_path, frame))
    assert re.fullmatch(r".*\(selection rate\) was not compared for (women|men): .*at least 30 are needed\.", told), (
        told
    )


def test_nobody_alike_is_said_with_what_all_together_show(tmp_path: Path) -> None:
    frame = admissions(900)
    frame["department"] = np.where(frame["sex"] == "women", "hers", "his")
    (told,) = said(alike_evidence(tmp_path, frame))
    assert told.startswith("Those alike in department were not compared: 0 cases have somebody of the other side")


CHANGES: dict[str, dict[str, Any]] = {
    "plain words": {"words": {"case": ["row", "rows"], "positive": None, "negative": None, "predicted_positive": None, "predicted_negative": None}},
    "things": {"words": {"case": ["parcel", "parcels"], "people": False, "predicted_positive": "held", "predicted_negative": "sent"}},
    "unwelcome": {"task": {"favourable": "no"}},
    "weighted": {"data": {"weight": "w"}},
    "three groups": {},
    "crossed": {"fairness": {"legitimate": ["department", "grade"]}},
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("effects", [{"sex": -0.7, "pull": 1.0}, {"sex": 0.9, "pull": 1.2}])
def test_every_sentence_keeps_the_house_rules(tmp_path: Path, name: str, effects: dict[str, float]) -> None:
    frame = admissions(1500, **effects)
    if name == "three groups":
        frame.loc[frame.index[::5], "sex"] = "others"
    evidence = alike_evidence(tmp_path, frame, **CHANGES[name])
    found = every_sentence(everything_told(evidence))
    assert found
    for sentence in found:
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == []
    words = " ".join(map(str, found))
    assert ("about" in words) == (name == "weighted")
    assert ("people" in words) is False or evidence.words.people


def every_sentence(evidence: Evidence) -> list[Sentence]:
    part = alike_of(evidence)
    return [sentence for told in (part.told if part else ()) for sentence in told.sentences]


def everything_told(evidence: Evidence) -> Evidence:
    """With every comparison marked as changed, so that all of them are told."""
    rows = tuple(replace(row, explained=row.status == "ok") for row in evidence.conditionals)
    return replace(evidence, conditionals=rows)


def test_directions_agree_with_the_numbers(tmp_path: Path) -> None:
    for position, sex in enumerate((-1.0, 1.0)):
        folder = tmp_path / str(position)
        folder.mkdir()
        (told, *_) = said(alike_evidence(folder, admissions(3000, sex=sex)))
        first, second = (int(text) for text in re.findall(r"[Oo]f 1,000 [^,;]+, (\d+)", told))
        assert ("fewer (95%" in told) == (first < second)
        assert "So a difference remains among those alike in department." in told
        assert told.startswith("Of 1,000 women" if sex < 0 else "Of 1,000 men")


def test_the_side_that_fares_worse_when_being_chosen_is_unwelcome(tmp_path: Path) -> None:
    (told, *_) = said(alike_evidence(tmp_path, admissions(3000, sex=1.0), task={"favourable": "no"}))
    assert told.startswith("Of 1,000 women, ")
    assert "of 1,000 applicants who were admitted" in told


def test_hostile_levels_are_drawn_and_escaped(tmp_path: Path) -> None:
    frame = admissions(4000, sex=0.5)
    frame["department"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(frame))]
    evidence = alike_evidence(tmp_path, frame)
    part = alike_of(evidence)
    assert part is not None
    picture = levels_picture(evidence, part.lead)
    assert picture is not None
    drawn = svg(picture, LIGHT, 340)
    assert "<b>" not in drawn
    assert "\u202e" not in drawn
    for sentence in every_sentence(everything_told(evidence)):
        assert errors(lint_sentence(sentence)) == []


def test_many_levels_are_drawn_as_far_as_a_picture_goes(tmp_path: Path) -> None:
    frame = admissions(6000)
    frame["department"] = [f"d{i % 60:02}" for i in range(len(frame))]
    evidence = alike_evidence(tmp_path, frame)
    part = alike_of(evidence)
    assert part is not None
    picture = levels_picture(evidence, part.lead)
    assert picture is not None
    assert len(picture.rows) == MOST_LEVELS + 2
    assert len(picture.table.rows) == 62
    assert "24 largest of 60 levels" in picture.how_to_read


FEW = 10


def small_levels(seed: int = 1, n: int = 900) -> pd.DataFrame:
    """Three groups in six departments, some with very few of one group."""
    rng = np.random.default_rng(seed)
    frame = admissions(n, seed=seed)
    frame["sex"] = rng.choice(["women", "men", "others"], n, p=[0.5, 0.4, 0.1])
    frame["department"] = rng.choice([*"ABCDEF"], n, p=[0.4, 0.3, 0.15, 0.1, 0.03, 0.02])
    return frame


def shown_counts(rows: tuple[Stratum, ...], original: tuple[Stratum, ...]) -> Iterator[tuple[int, int]]:
    for row, whole in zip(rows, original, strict=True):
        yield from ((row.n, whole.n), (row.n_rest, whole.n_rest))


@pytest.mark.parametrize("seed", range(6))
def test_levels_say_nothing_about_few_people(tmp_path: Path, seed: int) -> None:
    whole = alike_evidence(tmp_path, small_levels(seed)).strata
    shown = withhold(whole, FEW)
    assert any(0 < row.n < FEW for row in whole)
    assert not any(0 < n < FEW for n, _ in shown_counts(shown, whole))
    assert [row.stratum_id for row in shown] == [row.stratum_id for row in whole]
    for row in shown:
        assert not row.reason.startswith(("fewer", "not shown")) or (row.rate, row.difference, row.low) == (None,) * 3
        assert not re.search(r"\b[1-9] cases?\b", row.reason)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_hidden_does_not_follow_from_what_is_left(tmp_path: Path, seed: int) -> None:
    """Of every group and of every side: either nothing is hidden, or several levels with enough people together."""
    whole = alike_evidence(tmp_path, small_levels(seed)).strata
    shown = withhold(whole, FEW)
    groups = {(row.metric, row.population_id) for row in whole}
    for key in groups:
        pairs = [(a, b) for a, b in zip(shown, whole, strict=True) if (b.metric, b.population_id) == key]
        for side in ("n", "n_rest"):
            hidden = [getattr(b, side) for a, b in pairs if getattr(a, side) < 0]
            assert not hidden or (len(hidden) >= 2 and not 0 < sum(hidden) < FEW)
    by_level = {}
    for a, b in zip(shown, whole, strict=True):
        by_level.setdefault((b.metric, b.stratum_id), set()).add(a.reason in ("not shown", "fewer than 10"))
    assert all(len(states) == 1 for states in by_level.values())


def test_people_of_unknown_group_are_no_third_side(tmp_path: Path) -> None:
    frame = admissions(3000)
    frame.loc[frame.index[::9], "sex"] = None
    evidence = everything_told(alike_evidence(tmp_path, frame))
    part = alike_of(evidence)
    assert part is not None
    told = {key.split("/")[3] for key in part.choices if "/selection_rate/" in key}
    assert len({row.population_id for row in evidence.conditionals}) == 3
    assert len(told - {"sex=?"}) == 1, "of two known groups the worse side alone"
    (group,) = told - {"sex=?"}
    row = next(row for row in evidence.conditionals if (row.population_id, row.metric) == (group, "selection_rate"))
    assert (row.crude or 0.0) < 0
    assert "sex=?" in told


def test_levels_without_few_people_stay_as_they_are(admitted: Evidence) -> None:
    assert withhold(admitted.conditionals, FEW) == admitted.conditionals
    selection = tuple(row for row in admitted.strata if row.metric == "selection_rate")
    assert withhold(selection, FEW) == selection


def test_those_admitted_do_not_give_away_the_few_who_were_not(admitted: Evidence) -> None:
    """Eight of the 25 women of department B have the other outcome: cases of the error are not counted then."""
    shown = withhold(admitted.strata, FEW)
    errors_of = [row for row in shown if row.metric == "false_negative_rate"]
    assert {(row.n, row.n_rest) for row in errors_of} == {(-1, -1)}
    assert all(row.rate is not None for row in errors_of if row.status == "ok")
    rest = [row for row in shown if row.metric == "selection_rate"]
    assert rest == [row for row in admitted.strata if row.metric == "selection_rate"]


def test_comparisons_of_few_people_lose_their_figures(tmp_path: Path) -> None:
    frame = admissions(800)
    frame.loc[frame.index[:7], "sex"] = "others"
    rows = alike_evidence(tmp_path, frame).conditionals
    shown = withhold(rows, FEW)
    few = next(row for row in shown if row.population_id == "sex=others")
    assert (few.n, few.n_rest, few.crude, few.difference, few.reason) == (-1, -1, None, None, "fewer than 10")
    # Seven follow from all and the two large groups, so the next smallest loses its counts as well.
    assert sum(row.n < 0 for row in shown if row.metric == "selection_rate") == 2
    assert all(row.status == "ok" for row in shown if row.population_id != "sex=others")


def test_levels_left_out_that_hold_few_people_are_not_counted(tmp_path: Path) -> None:
    frame = admissions(800)
    frame.loc[frame[frame["sex"] == "women"].index[:4], "department"] = "hers alone"
    rows = alike_evidence(tmp_path, frame).conditionals
    whole = next(row for row in rows if row.population_id == "sex=women" and row.metric == "selection_rate")
    assert whole.n - whole.n_used == 4
    shown: Conditional = next(row for row in withhold(rows, FEW) if conditional_id(row) == conditional_id(whole))
    assert (shown.n, shown.n_used, shown.n_rest_used) == (whole.n, -1, -1)


def test_readers_see_withheld_counts_as_words(tmp_path: Path) -> None:
    evidence = alike_evidence(tmp_path, small_levels(0))
    seen = replace(
        evidence, fewer_than=FEW, conditionals=withhold(evidence.conditionals, FEW), strata=withhold(evidence.strata, FEW)
    )  # fmt: skip
    part = alike_of(seen)
    assert part is not None
    for key in part.choices:
        picture = levels_picture(seen, key)
        assert picture is not None
        cells = [cell for line in picture.table.rows for cell in (line[2], line[4])]
        assert "not shown" in cells
        assert not any(cell.isdigit() and 0 < int(cell) < FEW for cell in cells)
