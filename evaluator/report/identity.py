"""Which run a document or screen is about, and what it may be used for, in words."""

from __future__ import annotations

from evaluator.catalogue.statuses import RUN_STATES
from evaluator.report.document.nodes import Identity
from evaluator.report.evidence import Evidence
from evaluator.report.standing import Standing
from evaluator.wording import format_date, who


def identity_of(evidence: Evidence, standing: Standing) -> Identity:
    """What stands on every page of a document about one run."""
    run = evidence.run
    return Identity(
        run_id=run.run_id,
        file_sha256=evidence.file_sha256,
        model=evidence.plan.model.name,
        version=run.version,
        evaluated=format_date(run.started_at.date()),
        state=standing.state,
        state_words=state_words(standing),
    )


def state_label(standing: Standing) -> str:
    """The state and its day: "Released 20 Nov 2026", "Draft, not for decision"."""
    word = RUN_STATES[standing.state]
    return f"{word} {format_date(standing.since.date())}" if standing.since else word


def state_words(standing: Standing) -> str:
    """The state in full.

    "Released 20 Nov 2026 by the chair (name not checked)", "Superseded on 22 Nov 2026 by RUN", "Withdrawn on 22 Nov 2026:
    reason", "Draft, not for decision".
    """
    word = RUN_STATES[standing.state]
    if standing.since is None:
        return word
    day = format_date(standing.since.date())
    if standing.state == "superseded":
        return f"{word} on {day} by {standing.replaced_by}" if standing.replaced_by else f"{word} on {day}"
    if standing.state == "withdrawn":
        return f"{word} on {day}: {standing.why.strip().rstrip('.')}"
    return f"{word} {day} by {who(standing.by, checked=standing.checked)}"
