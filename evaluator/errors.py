"""Errors a reader can act on.

EvaluatorError                  .message says what was expected, found and where; .hint names the next step
  PlanError                     a plan that does not say what it must
  InputError                    files, columns, types, labels
    UnsafeModelError            a model format that can run code
    ModelError                  a model that does not answer as it must
  StoreError                    no store, busy, unknown run, damaged or newer file, disk full
  JobError                      work that may not, or cannot, be started, read or cancelled
  DependencyError               an optional package is absent
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class EvaluatorError(Exception):
    """Something the reader can mend.

    Parameters
    ----------
    message : what was expected, what was found, and where.
    hint : the next step, as an instruction; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class PlanError(EvaluatorError):
    """A plan that does not say what it must; the message starts with the path of the field."""


class InputError(EvaluatorError):
    """Files, columns, types or labels that cannot be evaluated; lists everything wrong at once."""


class UnsafeModelError(InputError):
    """A model format that can run code, refused unless the plan trusts it by hash."""


class ModelError(InputError):
    """A model that does not answer with one usable number per row."""


class StoreError(EvaluatorError):
    """No store, a busy or full one, an unknown run, a damaged or newer file."""


class JobError(EvaluatorError):
    """Work that may not, or cannot, be started, read or cancelled."""


class DependencyError(EvaluatorError):
    """An optional package is absent; the hint is the line that installs it."""


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is close."""
    lowered = {candidate.lower(): candidate for candidate in known}
    found = get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str], limit: int = 8) -> str:
    """A hint that names the nearest known name, or lists the first few."""
    names = sorted(set(known))
    if nearest := nearest_name(name, names):
        return f"Did you mean '{nearest}'?"
    listed = ", ".join(names[:limit])
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return f"Known names: {listed}{more}." if names else ""
