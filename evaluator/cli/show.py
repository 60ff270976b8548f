"""`show`: one run's recommendation, criteria and headline figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from evaluator.cli.options import Json, RunName, Store
from evaluator.cli.printing import say, say_json
from evaluator.cli.which_run import existing_store, find_run_id

if TYPE_CHECKING:
    from evaluator.cli.run_view import RunView


def show(run: RunName, as_json: Json = False, store: Store = None) -> None:
    """Show one run's recommendation, criteria and figures."""
    from evaluator.cli.run_view import read_view

    folder = existing_store(store)
    view = read_view(folder, find_run_id(folder, run))
    if as_json:
        say_json(view.as_data())
        return
    say(f"{view.run.title} ({view.run.run_id})")
    say(view.run.question)
    say(f"{view.state_words}. {view.covers}")
    _say_verdict(view)
    _say_criteria(view)
    _say_headline(view)
    _say_not_tested(view)


def _say_decision(view: RunView) -> None:
    from evaluator.wording import condition_sentence

    decided, *more = view.decided
    say(decided)
    if view.standing.decision is not None:
        for condition in view.standing.decision.decision.conditions:
            say(f"Condition: {condition_sentence(condition)}", indent=2)
    for sentence in more:
        say(sentence)


def _say_verdict(view: RunView) -> None:
    from evaluator.wording import status_counts_sentence

    say()
    say(view.recommendation.sentence)
    if view.recommendation.deciding_criterion:
        say(f"The deciding criterion is {view.recommendation.deciding_criterion}.")
    say(status_counts_sentence(json.loads(view.recommendation.counts)).text)
    _say_decision(view)


def _say_criteria(view: RunView) -> None:
    from evaluator.wording import status_word

    say()
    say("Criteria")
    for criterion, said in view.criteria:
        say(f"[{status_word(criterion.status)}] {criterion.criterion_id}: {criterion.question}", indent=2)
        say(said, indent=6)


def _say_headline(view: RunView) -> None:
    say()
    say("Headline figures")
    for _, said in view.headline:
        say(said, indent=2)


def _say_not_tested(view: RunView) -> None:
    if not view.not_tested:
        return
    say()
    say("Not tested")
    for gap in view.not_tested:
        say(f"{gap.what}: {gap.reason}.", indent=2)
