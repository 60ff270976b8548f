"""The explanations page: with a model, with one feature in the link, for a viewer, without a model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from app_driving import in_address, keys, open_page, read_as, said, title

from evaluator.demo import cancer
from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.report.evidence import read_evidence
from evaluator.report.explanations import explanations_of, feature_page
from evaluator.store import open_run, release_run
from evaluator.subject.loading import load_subject

SCRIPT, PATIENTS = "pages/explanations.py", "breast-cancer-2-0"
PLANS = ("loan-approval-2-3", "breast-cancer-2-0", "diabetes-progression-2-0")
ASK = "job-start-model"


@pytest.fixture(scope="module")
def without_model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with a released run whose plan names no model."""
    folder, store = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("plain-store")
    path = cancer.build(folder)
    text = path.read_text(encoding="utf-8").replace("  artifact: {path: breast_cancer_2_0.skops}\n", "")
    assert "artifact" not in text
    path.write_text(text.replace("keep_model: true", "keep_model: false"), encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, folder)
    run_id = publish(store, evaluate(loaded, subject, lambda what, done, total: None), subject, loaded.plan)
    release_run(store, run_id, by="tests", at=datetime.now(UTC))
    return store, run_id


@pytest.mark.parametrize("plan", PLANS)
def test_the_page_says_what_the_run_holds(
    plan: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[plan])
    shown = explanations_of(read_evidence(open_run(demo_store, demo_runs[plan])))
    assert not app.exception
    headline = str(shown.headline)
    assert title(app) == headline
    assert headline.startswith("The score leaned most on") or "no feature leads" in headline.lower()
    text = said(app)
    for sentence in (*shown.lead, *(check.sentence for check in (*shown.trust, *shown.reliance))):
        assert str(sentence) in text
    assert [check.outcome for check in shown.trust] == ["In order"] * 3
    assert {"chart-importance", "chart-second", "chart-effect"} <= set(keys(app))


def test_a_feature_of_the_link_is_shown_and_a_wrong_one_is_not(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    run_id = demo_runs["loan-approval-2-3"]
    evidence = read_evidence(open_run(demo_store, run_id))
    for feature in ("housing", "loan_amount"):
        app = open_page(SCRIPT, demo_store, monkeypatch, run=run_id, feature=feature)
        found = feature_page(evidence, feature)
        assert found.picture is not None
        assert found.sentences
        assert str(found.sentences[-1]) in said(app)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=run_id, feature="no such column")
    assert not app.exception
    assert next(iter(explanations_of(evidence).features.values())) in said(app)


def test_choosing_a_feature_writes_it_to_the_address(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs["loan-approval-2-3"])
    app.selectbox(key="url-feature").set_value("branch").run()
    assert in_address(app, "feature") == "branch"


@pytest.mark.parametrize(("who", "asks"), [("everything", True), ("evaluator", True), ("viewer", False)])
def test_only_those_who_may_start_work_can_ask_the_model(
    who: str, asks: bool, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page(SCRIPT, demo_store, monkeypatch, run=demo_runs[PATIENTS])
    assert not app.exception
    assert (ASK in [button.key for button in app.button]) is asks


def test_without_a_model_the_page_says_what_to_add_to_the_plan(
    without_model: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run_id = without_model
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=run_id)
    assert not app.exception
    assert title(app) == "What the score leans on was not tested, because the model was not supplied."
    assert "artifact: {path:" in said(app)
    assert "chart-importance" not in keys(app)
    assert ASK not in [button.key for button in app.button]
