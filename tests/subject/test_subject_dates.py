from __future__ import annotations

from datetime import date

import pytest

from evaluator.subject.dates import calendar_edges, months_words, parse_period, span_words


@pytest.mark.parametrize(
    ("start", "end", "words", "short"),
    [
        ("2026-01-01", "2027-01-01", "2026", "2026"),
        ("2025-01-01", "2027-01-01", "2025 to 2026", "2025 to 2026"),
        ("2026-03-01", "2026-04-01", "March 2026", "Mar 2026"),
        ("2026-01-01", "2026-04-01", "January to March 2026", "Jan to Mar 2026"),
        ("2025-10-01", "2026-04-01", "October 2025 to March 2026", "Oct 2025 to Mar 2026"),
        ("2026-05-01", "2026-05-16", "1 to 15 May 2026", "1 to 15 May 2026"),
        ("2026-01-15", "2026-03-15", "15 January to 14 March 2026", "15 Jan to 14 Mar 2026"),
        ("2025-12-15", "2026-01-15", "15 December 2025 to 14 January 2026", "15 Dec 2025 to 14 Jan 2026"),
        ("2026-01-15", "2026-01-16", "15 January 2026", "15 Jan 2026"),
    ],
)
def test_spans_in_words(start: str, end: str, words: str, short: str) -> None:
    span = date.fromisoformat(start), date.fromisoformat(end)
    assert span_words(*span) == words
    assert span_words(*span, short=True) == short


def test_months_in_words() -> None:
    assert months_words(date(2026, 1, 31), date(2026, 9, 2)) == "January to September 2026"
    assert months_words(date(2026, 3, 2), date(2026, 3, 9)) == "March 2026"
    assert months_words(date(2025, 3, 2), date(2026, 3, 9)) == "March 2025 to March 2026"


@pytest.mark.parametrize(
    ("kind", "edges"),
    [
        ("month", ["2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01"]),
        ("quarter", ["2025-10-01", "2026-01-01", "2026-04-01"]),
        ("year", ["2025-01-01", "2026-01-01", "2027-01-01"]),
    ],
)
def test_calendar_edges_hold_the_first_and_last_day(kind: str, edges: list[str]) -> None:
    found = calendar_edges(date(2025, 11, 30), date(2026, 1, 1), kind)
    assert [edge.isoformat() for edge in found] == edges


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", ("2026-01-01", "2026-12-31")),
        ("2026-02", ("2026-02-01", "2026-02-28")),
        ("2026-01/2026-06", ("2026-01-01", "2026-06-30")),
        ("2026-01-15/2026-01-20", ("2026-01-15", "2026-01-20")),
        ("spring", None),
        ("2026-13", None),
        ("2026-06/2026-01", None),
        ("2026/2027/2028", None),
        ("", None),
    ],
)
def test_declared_periods(text: str, expected: tuple[str, str] | None) -> None:
    found = parse_period(text)
    assert (found and tuple(day.isoformat() for day in found)) == expected
