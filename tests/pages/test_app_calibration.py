"""The promise on the scorecard: said beside chance, for the population in the link, for viewers, and when not tested."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from app_driving import in_address, keys, open_page, read_as, said

from evaluator.demo import cancer
from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.records import ALL, MODEL
from evaluator.report import calibration as content
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.scorecard import calibrated_populations
from evaluator.report.suppression import suppress
from evaluator.store import open_run, release_run
from evaluator.subject.loading import load_subject

SCRIPT, LOANS, PATIENTS = "pages/scorecard.py", "loan-approval-2-3", "breast-cancer-2-0"
HEADING, CHART = "Does it keep its promise?", "chart-calibration"
FEW = 10


def evidence_of(store: Path, run_id: str) -> Evidence:
    return read_evidence(open_run(store, run_id))


@pytest.mark.parametrize("plan", [LOANS, PATIENTS])
def test_the_section_says_what_the_run_holds(
    plan: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[plan])
    assert not app.exception
    evidence = evidence_of(demo_store, demo_runs[plan])
    promise = content.promise_of(evidence, evidence.everyone)
    assert promise.chart is not None
    text = said(app)
    for part in (HEADING, *map(str, promise.lead), promise.chart.title):
        assert part in text
    assert "By chance, a kept promise would show up to" in str(promise.lead[0])
    assert CHART in keys(app)


def test_the_population_of_the_link_is_shown_and_all_its_checks(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("evaluator", monkeypatch)
    run = demo_runs[LOANS]
    evidence = evidence_of(demo_store, run)
    whom = next(key for key in calibrated_populations(evidence) if key.startswith("employment=self"))
    app = open_page(SCRIPT, demo_store, monkeypatch, run=run, whom=whom, checks="1")
    assert not app.exception
    assert in_address(app, "whom") == whom
    text = said(app)
    rows = content.check_rows(evidence, evidence.populations[whom])
    assert len(rows) == 3
    for row in rows:
        assert all(cell in text for cell in row)
    wrong = open_page(SCRIPT, demo_store, monkeypatch, run=run, whom="nobody")
    assert not wrong.exception
    assert str(content.promise_of(evidence, evidence.everyone).lead[0]) in said(wrong)


def test_the_table_shows_no_distance_without_what_a_kept_promise_shows(
    demo_store: Path, demo_runs: dict[str, str]
) -> None:
    evidence = evidence_of(demo_store, demo_runs[LOANS])
    rows = content.check_rows(evidence, evidence.everyone)
    assert len(rows) == 9
    assert {len(row) for row in rows} == {len(content.check_columns(evidence))}
    assert [row[0] for row in rows if not row[2]] == ["What stays open without a model (uncertainty)"]


def test_viewers_see_no_step_and_no_check_about_few_people(demo_store: Path, demo_runs: dict[str, str]) -> None:
    evidence = evidence_of(demo_store, demo_runs[PATIENTS])
    hidden = suppress(evidence, FEW)
    assert all(point.n >= FEW for key, points in hidden.curves.items() if key[0] == "reliability" for point in points)
    key = ("debiased", "", MODEL, ALL)
    small = replace(evidence, calibrations={key: replace(evidence.calibrations[key], n=9, relevant_count=9)})
    row = suppress(small, FEW).calibrations[key]
    assert (row.value, row.null_high, row.p_value, row.status, row.reason) == (
        None,
        None,
        None,
        "too_few",
        "fewer than 10",
    )
    printed = content.check_rows(suppress(small, FEW), evidence.everyone)[0]
    assert "fewer than 10" in printed
    assert "9" not in printed


def test_a_viewer_can_open_the_section(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("viewer", monkeypatch)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[PATIENTS], checks="1")
    assert not app.exception
    assert HEADING in said(app)


def test_a_run_from_before_shows_its_own_curve(demo_store: Path, demo_runs: dict[str, str]) -> None:
    evidence = evidence_of(demo_store, demo_runs[LOANS])
    points = tuple(replace(point, name="calibration") for point in evidence.curves["reliability", MODEL, ALL])
    older = replace(evidence, curves={("calibration", MODEL, ALL): points}, calibrations={})
    assert list(calibrated_populations(older)) == [ALL]
    promise = content.promise_of(older, older.everyone)
    assert promise.lead == ()
    assert promise.chart is not None
    assert promise.chart.reference is not None


def test_a_ranking_is_not_tested_and_the_page_says_what_to_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, store = tmp_path / "plan", tmp_path / "store"
    folder.mkdir()
    path = cancer.build(folder)
    text = path.read_text(encoding="utf-8").replace("score_kind: probability", "score_kind: rank")
    assert "score_kind: rank" in text
    path.write_text(text, encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, folder)
    content_ = evaluate(loaded, subject, lambda what, done, total: None, ["performance", "calibration"])
    run_id = publish(store, content_, subject, loaded.plan)
    release_run(store, run_id, by="tests", at=datetime.now(UTC))
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=run_id)
    assert not app.exception
    text = said(app)
    assert "Not tested, because the score is declared as a ranking" in text
    assert "score_kind: probability" in text
    assert CHART not in keys(app)
