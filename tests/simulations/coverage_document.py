"""The document that coverage_table.py writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from coverage_known import EXCEPTIONS
from coverage_tally import EDGE, LARGE_COUNT, MOST, USUAL, Tally
from scipy import stats

from evaluator.catalogue.metrics import METRICS

OPENING = f"""# How often ranges hold the truth

A 95% range should hold the true value in about 95 of 100 repetitions. This page says how often it did, in worlds made up
so that the true value is known. Every number was measured with the tool's own code. Written by
`make coverage-simulation`.

The promise: at least {USUAL:.0%} where at least {LARGE_COUNT} cases bear on a number and a share is between 2 and 98 in 100; at
least {EDGE:.0%} elsewhere; at most {MOST:.0%}, unless a method errs on the safe side. With clusters, the cases that count are
clusters. A promise counts as broken when an exact one-sided binomial test rejects it at one in a thousand.
"""
COLUMNS = ("rows", "design", "truth", "cases", "promise", "held", "between", "mean width", "method", "verdict")


def document(found: Sequence[Tally], replicates: int) -> str:
    """The whole page."""
    return "\n".join(_lines(found, replicates)) + "\n"


def _lines(found: Sequence[Tally], replicates: int) -> Iterator[str]:
    yield OPENING
    yield f"{replicates:,} repetitions of each of {len({(one.regime, one.design) for one in found})} worlds."
    yield from ("", "## In short", "")
    yield from _summary(found)
    yield from ("", "## Exceptions", "")
    yield from _exceptions(found)
    for kind in _kinds(found):
        yield from ("", f"## {_heading(kind)}", "")
        yield from _row(COLUMNS)
        yield from _row(["---"] * len(COLUMNS))
        for one in found:
            if one.metric == kind:
                yield from _row(_cells(one))


def _kinds(found: Iterable[Tally]) -> list[str]:
    """Metrics in the order of the catalogue, each followed by its differences."""
    order = {name: place for place, name in enumerate(METRICS)}
    return sorted({one.metric for one in found}, key=lambda kind: (order[kind.split(",")[0]], kind))


def _heading(kind: str) -> str:
    name, *rest = kind.split(", ")
    return ", ".join([f"{METRICS[name].label} (`{name}`)", *rest])


def _row(cells: Iterable[str]) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def _cells(one: Tally) -> tuple[str, ...]:
    within = stats.binomtest(one.held, one.asked).proportion_ci(0.95)
    return (
        one.regime, one.design, f"{one.truth / one.asked:.3g}", f"{one.count / one.asked:.0f}", f"{one.promise:.2f}",
        f"{one.coverage:.3f}", f"{within.low:.3f} to {within.high:.3f}", f"{one.width / one.asked:.3g}", one.method,
        one.verdict,
    )  # fmt: skip


def _summary(found: Sequence[Tally]) -> Iterator[str]:
    yield from _row(("metric", "worlds", "lowest", "highest", "kept"))
    yield from _row(["---"] * 5)
    for kind in _kinds(found):
        rows = [one for one in found if one.metric == kind]
        held = sorted(one.coverage for one in rows)
        kept = sum(one.verdict != "falls short" for one in rows)
        name, *rest = kind.split(", ")
        words = ", ".join([f"`{name}`", *rest])
        yield from _row((words, str(len(rows)), f"{held[0]:.3f}", f"{held[-1]:.3f}", f"{kept} of {len(rows)}"))


def _exceptions(found: Sequence[Tally]) -> Iterator[str]:
    yield "Where the promise is not kept, and what is known about it:"
    yield ""
    short = [one for one in found if one.verdict == "falls short"]
    for one in short:
        yield f"- {_heading(one.metric)}: {one.coverage:.3f} with {one.regime} ({one.design}), promised {one.promise:.2f}."
    if not short:
        yield "- None."
    yield ""
    yield "Where ranges are wider than they need to be, though no careful method was meant:"
    yield ""
    wide = [one for one in found if one.verdict == "kept, wider than needed"]
    for one in wide:
        yield f"- {_heading(one.metric)}: {one.coverage:.3f} with {one.regime} ({one.design})."
    if not wide:
        yield "- None."
    yield ""
    yield from (f"- {line}" for line in EXCEPTIONS)
