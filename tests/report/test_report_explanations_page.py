"""The page on explanations as content: first screen, one feature, one case, what changes it, and what older runs lack."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from explained_evidence import evidence_of, importance
from explained_runs import case, curve, interaction, parts, rate, sets, share, shares, similar, surrogate, way

from evaluator.charts import IntervalDots, Lines
from evaluator.records import ALL, ExplanationCheck, Finding, Population, Timing
from evaluator.records.cases import CaseRole
from evaluator.report.coverage import coverage_of
from evaluator.report.evidence import Evidence
from evaluator.report.explanations import explanations_of, feature_page
from evaluator.report.explanations_parts.features import classes_explained, together
from evaluator.report.explanations_parts.group_gap import first_group, group_gap_of, groups_with_gaps
from evaluator.report.explanations_parts.group_told import groups_told
from evaluator.report.explanations_parts.imitation import imitation_of
from evaluator.report.explanations_parts.one_case import MOST_BARS, case_page, cases_of, role_sentence
from evaluator.report.explanations_parts.one_feature import same_for_all, who_sits
from evaluator.report.explanations_parts.pairs import pairs_of
from evaluator.report.explanations_parts.what_changes import changes_of, recourse_of
from evaluator.wording import Sentence, errors, lint_sentence
from evaluator.wording.cases import ROLES

NEW = (
    "dependences", "feature_shares", "interactions", "interaction_points", "cases", "case_parts", "similar_cases", "ways_out",
    "way_out_changes", "recourse_rates", "reasons", "reason_checks", "explanation_checks", "surrogate_leaves",
)  # fmt: skip


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return evidence_of()


def proper(*sentences: Sentence | None) -> str:
    """The texts of sentences that break no rule."""
    for sentence in sentences:
        assert sentence is None or errors(lint_sentence(sentence)) == []
    return " ".join(str(sentence) for sentence in sentences if sentence is not None)


def classed(evidence: Evidence) -> Evidence:
    """The same importances for all classes together and for each of two."""
    rows = [row for row in evidence.importances if not row.method.endswith("_together")]
    both = [replace(row, class_=name, words=f"{row.words} {name}") for row in rows for name in ("a", "b")]
    effects = tuple(replace(row, class_="b") for row in evidence.effects)
    return replace(evidence, importances=(*rows, *both), effects=effects)


def test_features_that_move_together_share_a_row(evidence: Evidence) -> None:
    shown = explanations_of(evidence)
    assert proper(shown.headline) == "The score leaned most on debt share and monthly income, which move together."
    assert shown.picture is not None
    labels = [row.label for row in shown.picture.rows]
    assert labels == ["debt share and monthly income", "housing", "branch"]
    assert shown.picture.rows[0].note.startswith("move together")
    assert shown.picture.title == str(shown.headline)


def test_without_sets_every_feature_has_its_row(evidence: Evidence) -> None:
    singles = tuple(row for row in evidence.importances if not row.method.endswith("_together"))
    shown = explanations_of(replace(evidence, importances=singles))
    assert proper(shown.headline) == "The score leaned most on debt share."
    assert together(replace(evidence, importances=singles), "shap")[0].feature == "debt_share"


def test_narrow_screens_get_the_first_five() -> None:
    names = [
        replace(
            importance(0),
            feature=f"f{place}",
            words=f"feature {place}",
            rank_low=place + 1,
            rank_high=place + 1,
            value=0.1 - 0.01 * place,
            low=0.0,
            high=0.2,
        )
        for place in range(9)
    ]
    shown = explanations_of(evidence_of(importances=tuple(names)))
    assert shown.picture is not None
    assert shown.short_picture is not None
    assert (len(shown.picture.rows), len(shown.short_picture.rows)) == (8, 5)
    assert shown.picture.rows[0].printed.endswith("· 1st")


def test_the_two_ways_and_where_they_disagree(evidence: Evidence) -> None:
    singles = tuple(row for row in evidence.importances if not row.method.endswith("_together"))
    shown = explanations_of(replace(evidence, importances=singles))
    assert len(shown.disagreements) == 2
    assert proper(*shown.disagreements).startswith("Debt share: place 1 by its part in the score, place 2 by")
    assert shown.second_words is not None
    assert "another feature first" in proper(shown.second_words)


@pytest.mark.parametrize("class_", ["", "b", "no such class"])
def test_classes_are_chosen_one_at_a_time(evidence: Evidence, class_: str) -> None:
    rows = classed(evidence)
    assert list(classes_explained(rows)) == ["", "a", "b"]
    shown = explanations_of(rows, class_)
    wanted = class_ if class_ in ("", "b") else ""
    assert shown.class_ == wanted
    assert ("debt share b" in str(shown.headline)) == (wanted == "b")
    assert bool(shown.features) == (wanted == "b")
    assert bool(feature_page(rows, "debt_share", wanted).sentences)


def test_other_tasks_have_no_classes(evidence: Evidence) -> None:
    assert explanations_of(evidence).classes == {}


def test_an_unknown_code_stands_by_itself(evidence: Evidence) -> None:
    row = Finding("EXPL99", "explanations", "low", "found", "Something was seen.", ALL, "", "[]", "Look at it.")
    shown = explanations_of(replace(evidence, findings=(row,)))
    assert [(check.about, check.outcome) for check in shown.reliance] == [("EXPL99", "Needs attention")]


def test_a_curve_marks_few_people_and_shows_where_they_are(evidence: Evidence) -> None:
    found = feature_page(evidence, "debt_share")
    assert isinstance(found.picture, Lines)
    assert [(span.low, span.high, span.label) for span in found.picture.spans] == [(70.0, 90.0, "few people here")]
    assert [crowd.height for crowd in found.picture.crowds] == pytest.approx([0.8, 1.0, 0.176, 0.024])
    assert found.picture.y_axis.low < min(found.picture.series[0].lows)
    proper(*found.sentences)
    assert isinstance(feature_page(evidence, "housing").picture, IntervalDots)
    assert feature_page(evidence, "branch").picture is None


def test_the_same_value_for_everyone(evidence: Evidence) -> None:
    same = same_for_all(evidence, "debt_share", "")
    assert same is not None
    assert isinstance(same.picture, Lines)
    assert [series.faint for series in same.picture.series] == [False] + [True] * 6
    assert [(span.low, span.high) for span in same.picture.spans] == [(60.0, 70.0)]
    text = proper(*same.sentences)
    assert text.startswith("With a debt share of 10% for everyone, the mean score is 89 points (95% range 88 to 90).")
    assert "60%" in text
    assert "70%" not in text
    assert same_for_all(evidence, "housing", "") is None


def test_levels_have_dots(evidence: Evidence) -> None:
    levels = tuple(
        replace(row, x=None, level=f"l{row.position}", label=f"level {row.position}")
        for row in curve()
        if row.kind == "mean"
    )
    same = same_for_all(replace(evidence, dependences=levels), "debt_share", "")
    assert same is not None
    assert isinstance(same.picture, IntervalDots)
    assert len(same.picture.rows) == 7


def test_who_has_such_values_begins_where_scores_differ_most(evidence: Evidence) -> None:
    who = who_sits(evidence, "debt_share", "")
    assert who is not None
    assert who.part == "2"
    assert proper(*who.sentences).startswith("Of 100 men, 58 have a debt share of 40% or more")
    assert who.picture is not None
    assert [row.label for row in who.picture.rows] == ["applicants", "women", "men"]
    assert len(who.table.rows) == 3
    other = who_sits(evidence, "debt_share", "", "0", "sex")
    assert other is not None
    assert "under 20%" in str(other.sentences[0])
    assert who_sits(evidence, "housing", "") is None


def test_withheld_shares_have_no_number(evidence: Evidence) -> None:
    few = {
        "share": None,
        "low": None,
        "high": None,
        "status": "too_few",
        "reason": "fewer than 10",
        "n": -1,
        "total": -1,
    }
    rows = tuple(replace(row, **few) if row.population_id == "sex=F" else row for row in shares())
    who = who_sits(replace(evidence, feature_shares=rows), "debt_share", "")
    assert who is not None
    assert who.picture is not None
    assert [row.value is None for row in who.picture.rows] == [False, True, False]
    assert "women" not in str(who.sentences)
    assert "-1" not in str(who)
    assert "−1" not in str(who)
    none = tuple(replace(row, **few) for row in shares())
    nobody = who_sits(replace(evidence, feature_shares=none), "debt_share", "")
    assert nobody is not None
    assert nobody.picture is None
    assert nobody.sentences == ()


def test_pairs_are_found_from_both_sides(evidence: Evidence) -> None:
    for feature, other in (("debt_share", "monthly_income"), ("monthly_income", "debt_share")):
        pairs = pairs_of(evidence, feature, "")
        assert pairs is not None
        assert pairs.other == other
        assert pairs.picture is not None
        assert [series.name for series in pairs.picture.series] == ["up to EUR 1,500", "to EUR 2,500", "above"]
        proper(pairs.headline, *pairs.sentences)
    assert pairs_of(evidence, "branch", "") is None


def test_a_pair_that_is_not_proven_is_not_told(evidence: Evidence) -> None:
    pairs = pairs_of(
        replace(evidence, interactions=(interaction(proven=False),), interaction_points=()), "debt_share", ""
    )
    assert pairs is not None
    assert pairs.sentences == ()
    assert pairs.picture is None
    assert str(pairs.headline) == "No pair with debt share is shown to do more together than each does alone."


def test_one_case(evidence: Evidence) -> None:
    shown = case_page(evidence, "1")
    assert shown is not None
    assert proper(*shown.told).startswith("Case 1 was refused: score 0.67, cut-off 0.78.")
    assert shown.row_id == "A-00001"
    assert shown.picture is not None
    assert len(shown.picture.steps) == MOST_BARS + 1
    assert shown.picture.end.value == pytest.approx(shown.case.score)
    assert shown.picture.steps[0].printed == "−9.0 (−9.8 to −8.2)"
    assert len(shown.parts) == MOST_BARS + 1
    proper(*shown.parts, *shown.similar, shown.usual, shown.stability)


def test_readers_who_may_not_see_people_get_no_row_id(evidence: Evidence) -> None:
    closed = replace(evidence, fewer_than=10)
    shown = case_page(closed, "1")
    assert shown is not None
    assert shown.row_id == ""
    changes = changes_of(closed, shown.case)
    assert changes is not None
    assert [option.row_id for option in changes.options] == ["", ""]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "not_tested", "reason": "the parts do not add up", "base": None, "moved": None, "same_first": None},
        {"score": 0.2},
    ],
    ids=["not split", "parts missing"],
)
def test_no_picture_where_parts_do_not_add_up(evidence: Evidence, changes: dict[str, Any]) -> None:
    shown = case_page(replace(evidence, cases=(case(1, **changes),)), "1")
    assert shown is not None
    assert shown.picture is None
    assert shown.no_picture
    proper(*shown.told, shown.usual)


def test_an_unknown_case_is_none_and_cases_come_in_order(evidence: Evidence) -> None:
    assert case_page(evidence, "99") is None
    assert case_page(evidence, "1; drop table") is None
    assert list(cases_of(replace(evidence, cases=(case(10), case(2))))) == ["2", "10"]


def test_what_would_change_it(evidence: Evidence) -> None:
    changes = changes_of(evidence, cases_of(evidence)["1"])
    assert changes is not None
    assert len(changes.options) == 2
    assert proper(changes.options[0].sentence) == (
        "With a debt share of 44% and nothing else changed, case 1 would be approved."
    )
    for option in changes.options:
        proper(*option.checked)
    assert proper(changes.immutable) == "What may not change: late payments and previous_defaults."
    assert proper(changes.reasons[0]) == "Counted from applicants who were approved, not from usual ones (no range)."
    assert len(changes.reasons) == 3
    assert [about for about, _ in changes.reason_checks] == [
        "The named reasons count more than others", "They stay with other cases to compare with",
        "Another way of calculating names them too", "At least one named reason may change",
    ]  # fmt: skip


def test_none_found_is_said_and_an_approved_case_has_nothing_to_turn(evidence: Evidence) -> None:
    cases = cases_of(evidence)
    nothing = changes_of(evidence, cases["2"])
    assert nothing is not None
    assert nothing.options == ()
    assert "4,210 changed applicants were asked" in proper(nothing.none)
    spared = changes_of(evidence, cases["3"])
    assert spared is not None
    assert (spared.options, spared.reasons, spared.immutable) == ((), (), None)
    assert proper(spared.none) == "Ways out are sought for applicants who were refused; case 3 was approved."
    assert changes_of(replace(evidence, recourse_rates=()), cases["3"]) is None
    assert changes_of(replace(evidence, ways_out=(), reasons=()), cases["1"]) is None


def test_recourse_speaks_of_two_changes_first(evidence: Evidence) -> None:
    recourse = recourse_of(evidence, "")
    assert recourse is not None
    assert proper(*recourse.sentences).startswith("For 64 of 100 applicants who were refused, one or two changes")
    assert [row[1] for row in recourse.table.rows] == ["applicants", "applicants", "women"]
    assert recourse.table.columns[:2] == ("By", "Group")
    assert recourse.table.columns[4] == "Half need less than (usual spreads)"
    assert "one usual spread of a feature's middle value" in proper(recourse.sentences[-1])
    assert len(proper(*recourse.sentences).split("usual spread")) == 3
    few = rate(
        "sex=F",
        value=None,
        low=None,
        high=None,
        cost=None,
        n=-1,
        total=-1,
        count=-1,
        status="too_few",
        reason="fewer than 10",
    )
    shut = recourse_of(replace(evidence, recourse_rates=(rate(), few)), "")
    assert shut is not None
    assert shut.table.rows[1] == ("sex", "women", "one or two changes", "fewer than 10", "", "")


def grouped(name: str, attribute: str, position: int) -> Population:
    return Population(name, name, name, "{}", attribute, "group", position, "planned", 100, 0.1)


def test_recourse_is_told_attribute_by_attribute(evidence: Evidence) -> None:
    """Groups of all attributes have the same positions, and rows come in any order."""
    groups = [grouped(f"{by}{place}", by, place) for by in ("sex", "age") for place in (1, 2)]
    rates = [rate(name, most) for most in (3, 1, 2) for name in ("age2", "sex1", ALL, "age1", "sex2")]
    plan = evidence.plan.model_copy(
        update={"data": evidence.plan.data.model_copy(update={"sensitive": ("sex", "age")})}
    )
    populations = {**evidence.populations, **{group.population_id: group for group in groups}}
    laid = replace(evidence, plan=plan, populations=populations, recourse_rates=tuple(rates))
    recourse = recourse_of(laid, "")
    assert recourse is not None
    told = [(by, group) for by in ("sex", "age") for group in (f"{by}1", f"{by}2")]
    wanted = [("", "applicants"), *told]
    assert [row[:2] for row in recourse.table.rows] == [one for one in wanted for _ in range(3)]
    assert [row[2] for row in recourse.table.rows] == ["one change", "one or two changes", "up to three changes"] * 5


def test_the_small_tree(evidence: Evidence) -> None:
    found = imitation_of(evidence, "")
    assert found is not None
    assert "62 of 100 parts" in proper(found.headline, *found.leaves)
    assert found.table.columns[0] == "Rule"
    assert not found.told
    seen = Finding(
        "EXPL13",
        "explanations",
        "low",
        "found",
        "As above.",
        ALL,
        "",
        json.dumps(["explanation_check/surrogate/model///"]),
        "",
    )
    for row, told in ((seen, True), (replace(seen, code="EXPL12"), False), (replace(seen, evidence=""), False)):
        again = imitation_of(replace(evidence, findings=(row,)), "")
        assert again is not None
        assert again.told is told
    assert len(found.table.rows) == 2
    assert imitation_of(evidence, "b") is None


def told(feature: str, population_id: str, value: float | None, low: float | None, **changes: Any) -> ExplanationCheck:
    row = replace(surrogate()[0], check="proxy", feature=feature, words=f"the {feature}", population_id=population_id)
    high = None if value is None else value + 0.05
    return replace(row, value=value, low=low, high=high, by_chance=0.5, **changes)


def test_what_tells_a_group_is_listed_with_what_is_shown_first(evidence: Evidence) -> None:
    few = {"status": "too_few", "reason": "there are too few cases to tell"}
    rows = (
        told("branch", "sex=M", None, None, **few), told("income", "sex=F", 0.62, 0.59), told("debt", "sex=F", 0.66, 0.61),
        told("housing", "sex=M", 0.9, 0.86), told("age", "sex=F", 0.64, 0.6),
    )  # fmt: skip
    table = groups_told(replace(evidence, explanation_checks=rows))
    assert table is not None
    assert table.columns == ("Feature", "Group", "Of 100 pairs (range)", "More than 60 of 100")
    assert table.rows == (
        ("The housing", "men", "90 (86 to 95)", "yes"), ("The debt", "women", "66 (61 to 71)", "yes"),
        ("The age", "women", "64 (60 to 69)", "not shown"), ("The income", "women", "62 (59 to 67)", "not shown"),
        ("The branch", "men", "there are too few cases to tell", "not tested"),
    )  # fmt: skip
    several = groups_told(replace(evidence, explanation_checks=tuple(replace(row, class_="b") for row in rows)))
    assert several is not None
    assert {row[0] for row in several.rows} == {"b"}
    assert groups_told(evidence) is None


@pytest.mark.parametrize("n", [MOST_BARS, MOST_BARS + 1, MOST_BARS + 2])
def test_one_feature_left_over_is_named(evidence: Evidence, n: int) -> None:
    kept = parts(1)[:n]
    own = case(1, score=0.82 + sum(part.part for part in kept))
    shown = case_page(replace(evidence, cases=(own,), case_parts=kept), "1")
    assert shown is not None
    assert shown.picture is not None
    labels = [step.label for step in shown.picture.steps]
    assert labels[:MOST_BARS] == [part.words for part in kept[:MOST_BARS]]
    assert labels[MOST_BARS:] == {0: [], 1: [kept[-1].words], 2: ["all 2 others"]}[n - MOST_BARS]


@pytest.mark.parametrize(
    ("base", "sizes"), [(0.6, (0.39,)), (0.6, (0.6, -0.25)), (0.3, (-0.5, 0.25)), (0.9, (0.0999,))]
)
def test_no_chance_above_one_stands_on_an_axis(evidence: Evidence, base: float, sizes: tuple[float, ...]) -> None:
    kept = tuple(
        replace(row, part=size, low=size - 0.001, high=size + 0.001) for row, size in zip(parts(1), sizes, strict=False)
    )
    own = case(1, base=base, score=base + sum(sizes))
    shown = case_page(replace(evidence, cases=(own,), case_parts=kept), "1")
    assert shown is not None
    assert shown.picture is not None
    axis = shown.picture.axis
    assert min(axis.shown_ticks()) >= 0
    assert max(axis.shown_ticks()) <= 1
    levels = shown.picture.levels()
    assert axis.high <= max(1.0, max(levels) + 0.001 + 1e-9)
    assert axis.low >= min(0.0, min(levels) - 0.001 - 1e-9)


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_explained(role: CaseRole, classes: bool) -> None:
    text = proper(role_sentence(role, classes=classes))
    assert text.startswith(f"{ROLES[role]}: ")
    assert ("cut-off" in text) == (role == "borderline" and not classes)


def test_gaps_between_groups_lead_to_the_fairness_page(evidence: Evidence) -> None:
    groups = groups_with_gaps(evidence)
    assert list(groups) == ["sex=F"]
    assert first_group(evidence, groups) == "sex=F"
    part = group_gap_of(evidence, "sex=F")
    assert part is not None
    assert part.query == {"by": "sex", "group": "sex=F"}
    assert group_gap_of(evidence, "no such group") is None


def test_an_older_run_says_so_and_shows_what_it_has(evidence: Evidence) -> None:
    without: dict[str, Any] = dict.fromkeys(NEW, ())
    older = replace(evidence, run=replace(evidence.run, schema_version=6), **without)
    shown = explanations_of(older)
    assert shown.made_before is not None
    assert "made before" in proper(shown.made_before)
    assert shown.picture is not None
    assert cases_of(older) == {}
    assert same_for_all(older, "debt_share", "") is None
    assert who_sits(older, "debt_share", "") is None
    assert pairs_of(older, "debt_share", "") is None
    assert recourse_of(older, "") is None
    assert imitation_of(older, "") is None
    assert explanations_of(evidence).made_before is None


@pytest.mark.parametrize("bad", ["<b>x</b>", "x" * 10_000, "🧨 \u202e[a](b)", ""])
def test_hostile_words_are_carried_as_words(bad: str) -> None:
    rows = [replace(row, words=bad, value=bad) for row in parts(1)]
    hostile = evidence_of(
        case_parts=tuple(rows), feature_shares=(share(ALL, 0, 0.4, bad or "x"), share("sex=F", 0, 0.4, bad or "x")),
        similar_cases=(similar(1, features=json.dumps([bad])),),
    )  # fmt: skip
    shown = case_page(hostile, "1")
    assert shown is not None
    assert shown.picture is not None
    assert bad in str(shown.parts[0])
    assert who_sits(hostile, "debt_share", "") is not None


def test_sets_of_one_are_single_features(evidence: Evidence) -> None:
    rows = sets(evidence)
    assert [len(json.loads(row.members)) for row in rows] == [2, 1, 1]
    assert way(1).found
    assert surrogate()[0].check == "surrogate"


def test_coverage_counts_what_was_explained() -> None:
    evidence = evidence_of(timings=(Timing("explanations", 1.0, 1.0),))
    (row,) = coverage_of(evidence).tested
    parts = (evidence.importances, evidence.feature_shares, evidence.recourse_rates, evidence.explanation_checks)
    known = sum(one.status == "ok" for one in chain[Any](*parts, evidence.interactions))
    assert int(row[1].replace(",", "")) == known + len(evidence.effects) + len(evidence.dependences)
    assert known > 0
    assert int(row[2]) >= 1
