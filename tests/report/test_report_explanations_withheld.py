"""What readers who may not see figures about few people are given of curves, shares, cases, ways out and checks."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

import explained_records as made
import numpy as np
import pytest
from explained_records import POPULATIONS, group

from evaluator.records import ALL, CasePart, Dependence, FeatureShare, Population
from evaluator.report.explanations_parts import withheld
from evaluator.report.explanations_parts.one_case import case_page
from evaluator.report.explanations_parts.withheld_shares import withhold_shares
from evaluator.report.fairness_parts.closing import HIDDEN
from evaluator.report.suppression import suppress

FEW = 10


def shares_of(counts: dict[str, tuple[int, ...]]) -> tuple[FeatureShare, ...]:
    """One feature in parts: how many of each group are in each."""
    return tuple(
        made.share(name, position, n, sum(line), feature="income")
        for name, line in counts.items()
        for position, n in enumerate(line)
    )


def populations_of(counts: dict[str, tuple[int, ...]]) -> dict[str, Population]:
    return {name: group(name, "" if name == ALL else "sex", sum(line)) for name, line in counts.items()}


def with_everyone(groups: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {ALL: tuple(map(sum, zip(*groups.values(), strict=True))), **groups}


def hidden_of(counts: dict[str, tuple[int, ...]]) -> set[tuple[str, int]]:
    rows = withhold_shares(shares_of(counts), populations_of(counts), FEW)
    return {(row.population_id, row.position) for row in rows if row.n == HIDDEN}


def test_shares_of_many_people_stay() -> None:
    counts = with_everyone({"w": (30, 40, 50), "m": (20, 30, 0)})
    rows = shares_of(counts)
    assert withhold_shares(rows, populations_of(counts), FEW) == rows


def test_a_small_share_takes_the_next_with_it_in_its_group_and_its_part() -> None:
    assert hidden_of(with_everyone({"w": (3, 40, 50), "m": (20, 30, 60)})) >= {("w", 0), ("w", 1), ("m", 0)}
    # Of w all but four have one value: the many are withheld with the few.
    assert {("w", 0), ("w", 1)} <= hidden_of(with_everyone({"w": (96, 4), "m": (50, 50)}))


def test_withheld_shares_keep_no_number_and_say_why() -> None:
    counts = with_everyone({"w": (3, 40, 50), "m": (5, 1, 0)})
    rows = withhold_shares(shares_of(counts), populations_of(counts), FEW)
    shut = [row for row in rows if row.n == HIDDEN]
    assert {row.status for row in shut} == {"too_few"}
    assert {(row.share, row.low, row.high) for row in shut} == {(None, None, None)}
    # A group of six is shown with nothing at all, not even that none of it is somewhere.
    assert [(row.n, row.total) for row in rows if row.population_id == "m"] == [(HIDDEN, HIDDEN)] * 3
    by_cell = {(row.population_id, row.position): row.reason for row in rows}
    assert by_cell["w", 0] == "fewer than 10"
    assert by_cell["w", 1] == "not shown"


@pytest.mark.parametrize("groups", [("w", "m"), ("w", "m", "x")])
def test_no_small_count_follows_by_subtraction(groups: tuple[str, ...]) -> None:
    """No hidden count of few people is the only solution of what is shown: totals, other counts, and everyone's."""
    rng = np.random.default_rng(20_271)
    told, small = [], 0
    for _ in range(60):
        sizes = rng.choice([0, 3, 8, 15, 40, 90], (len(groups), 4))
        counts = with_everyone({name: tuple(int(n) for n in line) for name, line in zip(groups, sizes, strict=True)})
        shut = sorted(hidden_of(counts))
        few = [cell for cell in counts_of(counts) if 0 < counts[cell[0]][cell[1]] < FEW]
        assert set(few) <= set(shut)
        small += len(few)
        free = null_space(equations(counts, shut))
        told += [(counts, cell) for place, cell in enumerate(shut) if cell in few and np.allclose(free[place], 0)]
    assert small > 100
    assert told == []


