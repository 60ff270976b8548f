"""A judgement as a row of the finding table; severity and action stand in the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable

from evaluator.catalogue.findings import FINDINGS
from evaluator.records import ALL, Finding, Outcome
from evaluator.wording import Sentence


def finding_row(
    code: str, outcome: Outcome, sentence: Sentence | str, metric: str, evidence: Iterable[str] = (),
    population_id: str = ALL,
) -> Finding:  # fmt: skip
    """One judgement.

    Parameters
    ----------
    evidence : ids of the records it rests on. Only what was found has an action.
    """
    entry = FINDINGS[code]
    return Finding(
        code, entry.analysis, entry.severity, outcome, str(sentence), population_id, metric, json.dumps(list(evidence)),
        entry.action if outcome == "found" else "",
    )  # fmt: skip
