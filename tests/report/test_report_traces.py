"""Where a gap could come from, in words: figures, directions, weights, what is missing, and what few people leave."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from evaluator.records import ALL, NotTested, Population, Trace, Words
from evaluator.records.traces import SCORE
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.traces import (
    TracesPart,
    attributes_with_traces,
    groups_with_traces,
    traces_of,
    withhold,
)
from evaluator.wording import Sentence, check_figures, errors, lint_sentence

PEOPLE = Words("applicant", "applicants", "repaid", "did not repay", "approved", "refused")
LETTERS = Words("letter", "letters", "was late", "was on time", "held", "sent", people=False, favourable_positive=False)
DAYS = Words("parcel", "parcels", "", "", "", "", unit="days", outcome="delivery time", people=False)
PLAIN = Words(
    "row", "rows", "labelled 1", "labelled other than 1", "predicted 1", "not predicted 1", people=False, plain=True
)
HOSTILE = '<script>alert("1")</script> 100 % | 🙂'


def group(name: str, words: str, position: int = 0, attribute: str = "sex", n: int = 400) -> Population:
    return Population(name, words, words, "{}", attribute, "group", position, "planned", n, 0.5)


GROUPS = (group("sex=F", "women"), group("sex=M", "men", 1), group("region=n", HOSTILE, 0, "region"))


def trace(kind: str, value: float | None, low: float | None = None, high: float | None = None, **more: Any) -> Trace:
    given: dict[str, Any] = {
        "kind": kind, "subject": "model", "attribute": "sex", "population_id": "sex=F", "feature": "", "words": "outcome",
        "value": value, "low": low, "high": high, "se": 0.01, "level": 0.95, "method": "t", "family": "", "family_size": 3,
        "space": "share", "n": 400, "n_rest": 500, "proven": True, "status": "ok", "reason": "",
    }  # fmt: skip
    return Trace(**{**given, **more})


def reveals(value: float, low: float, high: float, feature: str = "", **more: Any) -> Trace:
    words = {"": "all features together", SCORE: "the score"}.get(feature, feature)
    return trace("reveals", value, low, high, feature=feature, words=words, space="auc", **more)


def part(value: float, low: float, high: float, feature: str = "", space: str = "chance", **more: Any) -> Trace:
    return trace("score_gap", value, low, high, feature=feature, words=feature or "all", space=space, **more)


USUAL = (
    reveals(0.71, 0.69, 0.73),
    reveals(0.66, 0.62, 0.7, "job"),
    reveals(0.52, 0.5, 0.55, "age", proven=False),
    reveals(0.6, 0.57, 0.63, SCORE),
    part(-0.05, -0.07, -0.03, "job"),
    part(0.004, -0.006, 0.014, "age", proven=False),
    part(-0.046, -0.07, -0.022),
    trace("label", -0.08, -0.1, -0.06),
    trace("flip", 0.012, 0.008, 0.017, feature="sex", words="sex"),
    trace("missing", 0.03, 0.01, 0.05, feature="job", words="job"),
)


def evidence(
    rows: Iterable[Trace] = USUAL, words: Words = PEOPLE, *, weight: str | None = None, **more: Any
) -> Evidence:
    everyone = Population(ALL, words.cases, words.cases, "{}", "", "all", 0, "planned", 900, 1.0)
    unused: dict[str, Any] = dict.fromkeys(Evidence.__dataclass_fields__)
    given = {
        "run": SimpleNamespace(task="binary", run_id="run"),
        "plan": SimpleNamespace(data=SimpleNamespace(weight=weight, columns={})),
        "words": words, "traces": tuple(rows), "not_tested": (),
        "populations": {row.population_id: row for row in (everyone, *GROUPS)},
    }  # fmt: skip
    return Evidence(**cast("dict[str, Any]", {**unused, **given, **more}))


def told(rows: Iterable[Trace] = USUAL, words: Words = PEOPLE, **more: Any) -> TracesPart:
    found = traces_of(evidence(rows, words, **more))
    assert found is not None
    return found


def said(part_: TracesPart) -> list[str]:
    return [str(sentence) for sentence in part_.sentences]


def test_a_group_is_told_in_sentences() -> None:
    assert said(told()) == [
        "By all features together, women are told from others in 71 of 100 pairs (95% range 69 to 73).",
        "By job, women are told from others in 66 of 100 pairs (95% range 62 to 70).",
        "Scores of women are 4.6 points lower on average than those of others (95% range 2.2 to 7.0).",
        "For women, the largest part of it lies in job: 5.0 points lower (95% range 3.0 to 7.0).",
        "The share who repaid is 80 of 1,000 lower among women than among others (95% range 60 to 100).",
        "Of 1,000 women, 12 are decided otherwise when sex alone is changed (95% range 8 to 17).",
    ]
    assert str(told().caution) == "This describes the data and the tool, not why groups differ."


def test_all_features_together_are_told_if_they_tell_a_group_better_than_the_best_alone() -> None:
    below = [reveals(0.71, 0.69, 0.73), reveals(0.74, 0.70, 0.78, "job"), reveals(0.60, 0.55, 0.65, "age")]
    assert said(told(below)) == ["By job, women are told from others in 74 of 100 pairs (95% range 70 to 78)."]
    above = [reveals(0.75, 0.73, 0.77), *below[1:]]
    assert [text.split(",")[0] for text in said(told(above))] == ["By all features together", "By job"]
    unclear = [reveals(0.75, 0.5, 0.9, proven=False), *below[1:]]
    assert [text.split(",")[0] for text in said(told(unclear))] == ["By job"]


def test_the_ranges_say_what_they_hold_together_with() -> None:
    rows = [replace(row, family="all 9 ranges about this group" if row.kind == "reveals" else "") for row in USUAL]
    assert [str(note) for note in told(rows).notes] == [
        "Ranges of pairs hold at once for all 9 ranges about this group."
    ]
    assert told([replace(row, family="") for row in USUAL]).notes == ()


def test_both_directions_are_said() -> None:
    higher = [replace(row, value=-(row.value or 0), low=-(row.high or 0), high=-(row.low or 0)) for row in USUAL[4:8]]
    text = " ".join(said(told(higher)))
    assert "4.6 points higher on average" in text
    assert "5.0 points higher (95% range 3.0 to 7.0)" in text
    assert "80 of 1,000 higher among women" in text
    assert "lower" not in text


def test_what_is_not_proven_is_not_claimed() -> None:
    rows = [
        reveals(0.51, 0.5, 0.54, proven=False), part(-0.01, -0.03, 0.02, proven=False),
        trace("label", 0.01, -0.02, 0.04, proven=False), part(-0.05, -0.09, 0.01, "job", proven=False),
    ]  # fmt: skip
    assert said(told(rows)) == [
        "By all features together, women are told from others in about 51 of 100 pairs (95% range 50 to 54). No better than "
        "guessing is shown.",
        "Scores of women and of others are not shown to differ on average (95% range 3 points lower to 2 higher).",
        "The share who repaid may be the same for women and others (95% range 20 lower to 40 higher of 1,000).",
    ]
    picture = told(rows).picture
    assert picture is not None
    assert picture.title == "No feature is shown to have a part in the difference in scores between women and others."


def test_a_range_that_leaves_out_guessing_does_not_seem_to_hold_it() -> None:
    (sentence,) = said(told([reveals(0.541, 0.503, 0.58)]))
    assert (
        sentence == "By all features together, women are told from others in 541 of 1,000 pairs (95% range 503 to 580)."
    )


def test_nearly_all_is_not_all_and_none_has_an_upper_bound() -> None:
    rows = [reveals(0.998, 0.99, 0.9995), trace("flip", 0.0, 0.0, 0.004, feature="sex", words="sex", proven=False)]
    assert said(told(rows)) == [
        "By all features together, women are told from others in more than 99 of 100 pairs (95% range 99 to 100).",
        "Of 1,000 women, none are decided otherwise when sex alone is changed (95% range 0 to 4).",
    ]


def test_weights_say_about() -> None:
    assert all("about " in sentence for sentence in said(told(weight="w")))


def test_cases_that_are_no_people_and_outcomes_of_either_kind_read_well() -> None:
    assert "The share that were late is 80 of 1,000 lower among women" in " ".join(said(told(words=LETTERS)))
    rows = [trace("label", 1.5, 0.5, 2.5, space="label"), part(1.5, 0.5, 2.5, space="score")]
    text = " ".join(said(told(rows, DAYS)))
    assert "Scores of women are 1.5 days higher" in text
    assert "The mean delivery time is 1.5 days higher among women than among others (95% range 0.5 to 2.5)." in text


@pytest.mark.parametrize("words", [PEOPLE, LETTERS, DAYS, PLAIN], ids=["people", "letters", "days", "plain"])
@pytest.mark.parametrize("weight", [None, "w"])
def test_every_sentence_keeps_the_rules(words: Words, weight: str | None) -> None:
    few = {"value": None, "low": None, "high": None, "proven": False}
    reasons = [
        trace(
            "flip",
            None,
            feature="sex",
            words="sex",
            population_id=ALL,
            status="not_applicable",
            reason="the model does not read sex",
            proven=False,
        ),
        trace(
            "flip",
            None,
            feature="sex",
            words="sex",
            population_id=ALL,
            status="not_tested",
            reason="the model was not supplied",
            proven=False,
        ),
        *(replace(row, **few, status="too_few", reason="too few") for row in USUAL),
    ]
    unproven = [replace(row, low=-0.02, high=0.03, value=0.01, proven=False) for row in USUAL if row.kind != "reveals"]
    for rows in (
        USUAL,
        [USUAL[7], reasons[0]],
        [USUAL[7], reasons[1]],
        reasons[2:],
        unproven,
        [replace(row, space="label" if row.kind == "label" else row.space) for row in unproven],
    ):
        if words is DAYS:
            rows = [replace(row, space="label") if row.kind == "label" else row for row in rows]
        found = told(rows, words, weight=weight)
        every: list[Sentence] = [*found.sentences, found.caution, found.how_to_read]
        every += [found.no_picture] if found.no_picture is not None else []
        for sentence in every:
            check_figures(sentence)
            assert errors(lint_sentence(sentence)) == [], str(sentence)
            assert not re.search(r"\bnan\b|None", str(sentence))


def test_the_picture_shows_the_largest_parts_first() -> None:
    picture = told().picture
    assert picture is not None
    assert [(row.label, row.value, row.emphasis, row.note) for row in picture.rows] == [
        ("job", -0.05, True, ""),
        ("age", 0.004, False, "may be none"),
    ]
    assert (
        picture.title
        == "Job is the one feature with a proven part in the difference in scores between women and others."
    )
    assert picture.table.rows[0] == ("job", "−5.0 (−7.0 to −3.0)")


def test_many_features_fit_and_the_table_keeps_all() -> None:
    rows = [part(0.01 * place, 0.01 * place - 0.005, 0.01 * place + 0.005, f"f{place}") for place in range(1, 31)]
    found = told(rows)
    assert found.picture is not None
    assert [row.label for row in found.picture.rows] == [f"f{place}" for place in range(30, 22, -1)]
    assert len(found.table.rows) == 30
    assert found.picture.title.startswith("30 features have a proven part in the difference")


def test_the_table_joins_what_is_known_about_a_feature() -> None:
    assert told().table.rows == (
        ("Job", "66 (62 to 70)", "−5.0 (−7.0 to −3.0)", "30 (10 to 50)"),
        ("Age", "52 (50 to 55)", "0.4 (−0.6 to 1.4)", ""),
        ("All features together", "71 (69 to 73)", "", ""),
        ("The score", "60 (57 to 63)", "", ""),
    )


def test_without_a_split_it_says_why() -> None:
    rows = [row for row in USUAL if row.kind != "score_gap"]
    assert str(told(rows).no_picture) == (
        "Which features the scores differ by was not tested, because the model was not supplied."
    )
    slow = NotTested("explanations", "What the score leans on", "the model answers too slowly", "")
    assert "the model answers too slowly" in str(told(rows, not_tested=(slow,)).no_picture)
    blank = [
        replace(row, value=None, low=None, high=None, status="too_few") for row in USUAL if row.kind == "score_gap"
    ]
    assert str(told(blank).no_picture) == "Too few of the explained cases to split the scores of women."


def test_a_run_without_traces_says_nothing() -> None:
    assert traces_of(evidence(())) is None
    assert attributes_with_traces(evidence(())) == ()


def test_the_group_asked_for_is_shown_and_an_unknown_one_is_not() -> None:
    hostile = replace(USUAL[0], attribute="region", population_id="region=n", words=HOSTILE, feature="job")
    rows = (*USUAL, replace(USUAL[0], population_id="sex=M"), hostile)
    assert attributes_with_traces(evidence(rows)) == ("sex", "region")
    assert groups_with_traces(evidence(rows), "sex") == {"sex=F": "women", "sex=M": "men"}
    men = traces_of(evidence(rows), "sex", "sex=M")
    assert men is not None
    assert "men are told from others" in said(men)[0]
    other = traces_of(evidence(rows), "no such", "no such")
    assert other is not None
    assert (other.attribute, other.group) == ("sex", "sex=F")
    north = traces_of(evidence(rows), "region")
    assert north is not None
    assert said(north) == [f"By {HOSTILE}, {HOSTILE} are told from others in 71 of 100 pairs (95% range 69 to 73)."]


def test_few_people_keep_no_number_and_the_next_smallest_neither() -> None:
    sizes = {"a=1": 7, "a=2": 40, "a=3": 300}
    rows = [
        trace("label", 0.1, 0.0, 0.2, attribute="a", population_id=name, n=n, n_rest=347 - n)
        for name, n in sizes.items()
    ]
    kept = withhold([*rows, *USUAL], 10)
    assert [row.value for row in kept[:3]] == [None, None, 0.1]
    assert [(row.n, row.n_rest) for row in kept[:2]] == [(-1, -1)] * 2
    assert kept[3:] == USUAL
    assert withhold(USUAL, 10) == USUAL


def test_everyone_else_may_be_few_too() -> None:
    rows = [
        trace("label", 0.1, 0.0, 0.2, attribute="a", population_id="a=1", n=400, n_rest=6),
        trace("label", -0.1, -0.2, 0.0, attribute="a", population_id="a=2", n=6, n_rest=400),
    ]
    assert [row.value for row in withhold(rows, 10)] == [None, None]
