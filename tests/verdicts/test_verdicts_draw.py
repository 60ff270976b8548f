"""Requirements as rows of a picture: numbers and limits in the unit of the label."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from evaluator.catalogue.palette import LIGHT
from evaluator.records import CriterionResult
from evaluator.report.chart_text import text_width
from evaluator.report.render_svg.picture import svg
from evaluator.verdicts.draw import requirement_bar, requirement_row, requirements_chart

TEXT = re.compile(r'<text x="([\d.]+)"[^>]*font-size="([\d.]+)"[^>]*>([^<]*)</text>')


def criterion(metric: str, numbers: tuple[float, float, float], **fields: object) -> CriterionResult:
    value, low, high = numbers
    base = CriterionResult(
        criterion_id="c1", position=1, question="Is it close enough?", analysis="performance", metric=metric, class_="",
        subject="model", population_id="all", gap_by="", gap_kind="", gap_against="", against="", limit_low=None,
        limit_high=45.0, value=value, low=low, high=high, level=0.95, method="t", n=400, status="met", reason="",
        rows_needed=None, blocking=True, why="",
    )  # fmt: skip
    return replace(base, **fields)  # type: ignore[arg-type]


def test_a_predicted_number_is_printed_with_its_unit() -> None:
    row = requirement_row(criterion("mean_absolute_error", (43.2, 39.4, 44.8)), unit="points")
    assert row.estimate() == "43.2 points (39.4 to 44.8)"
    assert row.limit_text() == "at most 45 points"
    bare = requirement_row(criterion("mean_absolute_error", (43.2, 39.4, 44.8)))
    assert (bare.estimate(), bare.limit_text()) == ("43.2 (39.4 to 44.8)", "at most 45")


@pytest.mark.parametrize(
    ("metric", "numbers", "fields", "estimate", "limit"),
    [
        ("mean_error", (-3.0, -5.0, -1.0), {"limit_low": -6.0, "limit_high": 6.0},
         "3 points too low (1 to 5)", "6 points too low to 6 too high"),
        ("mean_absolute_error", (-5.0, -8.0, -2.0), {"against": "previous", "limit_high": -1.0},
         "5 points less (2 to 8)", "at least 1 point less"),
        ("mean_absolute_error", (5.0, 2.0, 8.0), {"gap_by": "sex", "gap_kind": "difference"},
         "5 points (2 to 8)", "at most 45 points"),
        ("mean_absolute_error", (0.9, 0.85, 0.95), {"gap_by": "sex", "gap_kind": "ratio", "limit_low": 0.8, "limit_high": None},
         "90 (85 to 95) per 100", "at least 80"),
        ("r2", (0.45, 0.40, 0.50), {"limit_low": 0.3, "limit_high": None}, "45 (40 to 50) per 100", "at least 30"),
        ("false_negative_rate", (0.02, 0.01, 0.03), {"limit_high": 0.05}, "2 (1 to 3) per 100", "at most 5"),
    ],
)  # fmt: skip
def test_other_numbers_keep_their_own_scale(
    metric: str, numbers: tuple[float, float, float], fields: dict[str, object], estimate: str, limit: str
) -> None:
    row = requirement_row(criterion(metric, numbers, **fields), unit="points")
    assert (row.estimate(), row.limit_text()) == (estimate, limit)


def test_the_unit_reaches_the_picture_and_the_bar() -> None:
    row = criterion("mean_absolute_error", (4.32e6, 3.94e6, 4.48e6), limit_high=4.5e6)
    chart = requirements_chart([row], unit="euros")
    assert chart is not None
    assert chart.table.rows[0][1:3] == ("4.32 million euros (3.94 to 4.48)", "at most 4.5 million euros")
    assert (
        "4.32 million euros (3.94 to 4.48); limit at most 4.5 million euros" in requirement_bar(row, unit="euros").alt
    )


def test_a_long_limit_leaves_the_text_beside_the_track_alone() -> None:
    row = criterion("mean_error", (3.8, -3.7, 11.3), limit_low=-10.0, limit_high=10.0)
    chart = requirements_chart([row], unit="points")
    assert chart is not None
    drawn = svg(chart, LIGHT, 880)
    places = {text: (float(x), float(size)) for x, size, text in TEXT.findall(drawn)}
    limit = "10 points too low to 10 too high"
    middle, size = places[limit]
    (beside,) = [x for text, (x, _) in places.items() if text.startswith("4 points too high")]
    assert middle + text_width(limit, size) / 2 <= beside
