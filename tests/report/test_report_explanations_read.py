"""What the page on explanations says of order, agreement, levels and few people, as a reader meets it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from explained_evidence import evidence_of, importance
from explained_runs import share, shares

from evaluator.catalogue.palette import LIGHT
from evaluator.charts import Lines
from evaluator.plan.schema import ColumnPart
from evaluator.records import ALL, Importance
from evaluator.report.evidence import Evidence
from evaluator.report.explanations import explanations_of, feature_page
from evaluator.report.explanations_parts.features import for_lists, full_names, level_noun, together
from evaluator.report.explanations_parts.group_gap import group_gap_of
from evaluator.report.explanations_parts.one_feature import same_for_all, who_sits
from evaluator.report.render_plotly.lines import lines_figure
from evaluator.wording import errors, lint_block


def ranked(method: str, *ranks: tuple[int, int]) -> list[Importance]:
    """The first features with these ranks by one way of looking."""
    return [
        importance(place, method=method, rank_low=low, rank_high=high, value=0.08 - 0.01 * place, low=0.0, high=0.1)
        for place, (low, high) in enumerate(ranks)
    ]


def two_ways(parts: tuple[tuple[int, int], ...], shifts: tuple[tuple[int, int], ...]) -> str:
    rows = (*ranked("shap", *parts), *ranked("permutation", *shifts))
    return str(explanations_of(evidence_of(importances=rows)).second_words)


ONE, TWO, OPEN = ((1, 1), (2, 2), (3, 3), (4, 4)), ((1, 2), (1, 2), (3, 3), (4, 4)), ((1, 4),) * 4
OTHER = ((2, 2), (1, 1), (3, 3), (4, 4))


@pytest.mark.parametrize(
    ("parts", "shifts", "expected"),
    [
        (ONE, ONE, "Both ways of looking agree on what comes first."),
        (TWO, ONE, "Both ways of looking name debt share among the first."),
        (TWO, TWO, "Both ways of looking name debt share and monthly income among the first."),
        (ONE, OTHER, "The two ways of looking name another feature first."),
        (ONE, OPEN, "The second way of looking cannot say what comes first."),
        (OPEN, ONE, "The first way of looking cannot say what comes first."),
        (OPEN, OPEN, "Neither way of looking can say what comes first."),
    ],
)
def test_agreement_is_claimed_of_the_same_single_leader(
    parts: tuple[tuple[int, int], ...], shifts: tuple[tuple[int, int], ...], expected: str
) -> None:
    assert two_ways(parts, shifts).startswith(expected)


def test_a_feature_that_moves_the_score_and_is_not_needed_is_named() -> None:
    idle = [replace(row, drives=row.feature == "debt_share") for row in ranked("permutation", *OPEN)]
    shown = explanations_of(evidence_of(importances=(*ranked("shap", *ONE), *idle)))
    assert [str(sentence) for sentence in shown.disagreements] == [
        "Without monthly income, the score changes, but the model is not shown to get worse.",
        "Without housing, the score changes, but the model is not shown to get worse.",
    ]
    assert errors(lint_block(shown.disagreements)) == []


def test_large_sets_are_named_by_their_first_feature() -> None:
    evidence = evidence_of()
    whole = [row for row in evidence.importances if not row.method.endswith("_together")]
    large = replace(importance(0), method="shap_together", members='["debt_share", "monthly_income", "branch"]')
    evidence = replace(evidence, importances=(*whole, large))
    named = together(evidence, "shap")
    assert [row.words for row in named] == ["debt share and two that move with it"]
    assert full_names(evidence, named) == {large.feature: "debt share, monthly income and branch"}
    pair = replace(large, members='["debt_share", "monthly_income"]')
    headline = explanations_of(evidence).headline
    assert str(headline) == "The score leaned most on debt share and two that move with it."
    assert for_lists(evidence, [pair])[0].words == "debt share together with monthly income"


def with_levels(evidence: Evidence) -> Evidence:
    data = evidence.plan.data
    columns = {**data.columns, "housing": ColumnPart(words="housing", levels={"tenants": "applicants who rent"})}
    return replace(
        evidence, plan=evidence.plan.model_copy(update={"data": data.model_copy(update={"columns": columns})})
    )


def test_levels_with_a_noun_speak_of_people() -> None:
    evidence = with_levels(evidence_of())
    assert level_noun(evidence, "housing", "tenants") == "applicants who rent"
    assert level_noun(evidence, "housing", "owners") == level_noun(evidence, "branch", "tenants") == ""
    told = [str(sentence) for sentence in feature_page(evidence, "housing").sentences]
    assert told[0].startswith("All else alike, applicants who rent score 5.0 points lower than average (")
    assert told[1].startswith("Where housing is “owners”, scores are 4 points higher than average (")
    level = {"feature": "housing", "words": "housing", "level": "tenants", "low_edge": None, "high_edge": None}
    rows = tuple(share(group, 0, 0.3, "who rent", **level) for group in (ALL, "sex=F", "sex=M"))
    who = who_sits(replace(evidence, feature_shares=rows), "housing", "")
    assert who is not None
    assert who.picture is not None
    assert who.picture.title == "How many of each group are applicants who rent"
    assert who.parts == {"0": "applicants who rent"}
    assert "30 are applicants who rent" in str(who.sentences[0])


def test_sentence_picture_and_table_share_one_scale() -> None:
    rows = tuple(
        replace(row, share=0.172 if row.population_id == "sex=F" else 0.174, low=0.168, high=0.178)
        if row.position == 2 and row.share is not None
        else row
        for row in shares()
    )
    who = who_sits(evidence_of(feature_shares=rows), "debt_share", "", "2")
    assert who is not None
    assert who.picture is not None
    assert str(who.sentences[0]).startswith("Of 1,000 men, 174 have a debt share of 40% or more (95% range 168 to 178)")
    assert who.picture.axis.title == "of 1,000"
    assert who.picture.table.rows[1][1] == "172 (168 to 178)"
    assert who.table.columns[1:] == ("applicants, of 1,000", "women, of 1,000", "men, of 1,000")
    assert who.table.rows[2][2] == "172 (168 to 178)"
    assert errors(lint_block(who.sentences)) == []


def test_a_curve_of_few_people_is_told_and_not_hatched() -> None:
    evidence = evidence_of()
    thin = replace(evidence, effects=tuple(replace(row, thin=True) for row in evidence.effects))
    found = feature_page(thin, "debt_share")
    assert isinstance(found.picture, Lines)
    assert found.picture.spans == ()
    assert "Few people everywhere" in found.picture.how_to_read
    assert str(found.sentences[0]).startswith("With a debt share of 10%, scores are 10 points higher")
    far = tuple(replace(row, far=True) for row in evidence.dependences)
    same = same_for_all(replace(evidence, dependences=far), "debt_share", "")
    assert same is not None
    assert isinstance(same.picture, Lines)
    assert same.picture.spans == ()
    assert same.picture.how_to_read.endswith("Few people everywhere: read the line with its band.")


def test_the_average_move_stands_where_there_is_no_curve() -> None:
    evidence = evidence_of()
    assert "on average" not in " ".join(map(str, feature_page(evidence, "debt_share").sentences))
    assert "Branch: the score moves by" in str(feature_page(evidence, "branch").sentences[0])


def test_bars_at_the_foot_are_drawn_over_the_hatch() -> None:
    picture = feature_page(evidence_of(), "debt_share").picture
    assert isinstance(picture, Lines)
    assert picture.spans
    bars = [shape for shape in lines_figure(picture, LIGHT, False)["layout"]["shapes"] if shape["type"] == "rect"]
    assert len(bars) == len(picture.crowds)
    assert {shape["layer"] for shape in bars} == {"above"}


def test_a_gap_of_many_features_says_how_many_are_drawn() -> None:
    evidence = evidence_of()
    total, part = evidence.traces
    parts = [replace(part, feature=f"f{place}", words=f"feature {place}") for place in range(11)]
    many = group_gap_of(replace(evidence, traces=(total, *parts)), "sex=F")
    assert many is not None
    assert many.picture.how_to_read.endswith("Shown: the 8 largest of 11.")
    few = group_gap_of(evidence, "sex=F")
    assert few is not None
    assert "Shown" not in few.picture.how_to_read
