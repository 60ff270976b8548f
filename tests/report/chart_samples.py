"""One chart of every kind, with the sentences and numbers of one loan example that agree with each other."""

from __future__ import annotations

from evaluator.charts import (
    Bars,
    Chart,
    ChartTable,
    Histogram,
    IntervalBar,
    IntervalDots,
    IntervalRow,
    Limit,
    Lines,
    Marker,
    PeopleStrip,
    PeopleTree,
    Reference,
    RequirementRow,
    Requirements,
    Series,
    TreeBranch,
    TreeLeaf,
    axis_for,
)

EMPTY = ChartTable((), ())


def groups() -> IntervalDots:
    rows = (
        IntervalRow(label="Women aged 60 or over", value=0.180, low=0.149, high=0.215, emphasis=True, note="92 of 512"),
        IntervalRow(label="60 or over", value=0.145, low=0.126, high=0.167, note="162 of 1,116"),
        IntervalRow(label="Women", value=0.132, low=0.124, high=0.140, note="937 of 7,100"),
        IntervalRow(label="Men", value=0.095, low=0.089, high=0.101, note="827 of 8,740"),
        IntervalRow(label="Under 21", value=None, status="too_few", note="fewer than 10 people"),
    )
    values = [number for row in rows for number in (row.value, row.low, row.high)]
    axis = axis_for("refused, of 1,000 who would repay", values, per=1000, better="left", zero=True)
    return IntervalDots(
        title="Women aged 60 or over who would repay are refused most often.",
        how_to_read="A dot is what was seen, its line the range that fits the data.",
        alt="Of 1,000 women aged 60 or over who would repay, 180 are refused (149 to 215).",
        table=EMPTY, axis=axis, rows=rows, limits=(Limit(0.111, "everyone: 111"),),
    )  # fmt: skip


def gaps() -> IntervalDots:
    rows = (
        IntervalRow(
            label="Age, from 60 against below", value=0.036, low=0.016, high=0.059, status="inconclusive", chance=0.014
        ),
        IntervalRow(label="Women against men", value=0.037, low=0.027, high=0.047, status="met", chance=0.006),
        IntervalRow(label="Region", value=0.021, low=0.004, high=0.039, chance=0.016, note="no limit set"),
        IntervalRow(label="Under 21 against older", value=None, status="not_tested", note="the data had fewer than 10"),
    )
    axis = axis_for("extra refusals per 1,000 who would repay", [0.059, 0.05], per=1000, better="left", zero=True)
    return IntervalDots(
        title="One gap is within its limit; for age the data cannot tell.",
        how_to_read="The bar is what fits the data; left of the line is within the limit.",
        alt="Women against men: 37 (27 to 47), met. Age: 36 (16 to 59), inconclusive.",
        table=EMPTY, axis=axis, rows=rows, limits=(Limit(0.05, "limit 50"),),
    )  # fmt: skip


def requirements() -> Requirements:
    rows = (
        RequirementRow(label="Self-employed applicants default as often as the score promises", value=0.30, low=0.26, high=0.35, limit_low=0.18, limit_high=0.22, better="target", per=100, status="not_met"),
        RequirementRow(label="Applicants from 60 are refused about as often as younger ones", value=0.036, low=0.016, high=0.059, limit_high=0.05, better="lower", per=1000, status="inconclusive", note="about 4,400 more applicants would settle it"),
        RequirementRow(label="Applicants under 21 are refused about as often as others", value=None, limit_high=0.05, better="lower", per=1000, status="not_tested", note="the data had fewer than 10"),
        RequirementRow(label="It ranks who repaid above who defaulted", value=0.81, low=0.80, high=0.82, limit_low=0.78, per=100, unit="of 100 pairs", status="met"),
        RequirementRow(label="Women and men are refused about equally often", value=0.037, low=0.027, high=0.047, limit_high=0.05, better="lower", per=1000, status="met"),
        RequirementRow(label="Few who would repay are refused", value=0.098, low=0.094, high=0.102, limit_high=0.12, better="lower", per=1000, status="met"),
    )  # fmt: skip
    return Requirements(
        title="Calibration for self-employed people misses its limit; for age the data cannot tell.",
        how_to_read="Each row has its own scale. The line is the limit, better is to the right.",
        alt="Six requirements: three met, one not met, one inconclusive, one not tested.",
        table=EMPTY, rows=rows,
    )  # fmt: skip


def interval_bar() -> IntervalBar:
    chart = requirements()
    return IntervalBar(
        title="Women and men: 37 (27 to 47), met.",
        how_to_read="",
        alt="37 (27 to 47), limit 50.",
        table=EMPTY,
        row=chart.rows[4],
    )


def empty_bar() -> IntervalBar:
    chart = requirements()
    return IntervalBar(title="Under 21: not tested.", how_to_read="", alt="Not tested.", table=EMPTY, row=chart.rows[2])


def calibration() -> Lines:
    axis = axis_for("chance of default the score gave, of 100", [0, 0.6], per=100)
    seen = axis_for("defaults seen, of 100", [0, 0.7], per=100)
    everyone = Series(
        name="everyone", xs=(0.03, 0.08, 0.15, 0.2, 0.3, 0.45), ys=(0.03, 0.08, 0.15, 0.21, 0.31, 0.44),
        lows=(0.02, 0.07, 0.13, 0.18, 0.27, 0.39), highs=(0.04, 0.09, 0.17, 0.24, 0.35, 0.49), style="points",
    )  # fmt: skip
    own = Series(
        name="self-employed", xs=(0.05, 0.1, 0.2, 0.35, 0.5), ys=(0.07, 0.16, 0.3, 0.46, 0.58),
        lows=(0.04, 0.12, 0.26, 0.38, 0.47), highs=(0.11, 0.21, 0.35, 0.54, 0.68), style="points", emphasis=True,
    )  # fmt: skip
    return Lines(
        title="For the self-employed, defaults run above what the score promises.",
        how_to_read="On the dotted line, what was promised is what was seen.",
        alt="Of 100 self-employed applicants given a 20% chance of default, 30 defaulted (26 to 35).",
        table=EMPTY, x_axis=axis, y_axis=seen, series=(everyone, own), reference=Reference("as promised"),
    )  # fmt: skip


