"""People whose group is not known: bounds on gaps, and the judgement about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import criterion, loaded, people, plan_of, quiet

from evaluator.analyses.fairness.run import run
from evaluator.plan.plan_words import words_of
from evaluator.records import AnalysisTables, Finding, Population, UnknownBound
from evaluator.wording import check_figures, errors, lint_sentence
from evaluator.wording.unknowns import bounds_sentence, how_many_sentence, kinds_sentence, limit_words, tips_sentence

SELECTED = {"F": (80, 196), "M": (97, 204), None: (10, 40)}


def audit() -> pd.DataFrame:
    """The worked example of a bias audit: 440 people, of 40 of whom sex is not known."""
    rows = [
        (sex, 0.9 if position < selected else 0.1) for sex, (selected, n) in SELECTED.items() for position in range(n)
    ]
    sex, score = zip(*rows, strict=True)
    n = len(rows)
    return pd.DataFrame(
        {
            "id": [f"r{i}" for i in range(n)],
            "label": np.arange(n) % 2,
            "score": score,
            "sex": pd.array(sex, dtype="string"),
        }
    )


def tables_of(folder: Path, frame: pd.DataFrame, **changes: Any) -> AnalysisTables:
    changes.setdefault("data", {"sensitive": ["sex"]})
    return run(*loaded(folder, frame, **changes), quiet)


def bound(tables: AnalysisTables, metric: str = "selection_rate", kind: str = "ratio") -> UnknownBound:
    (row,) = [row for row in tables.unknown_bounds if (row.metric, row.kind, row.attribute) == (metric, kind, "sex")]
    return row


def finding(tables: AnalysisTables) -> Finding:
    (row,) = [row for row in tables.findings if row.code == "FAIR10"]
    return row


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return tables_of(tmp_path_factory.mktemp("audit"), audit())


def test_worked_example(audited: AnalysisTables) -> None:
    row = bound(audited)
    assert row.value == pytest.approx((80 / 196) / (97 / 204))
    assert (row.group_low, row.group_high, row.unknown_id) == ("sex=F", "sex=M", "sex=?")
    assert row.pair_low is not None
    assert row.pair_high is not None
    assert (round(row.pair_low, 3), round(row.pair_high, 3)) == (0.708, 1.054)
    assert (row.limit, row.criterion_id) == (0.8, "")
    assert (row.tips, row.tips_of, row.tips_to, row.tips_event) == (17, 30, "sex=F", False)
    assert (row.n_known, row.n_unknown, row.n_unknown_event) == (400, 40, 10)


def test_every_share_of_every_kind_has_bounds_around_its_gap(audited: AnalysisTables) -> None:
    rows = audited.unknown_bounds
    assert len(rows) == 2 * len({row.metric for row in rows}) == 16
    for row in rows:
        assert row.status == "ok"
        assert row.low is not None
        assert row.high is not None
        assert row.value is not None
        assert row.low <= row.value <= row.high


def test_four_fifths_is_found_without_a_criterion(audited: AnalysisTables) -> None:
    found = finding(audited)
    assert found.outcome == "found"
    assert found.population_id == "sex=?"
    assert json.loads(found.evidence) == ["unknown/selection_rate/model/sex/ratio"]
    assert found.sentence == (
        "For 40 of 440 applicants, sex is not known. "
        "At least 17 of the 30 refused would have to be women for the gap to pass its limit."
    )


def test_a_limit_of_the_plan_is_taken_for_both_sides_of_a_rate(tmp_path: Path) -> None:
    limits = [
        criterion(at_most=0.2),
        criterion("ratio", metric="selection_rate", gap={"by": "sex", "kind": "ratio"}, at_most=None, at_least=0.7),
    ]
    limits[1].pop("at_most")
    tables = tables_of(tmp_path, audit(), criteria=limits)
    assert bound(tables, "true_positive_rate", "difference").limit == 0.2
    assert bound(tables, "false_negative_rate", "difference").limit == 0.2
    assert bound(tables, "false_positive_rate", "difference").limit is None
    ratio = bound(tables)
    assert (ratio.limit, ratio.criterion_id, ratio.tips) == (0.7, "ratio", None)


def test_known_groups_are_clear(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, people())
    assert tables.unknown_bounds == ()
    assert finding(tables).outcome == "clear"


def test_numbers_are_not_tested(tmp_path: Path) -> None:
    frame = audit().assign(label=lambda rows: rows["label"].astype(float) + 0.5)
    tables = run(
        *loaded(
            tmp_path,
            frame,
            task={"kind": "regression", "positive": None, "threshold": None},
            data={"sensitive": ["sex"]},
            words=None,
        ),
        quiet,
    )
    assert finding(tables).outcome == "not_tested"
    assert tables.unknown_bounds == ()


def test_weights_count_and_rows_of_no_weight_do_not(tmp_path: Path) -> None:
    frame = audit().assign(w=2.0)
    frame.loc[frame.index[-1], "w"] = 0.0
    row = bound(tables_of(tmp_path, frame, data={"sensitive": ["sex"], "weight": "w"}))
    assert row.weighted
    assert row.pair_low == pytest.approx((80 / 225) / (107 / 214))
    assert row.n_unknown == 39


def test_clusters_do_not_move_bounds(tmp_path: Path) -> None:
    frame = audit().assign(home=lambda rows: np.arange(len(rows)) // 3)
    row = bound(tables_of(tmp_path, frame, data={"sensitive": ["sex"], "cluster": "home"}))
    assert row.pair_high == pytest.approx((90 / 206) / (97 / 234))


@pytest.mark.parametrize("missing", ["one known group", "all"])
def test_too_few_known_groups(tmp_path: Path, missing: str) -> None:
    frame = audit()
    frame.loc[frame["sex"].eq("M").fillna(False) if missing != "all" else frame.index >= 0, "sex"] = None
    tables = tables_of(tmp_path, frame)
    assert {row.status for row in tables.unknown_bounds} <= {"too_few"}
    assert finding(tables).outcome == "not_tested"


def test_few_unknown_people_are_not_counted_in_the_finding(tmp_path: Path) -> None:
    frame = audit()
    known = frame[frame["sex"].notna()]
    few = pd.concat([known, frame[frame["sex"].isna()].tail(5)])
    limit = {**criterion(metric="selection_rate", gap={"by": "sex", "kind": "ratio"}), "at_least": 0.855}
    limit.pop("at_most")
    found = finding(tables_of(tmp_path, few, criteria=[limit]))
    assert found.outcome == "found"
    assert "fewer than 10" in found.sentence
    assert " 5 " not in found.sentence


@pytest.mark.parametrize("favourable", [1, 0])
@pytest.mark.parametrize("with_words", [True, False])
def test_sentences_pass_the_rules_in_both_polarities(tmp_path: Path, favourable: int, with_words: bool) -> None:
    changes: dict[str, Any] = {"task": {"favourable": favourable}, "criteria": [criterion(at_most=0.05)]}
    if not with_words:
        changes["words"] = None
    plan, subject = loaded(tmp_path, audit(), data={"sensitive": ["sex"]}, **changes)
    tables = run(plan, subject, quiet)
    populations = {rows.population.population_id: rows.population for rows in subject.populations}
    words = words_of(plan)
    everyone = populations["all"]
    for row in tables.unknown_bounds:
        unknown = populations[row.unknown_id]
        told = (
            how_many_sentence(unknown, everyone, "sex", words),
            bounds_sentence(row, words, populations[row.group_low], populations[row.group_high]),
            kinds_sentence(row, words, unknown),
            limit_words(row),
            tips_sentence(row, words, populations.get(row.tips_to)),
        )
        for sentence in told:
            if sentence is not None:
                check_figures(sentence)
                assert errors(lint_sentence(sentence)) == [], sentence.text


def test_hostile_levels(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    frame = audit()
    names = ["<b>&x</b>", '"quoted"', "\U0001f600", "x" * 10_000, "?"]
    frame["sex"] = pd.array([None if rng.random() < 0.1 else names[i % 5] for i in range(len(frame))], dtype="string")
    tables = tables_of(tmp_path, frame)
    row = bound(tables)
    assert row.status == "ok"
    assert row.unknown_id == "sex=?"
    assert row.group_low != row.unknown_id
    assert finding(tables).outcome in ("found", "clear")


def test_how_many_hides_few() -> None:
    everyone = Population("all", "applicants", "everyone", "{}", "", "all", 0, "planned", 440, 1.0)
    unknown = Population(
        "sex=?", "applicants whose sex is missing", "missing", "{}", "sex", "group", 2, "planned", 4, 0.01
    )
    said = how_many_sentence(unknown, everyone, "sex", words_of(plan_of()), 10)
    assert said.text == "For fewer than 10 of 440 applicants, sex is not known."
