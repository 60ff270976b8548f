"""Where a meeting stands, as the address says it: `present=1`, `step`, `ask=1` while a question is open, `since`.

A step is reached by its link, by a reload and by the back button alike. `since` is when the meeting began, in seconds
since 1970, so that a reload does not turn the clock back.
"""

from __future__ import annotations

import streamlit as st

from pages.parts.url_state import RUN

PRESENT, STEP, ASK, SINCE = "present", "step", "ask", "since"
OPENING = 0
"""What stands before the first step."""
_LONGEST = 12


def presenting() -> bool:
    """Whether the address asks for the steps of a meeting."""
    return st.query_params.get(PRESENT) == "1"


def asking() -> bool:
    """Whether a question is open over the step."""
    return st.query_params.get(ASK) == "1"


def step_number(steps: int) -> int:
    """The step in the address: OPENING without one, the first for what is no number, and never beyond the last."""
    written = st.query_params.get(STEP)
    if written is None:
        return OPENING
    number = int(written) if written.isascii() and written.isdigit() and len(written) <= _LONGEST else 1
    return min(max(number, 1), steps)


def since() -> int | None:
    """When the meeting began, or None when the address does not say."""
    written = st.query_params.get(SINCE, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) <= _LONGEST else None


def last_step(run_id: str) -> dict[str, str]:
    """The address of the last step, however many there are."""
    return {RUN: run_id, PRESENT: "1", STEP: "99"}


def go_to(run_id: str, step: int, began: int, *, ask: bool = False) -> None:
    """Show a step, with a question open over it when `ask`; what was asked before is left behind."""
    place = {RUN: run_id, PRESENT: "1", STEP: str(step), SINCE: str(began)}
    st.query_params.from_dict({**place, ASK: "1"} if ask else place)


def leave(run_id: str) -> None:
    """Back to the brief."""
    st.query_params.from_dict({RUN: run_id})