def trade_off() -> Lines:
    xs = tuple(index / 40 for index in range(41))
    refused = tuple(0.392 * x**2 for x in xs)
    approved = tuple(0.12 * (1 - x) ** 1.5 + 0.0056 for x in xs)
    series = (
        Series(name="good payers refused", xs=xs, ys=refused, lows=tuple(y * 0.95 for y in refused), highs=tuple(y * 1.05 for y in refused), emphasis=True),
        Series(name="defaults approved", xs=xs, ys=approved, lows=tuple(y * 0.9 for y in approved), highs=tuple(y * 1.1 for y in approved)),
    )  # fmt: skip
    return Lines(
        title="At today's cut-off, 98 good payers are refused and 48 defaults approved.",
        how_to_read="Each line is one kind of error at every cut-off.",
        alt="At 0.50: 98 good payers refused, 48 defaults approved, of 1,000 applicants.",
        table=EMPTY, x_axis=axis_for("cut-off", [0, 1]), y_axis=axis_for("of 1,000 applicants", [0, 0.42], per=1000),
        series=series, markers=(Marker(0.5, "today's cut-off 0.50"),),
    )  # fmt: skip


def roc() -> Lines:
    xs = tuple(index / 50 for index in range(51))
    new, old = tuple(x**0.25 for x in xs), tuple(x**0.32 for x in xs)
    return Lines(
        title="Version 2.3 ranks a little better than version 2.2.",
        how_to_read="The further above the dotted line, the better it ranks.",
        alt="Both curves lie far above guessing; 2.3 lies above 2.2.", table=EMPTY,
        x_axis=axis_for("defaults approved, of 100", [0, 1], per=100), y_axis=axis_for("good payers approved, of 100", [0, 1], per=100),
        series=(
            Series(name="version 2.3", xs=xs, ys=new, lows=tuple(max(y - 0.02, 0) for y in new), highs=tuple(min(y + 0.02, 1) for y in new), emphasis=True),
            Series(name="version 2.2", xs=xs, ys=old),
        ),
        reference=Reference("guessing"), markers=(Marker(0.4, "today: 40"),),
    )  # fmt: skip


def bars() -> Bars:
    rows = (
        IntervalRow(label="Debt compared with income", value=0.061, low=0.056, high=0.066, emphasis=True, note="1st"),
        IntervalRow(label="Income", value=0.032, low=0.027, high=0.037, note="2nd to 3rd"),
        IntervalRow(label="Time in job", value=0.030, low=0.025, high=0.035, note="2nd to 3rd"),
        IntervalRow(label="Number of earlier loans", value=0.011, low=0.008, high=0.014, note="4th"),
    )
    axis = axis_for("points of repayment chance moved on average", [0.066], per=100, zero=True, decimals=1)
    return Bars(
        title="The score leaned most on debt compared with income.", how_to_read="Longer bars moved the score more.",
        alt="Debt compared with income moved the score by 6.1 points (5.6 to 6.6).", table=EMPTY, axis=axis, rows=rows,
    )  # fmt: skip


def histogram() -> Histogram:
    edges = tuple(index / 10 for index in range(11))
    counts = (180.0, 420.0, 960.0, 1510.0, 2210.0, 2950.0, 3640.0, 3420.0, 2060.0, 650.0)
    return Histogram(
        title="Most applicants score above today's cut-off.", how_to_read="Each bar counts the applicants with such a score.",
        alt="Scores of 18,000 applicants, most above 0.50.", table=EMPTY, x_axis=axis_for("score", [0, 1]),
        y_axis=axis_for("applicants", counts, zero=True, decimals=0), edges=edges, counts=counts, marker=Marker(0.5, "cut-off 0.50"),
    )  # fmt: skip


def tree() -> PeopleTree:
    return PeopleTree(
        title="Of 1,000 applicants, 98 who would repay are refused and 48 who will default are approved.",
        how_to_read="Bars share one scale; hatched ones are wrong decisions.",
        alt="880 would repay: 782 approved, 98 refused. 120 would default: 72 refused, 48 approved.",
        table=EMPTY, label="applicants", total=1000,
        branches=(
            TreeBranch("would repay", 880, (TreeLeaf("approved", 782), TreeLeaf("refused", 98, True, "94 to 102"))),
            TreeBranch("would default", 120, (TreeLeaf("refused", 72), TreeLeaf("approved", 48, True, "45 to 51"))),
        ),
    )  # fmt: skip


def strip() -> PeopleStrip:
    words = "Of 100 applicants, about 10 who would repay are refused."
    return PeopleStrip(
        title=words, how_to_read="One figure is one applicant.", alt=words, table=EMPTY, label=words, marked=10
    )


def all_samples() -> dict[str, Chart]:
    makers = (
        groups,
        gaps,
        requirements,
        interval_bar,
        empty_bar,
        calibration,
        trade_off,
        roc,
        bars,
        histogram,
        tree,
        strip,
    )
    return {maker.__name__: maker() for maker in makers}
