"""`plan schema`: the plan format as JSON Schema."""

from __future__ import annotations

from evaluator.cli.printing import say_json


def plan_schema() -> None:
    """Print the JSON Schema of a plan, for editors."""
    from evaluator.plan import json_schema

    say_json(json_schema())
