"""`recompute`: a what-if question about the scored rows of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from evaluator.cli.options import Json, Quiet, RunName, Store
from evaluator.cli.printing import plain, say, say_json, say_table
from evaluator.cli.progress import progress_bar
from evaluator.cli.which_run import existing_store, find_run_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluator.recompute import Answer, LoadedRows, SideAnswer, Spoken
    from evaluator.wording import Sentence

Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="CONDITION",
        help='Which rows: "sex=F", "region!=north,south", "age>=60", "age<30", "income=missing". Repeat to add more.',
    ),
]

CutoffFor = Annotated[
    list[str] | None,
    typer.Option(
        "--cutoff-for", metavar="GROUP:X", help='A cut-off of its own for a group: "sex=women:0.46". Repeat for others.'
    ),
]
Cost = Annotated[
    float | None, typer.Option("--cost", metavar="N", help="How many false negatives one false positive weighs.")
]
Mix = Annotated[
    list[str] | None,
    typer.Option("--mix", metavar="GROUP:SHARE", help='The share a group is weighed to: "age=18-29:0.3". Repeat.'),
]


def recompute(
    run: RunName,
    where: Where = None,
    any_of: Annotated[bool, typer.Option("--any", help="Rows that fit any condition, not all of them.")] = False,
    threshold: Annotated[float | None, typer.Option("--threshold", metavar="X", help="A cut-off to try.")] = None,
    compare: Annotated[
        str, typer.Option("--compare", metavar="WHOM", help="rest, all, previous, or without:COLUMN.")
    ] = "rest",
    class_: Annotated[
        str, typer.Option("--class", metavar="CLASS", help="Of several classes, one against the rest.")
    ] = "",
    cutoff_for: CutoffFor = None,
    cost: Cost = None,
    mix: Mix = None,
    quiet: Quiet = False,
    as_json: Json = False,
    store: Store = None,
) -> None:
    """Ask what the model does for some of the rows, or at another cut-off.

    Answers come with ranges. Found by asking, they are no test of a requirement: no limit was set beforehand.
    """
    from evaluator.recompute import Question, answer, cutoffs_of, filters_of, load_rows, mix_of, sentences

    folder = existing_store(store)
    with progress_bar(quiet=quiet) as progress:
        rows = load_rows(folder, find_run_id(folder, run), progress)
    filters = filters_of(where or (), rows.columns)
    question = Question(
        filters, "any" if any_of else "all", threshold, compare, class_, cutoffs_of(cutoff_for or (), rows.columns),
        cost, mix_of(mix or (), rows.columns),
    )  # fmt: skip
    answered = answer(rows, question)
    spoken, more = sentences(answered, answered.rows.facts.words), _more(answered, rows)
    if as_json:
        say_json(_as_data(answered, spoken, more))
        return
    for sentence in (*spoken.lead, *spoken.moved, *more, *spoken.notes):
        say(sentence.text)
    say(spoken.facts.text)
    say()
    _say_metrics(answered)


def _more(answered: Answer, rows: LoadedRows) -> tuple[Sentence, ...]:
    """What cut-offs of groups change for each, what errors weigh, and what another mix of people changes.

    Costs of the plan alone are said when a cut-off is tried.
    """
    from evaluator.recompute import change_sentences, cost_sentences, costs_of, group_changes, mix_told

    question, words = answered.question, answered.rows.facts.words
    told = [sentence for change in group_changes(answered) for sentence in change_sentences(change, words)]
    weighed = costs_of(answered) if question.tries or question.cost is not None else None
    told += cost_sentences(weighed, words) if weighed is not None else ()
    return (*told, *mix_told(answered, rows, words))


def _say_metrics(answered: Answer) -> None:
    from evaluator.recompute import metric_columns, metric_lines

    say_table([heading.upper() for heading in metric_columns(answered)], metric_lines(answered))


def _as_data(answered: Answer, spoken: Spoken, more: Sequence[Sentence]) -> dict[str, object]:
    sides: dict[str, SideAnswer | None] = {
        "asked": answered.asked, "compared": answered.compared, "all": answered.everyone,
    }  # fmt: skip
    return {
        "run_id": answered.rows.facts.run_id,
        "question": plain(answered.question),
        "sentences": [sentence.text for sentence in (*spoken.all, *more)],
        "populations": {key: plain(side.population) for key, side in sides.items() if side is not None},
        "estimates": plain(answered.estimates),
        "differences": plain([*answered.apart.values(), *answered.tried_apart.values()]),
        "moved": plain([moved for side in sides.values() if side is not None for moved in side.moved.values()]),
        "versus_previous": plain(tuple(answered.versus.values())),
    }
