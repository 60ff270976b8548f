"""`metrics`: every metric with its definition, direction and caveat."""

from __future__ import annotations

from evaluator.catalogue.metrics import METRICS
from evaluator.cli.methods_document import direction_words
from evaluator.cli.options import Json
from evaluator.cli.printing import say, say_json


def metrics(as_json: Json = False) -> None:
    """List metrics: meaning, direction and where they mislead."""
    if as_json:
        say_json({"metrics": list(METRICS.values())})
        return
    for metric in METRICS.values():
        say(f"{metric.name}: {metric.label}")
        say(f"{metric.definition} {direction_words(metric)}", indent=4)
        say(f"Mind: {metric.caveat}", indent=4)
        say(f"Also called: {', '.join(metric.aliases)}", indent=4)
