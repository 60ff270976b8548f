"""The tables of Local Law 144 to publish: a CSV file, and a summary to print.

Both say what the plan declares and what was counted, never whether a law is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.charts import ChartTable
from evaluator.errors import InputError
from evaluator.plan.schema import LocalLaw144Part
from evaluator.records import SelectionRatio, StatutoryTable
from evaluator.report.csv_text import csv_text
from evaluator.report.document.nodes import Block, Document, Paragraph, Section
from evaluator.report.document.pieces import facts, grid, recorded, said
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.statutory import (
    RULE,
    Shown,
    rows_of,
    shown_counted,
    shown_number,
    shown_people,
    statutory_of,
    tops_of,
)
from evaluator.report.identity import identity_of
from evaluator.report.standing import Standing
from evaluator.wording import format_date
from evaluator.wording.statutory import beside_sentence, choice_lines, disclaimer_sentences, is_reversed

KIND = "ll144"
NAME = "Selection rates, Local Law 144"
NOT_DECLARED = "not declared"
DATA_TYPES = {"historical": "historical data of the tool", "test": "test data"}
BEFORE = (
    "audit_date", "auditor", "independence_statement", "aedt_name", "aedt_distribution_date", "data_source",
    "data_explanation", "data_type", "period", "table", "category", "n_applicants",
)  # fmt: skip
AFTER = ("rate", "impact_ratio", "excluded", "exclusion_justification", "n_unknown")
COUNTED = {"selection": "n_selected", "score": "n_above_median"}


def has_tables(evidence: Evidence) -> bool:
    """Whether the run holds tables of the law that were made."""
    return any(top.rule == RULE and top.status == "ok" for top in evidence.statutory_tables)


def check_has_tables(evidence: Evidence) -> None:
    """InputError that says how to get them where there are none."""
    if has_tables(evidence):
        return
    why = next((f", because {top.reason}" for top in evidence.statutory_tables if top.rule == RULE), "")
    raise InputError(
        f"The run {evidence.run.run_id} holds no tables of Local Law 144{why}.",
        "Add to the plan: fairness: {nyc_ll144: {sex: COLUMN, race_ethnicity: COLUMN}}, and evaluate it again.",
    )


def statutory_csv(evidence: Evidence) -> str:
    """Every category of every table in one file; withheld cells hold a word.

    The column of the count is n_selected or n_above_median (n_below_median where a high score is unfavourable); scores
    have the median in a last column.
    """
    tops = [top for top in tops_of(evidence) if top.status == "ok"]
    scored = any(top.measure == "score" for top in tops)
    reverse = any(is_reversed(top) for top in tops)
    counted = "n_below_median" if reverse else COUNTED["score" if scored else "selection"]
    columns = (*BEFORE, counted, *AFTER, *(("median_score",) if scored else ()))
    return csv_text(columns, [line for top in tops for line in _csv_lines(evidence, top, scored=scored)])


def _csv_lines(evidence: Evidence, top: StatutoryTable, *, scored: bool) -> list[tuple[str, ...]]:
    declared = tuple(text for _, text in _declared(evidence))
    unknown = "not shown" if top.n_unknown < 0 else str(top.n_unknown)
    median = ("" if top.median_score is None else repr(float(top.median_score)),) if scored else ()
    return [
        (*declared, top.table, *_csv_cells(row, evidence.fewer_than), unknown, *median)
        for row in rows_of(evidence, top.table)
    ]


def _csv_cells(row: SelectionRatio, few: int | None) -> tuple[str, ...]:
    return (
        row.words,
        _plain(shown_people(row, few)),
        _plain(shown_counted(row, few)),
        shown_number(row, row.rate),
        shown_number(row, row.ratio),
        "yes" if row.excluded else "no",
        row.justification,
    )


def _plain(text: str) -> str:
    """A count for machines: without separators."""
    return text.replace(",", "") if text[:1].isdigit() else text


def _law(evidence: Evidence) -> LocalLaw144Part:
    law = evidence.plan.fairness.nyc_ll144
    assert law is not None
    return law


def _declared(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """What stands before every row of the CSV, in its order, each with its label in the summary."""
    law, plan = _law(evidence), evidence.plan
    day = law.distribution_date.isoformat() if law.distribution_date else ""
    return (
        ("Date of the audit", evidence.run.started_at.date().isoformat()),
        ("Auditor", plan.governance.evaluator or ""),
        ("Statement on independence", law.independence_statement or ""),
        ("Tool", law.tool_name or plan.model.name),
        ("In use since", day),
        ("Source of the data", plan.data.evaluation.source or ""),
        ("About the data", law.data_explanation or ""),
        ("Type of data", DATA_TYPES[law.data_type]),
        ("Period", plan.data.evaluation.period or evidence.run.period),
    )


def statutory_document(evidence: Evidence, standing: Standing) -> Document:
    """The summary to publish: what is declared, the tables of the rule, and apart from them how far chance reaches."""
    check_has_tables(evidence)
    top: tuple[Block, ...] = (Paragraph(disclaimer_sentences(), "lead"),)
    sections = (Section("declared", "As declared", facts(_facts(evidence))), *statutory_sections(evidence))
    title = f"{_law(evidence).tool_name or evidence.plan.model.name}: selection rates and impact ratios"
    return Document(KIND, NAME, title, identity_of(evidence, standing), top, sections)


def statutory_sections(evidence: Evidence) -> tuple[Section, ...]:
    """The tables of the rule, what stands beside them, and the declared choices."""
    shown = statutory_of(evidence)
    return (*(_section(one) for one in shown), _beside_section(shown), _choices(evidence))


def _facts(evidence: Evidence) -> list[tuple[str, str]]:
    rows = [(label, text or NOT_DECLARED) for label, text in _declared(evidence)]
    rows[0] = (rows[0][0], format_date(evidence.run.started_at.date()))
    started = _law(evidence).distribution_date
    if started is not None:
        rows[4] = (rows[4][0], format_date(started))
    return rows


def _section(one: Shown) -> Section:
    blocks = (*_grid(one.title, one.table, (1, 2, 3, 4)), *said(one.sentences))
    return Section(f"table-{one.key}", one.title, blocks)


def _beside_section(shown: Sequence[Shown]) -> Section:
    tables = [block for one in shown for block in _grid(f"{one.title}, beside the table", one.beside, (1, 3, 6, 7))]
    return Section("beside", "Beside the tables", (*said((beside_sentence(),)), *tables))


def _grid(caption: str, table: ChartTable | None, numeric: tuple[int, ...]) -> tuple[Block, ...]:
    return () if table is None else grid(caption, table.columns, table.rows, numeric)


def _choices(evidence: Evidence) -> Section:
    """The declared choices, the same for all tables."""
    first = tops_of(evidence)[0]
    return Section(
        "choices", "Choices that make the tables", facts((label, recorded(text)) for label, text in choice_lines(first))
    )
