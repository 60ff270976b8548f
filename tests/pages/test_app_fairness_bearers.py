"""The parts of the fairness page about unknown groups, who bears errors, and scores, each drawn by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evaluator.report.evidence import read_evidence
from evaluator.report.fairness_parts.burden import burden_of
from evaluator.report.fairness_parts.distributions import distributions_of
from evaluator.report.fairness_parts.unknowns import unknowns_of
from evaluator.store import open_run

LOANS, NUMBERS = "loan-approval-2-3", "diabetes-progression-2-0"


def _script(store: str, run_id: str, few: int) -> None:
    """A page of these three parts alone."""
    from pathlib import Path
    from types import SimpleNamespace

    from evaluator.catalogue.palette import LIGHT
    from evaluator.report.evidence import read_evidence
    from evaluator.report.suppression import suppress
    from evaluator.store import open_run
    from pages.parts.fairness_parts import burden, distributions, unknowns

    evidence = read_evidence(open_run(Path(store), run_id))
    page = SimpleNamespace(palette=LIGHT, run_id=None, evidence=evidence)
    for part in (unknowns, burden, distributions):
        part.draw(page, suppress(evidence, few) if few else evidence)


def opened(store: Path, run_id: str, few: int = 0, **query: str) -> AppTest:
    app = AppTest.from_function(_script, kwargs={"store": str(store), "run_id": run_id, "few": few}, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("few", [0, 10])
def test_loans(demo_store: Path, demo_runs: dict[str, str], few: int) -> None:
    query = {"burden-numbers": "1", "distance-numbers": "1", "unknown-numbers": "1"}
    app = opened(demo_store, demo_runs[LOANS], few, **query)
    assert not app.exception
    text = said(app)
    evidence = read_evidence(open_run(demo_store, demo_runs[LOANS]))
    assert ("Who bears the errors?" in text) == (burden_of(evidence) is not None)
    assert ("Do scores differ between groups?" in text) == (distributions_of(evidence) is not None)
    assert ("whose group is not known?" in text) == (unknowns_of(evidence) is not None)
    assert "Who bears the errors?" in text
    assert "Do scores differ between groups?" in text


def test_numbers_have_no_errors_of_two_kinds(demo_store: Path, demo_runs: dict[str, str]) -> None:
    app = opened(demo_store, demo_runs[NUMBERS])
    assert not app.exception
    assert "Who bears the errors?" not in said(app)


def test_the_attribute_of_the_address_is_shown(demo_store: Path, demo_runs: dict[str, str]) -> None:
    evidence = read_evidence(open_run(demo_store, demo_runs[LOANS]))
    first = burden_of(evidence)
    assert first is not None
    last = list(first.attributes)[-1]
    shown = burden_of(evidence, last)
    assert shown is not None
    picture = shown.errors[0].picture
    assert picture is not None
    assert picture.title in said(opened(demo_store, demo_runs[LOANS], by=last))
