"""A commented plan to start from, guessed from the columns of a data file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from evaluator.plan.column_summary import ColumnSummary
from evaluator.plan.guessing import Guess, band_edges, guess_roles, likely_positive, storable
from evaluator.plan.levels import level_text
from evaluator.plan.scalars import quote_text, write_text, write_value

_MOST_NAMED = 40
NO_LABEL = "LABEL_COLUMN"
NO_SCORE = "SCORE_COLUMN"
NO_FILE = "DATA_FILE"
_LONGEST_PATH = 2_000


def starter_plan(columns: Sequence[ColumnSummary], data_path: str) -> str:
    """The text of a plan about `data_path` that loads as it is.

    What could be guessed is marked "guessed", what could not is marked "REPLACE"; both are for the author to check.
    """
    guess = guess_roles(columns)
    name = _plan_id(data_path)
    parts = (_head(name), _words(guess), _task(guess, columns), _data(guess, data_path), _criteria(guess), _tail())
    return "\n".join(line for part in parts for line in part) + "\n"


def _plan_id(data_path: str) -> str:
    stem = PurePosixPath(data_path.replace("\\", "/")).stem.lower()
    words = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:60].strip("-")
    return words or "my-plan"


def _head(name: str) -> Iterator[str]:
    yield "# A starting point. Look at every line marked 'guessed', and replace what is marked REPLACE."
    yield "# Then: python -m evaluator check THIS_FILE"
    yield "plan_version: 1"
    yield f"plan: {write_text(name)}"
    yield f"title: {quote_text(name.replace('-', ' ').capitalize())}"
    yield "# question: May this model be used for ...?   # the title of the brief"
    yield "model:"
    yield f"  name: {quote_text(name)}   # REPLACE: the model's name"
    yield '  version: "1.0"   # REPLACE: in quotes'
    yield "  # purpose: What it is for, and who decides."


def _words(guess: Guess) -> Iterator[str]:
    yield "# words:   # how sentences speak of one case and its outcomes"
    if guess.several:
        yield "#   case: [image, images]"
        yield "#   people: false"
        yield "#   positive: showed {class}   # {class} stands for the class that a sentence is about"
        yield "#   negative: did not show {class}"
        yield "#   predicted_positive: read as {class}"
        yield "#   predicted_negative: not read as {class}"
        return
    yield "#   case: [applicant, applicants]"
    yield "#   positive: repaid"
    yield "#   negative: did not repay"
    yield "#   predicted_positive: approved"
    yield "#   predicted_negative: refused"


def _task(guess: Guess, columns: Sequence[ColumnSummary]) -> Iterator[str]:
    yield from _column_list(columns)
    yield "task:"
    if guess.several and guess.label is not None:
        yield from _class_task(guess.label, guess.score_prefix, guess.prediction)
        return
    yield "  kind: binary"
    yield from _label(guess.label)
    yield from _answers(guess)
    yield "  # favourable: the label that is good for the person; the positive one when left out"


def _class_task(label: ColumnSummary, prefix: str | None, prediction: ColumnSummary | None) -> Iterator[str]:
    scored = "with a score column for each" if prefix is not None else "with predictions and no scores"
    yield f"  kind: multiclass   # guessed: {label.distinct} classes, {scored}"
    yield f"  label: {write_text(label.name)}   # guessed: the column with what really happened"
    yield from _class_scores(prefix)
    if prediction is not None:
        yield f"  prediction: {write_text(prediction.name)}   # guessed: the column with the predicted class"


def _class_scores(prefix: str | None) -> Iterator[str]:
    if prefix is None:
        yield "  # score_prefix: score_   # when each class has a column with its score: what their names start with"
        return
    yield f"  score_prefix: {quote_text(prefix)}   # guessed: what the score columns start with; the class follows"
    yield "  score_kind: probability   # or rank, when only the order of the scores means something"


def _column_list(columns: Sequence[ColumnSummary]) -> Iterator[str]:
    yield "# Columns of the data file:"
    for column in columns[:_MOST_NAMED]:
        yield f"#   {quote_text(column.name[:80])} ({column.kind}, {column.distinct:,} different)"
    if len(columns) > _MOST_NAMED:
        yield f"#   and {len(columns) - _MOST_NAMED:,} more"


def _label(label: ColumnSummary | None) -> Iterator[str]:
    if label is None:
        yield f"  label: {NO_LABEL}   # REPLACE: the column with what really happened; no column could be guessed"
        yield "  positive: 1   # REPLACE: the label that counts as positive"
        return
    yield f"  label: {write_text(label.name)}   # guessed: the column with what really happened"
    positive = likely_positive(label)
    if positive is None:
        yield "  positive: 1   # REPLACE: the label that counts as positive"
        return
    others = " or ".join(quote_text(level_text(value)[:80]) for value in label.examples if value != positive)
    yield f"  positive: {write_value(positive)}   # guessed: the label that counts as positive{_rather(others)}"


def _rather(others: str) -> str:
    return f", rather than {others}" if others else ""


def _answers(guess: Guess) -> Iterator[str]:
    if guess.score is not None:
        yield f"  score: {write_text(guess.score.name)}   # guessed: the column with the model's score"
        yield "  score_kind: probability   # or rank, when only the order of the scores means something"
    if guess.prediction is not None:
        yield f"  prediction: {write_text(guess.prediction.name)}   # guessed: the column with the decision"
    elif guess.score is not None:
        yield "  threshold: 0.5   # scores at or above it are predicted positive"
    else:
        yield f"  score: {NO_SCORE}   # REPLACE: the column with the model's score; no column could be guessed"
        yield "  threshold: 0.5   # scores at or above it are predicted positive"


def _data(guess: Guess, data_path: str) -> Iterator[str]:
    yield "data:"
    yield _file(data_path)
    if guess.id is not None:
        yield f"  id: {write_text(guess.id.name)}   # guessed: identifies a row"
    if guess.time is not None:
        yield f"  time: {write_text(guess.time.name)}   # guessed: the date of a row"
        yield "  windows: quarter   # month, quarter, year or a list of dates"
    if guess.sensitive:
        yield "  sensitive:   # guessed: groups to compare"
        yield from (f"    - {_sensitive(column)}" for column in guess.sensitive)
    else:
        yield "  # sensitive: [sex, {column: age, bands: [18, 40, 65]}]   # groups to compare"
    yield "  # cluster: household_id   # the column that says which rows belong together"
    if guess.several and guess.label is not None:
        ordered = f"{{{quote_text(guess.label.name)}: {{ordered: true}}}}"
        yield f"  # columns: {ordered}   # when the classes have an order, such as stars"


def _file(data_path: str) -> str:
    if data_path.strip() and storable(data_path, _LONGEST_PATH):
        return f"  evaluation: {{path: {quote_text(data_path)}}}   # relative to this file"
    return f"  evaluation: {{path: {NO_FILE}}}   # REPLACE: the data file; its name cannot be written here"


def _sensitive(column: ColumnSummary) -> str:
    edges = band_edges(column)
    if not edges:
        return quote_text(column.name)
    return f"{{column: {quote_text(column.name)}, bands: [{', '.join(f'{edge:g}' for edge in edges)}]}}"


def _criteria(guess: Guess) -> Iterator[str]:
    decided = guess.score is None and guess.prediction is not None
    metric = "accuracy" if decided or guess.several else "auc"
    yield "# Agree on limits before anybody sees results. See: python -m evaluator metrics"
    yield "criteria:"
    yield "  - id: works-well-enough"
    yield f"    metric: {metric}"
    yield "    at_least: 0.7   # REPLACE: the limit you agreed on"
    yield "    why: Example limit of the starter plan, not agreed by anybody.   # REPLACE"
    yield "    blocking: true"


def _tail() -> Iterator[str]:
    yield "# assumptions:"
    yield "#   - {statement: What you take for granted, if_wrong: What would follow}"
    yield "# limitations:"
    yield "#   - {statement: What is missing, affects: Whom, control: What is done about it}"
