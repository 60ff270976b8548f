"""The pages of a newcomer's files with several classes: a class of few, one without rows, many rare ones, odd names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from app_driving import open_page, read_as, said

from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.store import release_run
from evaluator.subject.loading import load_subject

SCORECARD, FAIRNESS, DATA = "pages/scorecard.py", "pages/fairness.py", "pages/data.py"
FEW_RISKS: Mapping[str, Mapping[str, int]] = {
    "high": {"high": 5, "low": 1}, "low": {"high": 2, "low": 67, "mid": 4}, "mid": {"high": 6, "low": 3, "mid": 32},
}  # fmt: skip
MARKUP = '<b>bold</b> & "quoted" **star** [link](http://x.invalid)'
RARE = {MARKUP: {MARKUP: 380, "b": 20}, "b": {"b": 90, MARKUP: 10}, "tram": {}} | {
    f"rare {place}": {f"rare {place}": 3, "b": 1} for place in range(12)
}
PLAN = """\
plan_version: 1
plan: {name}
title: A newcomer's plan
model: {{name: {name}, version: "1"}}
task: {{kind: multiclass, label: truth, prediction: predicted}}
data:
  evaluation: {{path: {name}.csv}}
  sensitive: [side]
  columns: {{truth: {{levels: {levels}}}}}
criteria:
  - {{id: right, metric: accuracy, at_least: 0.5, why: agreed}}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newcomer")


@pytest.fixture(scope="module")
def risks(store: Path) -> str:
    return released(store, "risks", FEW_RISKS)


@pytest.fixture(scope="module")
def rare(store: Path) -> str:
    return released(store, "rare", RARE)


def released(store: Path, name: str, square: Mapping[str, Mapping[str, int]]) -> str:
    """A released run of so many rows for each true and each given class."""
    pairs = [(true, given) for true, row in square.items() for given, n in row.items() for _ in range(n)]
    quoted = ['"' + text.replace('"', '""') + '"' for pair in pairs for text in pair]
    lines = [f"{quoted[2 * at]},{quoted[2 * at + 1]},{'left' if at % 3 else 'right'}" for at in range(len(pairs))]
    folder = store / "plans"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join(["truth,predicted,side", *lines]) + "\n", encoding="utf-8")
    levels = ", ".join(f"'{value}': '{value}'" for value in square)
    (folder / f"{name}.yaml").write_text(PLAN.format(name=name, levels=f"{{{levels}}}"), encoding="utf-8")
    loaded = load_plan(folder / f"{name}.yaml")
    subject = load_subject(loaded.plan, loaded.folder)
    content = evaluate(loaded, subject, lambda what, done, total: None)
    run_id = publish(store, content, subject, loaded.plan)
    release_run(store, run_id, by="tests", at=datetime.now(UTC))
    return run_id


def page_text(who: str, script: str, store: Path, patch: pytest.MonkeyPatch, run: str, **query: str) -> str:
    read_as(who, patch)
    app = open_page(script, store, patch, run=run, **query)
    assert not app.exception
    return said(app)


def test_a_class_of_few_is_open_to_those_who_may_see_it(
    store: Path, risks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page_text("everything", SCORECARD, store, monkeypatch, risks)
    assert "n = 6" in text
    assert "n = 41" in text
    assert "mid 78 (63 to 88) 41" in text


@pytest.mark.parametrize("query", [{}, {"what": "precision"}, {"what": "false_positive_rate"}, {"all": "1"}], ids=str)
def test_a_viewer_cannot_work_out_a_class_of_few(
    store: Path, risks: str, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]
) -> None:
    """Of 120 rows 104 were right. The size of `low` and its 67 right ones leave 47 rows and 37 right ones for two."""
    text = page_text("viewer", SCORECARD, store, monkeypatch, risks, **query)
    assert "n = 73" in text or query
    for told in ("n = 6 ", "n = 41", "mid 78", "32 78", "had mid", "labelled mid, ", "385", "38 (14 to 68)"):
        assert told not in text, told
    assert "mid mid not shown not shown" in text


def test_a_viewer_finds_no_gap_of_a_closed_class(store: Path, risks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page_text("everything", FAIRNESS, store, monkeypatch, risks, **{"class": "mid", "metric": "selection_rate"})
    assert "per 1,000" in shown
    text = page_text("viewer", FAIRNESS, store, monkeypatch, risks, **{"class": "mid", "metric": "selection_rate"})
    assert "Too few cases to compare groups." in text
    assert "per 1,000" not in text


def test_no_share_is_shown_of_a_class_without_rows(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = {"bus": {"bus": 40, "car": 10}, "car": {"car": 45, "tram": 5}, "tram": {}}
    run = released(store, "modes", modes)
    text = page_text("everything", SCORECARD, store, monkeypatch, run)
    assert "n = 0" in text
    assert "tram not shown" in text
    assert ", tram 0" not in text


def test_the_list_of_mistakes_leads_with_the_one_in_its_title_and_not_with_chance(
    store: Path, rare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page_text("everything", SCORECARD, store, monkeypatch, rare)
    line = next(line for line in text.splitlines() if "of the true class" in line)
    title, _, rows = line.partition(". ")
    assert "labelled b, " in title
    assert rows.startswith(f"labelled b, predicted {MARKUP}")
    assert rows.index(f"labelled {MARKUP}, predicted b") < rows.index("labelled rare")


def test_names_with_markup_stay_text(store: Path, rare: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for script in (SCORECARD, FAIRNESS, DATA, "app.py"):
        read_as("everything", monkeypatch)
        app = open_page(script, store, monkeypatch, run=rare)
        assert not app.exception
        assert not [block for block in app.main.get("html") if "<b>bold" in str(block.value)]


def test_the_title_over_groups_has_the_scale_of_its_picture(
    store: Path, rare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page_text("everything", SCORECARD, store, monkeypatch, rare)
    line = next(line for line in text.splitlines() if line.startswith("Right decisions (accuracy): from "))
    title, _, how = line.partition(". ")
    assert f"Dots are per {title.rsplit(' ', 1)[1]};" in how


def test_checks_of_probabilities_count_as_numbers_of_their_analysis(
    demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page_text("everything", DATA, demo_store, monkeypatch, demo_runs["digits-2-0"])
    assert "Do its promised probabilities come true?" in text
    assert "Do its promised probabilities come true? 0 " not in text
