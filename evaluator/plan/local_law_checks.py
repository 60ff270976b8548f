"""The tables of Local Law 144: two different sensitive columns, of a task with two outcomes."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.plan.problems import FieldPath, Problem, quoted
from evaluator.plan.schema import LocalLaw144Part, SensitiveColumn
from evaluator.plan.sections import Sections

PATH: FieldPath = ("fairness", "nyc_ll144")


def local_law_problems(sections: Sections) -> Iterator[Problem]:
    """Everything wrong with what a plan says about the law that the schema alone cannot see."""
    law = sections.fairness.nyc_ll144 if sections.fairness else None
    if law is None:
        return
    if sections.task is not None and sections.task.kind != "binary":
        message = f"the rule is about tools that select people or score them, and this task is {sections.task.kind}."
        yield Problem(PATH, message, "Remove nyc_ll144, or evaluate the decision as a binary task.")
    yield from _column_problems(sections, law)
    yield from _measure_problems(sections, law)


def _column_problems(sections: Sections, law: LocalLaw144Part) -> Iterator[Problem]:
    if law.sex == law.race_ethnicity:
        message = f"{quoted(law.sex)} is the column of sex as well."
        yield Problem((*PATH, "race_ethnicity"), message, "Name the column with the race and ethnicity categories.")
    if sections.data is None:
        return
    sensitive = {one.column if isinstance(one, SensitiveColumn) else one for one in sections.data.sensitive}
    for key, column in (("sex", law.sex), ("race_ethnicity", law.race_ethnicity)):
        if column not in sensitive:
            message = f"{quoted(column)} is no sensitive column of this plan."
            yield Problem(
                (*PATH, key), message, f"Add {quoted(column)} to data.sensitive, so that its groups are made."
            )


def _measure_problems(sections: Sections, law: LocalLaw144Part) -> Iterator[Problem]:
    task = sections.task
    if task is not None and task.kind == "binary" and law.measure == "score" and task.score is None:
        message = "scores are compared with their median, and the task names no score."
        yield Problem((*PATH, "measure"), message, "Add 'score: COLUMN' to the task, or write measure: selection.")
