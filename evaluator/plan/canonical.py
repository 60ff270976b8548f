"""One text per meaning of a plan, and the hashes taken over it."""

from __future__ import annotations

import hashlib
import json

from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan


def canonical_json(plan: Plan) -> str:
    """The plan as JSON with sorted keys and every default written out; the same for any order or spelling."""
    return _text(resolve(plan).model_dump(mode="json", by_alias=True))


def plan_sha256(plan: Plan) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return _sha256(canonical_json(plan))


def criteria_json(plan: Plan) -> str:
    """What decides the statuses, as canonical JSON: the criteria, the confidence level and the smallest group."""
    resolved = resolve(plan)
    criteria = [criterion.model_dump(mode="json", by_alias=True) for criterion in resolved.criteria]
    return _text({"criteria": criteria, "level": resolved.settings.level, "min_group": resolved.data.min_group})


def criteria_sha256(plan: Plan) -> str:
    """SHA-256 of what decides the statuses (`criteria_json`)."""
    return _sha256(criteria_json(plan))


def _text(content: object) -> str:
    return json.dumps(_numbers_alike(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _numbers_alike(content: object) -> object:
    """1.0 as 1, so that both spellings of a limit give one hash."""
    if isinstance(content, dict):
        return {key: _numbers_alike(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_numbers_alike(value) for value in content]
    return int(content) if isinstance(content, float) and content.is_integer() else content


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
