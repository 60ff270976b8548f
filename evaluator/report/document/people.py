"""People in control, rules, risks and actions, in a document: what the run can tell, and what it cannot."""

from __future__ import annotations

from evaluator.catalogue.metrics import MULTICLASS
from evaluator.plan.schema import Plan
from evaluator.report.checks import SEVERITY
from evaluator.report.document.explanations import leans_on_part
from evaluator.report.document.nodes import Block, Item, Items, Missing, Section
from evaluator.report.document.pieces import facts, more_elsewhere, recorded, said
from evaluator.report.evidence import Evidence
from evaluator.wording import join_words

MOST_FINDINGS = 5
"""Findings that the committee pack has room for, the gravest first."""


def rules_section(evidence: Evidence) -> Section:
    """What the plan declares about law and role, and that no rules are matched."""
    declared = evidence.plan.governance
    rows = (
        ("Where it is used", join_words(declared.jurisdictions)),
        ("Our role", declared.role or ""),
        ("Domain", declared.domain or ""),
    )
    undeclared = Missing(
        "Where it is used, and in which role",
        "The plan does not declare them.",
        "governance: {jurisdictions: [...], role: ..., domain: ...}",
    )
    matched = Missing(
        "Rules beside evidence",
        "This version of the tool does not match laws and standards with what was measured. Ask the legal department "
        "which duties apply.",
    )
    told = facts(rows)
    return Section("rules", "Rules", (*(told or (undeclared,)), matched))


def people_section(evidence: Evidence) -> Section:
    """Who decides, what the score leans on, and what was not looked at."""
    rows = (("Who uses it", join_words(evidence.plan.model.users)), ("Owner", evidence.plan.model.owner or ""))
    not_seen = (
        Missing(
            "How people use it",
            "How often they overrule the model, and whether they follow wrong advice, cannot be seen in these data.",
        ),
        Missing("Complaints and appeals", "No record of this run says how people object, or what became of it."),
    )
    parts = (
        leans_on_part(evidence),
        Section("oversight", "What was not looked at", not_seen),
    )
    return Section("people", "People in control", facts(rows), parts)


def risks_section(evidence: Evidence) -> Section:
    """Who bears the errors, the gravest findings with what to do, and the registers that are not there."""
    plan = evidence.plan
    found = sorted(
        (row for row in evidence.findings if row.outcome == "found"), key=lambda row: SEVERITY.index(row.severity)
    )
    items = tuple(
        Item(row.severity.capitalize(), tuple(recorded(text) for text in (row.sentence, row.action) if text))
        for row in found[:MOST_FINDINGS]
    )
    actions: tuple[Block, ...] = (Items(items),) if items else said(["No check found anything that needs attention."])
    if (left := len(found) - len(items)) > 0:
        actions += said([more_elsewhere(left, "technical file", ("finding", "findings"))], "note")
    registers = (
        Missing(
            "Risks with owners", "No register of risks is kept in this version. Findings name no owner and no date."
        ),
        Missing("Exceptions", "No requirement was waived in a record of this run."),
    )
    parts = (
        Section("bears", "Who bears the errors", _bears(plan)),
        Section("actions", "Findings and what to do", actions),
        Section("registers", "Registers", registers),
    )
    return Section("risks", "Risks, actions and exceptions", (), parts)


def _bears(plan: Plan) -> tuple[Block, ...]:
    if plan.task.kind == "regression":
        why = "The plan has no words for whom a prediction that is too high, or too low, harms. Ask who bears each."
        return (Missing("Who bears the errors", why),)
    return facts(_bearers(plan)) or (
        Missing(
            "Who bears the errors",
            "The plan does not say.",
            "words: {bears_false_positive: ..., bears_false_negative: ...}",
        ),
    )


def _bearers(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Each kind of error with who bears it; of several classes, a case is missed by one and taken for another."""
    words = plan.words
    if words is None:
        return ()
    wrong_positive, wrong_negative = f"Wrongly {words.predicted_positive}", f"Wrongly {words.predicted_negative}"
    if plan.task.kind == MULTICLASS:
        wrong_positive, wrong_negative = "Taken for another class", "Missed by its own class"
    bearers = ((wrong_positive, words.bears_false_positive), (wrong_negative, words.bears_false_negative))
    return tuple((error, bearer) for error, bearer in bearers if bearer)
