"""The explanations page with single cases, pairs and ways out: doors, links, readers, and runs made before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driving import in_address, keys, open_page, read_as, said, title
from explained_evidence import evidence_of
from explained_runs import DEBT, HOUSING, curve, parts, published, surrogate

from evaluator.report.evidence import read_evidence
from evaluator.report.explanations import ExplanationsPage, explanations_of
from evaluator.report.explanations_parts.one_case import case_page, cases_of
from evaluator.store import open_run
from pages.parts import explanations

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
    pairs = replace(surrogate()[0], check="proxy", feature=DEBT[0], words=DEBT[1], population_id="sex=F", value=0.71,
                    low=0.69, high=0.73)  # fmt: skip
    runs = {
        "told": published(demo_store, run_id, store, at=240, explanation_checks=(surrogate()[0], pairs)),
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
    assert "Typical: a usual score" in said(app)
    assert "For how many could a decision be changed?" in said(app)
    app.segmented_control(key="case-role").set_value("2").run()
    assert in_address(app, "case") == "2"
    assert "Borderline: the score nearest to the cut-off." in said(app)
    app.segmented_control(key="case-number").set_value("3").run()
    assert in_address(app, "case") == "3"
    assert "Case 3 was approved" in said(app)
    assert "Ways out are sought for applicants who were refused; case 3 was approved." in said(app)
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
    # The check says it, so the rules do not say it again.
    assert text.count("parts of how scores differ") == 1
    assert text.count("Debt share up to 35%: mean score 88 points") == 1
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


@pytest.mark.parametrize(("asked", "shown"), [("", "a"), ("b", "b")])
def test_the_first_outcome_of_several_is_shown(asked: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All outcomes together have no curve, so that the first one stands in."""
    bare = evidence_of()
    rows = [row for row in bare.importances if not row.method.endswith("_together")]
    both = [replace(row, class_=name) for row in rows for name in ("a", "b")]
    effects = tuple(replace(row, class_=name) for row in bare.effects for name in ("a", "b"))
    several = replace(bare, importances=(*rows, *both), effects=effects)
    drawn: list[ExplanationsPage] = []
    told: list[str] = []
    monkeypatch.setattr(explanations.one_feature, "draw", lambda page, evidence, of: drawn.append(of))
    monkeypatch.setattr(explanations, "draw_paragraphs", lambda texts, class_: told.extend(map(str, texts)))
    explanations._draw_feature(None, several, explanations_of(several, asked))  # type: ignore[arg-type]
    assert [page.class_ for page in drawn] == [shown]
    assert drawn[0].features
    assert [shown in text for text in told] == ([] if asked else [True])


def test_every_group_that_a_feature_tells_is_behind_the_check(
    looked: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, runs = looked
    read_as("everything", monkeypatch)
    app = open_page(SCRIPT, store, monkeypatch, run=runs["told"])
    assert not app.exception
    assert "How well features tell groups apart (1)" in [one.label for one in app.main.get("expander")]
    assert "71 (69 to 73)" in said(app)
