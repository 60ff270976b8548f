"""The brief says what the run file holds: every figure is read back from the page and compared."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from app_driving import keys, open_page, pieces, plain, read_as, said, title
from streamlit.testing.v1 import AppTest

from evaluator.catalogue.statuses import RECOMMENDATIONS, STATUSES
from evaluator.records import CriterionResult
from evaluator.store import open_run, release_run, withdraw_run

PLANS = ("loan-approval-2-3", "breast-cancer-2-0")
FOUND = re.compile(r"(−?[\d,.]+) \((−?[\d,.]+) to (−?[\d,.]+)\)(?: per ([\d,]+))?")
LIMIT = re.compile(r"(at least|at most|between) (−?[\d,.]+)")


@pytest.fixture(params=PLANS)
def plan(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def brief(plan: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    read_as("everything", monkeypatch)
    return open_page("app.py", demo_store, monkeypatch, run=demo_runs[plan])


def requirement_cells(app: AppTest) -> list[list[str]]:
    """The table behind the picture of the requirements, cell by cell."""
    (table,) = [piece for piece in pieces(app) if "Blocking</th>" in piece]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table)
    return [[plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows[1:]]


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def agrees(printed: str, value: float | None, per: float) -> bool:
    """Whether a printed number is `value` rounded to the digits printed."""
    assert value is not None
    decimals = len(printed.partition(".")[2])
    return abs(number(printed) - value * per) <= 0.5 * 10.0**-decimals + 1e-6


def test_every_requirement_shows_the_numbers_of_the_run_file(
    brief: AppTest, plan: str, demo_store: Path, demo_runs: dict[str, str]
) -> None:
    criteria = {row.question: row for row in open_run(demo_store, demo_runs[plan]).criteria()}
    cells = requirement_cells(brief)
    assert sorted(row[0] for row in cells) == sorted(criteria)
    for question, found, limit, status, blocking in cells:
        criterion = criteria[question]
        assert (status, blocking) == (STATUSES[criterion.status].word, "yes" if criterion.blocking else "no")
        check_numbers(criterion, found, limit)


def check_numbers(criterion: CriterionResult, found: str, limit: str) -> None:
    if criterion.value is None:
        assert found == "none"
        return
    match = FOUND.fullmatch(found)
    assert match, found
    per = number(match[4] or "1")
    for printed, value in zip(match.groups()[:3], (criterion.value, criterion.low, criterion.high), strict=True):
        assert agrees(printed, value, per), (criterion.question, found, value)
    asked = LIMIT.match(limit)
    assert asked, limit
    wanted = criterion.limit_high if asked[1] == "at most" else criterion.limit_low
    assert agrees(asked[2], wanted, per), (criterion.question, limit)


def test_the_worst_stands_first(brief: AppTest) -> None:
    severities = {entry.word: entry.severity for entry in STATUSES.values()}
    order = [severities[row[3]] for row in requirement_cells(brief)]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) > 1


def test_the_answer_is_the_one_of_the_run_file(
    brief: AppTest, plan: str, demo_store: Path, demo_runs: dict[str, str]
) -> None:
    reader = open_run(demo_store, demo_runs[plan])
    recommendation, run = reader.recommendation(), reader.run()
    answer, counts = (
        plain(next(re.finditer(f'<p class="{name}">.*?</p>', " ".join(pieces(brief)))).group())
        for name in ("pl-answer", "pl-lead")
    )
    assert title(brief) == run.question
    assert RECOMMENDATIONS[recommendation.recommendation].verb in answer
    deciding = [row for row in reader.criteria() if row.criterion_id == recommendation.deciding_criterion]
    assert [row.question in counts for row in deciding] == [True] * len(deciding)
    assert f"{run.n:,} " in said(brief)
    tally = Counter(row.status for row in reader.criteria())
    for status, count in tally.items():
        if status not in ("met", "not_tested"):
            assert re.search(rf"\b{count} (?:is|are|has|have) {STATUSES[status].word.lower()}", counts), counts


def test_the_portfolio_and_the_brief_recommend_the_same(
    brief: AppTest, plan: str, demo_store: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = open_run(demo_store, demo_runs[plan]).recommendation().recommendation
    portfolio = open_page("app.py", demo_store, monkeypatch)
    row = next(plain(piece) for piece in pieces(portfolio) if f">{title(brief)}</h2>" in piece)
    assert f"Recommendation: {RECOMMENDATIONS[code].word.lower()}. Decision: none recorded." in row


def test_a_withdrawn_run_says_so_and_why(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw_run(
        store_copy, demo_runs[PLANS[0]], "The labels were wrong.", by="tests", at=datetime(2027, 1, 5, tzinfo=UTC)
    )
    for who in ("everything", "viewer"):
        read_as(who, monkeypatch)
        app = open_page("app.py", store_copy, monkeypatch, run=demo_runs[PLANS[0]])
        assert not app.exception
        assert "Withdrawn on 5 Jan 2027: The labels were wrong." in said(app)
    portfolio = open_page("app.py", store_copy, monkeypatch)
    assert f"plan-{demo_runs[PLANS[0]]}" not in keys(portfolio)


def test_a_draft_is_not_what_a_page_without_a_run_opens(
    store_copy: Path, demo_runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft is the newest run; once it is released it is the one that opens."""
    read_as("everything", monkeypatch)
    draft = demo_runs["patients-draft"]
    assert draft not in said(open_page("pages/scorecard.py", store_copy, monkeypatch))
    release_run(store_copy, draft, by="tests", at=datetime(2027, 1, 5, tzinfo=UTC))
    assert draft in said(open_page("pages/scorecard.py", store_copy, monkeypatch))
