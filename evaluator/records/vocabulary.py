"""The few words that records may hold in their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Status = Literal["met", "not_met", "inconclusive", "too_few", "not_tested", "not_applicable"]
EstimateStatus = Literal["ok", "undefined", "too_few", "not_tested", "not_applicable", "failed"]
Coverage = Literal["guaranteed", "nominal", "approximate", "exact_count", "none"]
RecommendationCode = Literal["approve", "approve_with_conditions", "defer", "do_not_approve"]
Severity = Literal["critical", "high", "medium", "low", "observation"]
Outcome = Literal["found", "clear", "not_tested"]
RunState = Literal["draft", "released", "superseded", "withdrawn"]
Direction = Literal["higher", "lower", "mixed", "by_level", "unused", "unknown"]

MODEL = "model"
PREVIOUS = "previous"
ALL = "all"

Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, total) by long work."""
