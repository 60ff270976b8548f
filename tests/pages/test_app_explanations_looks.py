"""The explanations page with single cases, pairs and ways out: doors, links, readers, and runs made before."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driving import in_address, keys, open_page, read_as, said, title
from explained_runs import DEBT, HOUSING, curve, parts, published

from evaluator.report.evidence import read_evidence
from evaluator.report.explanations_parts.one_case import case_page, cases_of
from evaluator.store import open_run

SCRIPT, LOANS = "pages/explanations.py", "loan-approval-2-3"
OLDER = dict.fromkeys(
    ("dependences", "feature_shares", "interactions", "interaction_points", "cases", "case_parts", "similar_cases", "ways_out",
     "way_out_changes", "recourse_rates", "reasons", "reason_checks", "explanation_checks", "surrogate_leaves"),
    (),
)  # fmt: skip


@pytest.fixture(scope="module")
def looked(
    demo_store: Path, demo_runs: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, str]]:
    """A store of three runs: with all records, without the further ones, and with hostile words."""
    store = tmp_path_factory.mktemp("looked")
    run_id = demo_runs[LOANS]
    bad = "<b>x</b> [a](b) *c* 🧨" + "y" * 300
    hostile = tuple(part for part in parts(1) if part.position > 1)
    first = parts(1)[0]
    runs = {
        "whole": published(demo_store, run_id, store),
        "older": published(demo_store, run_id, store, at=120, **OLDER),
        "hostile": published(
            demo_store, run_id, store, at=180, dependences=curve((HOUSING[0], bad)),
            case_parts=(type(first)(**{name: getattr(first, name) for name in first.__slots__} | {"words": bad, "value": bad}), *hostile),
        ),
    }  # fmt: skip
    return store, runs


def test_a_link_to_a_case_opens_its_door(looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store, runs = looked
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=runs["whole"], case="5")
    assert not app.exception
    text = said(app)
    shown = case_page(read_evidence(open_run(store, runs["whole"])), "5")
    assert shown is not None
    for sentence in (*shown.told, *shown.parts, *shown.similar):
        assert str(sentence) in text
    assert {"chart-waterfall", "explanation-doors"} <= set(keys(app))
    assert "chart-effect" not in keys(app)
    assert shown.row_id in text


@pytest.mark.parametrize("asked", ["99", "", "x", "1'; drop"])
def test_a_wrong_case_shows_the_first(
    asked: str, looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, runs = looked
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=runs["whole"], case=asked, look="person")
    assert not app.exception
    assert "Case 1 was refused" in said(app)


def test_roles_and_numbers_write_the_case_to_the_address(
    looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, runs = looked
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=runs["whole"])
    assert "chart-waterfall" not in keys(app)
    app.segmented_control(key="url-look").set_value("person").run()
    assert in_address(app, "look") == "person"
    assert "Case 1 was refused" in said(app)
    app.segmented_control(key="case-role").set_value("2").run()
    assert in_address(app, "case") == "2"
    app.segmented_control(key="case-number").set_value("3").run()
    assert in_address(app, "case") == "3"
    assert "Case 3 was approved" in said(app)
    app.segmented_control(key="case-role").set_value("1").run()
    assert in_address(app, "case") == "1"
    app.segmented_control(key="url-look").set_value("feature").run()
    assert "chart-waterfall" not in keys(app)
    assert "chart-effect" in keys(app)


def test_one_feature_with_its_curves_groups_and_pairs(
    looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, runs = looked
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=runs["whole"], feature=DEBT[0], curve="same")
    assert not app.exception
    assert {"chart-same", "chart-who", "chart-pair"} <= set(keys(app))
    assert "for everyone, the mean score is" in said(app)
    app.segmented_control(key="url-curve").set_value("effect").run()
    assert "chart-effect" in keys(app)
    app.selectbox(key="url-part").set_value("0").run()
    assert in_address(app, "part") == "0"


@pytest.mark.parametrize(("who", "sees"), [("evaluator", True), ("viewer", False), ("decider", None)])
def test_row_ids_are_for_those_who_see_people(
    who: str, sees: bool | None, looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, runs = looked
    read_as(who, monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=runs["whole"], case="1")
    assert not app.exception
    text = said(app)
    assert "Case 1 was refused" in text
    shown = ("A-00001" in text, "A-00777" in text)
    assert shown[0] == shown[1]
    assert sees is None or shown[0] is sees


def test_below_the_doors(looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store, runs = looked
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=runs["whole"], group="sex=F")
    text = said(app)
    assert "chart-group-gap" in keys(app)
    assert "repeats 62 of 100 parts of the score's spread" in text
    assert "made before" not in text


def test_an_older_run_has_no_doors_and_no_errors(
    looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, runs = looked
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=runs["older"], case="1", look="person")
    assert not app.exception
    assert title(app).startswith("The score leaned most on")
    assert {"explanation-doors", "chart-waterfall"}.isdisjoint(keys(app))
    assert "chart-effect" in keys(app)


def test_hostile_words_are_shown_as_words(looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store, runs = looked
    read_as("everything", monkeypatch)
    for query in ({"case": "1"}, {"feature": HOUSING[0], "curve": "same"}):
        app = open_page(SCRIPT, store, monkeypatch, run=runs["hostile"], **query)
        assert not app.exception
        assert not any("<b>x</b>" in str(block.value) for block in app.main.get("html"))
        assert "[a](b) *c*" in said(app)


def test_every_case_can_be_opened(looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store, runs = looked
    read_as("viewer", monkeypatch)
    for number in cases_of(read_evidence(open_run(store, runs["whole"]))):
        app = open_page(SCRIPT, store, monkeypatch, run=runs["whole"], case=number)
        assert not app.exception
        assert f"Case {number} was" in said(app)