def counts_of(counts: dict[str, tuple[int, ...]]) -> list[tuple[str, int]]:
    return [(name, place) for name, line in counts.items() for place in range(len(line))]


def equations(counts: dict[str, tuple[int, ...]], shut: list[tuple[str, int]]) -> np.ndarray:
    """Which hidden counts add up to something known: every group's own total, and groups to everyone in every part."""
    lines = [[(cell, 1) for cell in counts_of(counts) if cell[0] == name] for name in counts]
    lines += [
        [((name, place), -1 if name == ALL else 1) for name in counts]
        for place in range(len(next(iter(counts.values()))))
    ]
    known = [dict(line) for line in lines]
    return np.array([[line.get(cell, 0) for cell in shut] for line in known], dtype=float).reshape(
        len(known), len(shut)
    )


def null_space(rows: np.ndarray) -> np.ndarray:
    """How far each unknown may move with all equations kept, shape (unknowns, directions)."""
    if not rows.shape[1]:
        return np.zeros((0, 1))
    _, sizes, turned = np.linalg.svd(rows)
    rank = int((sizes > 1e-9).sum())
    return turned[rank:].T if rank < turned.shape[0] else np.zeros((turned.shape[0], 1))


def line(feature: str, number: int, heights: tuple[float, ...]) -> list[Dependence]:
    return [made.dependence("case", number, place, y, feature=feature) for place, y in enumerate(heights)]


def test_single_lines_stay_but_cannot_be_followed_from_feature_to_feature() -> None:
    rows = [*line("income", 1, (0.9, 0.8)), *line("income", 2, (0.1, 0.2)), *line("debt", 1, (0.1, 0.3)),
            *line("debt", 2, (0.7, 0.6))]  # fmt: skip
    few, many = (made.dependence("mean", 0, 0, 0.5, n=n) for n in (FEW - 1, FEW))
    shown = withheld.withhold_lines([few, many, *rows], FEW)
    assert [row for row in shown if row.kind == "mean"] == [many]
    lines = [row for row in shown if row.kind == "case"]
    assert Counter((row.feature, row.y) for row in lines) == Counter((row.feature, row.y) for row in rows)
    assert {(row.feature, row.line): row.y for row in lines if row.position == 0} == {
        ("income", 1): 0.1, ("income", 2): 0.9, ("debt", 1): 0.1, ("debt", 2): 0.7,
    }  # fmt: skip


def test_the_order_of_single_lines_does_not_depend_on_their_numbers() -> None:
    heights = [(0.4, 0.1), (0.2, 0.9), (0.4, 0.0)]
    found = []
    for order in itertools.permutations(range(3)):
        rows = [row for number, place in enumerate(order) for row in line("income", number, heights[place])]
        found.append({(row.line, row.position, row.y) for row in withheld.withhold_lines(rows, FEW)})
    assert all(one == found[0] for one in found)


BAND = "40% to under 50%"


def test_values_that_few_have_or_that_nobody_counted_are_not_named() -> None:
    rows = [made.part(held_by=number) for number in (400, FEW, FEW - 1, None)]
    shown = withheld.withhold_values([*rows, made.part("sex", value="women")], {"sex"}, FEW)
    assert [row.value for row in shown] == [BAND, BAND, withheld.RARE, withheld.RARE, withheld.NOT_SHOWN]
    assert [row.held_by for row in shown] == [400, FEW, None, None, None]
    assert [row.part for row in shown] == [-0.09] * 5
    assert withheld.withhold_values([made.reason(held_by=2)], set(), FEW)[0].value == withheld.RARE


def test_a_value_in_place_of_another_has_no_usual_beside_it() -> None:
    """The usual level beside "a value that is not shown" would say that it is another one."""
    rows = [made.part(), made.part(held_by=1), made.part("sex"), made.part(band="")]
    assert [row.usual for row in withheld.withhold_values(rows, {"sex"}, FEW)] == ["31%", "", "", ""]


