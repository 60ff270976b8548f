"""The fairness page and its documents of groups that nobody would choose: every view draws, every text is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app_driving import open_page, pieces, read_as, said, title
from hostile_groups import CASES, ENDLESS, MARKUP, evaluated, write_case
from streamlit.testing.v1 import AppTest

from evaluator.report.document.building import build
from evaluator.report.evidence import read_evidence
from evaluator.report.fairness import attributes_of, pairs_of
from evaluator.report.render_html.document import to_html
from evaluator.report.standing import standing_of
from evaluator.report.suppression import suppress
from evaluator.store import open_run

FEW = 10
LONGEST = 300
"""Letters of one level that a page may show."""
VIEWS = ("burden", "alike", "ratios", "unknown", "scores", "tables", "gaps", "checks")
TOGGLES = (
    "group-numbers", "pair-numbers", "three-numbers", "trace-numbers", "burden-numbers", "fifths-numbers",
    "unknown-numbers", "distance-numbers", "law",
)  # fmt: skip
QUICK = ("everything-odd", "twelve-rows", "all-missing-alone", "many-levels-alone")
NAMES = [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in CASES if name not in QUICK)]
RAW = re.compile(r"<(script|b|i|u|s)>|<img src=x", re.IGNORECASE)

Published = Callable[[str], tuple[Path, str]]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The store and the run of a case, each made once."""
    made: dict[str, tuple[Path, str]] = {}

    def publish(name: str) -> tuple[Path, str]:
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            made[name] = (folder / "store", evaluated(write_case(name, folder), folder / "store"))
        return made[name]

    return publish


def addresses(store: Path, run_id: str) -> Iterator[dict[str, str]]:
    """Every view once, by each attribute in turn, with all switches on."""
    evidence = read_evidence(open_run(store, run_id))
    attributes, pairs = [list(offered(evidence)) or [""] for offered in (attributes_of, pairs_of)]
    for place, view in enumerate(VIEWS if attributes != [""] else VIEWS[:1]):
        by, pair = attributes[place % len(attributes)], pairs[place % len(pairs)]
        chosen = {"more": view, "by": by, "fifths": by, "pair": pair}
        yield {"run": run_id, **dict.fromkeys(TOGGLES, "1"), **chosen}


def checked(app: AppTest) -> str:
    """What the page says, once nothing of it is markup of the data or endless."""
    assert not app.exception
    assert not RAW.search("".join(pieces(app)))
    text = said(app)
    assert ENDLESS[:LONGEST] not in text
    assert "nan" not in text.lower().split()
    return text


@pytest.mark.parametrize("name", NAMES)
def test_every_view_draws(name: str, published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    store, run_id = published(name)
    for place, address in enumerate(addresses(store, run_id)):
        read_as("viewer" if place % 2 else "everything", monkeypatch)
        app = open_page("pages/fairness.py", store, monkeypatch, **address)
        checked(app)
        assert title(app).strip()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("few", [None, FEW])
def test_documents_are_made_of_it(name: str, few: int | None, published: Published) -> None:
    store, run_id = published(name)
    evidence = read_evidence(open_run(store, run_id))
    if few is not None:
        evidence = suppress(evidence, few)
    for kind in ("pack", "technical"):
        text = to_html(build(kind, evidence, standing_of(()))).decode()
        assert not re.search(r"<script>alert|<img src=x", text)
        assert ENDLESS[:LONGEST] not in text


def test_markup_is_said_letter_by_letter(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    store, run_id = published("everything-odd")
    read_as("everything", monkeypatch)
    app = open_page("pages/fairness.py", store, monkeypatch, run=run_id, by="group")
    assert MARKUP[:25] in checked(app)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in "".join(pieces(app))


def test_a_column_of_too_many_levels_is_said(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    store, run_id = published("many-levels-alone")
    read_as("viewer", monkeypatch)
    text = checked(open_page("pages/fairness.py", store, monkeypatch, run=run_id))
    assert "Groups were not compared: none could be made of the sensitive columns." in text
    assert "Group was left out: it has too many different values." in text
    assert "names no sensitive columns" not in text
