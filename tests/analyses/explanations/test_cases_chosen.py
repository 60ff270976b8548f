"""Which cases are shown: each role by brute force, ties, copies, weights, the order of rows, and every kind of task."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from case_samples import explained_of
from explained_samples import FEATURES, model_of, people, plan_of, sigmoid

from evaluator.analyses.explanations.cases.chosen import MOST, Chosen, chosen
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.plan.schema import Plan

EARLIER = {"compare_with": {"version": "1", "score": "earlier"}}


def logistic(frame: pd.DataFrame) -> np.ndarray:
    north = (frame["region"] == "north").to_numpy(dtype=float)
    return sigmoid(np.asarray(frame["income"] - frame["debt"], dtype=float) + 0.3 * north)


def days(frame: pd.DataFrame) -> np.ndarray:
    return np.asarray(10 * frame["income"] - 4 * frame["debt"], dtype=float)


MODEL = model_of(logistic, FEATURES)
DAYS = model_of(days, FEATURES, wanted="number")


def with_earlier(frame: pd.DataFrame, seed: int = 5) -> pd.DataFrame:
    noise = np.random.default_rng(seed).normal(0, 0.15, len(frame))
    return frame.assign(earlier=np.clip(logistic(frame) + noise, 0, 1))


def named(explained: Explained) -> list[tuple[int, str, str]]:
    """Number, role and row id of each case."""
    ids = explained.subject.row_id[explained.positions]
    return [(case.number, case.role, str(ids[case.position])) for case in chosen(explained)]


def of_role(cases: tuple[Chosen, ...], role: str) -> list[int]:
    return [case.position for case in cases if case.role == role]


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    folder = tmp_path_factory.mktemp("binary")
    return explained_of(folder, plan_of(**EARLIER), MODEL, with_earlier(people()))


def test_numbers_count_up_and_no_case_comes_twice(binary: Explained) -> None:
    cases = chosen(binary)
    assert [case.number for case in cases] == list(range(1, MOST + 1))
    assert len({case.position for case in cases}) == MOST
    assert [case.role for case in cases] == ["typical"] * 2 + ["borderline"] * 4 + ["worst_error"] * 4 + [
        "versions_disagree"
    ] * 2


def test_each_role_against_brute_force(binary: Explained) -> None:
    cases, score, label = chosen(binary), binary.asked.score, binary.asked.label
    by_distance = np.argsort(np.abs(score - 0.5))
    expected = [row for side in (True, False) for row in [r for r in by_distance if (score[r] >= 0.5) == side][:2]]
    assert of_role(cases, "borderline") == expected
    taken = {*of_role(cases, "typical"), *expected}
    high = [row for row in np.argsort(-score) if label[row] == 0 and row not in taken][:2]
    low = [row for row in np.argsort(score) if label[row] == 1 and row not in taken][:2]
    assert of_role(cases, "worst_error") == high + low
    taken |= {*high, *low}
    earlier = binary.subject.scores[1].score
    assert earlier is not None
    turned = (score >= 0.5).astype(int) - (earlier >= 0.5)
    apart = np.abs(score - earlier)
    best = [
        max((r for r in range(600) if turned[r] == way and r not in taken), key=lambda r: apart[r]) for way in (1, -1)
    ]
    assert of_role(cases, "versions_disagree") == best


def test_typical_cases_have_usual_scores_and_the_nearest_features_of_those(binary: Explained) -> None:
    score, frame = binary.asked.score, binary.asked.frame
    for position, side in zip(of_role(chosen(binary), "typical"), (score >= 0.5, score < 0.5), strict=True):
        rows = np.flatnonzero(side)
        rank = (pd.Series(score[rows]).rank() - 0.5) / rows.size
        candidates = rows[np.abs(rank.to_numpy() - 0.5) <= 0.05 + 1e-9]
        total = np.zeros(candidates.size)
        for name in ("income", "debt", "loans"):
            low, high = np.quantile(frame[name], [0.1, 0.9], method="averaged_inverted_cdf")
            middle = np.median(frame[name].iloc[rows])
            total += np.minimum(np.abs(frame[name].iloc[candidates].to_numpy() - middle) / (high - low), 1)
        total += (frame["region"].iloc[candidates] != frame["region"].iloc[rows].mode()[0]).to_numpy()
        assert position == candidates[np.argmin(total)]


@pytest.mark.parametrize("rounded", [False, True])
def test_the_order_of_rows_and_columns_does_not_matter(tmp_path: Path, rounded: bool) -> None:
    """Rounded scores leave many equally good cases, and some are copies."""
    frame = with_earlier(people(300))
    if rounded:
        frame = frame.assign(
            income=frame["income"].round(), debt=frame["debt"].round(), earlier=frame["earlier"].round(1)
        )
    model = model_of(lambda rows: np.round(logistic(rows), 1) if rounded else logistic(rows), FEATURES)
    shuffled = frame.sample(frac=1, random_state=8)[list(frame.columns[::-1])]
    turned = model_of(model.answer, FEATURES[::-1])
    other = plan_of(**EARLIER, data={"features": list(FEATURES[::-1])})
    first = named(explained_of(tmp_path, plan_of(**EARLIER), model, frame))
    assert first == named(explained_of(tmp_path, other, turned, shuffled))
    assert len(first) == MOST


def test_of_copies_one_is_shown(tmp_path: Path) -> None:
    """Forty copies of the worst error, with their own ids, do not fill the list."""
    frame = people(300)
    worst = (
        frame.assign(score=logistic(frame)).query("repaid == 0").sort_values("score").iloc[[-1]].drop(columns="score")
    )
    copies = pd.concat([worst] * 40, ignore_index=True).assign(id=[f"copy{n:02d}" for n in range(40)])
    copies["region"] = copies["region"].where(copies.index > 50, None)  # missing values are copies too
    found = named(explained_of(tmp_path, plan_of(), MODEL, pd.concat([frame, copies], ignore_index=True)))
    assert sum(row_id.startswith("copy") for _, _, row_id in found) <= 1


def test_rows_of_weight_zero_are_never_shown(tmp_path: Path) -> None:
    frame = people(300)
    every = named(explained_of(tmp_path, plan_of(), MODEL, frame))
    gone = {row_id for _, _, row_id in every}
    weighted = frame.assign(w=np.where(frame["id"].isin(gone), 0.0, frame["w"]))
    left = explained_of(tmp_path, plan_of(data={"weight": "w"}), MODEL, weighted)
    assert not gone & {row_id for _, _, row_id in named(left)}
    assert len(named(left)) == len(every)


def test_equal_weights_are_no_weights(tmp_path: Path) -> None:
    frame = people(300).assign(w=2.5)
    plain = named(explained_of(tmp_path, plan_of(), MODEL, frame))
    assert plain == named(explained_of(tmp_path, plan_of(data={"weight": "w"}), MODEL, frame))


def test_without_a_cut_off_there_is_no_borderline_case(tmp_path: Path) -> None:
    found = explained_of(tmp_path, plan_of(task={"threshold": None}), MODEL)
    roles = [role for _, role, _ in named(found)]
    assert roles == ["typical"] + ["worst_error"] * 4
    wrong = of_role(chosen(found), "worst_error")
    assert found.asked.label[wrong].tolist() == [0, 0, 1, 1]
    assert (found.asked.score[wrong[:2]] > np.median(found.asked.score)).all()


def test_recorded_decisions_decide_what_is_an_error(tmp_path: Path) -> None:
    """A plan with a column of decisions alone has no cut-off, and its errors are those of the decisions."""
    frame = people(300).assign(decided=np.random.default_rng(1).integers(0, 2, 300))
    task = {"kind": "binary", "label": "repaid", "positive": 1, "prediction": "decided"}
    base = plan_of().model_dump(by_alias=True, exclude_unset=True)
    plan = Plan.model_validate(base | {"task": task})
    found = explained_of(
        tmp_path, plan, MODEL, frame.assign(score=0.0).drop(columns="score").assign(score=logistic(frame))
    )
    rows = of_role(chosen(found), "worst_error")
    decided = frame["decided"].to_numpy()[rows]
    assert decided.tolist() == [1, 1, 0, 0]
    assert found.asked.label[rows].tolist() == [0, 0, 1, 1]
    assert not of_role(chosen(found), "borderline")


def test_an_earlier_version_with_decisions_alone_can_disagree(tmp_path: Path) -> None:
    frame = people(300).assign(before=np.random.default_rng(1).integers(0, 2, 300))
    plan = plan_of(compare_with={"version": "1", "prediction": "before"})
    found = explained_of(tmp_path, plan, MODEL, frame)
    rows = of_role(chosen(found), "versions_disagree")
    assert [(frame["before"][row], bool(found.asked.score[row] >= 0.5)) for row in rows] == [(0, True), (1, False)]


def test_regression_shows_the_largest_errors_either_way(tmp_path: Path) -> None:
    frame = people(300)
    frame = frame.assign(earlier=days(frame) + np.random.default_rng(2).normal(0, 5, 300))
    found = explained_of(tmp_path, plan_of("regression", **EARLIER), DAYS, frame)
    off = found.asked.score - found.asked.label
    cases = chosen(found)
    assert [case.role for case in cases] == ["typical"] + ["worst_error"] * 4 + ["versions_disagree"] * 2
    taken = set(of_role(cases, "typical"))
    up, down = ([row for row in order if row not in taken][:2] for order in (np.argsort(-off), np.argsort(off)))
    assert of_role(cases, "worst_error") == up + down
    change = found.asked.score - frame["earlier"].to_numpy()
    free = [row for row in range(300) if row not in taken | {*up, *down}]
    assert of_role(cases, "versions_disagree") == [max(free, key=change.__getitem__), min(free, key=change.__getitem__)]


def test_one_decision_and_one_score_for_all(tmp_path: Path) -> None:
    """A model that says the same about everyone still has a typical case, and nothing fails."""
    constant = model_of(lambda rows: np.full(len(rows), 0.7), FEATURES)
    found = explained_of(tmp_path, plan_of(), constant)
    assert [role for _, role, _ in named(found)] == ["typical"] + ["borderline"] * 2 + ["worst_error"] * 2


def of_classes(folder: Path, *, scores: bool = True) -> list[Explained]:
    """Three classes, each explained by itself: the model's score of one class, for the same rows."""
    frame = people(400)
    rng = np.random.default_rng(4)
    table = rng.dirichlet([1, 1, 1], 400)
    frame["kind"] = np.array(["a", "b", "c"])[
        np.where(rng.random(400) < 0.7, table.argmax(axis=1), rng.integers(0, 3, 400))
    ]
    for place, name in enumerate("abc"):
        frame[f"s_{name}"] = table[:, place]
    frame["said"] = np.array(["a", "b", "c"])[table.argmax(axis=1)]
    task: dict[str, Any] = {"kind": "multiclass", "label": "kind", "prediction": "said"}
    if scores:
        task |= {"scores": {name: f"s_{name}" for name in "abc"}}
    base = plan_of().model_dump(by_alias=True, exclude_unset=True) | {"task": task}
    base["words"] = {"case": ["applicant", "applicants"]}
    from evaluator.subject.loading import load_subject

    plan = Plan.model_validate(base)
    frame.to_parquet(folder / "people.parquet", index=False)
    subject = load_subject(plan, folder)
    one = explained_of(folder, plan_of(), MODEL, frame)
    return [
        replace(
            one, plan=plan, subject=subject,
            asked=replace(
                one.asked, plan=plan, class_=name, score=table[:, place],
                mixer=Mixer(one.asked.frame, lambda rows, place=place: table[rows.index, place]),
            ),
        )
        for place, name in enumerate("abc")
    ]  # fmt: skip


def test_the_cases_of_all_classes_are_chosen_together(tmp_path: Path) -> None:
    explained = of_classes(tmp_path)
    found = {one.asked.class_: chosen(one) for one in explained}
    together = sorted(case for cases in found.values() for case in cases)
    assert [case.number for case in together] == list(range(1, len(together) + 1))
    assert len(together) <= MOST
    said = explained[0].subject.scores[0].chosen
    assert said is not None
    assert all("abc"[said[case.position]] == name for name, cases in found.items() for case in cases)
    assert {case.role for case in together} == {"typical", "borderline", "worst_error"}
    table = explained[0].subject.scores[0].class_scores
    assert table is not None
    lead = np.diff(np.sort(table, axis=1)[:, -2:], axis=1)[:, 0]
    first = next(case.position for case in together if case.role == "borderline")
    free = [row for row in range(400) if row not in of_role(tuple(together), "typical")]
    assert first == min(free, key=lead.__getitem__)


def test_classes_without_scores_have_typical_cases_alone(tmp_path: Path) -> None:
    together = sorted(case for one in of_classes(tmp_path, scores=False) for case in chosen(one))
    assert [case.role for case in together] == ["typical"] * 3
