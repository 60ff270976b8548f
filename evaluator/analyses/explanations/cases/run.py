"""Single cases of a model, as tables."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.cases.answers import answers_about
from evaluator.analyses.explanations.cases.chosen import chosen
from evaluator.analyses.explanations.cases.distance import likeness
from evaluator.analyses.explanations.cases.similar import Search
from evaluator.analyses.explanations.cases.splitting import Split, split
from evaluator.analyses.explanations.cases.tables import case_row, part_rows, similar_row
from evaluator.analyses.explanations.cases.values import Values
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.untested import SINGLE, not_tested
from evaluator.records import AnalysisTables


def cases(explained: Explained) -> AnalysisTables:
    """At most 12 cases, what each feature adds to their scores, and how the most similar cases ended.

    For several classes, those cases that the model puts into the class explained. Where scores cannot be split, the
    cases and what is similar to them stay, with the reason.
    """
    picked = chosen(explained)
    if not picked:
        return AnalysisTables()
    answers, values = answers_about(explained), Values(explained.asked)
    parts = split(explained, np.array([case.position for case in picked], dtype=np.int64))
    made = [case_row(explained, answers, case, parts, place) for place, case in enumerate(picked)]
    alike = likeness(explained.asked, explained.parts)
    search = Search(alike, explained.subject.row_id[explained.positions])
    return AnalysisTables(
        cases=tuple(made),
        case_parts=tuple(
            row
            for place, case in enumerate(picked)
            if isinstance(parts, Split) and made[place].status == "ok"
            for row in part_rows(explained, values, case, parts, place)
        ),
        similar_cases=tuple(
            similar_row(explained, answers, case, alike, search.of(case.position)) for case in picked
        ),
        not_tested=tuple(
            not_tested(SINGLE, reason) for reason in dict.fromkeys(row.reason for row in made if row.reason)
        ),
    )  # fmt: skip