def test_records_of_older_files_without_bands_show_no_value() -> None:
    assert withheld.withhold_values([made.part(band="")], set(), FEW)[0].value == withheld.NOT_SHOWN
    assert withheld.withhold_values([made.reason(band="")], set(), FEW)[0].value == withheld.NOT_SHOWN
    shown = suppress(replace(made.whole(), way_out_changes=(made.change(from_band="", to_band=""),)), FEW)
    assert {(row.from_text, row.to_text) for row in shown.way_out_changes} == {(withheld.NOT_SHOWN, withheld.NOT_SHOWN)}


@pytest.mark.parametrize(
    ("own", "to", "expected"),
    [(0.48, 0.44, "a lower value"), (0.48, 0.55, "a higher value"), (None, 0.44, "a value")],
)
def test_ways_out_name_the_direction_and_a_band(own: float | None, to: float, expected: str) -> None:
    rows = (made.change(from_value=own, to_value=to, from_text="48.1%", to_text="44.3%"),)
    shown = suppress(replace(made.whole(), way_out_changes=rows), FEW).way_out_changes[0]
    assert (shown.from_text, shown.to_text) == (BAND, f"{expected}, {BAND}")
    assert (shown.from_value, shown.to_value) == (None, None)
    sex = suppress(replace(made.whole(), way_out_changes=(made.change(feature="sex", to_value=None),)), FEW)
    assert sex.way_out_changes[0].to_text == withheld.NOT_SHOWN


def many_parts(*sizes: float, sensitive: float) -> list[CasePart]:
    """Parts by size; that of sex is the largest."""
    rows = [("sex", sensitive), *((f"f{place}", size) for place, size in enumerate(sizes, 2))]
    return [
        made.part(name, position=place, part=size, low=size - 0.005, high=size + 0.005)
        for place, (name, size) in enumerate(rows, 1)
    ]


@pytest.mark.parametrize(("others", "kept"), [(9, 5), (6, 4), (4, 2), (2, 0), (1, 0), (0, 0)])
def test_parts_of_sensitive_features_are_told_with_others_alone(others: int, kept: int) -> None:
    rows = many_parts(*np.linspace(0.2, 0.05, others).tolist(), sensitive=0.3)
    other_case = made.part(number=2)
    shown = withheld.fold_parts([*rows, other_case], {"sex"})
    own = [row for row in shown if row.number == 1]
    assert [row.feature for row in own] == [*(f"f{place}" for place in range(2, 2 + kept)), ""]
    assert [row.position for row in own] == list(range(1, kept + 2))
    assert own[-1].words == f"all {1 + others - kept} others"
    assert (own[-1].value, own[-1].low, own[-1].high) == ("", None, None)
    assert sum(row.part for row in own) == pytest.approx(sum(row.part for row in rows))
    assert [row for row in shown if row.number == 2] == [other_case]


def test_pages_of_viewers_name_no_sensitive_part_and_no_sensitive_reason() -> None:
    parts = many_parts(-0.05, 0.04, -0.03, 0.02, 0.01, 0.006, 0.004, sensitive=-0.14)
    whole = replace(
        made.whole(), case_parts=tuple(parts), reasons=(made.reason(feature="sex", words="sex"), made.reason(position=2)),
    )  # fmt: skip
    shown = suppress(whole, FEW)
    assert [row.feature for row in shown.reasons] == ["debt"]
    page = case_page(shown, "1")
    assert page is not None
    assert page.picture is not None
    assert [step.label for step in page.picture.steps] == ["f2", "f3", "f4", "f5", "f6", "all 3 others"]
    assert "sex" not in repr((page.picture, page.parts))
    assert page.picture.title == "Of the features shown, the score of case 1 leans most on f2."
    assert str(page.parts[-1]) == "All other features together: 13 points less than others get for theirs (no range)."


def test_recourse_of_small_groups_is_withheld_and_with_it_the_group_that_would_tell_it() -> None:
    rows = [made.rate(total=900), made.rate("sex=w", total=500), made.rate("sex=m", total=391),
            made.rate("sex=x", n=9, total=9, count=3)]  # fmt: skip
    shown = {row.population_id: row for row in withheld.withhold_rates(rows, POPULATIONS, FEW)}
    assert [shown[ALL], shown["sex=w"]] == rows[:2]
    few, next_one = shown["sex=x"], shown["sex=m"]
    assert (few.value, few.count, few.total, few.reason) == (None, HIDDEN, HIDDEN, "fewer than 10")
    assert (next_one.value, next_one.low, next_one.cost, next_one.reason) == (None, None, None, "not shown")
    assert {few.status, next_one.status} == {"too_few"}


