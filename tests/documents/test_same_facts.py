"""Page and documents say the same facts as the run file: every figure of every sentence is worked out again."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from figure_oracle import bare_numbers
from hostile_runs import CASES, DEMO
from one_off import one_off
from prose import leads, sentences_of
from published_runs import OneRun, Published

from evaluator.catalogue.metrics import METRICS
from evaluator.report.document.building import KINDS
from evaluator.report.document.nodes import Document, Grid, Item, Items, Sides, all_blocks, all_sections
from evaluator.wording import Figure, Sentence

PLACES = ("page", "fairness", "failures", "explanations", *KINDS)
RUNS = (*DEMO, *CASES)
FEWEST = {
    "page": 30,
    "fairness": 0,
    "failures": 0,
    "explanations": 0,
    "brief": 15,
    "pack": 90,
    "technical": 50,
    "minutes": 0,
}
"""Figures that each of them holds at least for a run with results."""
SCALE = re.compile(r"\bper (100|1,000|10,000)\b")
NONE_MEASURED = "none-tested"
OPPOSITES = (("more", "fewer"), ("fewer", "more"), ("higher", "lower"), ("lower", "higher"), ("less", "more"),
             ("too high", "too low"), ("too low", "too high"), ("smaller", "larger"), ("larger", "smaller"))  # fmt: skip


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest, published: Published) -> OneRun:
    return published(str(request.param))


@pytest.mark.parametrize("where", PLACES)
def test_every_figure_is_what_its_record_says(run: OneRun, where: str) -> None:
    wrong = [problem for block in run.blocks(where) for problem in run.oracle.problems(sentences_of(block))]
    assert wrong == []


@pytest.mark.parametrize("where", PLACES)
def test_every_number_of_the_prose_names_its_evidence(run: OneRun, where: str) -> None:
    """Rule 15, counted: numbers that are no figures must be texts of the run file."""
    blocks = run.blocks(where)
    figures = sum(len(sentence.figures) for block in blocks for sentence in sentences_of(block))
    bare = [(found, str(text)) for block in blocks for text in block for found in loose_numbers(text, run)]
    assert bare == []
    assert figures >= (0 if run.evidence.run.plan_id == NONE_MEASURED else FEWEST[where])


def loose_numbers(text: Sentence | str, run: OneRun) -> list[str]:
    """Numbers of a plain text, or inside the quoted words of a sentence, that stand in no text of the run file."""
    if isinstance(text, str):
        return bare_numbers(text, run.records)
    return [found for words in text.quoted for found in bare_numbers(words, run.records)]


@pytest.mark.parametrize("where", list(KINDS))
def test_titles_and_leads_hold_no_number_of_our_own(run: OneRun, where: str) -> None:
    told = [SCALE.sub("", lead) for lead in leads(run.document(where))]
    assert [(found, lead) for lead in told for found in bare_numbers(lead, run.records)] == []


def test_what_is_left_out_is_counted(run: OneRun) -> None:
    """The list of a document and the number of what it leaves out add up."""
    for kind, pattern in (("brief", r"([\d,]+) things? not known"), ("pack", r"([\d,]+) more stands? in")):
        items = items_of(run.document(kind))
        text = " ".join(str(text) for block in run.blocks(kind) for text in block)
        left = sum(int(found.replace(",", "")) for found in re.findall(pattern, text))
        assert len(items) + left == len(run.brief.not_known), kind


def items_of(document: Document) -> list[Item]:
    """The entries of the list of what is not known, in a part of its own or beside another list."""
    sections = [one for one in all_sections(document) if one.key == "unknown"]
    own = [item for section in sections for block in section.blocks if isinstance(block, Items) for item in block.items]
    sides = [side for block in all_blocks(document) if isinstance(block, Sides) for side in (block.left, block.right)]
    return [*own, *(item for side in sides if side.title == "What is not known" for item in side.items)]


@pytest.mark.parametrize("where", ["page", "fairness"])
@pytest.mark.parametrize("plan", ["loan-approval-2-3", "screening-1-0", "diabetes-progression-2-0", "few-people"])
def test_the_check_notices_any_other_number(plan: str, where: str, published: Published) -> None:
    """Each figure in turn is printed one unit off in its last digit: the oracle must object to every one."""
    run = published(plan)
    oracle, blocks = run.oracle, [block for block in run.blocks(where) if sentences_of(block)]
    changes = [change for block in blocks for change in one_off(block)]
    assert len(changes) > 20
    assert [changed.text for changed, others in changes if not oracle.problems(others)] == []


@pytest.mark.parametrize("plan", ["loan-approval-2-3", "screening-1-0"])
def test_the_check_notices_a_turned_difference_between_groups(plan: str, published: Published) -> None:
    """What a group has more of is told as less, in whatever part of the fairness page."""
    run = published(plan)
    missed, turned = [], 0
    for block in run.blocks("fairness"):
        sentences = sentences_of(block)
        for place, sentence in enumerate(sentences):
            for text in turned_differences(sentence):
                turned += 1
                others = [*sentences[:place], replace(sentence, text=text), *sentences[place + 1 :]]
                missed += [] if run.oracle.problems(others) else [text]
    assert turned > 20
    assert missed == []


def turned_differences(sentence: Sentence) -> list[str]:
    """The sentence with the word after the size of a difference turned round."""
    told = ("group_gap/", "trace/score_gap", "trace/label", "conditional/", "price/")
    sizes = [one for one in sentence.figures if one.role == "value" and one.evidence.startswith(told)]
    pattern = r"({}(?: of 1,000| points)?) (more|fewer|higher|lower)\b"
    found = []
    for figure in sizes:
        match = re.search(pattern.format(re.escape(figure.text)), sentence.text)
        if match is not None:
            other = dict(OPPOSITES)[match[2]]
            found.append(f"{sentence.text[: match.start(2)]}{other}{sentence.text[match.end(2) :]}")
    return found


@pytest.mark.parametrize("plan", ["loan-approval-2-3", "breast-cancer-2-0", "diabetes-progression-2-0"])
def test_the_check_notices_a_turned_direction(plan: str, published: Published) -> None:
    run = published(plan)
    turned = [
        (sentence, replace(sentence, text=text))
        for block in run.blocks("pack")
        for sentence in sentences_of(block)
        if any(figure.evidence.startswith(("paired", "criterion:")) for figure in sentence.figures)
        for text in turned_texts(sentence)
    ]
    assert turned
    assert [text.text for _, text in turned if not run.oracle.problems([text])] == []


def turned_texts(sentence: Sentence) -> list[str]:
    """The sentence with the word that follows its value turned round."""
    values = [figure for figure in sentence.figures if figure.role == "value"]
    if not values or "than with" not in sentence.text or " each group" in sentence.text:
        return []
    for word, other in OPPOSITES:
        pattern = rf"({re.escape(values[0].text)}(?: \w+)? ){word}\b"
        if re.search(pattern, sentence.text):
            return [re.sub(pattern, rf"\1{other}", sentence.text, count=1)]
    return []


def test_a_number_without_evidence_is_noticed(published: Published) -> None:
    run = published("lending")
    assert loose_numbers("About 12,345 applicants a year.", run) == ["12,345"]
    assert loose_numbers("Model lender 2.0.", run) == []
    nowhere = Sentence("It is 5.", (Figure("5", 5, "n", "performance/accuracy//nobody/all"),))
    assert run.oracle.problems([nowhere])


def test_another_population_is_noticed(published: Published) -> None:
    run = published("lending")
    about = [one for block in run.blocks("page") for one in sentences_of(block) if " women " in one.text]
    assert about
    for sentence in about:
        assert run.oracle.problems([replace(sentence, text=sentence.text.replace("women", "men"))])


def test_tables_hold_the_numbers_of_the_run_file(run: OneRun) -> None:
    """Spot check, metric by population: each cell of the technical file against its estimate."""
    checked = 0
    estimates = {
        (row.metric, row.population_id): row
        for row in run.reader.estimates()
        if (row.subject, row.class_) == ("model", "")
    }
    for grid in (block for block in all_blocks(run.document("technical")) if isinstance(block, Grid)):
        if grid.caption != "Numbers with their ranges":
            continue
        checked += check_grid(grid, estimates, run)
    few = run.evidence.run.plan_id in (NONE_MEASURED, "digits-2-0", "classes")
    assert checked >= (0 if few else 6)


def labels_of(grid: Grid, run: OneRun) -> dict[str, str]:
    """Label -> population id; where the groups of one attribute are the columns, of that attribute."""
    found: dict[str, dict[str, str]] = {}
    for one in run.records.populations.values():
        found.setdefault(one.attribute, {})[one.label or one.words] = one.population_id
    everyone = {label: population_id for labels in found.values() for label, population_id in labels.items()}
    return next((labels for labels in found.values() if set(grid.columns[1:]) <= set(labels)), everyone)


def check_grid(grid: Grid, estimates: dict[tuple[str, str], object], run: OneRun) -> int:
    """How many cells were held against an estimate; every printed number must be one of its value, low and high."""
    labels = labels_of(grid, run)
    names = {METRICS[name].label: name for name in METRICS}
    checked = 0
    for row in grid.rows[1:]:
        for column, cell in zip(grid.columns[1:], row[1:], strict=True):
            estimate = estimates.get((names.get(row[0], ""), labels.get(column, "")))
            printed = re.findall(r"−?[\d,]+(?:\.\d+)?", cell)
            if estimate is None or len(printed) < 3 or getattr(estimate, "low", None) is None:
                continue
            wanted = [getattr(estimate, name) for name in ("value", "low", "high")]
            per = float(printed[3].replace(",", "")) if len(printed) > 3 else 1.0
            assert all(fits(text, value, per) for text, value in zip(printed[:3], wanted, strict=True)), (cell, wanted)
            checked += 1
    return checked


def fits(text: str, value: float, per: float) -> bool:
    """Whether a cell's number is a value on the scale of the cell, or a scale that a cell may leave to its heading."""
    shown, decimals = float(text.replace(",", "").replace("−", "-")), len(text.partition(".")[2])
    return any(abs(shown - value * times) <= 0.5 * 10.0**-decimals + 1e-6 for times in {per, 1, 100, 1_000, 10_000})
