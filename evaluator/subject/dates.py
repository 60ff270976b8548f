"""Calendar windows, and spans of days in words."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]  # fmt: skip
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
PERIOD_PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
DAY = timedelta(days=1)


def add_months(first_of_month: date, months: int) -> date:
    total = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def calendar_edges(first: date, last: date, kind: str) -> list[date]:
    """Starts of the months, quarters or years from the one holding `first` to the one after `last`."""
    step = MONTHS_IN[kind]
    edges = [date(first.year, (first.month - 1) // step * step + 1, 1)]
    while edges[-1] <= last:
        edges.append(add_months(edges[-1], step))
    return edges


def span_words(start: date, end: date, *, short: bool = False) -> str:
    """Days from `start` to before `end`: "2026", "March 2026", "January to March 2026", "1 to 15 May 2026"."""
    last = end - DAY
    if start.day == 1 and end.day == 1:
        if start.month == 1 and end.month == 1:
            return _joined(str(start.year), str(last.year))
        shared = f" {last.year}" if start.year == last.year else ""
        return _joined(_month(start, short), _month(last, short), shared)
    shared = ""
    if start.year == last.year:
        shared = f" {_month(last, short)}" if start.month == last.month else f" {last.year}"
    return _joined(_day(start, short), _day(last, short), shared)


def _joined(first: str, last: str, shared: str = "") -> str:
    return last if first == last else f"{first.removesuffix(shared)} to {last}"


def _month(day: date, short: bool) -> str:
    name = MONTHS[day.month - 1]
    return f"{name[:3] if short else name} {day.year}"


def _day(day: date, short: bool) -> str:
    return f"{day.day} {_month(day, short)}"


def moment_words(day: date, *, short: bool = False) -> str:
    """A boundary in words: the month when it is its first day, else the day."""
    return _month(day, short) if day.day == 1 else _day(day, short)


def months_words(first: date, last: date) -> str:
    """The months from that of `first` to that of `last`: "January to September 2026"."""
    start = first.replace(day=1)
    shared = f" {last.year}" if first.year == last.year else ""
    return _joined(_month(start, False), _month(last, False), shared)


def parse_period(text: str) -> tuple[date, date] | None:
    """First and last day of a declared period like 2026, 2026-03, 2026-01/2026-06; None when written otherwise."""
    parts = text.strip().split("/")
    spans = [_period_part(part) for part in parts]
    if len(parts) > 2 or any(span is None for span in spans):
        return None
    first, last = spans[0], spans[-1]
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _period_part(text: str) -> tuple[date, date] | None:
    match = PERIOD_PART.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = (int(group) if group else None for group in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last_month = month or 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