def test_a_rate_of_many_keeps_a_small_count() -> None:
    row = made.rate(count=4, value=0.04)
    assert withheld.withhold_rates([row], POPULATIONS, FEW) == (row,)


def test_no_row_id_and_no_rare_value_reaches_these_readers() -> None:
    whole = replace(made.whole(), way_out_changes=(made.change(held_by=1, from_text="51.7%", from_value=0.517),))
    shown = suppress(whole, FEW)
    assert [(row.number, row.row_id) for row in shown.cases] == [(1, ""), (2, "")]
    assert [row.nearest_row_id for row in shown.ways_out] == [""]
    assert [(row.from_value, row.from_text, row.to_text) for row in shown.way_out_changes] == [
        (None, withheld.RARE, f"a lower value, {BAND}")
    ]
    told = repr([getattr(shown, name) for name in ("cases", "case_parts", "ways_out", "way_out_changes", "reasons")])
    assert "row-" not in told
    assert "51.7" not in told


def test_where_nobody_is_few_nothing_but_ids_is_taken() -> None:
    """All else comes back as it was, so that these readers see the same figures as evaluators."""
    whole, populations = made.whole(), {ALL: POPULATIONS[ALL], "sex=w": POPULATIONS["sex=w"]}
    whole = replace(whole, populations=populations)
    shown = suppress(whole, FEW)
    same = ("importances", "effects", "feature_shares", "interactions", "interaction_points", "similar_cases",
            "recourse_rates", "reason_checks", "explanation_checks", "surrogate_leaves")  # fmt: skip
    for name in same:
        assert getattr(shown, name) == getattr(whole, name), name
    assert shown.case_parts == tuple(replace(row, value=row.band) for row in whole.case_parts)
    assert shown.reasons == tuple(replace(row, value=row.band) for row in whole.reasons)
    assert {replace(row, line=0) for row in shown.dependences} == {replace(row, line=0) for row in whole.dependences}
    assert whole.cases[0].row_id == "row-1"


def test_similar_cases_leaves_points_and_checks_of_few() -> None:
    full = replace(
        made.whole(),
        similar_cases=(made.similar(count=3), made.similar(2, n=9)),
        surrogate_leaves=(made.leaf(1, n=9), made.leaf(2, n=10)),
        interaction_points=tuple(made.interaction_point(0, 1, n) for n in (0, 9, 10)),
        reason_checks=tuple(made.reason_check(n=n) for n in (9, 300)),
        explanation_checks=tuple(
            made.check("proxy", n=n, population_id=where)
            for n, where in ((9, ""), (300, ""), (300, "sex=x"), (300, "sex=w"))
        ),
    )
    shown = suppress(full, FEW)
    assert [(row.n, row.count) for row in shown.similar_cases] == [(20, 3), (HIDDEN, None)]
    assert [row.n for row in shown.surrogate_leaves] == [10]
    assert [row.n for row in shown.interaction_points] == [0, 10]
    assert [(row.n, row.value) for row in shown.reason_checks] == [(HIDDEN, None), (300, 0.9)]
    assert [row.value for row in shown.explanation_checks] == [None, 0.62, None, 0.62]


def test_nothing_is_explained_about_a_closed_class() -> None:
    whole = made.whole()
    rows = replace(
        whole,
        cases=tuple(replace(row, class_="rare" if row.number == 1 else "common") for row in whole.cases),
        case_parts=tuple(replace(row, class_="rare" if row.number == 1 else "common") for row in whole.case_parts),
        importances=tuple(replace(row, class_="rare") for row in whole.importances),
    )
    shown = withheld.withhold(rows, FEW, {"rare"})
    assert [row.number for row in shown.cases] == [2]
    assert {row.number for row in shown.case_parts} == {2}
    assert shown.importances == ()
