"""What the criteria on gaps compare: their groups, made where the sensitive columns do not have them yet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evaluator.errors import InputError, nearest_name
from evaluator.plan.schema import CriterionPart, GapPart, Plan
from evaluator.records import ALL
from evaluator.subject.cells import MOST_LEVELS, Cells
from evaluator.subject.columns import ColumnPlan, gap_columns
from evaluator.subject.levels import canonical_level, find_level
from evaluator.subject.partitions import MOST_CELLS, Partitions
from evaluator.subject.planned import n_levels
from evaluator.subject.problems import Problems
from evaluator.subject.subject import GapQuestion, UnknownLevel
from evaluator.subject.terms import Band, Level, Part, Term, parse_band, part_text

PLAIN = ("extremes", "overall")


def n_groups(cells: Cells, column: ColumnPlan) -> int:
    """How many groups a column would be cut into, at most."""
    return len(column.bands) + 1 if column.bands else n_levels(cells, column.name)


def gap_questions(
    plan: Plan,
    terms_of: Mapping[str, Sequence[Term]],
    of_criteria: Mapping[str, str],
    partitions: Partitions,
    columns: Mapping[str, ColumnPlan],
    cells: Cells,
    problems: Problems,
) -> tuple[dict[str, GapQuestion], list[UnknownLevel]]:
    """The groups of every criterion on a gap, and the levels it is held against that no row has.

    Parameters
    ----------
    terms_of, of_criteria : terms and id of the population of every criterion whose levels are all known.
    """
    questions: dict[str, GapQuestion] = {}
    unknown: list[UnknownLevel] = []
    for position, criterion in enumerate(plan.criteria):
        if criterion.gap is None or criterion.id not in terms_of:
            continue
        names = gap_columns(criterion.gap)
        if not _few_enough(f"criteria[{position}].gap.by", [columns[name] for name in names], cells, problems):
            continue
        within_id = of_criteria.get(criterion.id, ALL)
        partition = partitions.cut(names, terms_of[criterion.id], within_id)
        against, reference = _against(criterion.gap, names[0], partitions)
        if against is None:
            unknown.append(_unknown(criterion, criterion.gap, names[0], partitions))
            continue
        group = partition.groups[reference] if reference is not None else ""
        questions[criterion.id] = GapQuestion(partition.attribute, within_id, against, group)
    return questions, unknown


def _few_enough(where: str, by: Sequence[ColumnPlan], cells: Cells, problems: Problems) -> bool:
    hint = "Give the column bands under data.columns, or compare fewer columns at once."
    counts = {column.name: n_groups(cells, column) for column in by}
    for name, count in counts.items():
        if count > MOST_LEVELS:
            problems.add(f"{where}: '{name}' has {count:,} levels; at most {MOST_LEVELS} can be compared.", hint)
            return False
    cut = math.prod(counts.values())
    if cut > MOST_CELLS:
        problems.add(f"{where}: these columns make {cut:,} groups; at most {MOST_CELLS} can be compared.", hint)
    return cut <= MOST_CELLS


def _against(gap: GapPart, column: str, partitions: Partitions) -> tuple[str | None, int | None]:
    """What to hold the groups against, and the place of that group when it is a level; None when no row has it."""
    if gap.against in PLAIN:
        return str(gap.against), None
    parts = [term.parts[0] for term in partitions.terms(column)]
    wanted = _part(gap, parts)
    return (part_text(wanted), parts.index(wanted)) if wanted in parts else (None, None)


def _part(gap: GapPart, parts: Sequence[Part]) -> Part | None:
    levels = [part.value for part in parts if isinstance(part, Level) and part.value is not None]
    if any(isinstance(part, Band) for part in parts) and isinstance(gap.against, str):
        try:
            return parse_band(gap.against)
        except InputError:
            return None
    found = find_level(gap.against, levels)
    return None if found is None else Level(found)


def _unknown(criterion: CriterionPart, gap: GapPart, column: str, partitions: Partitions) -> UnknownLevel:
    text = canonical_level(gap.against) or "?"
    known = [part_text(term.parts[0]) for term in partitions.terms(column)]
    return UnknownLevel(criterion.id, column, text, nearest_name(text, known))
