"""Every page, cold, in every role and state: what it is called, what it says, and that nothing breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driving import READERS, in_address, keys, lines, open_page, pieces, read_as, said, title

from evaluator.catalogue.pages import PAGES, next_page
from evaluator.report.coverage import coverage_of
from evaluator.report.data_quality import data_quality_of
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.store import open_run
from evaluator.verdicts.draw import requirements_title

SCRIPTS = sorted({page.script for page in PAGES.values()})
WITH_ROLE = tuple(who for who in READERS if who != "nobody")
SEE_DRAFTS = ("everything", "evaluator")
LOANS, PATIENTS, DRAFT = "loan-approval-2-3", "breast-cancer-2-0", "patients-draft"
UNKNOWN = "loan-approval-2-3_20200101T000000Z_0123abcd"
DAMAGED = "damaged_20260101T000000Z_00000000"
BAD_LINKS = {
    "unknown": UNKNOWN, "climbing": "../../etc/passwd", "damaged": DAMAGED, "empty": "", "sql": "x'; DROP TABLE run; --",
    "markup": "<img src=x onerror=alert(1)>", "nul": "loan\x00", "long": "a" * 5_000,
}  # fmt: skip


def key_of(script: str, *, has_run: bool) -> str:
    """The catalogue key of what a script shows."""
    if script == "app.py":
        return "brief" if has_run else "portfolio"
    return Path(script).stem


def expected_title(key: str, evidence: Evidence) -> str | None:
    """What a page of a run is called, or None for a page whose title this test does not compute."""
    quality = data_quality_of(evidence)
    titles = {
        "brief": evidence.run.question,
        "scorecard": requirements_title(evidence.criteria),
        "data": str(quality.headline if quality else coverage_of(evidence).headline),
        "methods": "What each number means",
    }
    return titles.get(key)


@pytest.mark.parametrize("who", WITH_ROLE)
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("plan", [LOANS, PATIENTS])
def test_a_page_shows_the_run_of_its_link(
    plan: str, script: str, who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page(script, demo_store, monkeypatch, run=demo_runs[plan])
    evidence = read_evidence(open_run(demo_store, demo_runs[plan]))
    key = key_of(script, has_run=True)
    assert not app.exception
    assert title(app) == (expected_title(key, evidence) or title(app))
    assert "problem" not in keys(app)
    assert said(app).startswith(f"{evidence.plan.model.name} {evidence.run.version} Released")
    assert [name for name in keys(app) if name.startswith("ready-")] == [f"ready-{key}"]
    following = next_page(key)
    assert ("foot" in keys(app)) is (following is not None)
    assert following is None or f"Next: {following.label}" in said(app)


@pytest.mark.parametrize("who", WITH_ROLE)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_without_a_run_in_its_link_takes_the_newest_released_one(
    script: str, who: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page(script, demo_store, monkeypatch)
    key = key_of(script, has_run=False)
    assert not app.exception
    assert f"ready-{key}" in keys(app)
    if PAGES[key].needs_run:
        assert in_address(app, "run") == demo_runs[LOANS]
        assert "Released" in said(app)
    else:
        assert in_address(app, "run") is None


@pytest.mark.parametrize("who", WITH_ROLE)
@pytest.mark.parametrize("script", SCRIPTS)
def test_an_empty_store_says_what_would_fill_it(
    script: str, who: str, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page(script, empty_store, monkeypatch)
    key = key_of(script, has_run=False)
    assert not app.exception
    assert f"ready-{key}" in keys(app)
    if key == "portfolio":
        assert title(app) == "No model is under review yet."
    elif PAGES[key].needs_run:
        assert title(app) == PAGES[key].question
    if key != "methods":
        assert "python -m evaluator" in said(app)


@pytest.mark.parametrize("link", [link for name, link in BAD_LINKS.items() if name != "empty"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_bad_link_is_said_with_a_next_step(
    script: str, link: str, damaged_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("everything", monkeypatch)
    app = open_page(script, damaged_store, monkeypatch, run=link)
    assert not app.exception
    assert title(app) == "This cannot be shown"
    problem = lines(app)
    assert len(problem) == 2, problem
    assert len(" ".join(problem)) < 1_500
    assert "root:" not in said(app)
    assert f"ready-{key_of(script, has_run=True)}" in keys(app)


@pytest.mark.parametrize("link", BAD_LINKS.values(), ids=BAD_LINKS)
@pytest.mark.parametrize("who", ["viewer", "decider"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_without_drafts_every_bad_link_says_the_same(
    script: str, who: str, link: str, damaged_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(who, monkeypatch)
    app = open_page(script, damaged_store, monkeypatch, run=link)
    assert not app.exception
    if link:
        assert title(app) == "This cannot be shown"
        assert "This link names no run that was released." in said(app)


def test_the_portfolio_lists_what_cannot_be_read_for_those_who_see_drafts(
    damaged_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in WITH_ROLE:
        read_as(who, monkeypatch)
        app = open_page("app.py", damaged_store, monkeypatch)
        assert not app.exception
        assert (DAMAGED in said(app)) is (who in SEE_DRAFTS)
        assert "Six models are under review" in title(app)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("state", ["run", "draft", "none", "unknown"])
def test_nobody_sees_no_access_and_nothing_else(
    script: str, state: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as("nobody", monkeypatch)
    links = {"run": demo_runs[LOANS], "draft": demo_runs[DRAFT], "unknown": UNKNOWN}
    app = open_page(script, demo_store, monkeypatch, **({"run": links[state]} if state in links else {}))
    assert not app.exception
    assert title(app) == "No access"
    assert keys(app) == ["ready-refused"]
    assert not app.sidebar.children
    assert lines(app) == ["Your name is not on the list of people who may read here. Ask whoever runs this app."]
    assert not pieces(app)
