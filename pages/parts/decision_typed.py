"""What somebody has typed into the decision form so far. It outlives the widgets, so that turning a page loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from evaluator.records import Condition, RecommendationCode
from evaluator.report.conditions import proposed_conditions
from evaluator.report.decision_form import TypedDecision
from evaluator.report.evidence import Evidence

DECLARED = {"present": "meeting-present", "conflicts": "meeting-conflicts"}
"""Fields that are also asked for before the first step of a meeting, with where the visit keeps them."""
MOST_ROWS, MOST_PROPOSED = 100, 12
EMPTY = ("", "", None)


@dataclass(frozen=True, slots=True)
class Form:
    """What this visit has typed about one run."""

    run_id: str

    @property
    def values(self) -> dict[str, Any]:
        """Field -> what was typed. "rows" holds the numbers of the conditions, in order; they are never used twice."""
        kept: dict[str, Any] = st.session_state.setdefault(f"decide-{self.run_id}", {})
        return kept

    @property
    def is_open(self) -> bool:
        return bool(self.values.get("open"))

    @property
    def is_empty(self) -> bool:
        return "rows" not in self.values

    @property
    def was_tried(self) -> bool:
        """Whether somebody pressed the button; only then is said what is missing."""
        return bool(self.values.get("tried"))

    def refusal(self) -> str:
        """Why the last press of the button recorded nothing, once."""
        return str(self.values.pop("refusal", ""))

    def open(self, decided: int) -> None:
        """Show the form although there are `decided` decisions already."""
        self.values.update(open=True, known=decided)

    def is_overtaken(self, decided: int) -> bool:
        """Whether more decisions are recorded than whoever types knew of; from now on they know, and the form stays."""
        overtaken = decided > int(self.values.get("known", 0))
        if overtaken:
            self.open(decided)
        return overtaken

    def close(self) -> None:
        """Forget everything: it is recorded."""
        st.session_state.pop(f"decide-{self.run_id}", None)

    def refuse(self, why: str) -> None:
        self.values["refusal"] = why

    def note_problems(self, problems: Mapping[str, str]) -> bool:
        """Remember that somebody tried; whether there were problems."""
        self.values["tried"] = True
        return bool(problems)

    def begin(self, evidence: Evidence) -> None:
        """Fill in the conditions that the evidence proposes."""
        if not self.is_empty:
            return
        proposed = [(str(one), one.owner, None) for one in proposed_conditions(evidence)][:MOST_PROPOSED]
        self.values["rows"] = list(range(len(proposed) or 1))
        self.values["next"] = len(self.values["rows"])
        for number, row in enumerate(proposed or [EMPTY]):
            self.values.update(zip(row_fields(number), row, strict=True))

    def add_row(self) -> None:
        number = self.values["next"]
        self.values["rows"] = [*self.values["rows"], number]
        self.values["next"] = number + 1

    def remove_row(self, number: int) -> None:
        self.values["rows"] = [one for one in self.values["rows"] if one != number]

    def typed(self, recommendation: RecommendationCode, by: str) -> TypedDecision:
        """Everything typed so far."""
        get = self.values.get
        rows = [tuple(get(field) for field in row_fields(number)) for number in get("rows", [])]
        return TypedDecision(
            decision=str(get("decision") or ""),
            recommendation=recommendation,
            conditions=tuple(Condition(str(text or ""), str(owner or ""), due) for text, owner, due in rows),
            votes_for=get("votes_for"),
            votes_against=get("votes_against"),
            abstained=get("abstained"),
            dissent=str(get("dissent") or ""),
            departure=str(get("departure") or ""),
            present=self._declared("present"),
            conflicts=self._declared("conflicts"),
            valid_until=get("valid_until"),
            by=by,
        )

    def key_of(self, field: str, empty: object = None) -> str:
        """The key of a field's widget, set to what was typed before.

        It is set once: setting a box again while somebody types in it would take away what they typed.
        """
        key = f"decide-{self.run_id}-{field}"
        if key not in st.session_state:
            known = self._declared(field) if field in DECLARED else self.values.get(field)
            st.session_state[key] = empty if known is None else known
        return key

    def keep(self, field: str) -> None:
        """Keep what was typed; called when a box changes."""
        typed = st.session_state[f"decide-{self.run_id}-{field}"]
        if field in DECLARED:
            st.session_state[DECLARED[field]] = typed
        else:
            self.values[field] = typed

    def _declared(self, field: str) -> str:
        return str(st.session_state.get(DECLARED[field], ""))


def row_fields(number: int) -> tuple[str, str, str]:
    """The fields of one condition."""
    return f"row-{number}-text", f"row-{number}-owner", f"row-{number}-due"
