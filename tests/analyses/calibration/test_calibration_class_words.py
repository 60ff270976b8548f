"""Promises of several classes said in the words of the class, or of all classes together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from class_promise_samples import KINDS, analysed, parcels, row_of

from evaluator.analyses.calibration import words as said
from evaluator.analyses.calibration.draw import reliability_lines
from evaluator.catalogue.calibration import FAMILY_CHECKS
from evaluator.records import ALL, MODEL, AnalysisTables, Population, Words
from evaluator.wording import Sentence, check_figures, errors, lint_sentence


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return analysed(tmp_path_factory.mktemp("kept"), parcels())


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return analysed(tmp_path_factory.mktemp("broken"), parcels(odds=3.0))


TOGETHER = Words("parcel", "parcels", "", "", "", "", people=False)
TUBE = replace(TOGETHER, positive="held a tube", negative="held no tube")
PLAIN = Words("row", "rows", "labelled 3", "", "predicted 3", "", people=False, plain=True)
PEOPLE = Words("patient", "patients", "had stage II", "had another stage", "put into II", "not put into II")
ABOUT = [("", TOGETHER), ("tube", TUBE), ("3", PLAIN), ("II", PEOPLE)]
CHANGES: list[Mapping[str, float]] = [
    {}, {"intercept": 0.4}, {"intercept": -0.4}, {"slope": 0.6}, {"slope": 1.5}, {"debiased": 0.2},
]  # fmt: skip


def everyone(words: Words) -> Population:
    return Population(ALL, words.cases, words.cases, "{}", "", "all", 0, "planned", 3_000, 1.0)


def clean(sentence: Sentence | None) -> str:
    assert sentence is not None
    check_figures(sentence)
    assert errors(lint_sentence(sentence)) == [], str(sentence)
    return str(sentence)


def made(tables: AnalysisTables, class_: str, off: Mapping[str, float]) -> said.Checks:
    """The three checks of one class, provably off where `off` says so."""
    rows = [
        replace(
            row_of(tables, name), class_=class_, value=off.get(name, row_of(tables, name).value),
            p_adjusted=0.001 if name in off else 0.7,
        )
        for name in FAMILY_CHECKS
    ]  # fmt: skip
    return said.by_key(rows)


@pytest.mark.parametrize(("class_", "words"), ABOUT, ids=["together", "tube", "plain", "people"])
@pytest.mark.parametrize("off", CHANGES, ids=["none", "more", "less", "extreme", "timid", "places"])
def test_every_title_is_lawful_and_says_what_it_is_about(
    class_: str, words: Words, off: Mapping[str, float], kept: AnalysisTables
) -> None:
    title = clean(said.promise_title(made(kept, class_, off), words, everyone(words), class_=class_))
    assert (f"“{words.positive}”" in title) is bool(class_)
    if "intercept" in off:
        assert ("more often" in title) is (off["intercept"] > 0)
        assert class_ or title.startswith("The class given was right ")
    assert clean(said.promise_title({}, words, everyone(words), class_=class_)).endswith("keeps its promise.")


@pytest.mark.parametrize(("class_", "words"), ABOUT, ids=["together", "tube", "plain", "people"])
def test_distances_and_steps_are_said_in_the_words_of_the_class(
    class_: str, words: Words, broken: AnalysisTables
) -> None:
    row = replace(row_of(broken, "plug_in"), class_=class_)
    told = clean(said.distance_sentence(row, words, everyone(words), {}, per=said.distance_scale([row])))
    assert told.startswith(f"For the outcome “{words.positive}”, " if class_ else f"For all {words.cases}, ")
    points = [
        replace(point, class_=class_)
        for point in broken.curves
        if (point.class_, point.subject, point.population_id) == ("tube", MODEL, ALL)
    ]
    step = clean(said.point_sentence(points, words, everyone(words), 0.95))
    assert (words.positive or "classed rightly") in step
    chart = reliability_lines(points, words, everyone(words), title="Found.", level=0.95)
    assert chart.y_axis.title == f"Seen: {words.positive or 'right'} per 100"


def test_classes_are_named_the_furthest_off_first(kept: AnalysisTables) -> None:
    words = {kind: replace(TUBE, positive=f"held a {kind}") for kind in KINDS}
    one = made(kept, "tube", {"debiased": 0.1})
    assert clean(said.classes_sentence(one, words)) == (
        "Of 1 class, 1 provably lies off the promise (15 checks, adjusted together). It is “held a tube”."
    )
    both = {**one, **made(kept, "box", {"debiased": 0.3}), **made(kept, "sack", {})}
    assert clean(said.classes_sentence(both, words)) == (
        "Of 3 classes, 2 provably lie off the promise (15 checks, adjusted together). "
        "These are “held a box” and “held a tube”."
    )
    assert said.classes_sentence({}, words) is None
