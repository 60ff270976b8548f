"""Rows of the quality table."""

from __future__ import annotations

from evaluator.records import ALL, Interval, Quality


def counted(
    check: str, column: str, count: int, n: int, level: float, *,
    population_id: str = ALL, interval: Interval | None = None, words: str = "",
) -> Quality:  # fmt: skip
    """`count` of `n`; without an interval the count is exact and about these data alone."""
    return Quality(
        check=check, column=column, population_id=population_id, count=count, n=n, share=count / n if n else 0.0,
        low=interval.low if interval else None, high=interval.high if interval else None, level=level,
        method=interval.method if interval else "exact_count", words=words,
    )  # fmt: skip


def worst_first(rows: tuple[Quality, ...]) -> list[Quality]:
    """Rows that count anything, the largest share first."""
    return sorted((row for row in rows if row.count), key=lambda row: (-row.share, row.column, row.population_id))
