"""The kinds of work there are. A new kind is one entry: what it is asked with, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluator.catalogue.roles import Role
from evaluator.errors import JobError, did_you_mean
from evaluator.store import check_run_id

LONGEST_TEXT = 400
LONGEST_QUESTION, LONGEST_CHANGE = 2_200, 1_200
"""A question as the parts of its link, and the changes of inputs as an address spells them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a request: its type, and for a text what raises an EvaluatorError unless it is meant."""

    type: type[str] | type[int] | type[float] | type[bool]
    check: Callable[[str], object] | None = None
    longest: int = LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of work.

    Attributes
    ----------
    doing : what is going on, as a page says it while it waits.
    fields : what a request holds, all of it and nothing else.
    function : `module:function`, imported in the child alone and called as function(store, payload, progress), with
        `progress` over the whole work; it returns JSON of plain values.
    seconds, mib : limits on wall-clock time and on address space unless the caller sets others.
    """

    name: str
    doing: str
    fields: dict[str, Field]
    function: str
    seconds: float = 300.0
    mib: int = 4096


KINDS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind(
            "check_model", "Comparing the kept model's scores with the supplied ones",
            {"run_id": Field(str, check_run_id)}, "evaluator.jobs.model_check:run",
        ),
        JobKind(
            "changed_inputs", "Asking the kept model about changed inputs",
            {
                "run_id": Field(str, check_run_id),
                "question": Field(str, longest=LONGEST_QUESTION), "change": Field(str, longest=LONGEST_CHANGE),
            },
            "evaluator.jobs.changed_inputs:run", seconds=900.0,
        ),
    )
}  # fmt: skip


def kind_of(name: str) -> JobKind:
    """The kind called `name`."""
    if name not in KINDS:
        raise JobError(f"There is no kind of work {name[:80]!r}.", did_you_mean(name, KINDS))
    return KINDS[name]


def check_role(role: Role) -> None:
    """Raise JobError unless the role may start, read and cancel work."""
    if not role.starts_jobs:
        raise JobError("Your role reads what was evaluated and starts no new work.", "Ask an evaluator to start it.")
